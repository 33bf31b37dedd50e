"""The photos of a study, in the layout of the reference data set, as the published network takes them.

A network smaller than the published 256 px gets a cut of the 256 px picture, not a smaller picture:
blur stays as many pixels wide as it was. The cut of a scene lies where its sharp photo has the most
detail, at one place for its three photos, so that the place says nothing about the kind.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from lab.training import kaggle, seed
from lab.training.photos import Losses, find

Item = TypeVar("Item")


@dataclass
class Pictures:
    """Photos and what is known of them, all of the same length n."""

    x: npt.NDArray[np.float32]
    """(n, side, side, 3): blue, green, red, 0 to 1."""
    photos: list[kaggle.Photo]

    def __len__(self) -> int:
        return len(self.photos)

    @property
    def kinds(self) -> npt.NDArray[np.str_]:
        """S sharp, F out of focus, M shaken: (n,)."""
        return np.array([photo.kind for photo in self.photos])

    @property
    def scenes(self) -> int:
        """How many scenes there are."""
        return len({photo.scene for photo in self.photos})

    def split(self, by: str, number: int) -> tuple[Pictures, Pictures]:
        """To train with and to validate with, as kaggle.split."""
        parts = kaggle.split(self.photos, by, number)
        places = {photo: i for i, photo in enumerate(self.photos)}
        train, validation = (Pictures(self.x[[places[p] for p in part]], part) for part in parts)
        return train, validation


def evenly(items: list[Item], count: int | None) -> list[Item]:
    """`count` of the items, spread over all of them; all where there are no more, or where no count is given."""
    if count is None or count >= len(items):
        return items
    return [items[i] for i in np.linspace(0, len(items) - 1, count).round().astype(int)]


def simulated(sharp: list[Path], scenes: int | None, number: int, work: Path, losses: Losses) -> Path:
    """A folder in the reference layout, made from sharp photos, or as it was left by the same call.

    Raises ValueError where a folder is absent, or nothing can be read.
    """
    absent = [str(folder) for folder in sharp if not folder.exists()]
    if absent:
        raise ValueError(f"{absent[0]} does not exist: give a folder of sharp photos.")
    chosen = evenly(list(find(sharp)), scenes)
    told = repr([(path.name, path.stat().st_size) for path in chosen] + [number])
    made = work / f"simulated-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    if not made.is_dir():
        partial = made.with_suffix(".part")
        kaggle.simulate(chosen, partial, number, losses)
        partial.rename(made)
    return made


def load(folder: Path, scenes: int | None, side: int, losses: Losses) -> Pictures:
    """The photos of a folder in the reference layout, cut to `side` px.

    Raises ValueError with a sentence where the layout is wrong or a photo cannot be read.
    """
    found = kaggle.photos(folder, losses)
    known = sorted({photo.scene for photo in found})
    kept = set(evenly(known, scenes))
    found = [photo for photo in found if photo.scene in kept]
    unreadable = Losses()
    whole, _ = seed.pictures(found, unreadable)
    if unreadable:
        raise ValueError(f"a scene would lack a photo: mend or remove these.\n{unreadable.summary()}")
    places = {
        photo.scene: most_detail(picture, side)
        for photo, picture in zip(found, whole, strict=True)
        if photo.kind == "S"
    }
    cuts = [
        picture[(top := places[photo.scene][0]) : top + side, (left := places[photo.scene][1]) : left + side]
        for photo, picture in zip(found, whole, strict=True)
    ]
    return Pictures(np.stack(cuts), found)


def most_detail(picture: npt.NDArray[np.float32], side: int) -> tuple[int, int]:
    """Top and left of the square of `side` px with the largest sum of squared Laplacian. picture: (256, 256, 3)."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), 1.0)
    sums = cv2.integral(cv2.Laplacian(grey, cv2.CV_32F) ** 2)
    power = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = np.unravel_index(int(np.argmax(power)), power.shape)
    return int(top), int(left)
