"""The live network: three convolutions of 3x3 with ReLU and max-pooling, a dense layer of 128 with dropout, sigmoids.

It is the seed's idea on 64 px luma patches. The dense layer is the size of the last map.
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from training.patches import SIDE, Patches

CHANNELS = (16, 32, 32)
DENSE = 128

CENTRE, SCALE = 128.0, 64.0
"""What a normalised patch is shifted and divided by for training; folded into the first convolution afterwards."""


def live(
    outputs: int, channels: tuple[int, ...] = CHANNELS, dense: int = DENSE, dropout: float = 0.3, side: int = SIDE
) -> keras.Model:
    """The network as it is trained: (n, 64, 64, 1) float in, `outputs` logits out (the sigmoid is in the loss)."""
    x = inputs = keras.Input((side, side, 1))
    for k, width in enumerate(channels):
        x = keras.layers.Conv2D(width, 3, use_bias=False, name=f"conv{k}")(x)
        # Pooling first, then the norm and ReLU on a fourth of the pixels: since the norm's gain is kept
        # positive this is the same function as pooling last, and is trained two and a half times faster.
        x = keras.layers.MaxPooling2D(2)(x)
        x = keras.layers.BatchNormalization(name=f"norm{k}", momentum=0.95, gamma_constraint="non_neg")(x)
        x = keras.layers.ReLU()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(dense, use_bias=False, name="dense")(x)
    x = keras.layers.BatchNormalization(name="norm_dense", momentum=0.95)(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.Dropout(dropout)(x)
    return keras.Model(inputs, keras.layers.Dense(outputs, name="out")(x))


def multiply_adds(channels: tuple[int, ...] = CHANNELS, dense: int = DENSE, outputs: int = 2) -> int:
    """Multiply-adds for one patch."""
    side, before, total = SIDE, 1, 0
    for width in channels:
        side -= 2
        total += side * side * width * before * 9
        side, before = side // 2, width
    return total + side * side * before * dense + dense * outputs


def within(blur: npt.NDArray[np.float32], radius: float, steepness: float) -> npt.NDArray[np.float32]:
    """The target "blurred by less than `radius` px": 1 when sharp, one half at the radius, 0 far beyond."""
    return (1 / (1 + (np.maximum(blur, 1e-3) / radius) ** steepness)).astype(np.float32)


def targets(patches: Patches, radii: list[float], steepness: float) -> npt.NDArray[np.float32]:
    """(n, len(radii) + 2): one `within` for each radius, then two about motion; NaN where a question is not asked.

    The first of the two: whether the blur is motion rather than defocus, asked where there is blur.
    The second: whether there is motion blur at all, asked everywhere but where blur is both.
    """
    columns = [within(patches.blur, radius, steepness) for radius in radii]
    shaken = np.where(np.isnan(patches.motion) & (patches.blur < 1.3), 0.0, patches.motion)
    return np.stack([*columns, patches.motion, shaken], axis=1).astype(np.float32)


@keras.saving.register_keras_serializable("focuscam")
def masked_cross_entropy(wanted, logits):
    """Binary cross-entropy on logits; a NaN among the targets is a question not asked."""
    ops = keras.ops
    asked = ops.logical_not(ops.isnan(wanted))
    wanted = ops.where(asked, wanted, 0.0)
    loss = ops.maximum(logits, 0) - logits * wanted + ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.sum(ops.where(asked, loss, 0.0), axis=-1)


class Batches(keras.utils.PyDataset):
    """Shuffled batches, turned and mirrored at random; the seed and the epoch decide how."""

    def __init__(self, patches: Patches, wanted: npt.NDArray[np.float32], size: int, seed: int, first_epoch: int = 0):
        super().__init__()
        self.patches, self.wanted, self.size, self.seed = patches, wanted, size, seed
        self.epoch = first_epoch
        self._shuffle()

    def _shuffle(self) -> None:
        self.rng = np.random.default_rng([self.seed, self.epoch])
        self.order = self.rng.permutation(len(self.patches))

    def __len__(self) -> int:
        return len(self.order) // self.size

    def __getitem__(self, index: int):
        chosen = self.order[index * self.size : (index + 1) * self.size]
        luma = self.patches.luma[chosen]
        turn = np.random.default_rng([self.seed, self.epoch, index]).integers(8)
        luma = np.rot90(luma, turn % 4, axes=(1, 2))
        luma = luma[:, :, ::-1] if turn >= 4 else luma
        return scaled(luma), self.wanted[chosen]

    def on_epoch_end(self) -> None:
        """Another order for the next epoch."""
        self.epoch += 1
        self._shuffle()


def scaled(luma: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Normalised patches (n, 64, 64) as `live` takes them: (n, 64, 64, 1) float around 0."""
    return ((luma.astype(np.float32) - CENTRE) / SCALE)[..., None]


def logits(model: keras.Model, luma: npt.NDArray[np.uint8], batch: int = 512) -> npt.NDArray[np.float32]:
    """What the float network says of normalised patches, before the sigmoid: (n, outputs)."""
    parts = [model(scaled(luma[i : i + batch]), training=False).numpy() for i in range(0, len(luma), batch)]
    return np.concatenate(parts) if parts else np.empty((0, model.output_shape[-1]), np.float32)
