"""The live network: three convolutions of 3x3 with ReLU and max-pooling, a dense layer of 128 with dropout, sigmoids.

It is the seed's idea on 64 px luma patches, each folded first: its pixels four by four become sixteen channels of
a picture a fourth as wide. On a Pi's processor a convolution costs by its positions more than by its channels.
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from lab.training.live import AXES
from lab.training.patches import SIDE, Patches

CHANNELS = (24, 48, 64)
TEACHER = (48, 96, 128)
"""Channels of the wide network whose answers the narrow one learns from."""
DENSE = 128
FOLD = 4
"""So many pixels a side become the channels of one."""
PADDING = "same"
"""Of the convolutions: beyond the patch lies middle grey."""

CENTRE, SCALE = 128.0, 64.0
"""What a normalised patch is shifted and divided by for training; folded into the first convolution afterwards."""


def live(
    outputs: int,
    channels: tuple[int, ...] = CHANNELS,
    dense: int = DENSE,
    dropout: float = 0.3,
    side: int = SIDE,
    fold: int = FOLD,
    padding: str = PADDING,
) -> keras.Model:
    """The network as it is trained: (n, 64, 64, 1) luma in, `outputs` logits out (the sigmoid is in the loss)."""
    inputs = keras.Input((side, side, 1))
    x = keras.layers.Rescaling(1 / SCALE, -CENTRE / SCALE)(inputs)
    if fold > 1:
        x = keras.layers.Reshape((side // fold, fold, side // fold, fold))(x)
        x = keras.layers.Permute((1, 3, 2, 4))(x)
        x = keras.layers.Reshape((side // fold, side // fold, fold * fold))(x)
    for k, width in enumerate(channels):
        x = keras.layers.Conv2D(width, 3, padding=padding, use_bias=False, name=f"conv{k}")(x)
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


def multiply_adds(
    channels: tuple[int, ...] = CHANNELS, dense: int = DENSE, outputs: int = 2, fold: int = FOLD, padding: str = PADDING
) -> int:
    """Multiply-adds for one patch."""
    side, before, total = SIDE // fold, fold * fold, 0
    for width in channels:
        side -= 2 if padding == "valid" else 0
        total += side * side * width * before * 9
        side, before = side // 2, width
    return total + side * side * before * dense + dense * outputs


def within(blur: npt.NDArray[np.float32], radius: float, steepness: float) -> npt.NDArray[np.float32]:
    """The target "blurred by less than `radius` px": 1 when sharp, one half at the radius, 0 far beyond."""
    return np.asarray(1 / (1 + (np.maximum(blur, 1e-3) / radius) ** steepness), np.float32)


MIRRORED = {1: (0, 3, 2, 1), 2: (0, 3, 2, 1), 4: (2, 1, 0, 3)}
"""Which axis each becomes where a patch is turned upside down, mirrored, or its rows become columns."""


def targets(patches: Patches, radii: list[float], steepness: float) -> npt.NDArray[np.float32]:
    """(n, len(AXES) * len(radii) + 2): of each axis one `within` for each radius, then two about motion.

    The first of the two: whether the blur is motion rather than defocus, asked where there is blur.
    The second: whether there is motion blur at all, asked everywhere but where blur is both. NaN where it is not asked.
    """
    columns = [within(patches.along(axis), radius, steepness) for axis in AXES for radius in radii]
    shaken = np.where(np.isnan(patches.motion) & (patches.blur < 1.3), 0.0, patches.motion)
    return np.asarray(np.stack([*columns, patches.motion, shaken], axis=1), np.float32)


def turned(wanted: npt.NDArray[np.float32], turn: int) -> npt.NDArray[np.float32]:
    """Targets for patches that were turned (Batches): the axes change their places."""
    by_axis = wanted[:, :-2].reshape(len(wanted), len(AXES), -1)
    for bit, order in MIRRORED.items():
        if turn & bit:
            by_axis = by_axis[:, order]
    result: npt.NDArray[np.float32] = np.concatenate([by_axis.reshape(len(wanted), -1), wanted[:, -2:]], axis=1)
    return result


def masked_cross_entropy(wanted: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Binary cross-entropy on logits; a NaN among the targets is a question not asked."""
    ops = keras.ops
    asked = ops.logical_not(ops.isnan(wanted))
    wanted = ops.where(asked, wanted, 0.0)
    loss = ops.maximum(logits, 0) - logits * wanted + ops.log1p(ops.exp(-ops.abs(logits)))
    loss = ops.where(asked, loss, 0.0)
    # The axes of a patch are much alike: together they count as one.
    return ops.sum(loss[:, :-2], axis=-1) / len(AXES) + ops.sum(loss[:, -2:], axis=-1)


keras.saving.register_keras_serializable("focuscam")(masked_cross_entropy)


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Shuffled batches, turned and mirrored at random; the seed and the epoch decide how."""

    def __init__(self, patches: Patches, wanted: npt.NDArray[np.float32], size: int, seed: int, epoch: int = 0) -> None:
        super().__init__(workers=2, max_queue_size=16)
        self.patches, self.wanted, self.size, self.seed, self.epoch = patches, wanted, size, seed, epoch
        self.order = np.random.default_rng([seed, epoch]).permutation(len(patches))

    def __len__(self) -> int:
        return len(self.order) // self.size

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        chosen = self.order[index * self.size : (index + 1) * self.size]
        luma = self.patches.luma[chosen]
        turn = int(np.random.default_rng([self.seed, self.epoch, index]).integers(8))
        luma = luma[:, ::-1] if turn & 1 else luma
        luma = luma[:, :, ::-1] if turn & 2 else luma
        luma = luma.swapaxes(1, 2) if turn & 4 else luma
        return np.ascontiguousarray(luma)[..., None], turned(self.wanted[chosen], turn)


def logits(model: keras.Model, luma: npt.NDArray[np.uint8], batch: int = 1024) -> npt.NDArray[np.float32]:
    """What the float network says of normalised patches, before the sigmoid: (n, outputs)."""
    if not len(luma):
        return np.empty((0, model.output_shape[-1]), np.float32)
    return np.asarray(model.predict(luma[..., None], batch, verbose=0), np.float32)
