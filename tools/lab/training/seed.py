"""`tools/train.py seed`: the published network to the letter, to be compared with.

256x256x3 in 0 to 1 (blue, green, red, as OpenCV reads); convolutions of 32, 64 and 128 without
padding, ReLU, 2x2 max-pooling; flatten, dense 128 with ReLU, dropout 0.5, one sigmoid: the
probability that the photo is in focus. Adam, binary cross-entropy, batches of 32.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import keras
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from lab.training import kaggle
from lab.training.fitting import epochs
from lab.training.options import Options
from lab.training.photos import Losses, find

SIDE = 256
BATCH = 32
EVERY = 10
"""It is saved after so many epochs: with Adam's memory it is 180 MB."""


def network(kernel: int = 3, side: int = SIDE) -> keras.Model:
    """The published network; `kernel` is the side of its convolutions, `side` another one of its pictures, px."""
    layers: list[keras.layers.Layer] = [keras.Input((side, side, 3))]
    for width in (32, 64, 128):
        layers += [keras.layers.Conv2D(width, kernel, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
    return keras.Sequential(layers)


def pictures(photos: list[kaggle.Photo], losses: Losses) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The photos as the network takes them, (n, 256, 256, 3), and whether each is sharp, (n,)."""
    found, sharp = [], []
    for photo in tqdm(photos, desc="photos", unit="photo"):
        picture = cv2.imread(str(photo.path))
        if picture is None:
            losses.add("not a readable picture", photo.path)
            continue
        found.append(cv2.resize(picture, (SIDE, SIDE)).astype(np.float32) / 255)
        sharp.append(photo.kind == "S")
    if not found:
        raise ValueError(f"not one photo can be read.\n{losses.summary()}")
    return np.stack(found), np.array(sharp, np.float32)


def run(options: Options) -> None:
    """Train and save. Raises ValueError with a sentence for the user."""
    losses = Losses()
    data: Path = options.data or options.work / "simulated"
    if options.data is None:
        if options.simulate is None:
            raise ValueError("give --data with the data set, or --simulate with a folder of sharp photos.")
        kaggle.simulate(list(find([options.simulate])), data, options.seed, losses)
    train, validation = kaggle.split(kaggle.photos(data, losses), options.split, options.seed)
    x, y = pictures(train, losses)
    other_x, other_y = pictures(validation, losses)
    losses.tell()
    keras.utils.set_random_seed(options.seed)
    state = options.work / "seed-checkpoint.json"
    checkpoint, first, model = options.work / "seed-checkpoint.keras", 0, network(options.kernel)
    model.compile(keras.optimizers.Adam(), loss="binary_crossentropy")
    if options.resume:
        if not (checkpoint.is_file() and state.is_file()):
            raise ValueError(f"there is nothing to resume in {options.work}: train without --resume first.")
        first, model = int(json.loads(state.read_text())["epochs"]), keras.models.load_model(checkpoint)
    options.work.mkdir(parents=True, exist_ok=True)
    bar = epochs(range(first, options.epochs), first, options.epochs, "epochs")
    figures: dict[str, float] = {}
    for epoch in bar:
        keras.utils.set_random_seed(options.seed * 1000 + epoch)
        history = model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0)
        figures = _figures(model, other_x, other_y)
        bar.set_postfix_str(f"loss {history.history['loss'][0]:.3f}, held out {figures}")
        if (epoch + 1) % EVERY == 0:
            model.save(checkpoint)
            state.write_text(json.dumps({"epochs": epoch + 1, "held_out": figures}))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    bare = network(options.kernel)  # without Adam's memory, which is twice as large as the network
    bare.set_weights(model.get_weights())
    bare.save(options.out)
    print(f"{options.out}: {len(x)} photos, {len(other_x)} held out by {options.split}: {figures}")


def _figures(model: keras.Model, x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> dict[str, float]:
    """Accuracy on all, on the sharp and on the blurred photos."""
    right = (model.predict(x, BATCH, verbose=0)[:, 0] >= 0.5) == (y > 0.5)
    parts = {"accuracy": right, "sharp": right[y > 0.5], "blurred": right[y <= 0.5]}
    return {name: round(float(part.mean()), 4) for name, part in parts.items() if len(part)}
