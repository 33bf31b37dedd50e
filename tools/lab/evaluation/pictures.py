"""Photos and sweeps in folders, as frames at the two scales, and what may be done to them before they are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.cameras.photo import read_photo
from focuscam.cameras.recorded import Recorded, images_in
from focuscam.errors import UsageError
from focuscam.messages import COARSE_SIDE, Frame, Luma

KINDS = {"sharp": "none", "defocused_blurred": "defocus", "motion_blurred": "motion"}
"""The folders of the Kaggle layout, and the blur that a Reading should name."""

Change = Callable[[Luma, np.random.Generator], Luma]
"""What a condition does to a picture: uint8 luma in, uint8 luma out."""


@dataclass(frozen=True)
class Photo:
    """One photo of the Kaggle layout."""

    name: str
    scene: str
    kind: str
    """none, defocus or motion: as Reading.blur"""
    luma: Luma


@dataclass(frozen=True)
class Sweep:
    """Frames from one end of the ring to the other, and how much contrast each has."""

    name: str
    names: list[str]
    lumas: list[Luma]
    c: npt.NDArray[np.float64]
    """Contrast of each frame over the best of the sweep: what the light is judged by."""

    @property
    def best(self) -> int:
        """Index of the frame with the highest contrast."""
        return int(np.argmax(self.c))


def no_larger(luma: Luma, side: int) -> Luma:
    """Brought down to `side` px on the longest side by area averaging; never enlarged."""
    height, width = luma.shape
    if max(height, width) <= side:
        return luma
    scale = side / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


def frame_of(luma: Luma, number: int = 0, time: float = 0.0, name: str | None = None) -> Frame:
    """The frame that a camera would make of this fine luma."""
    return Frame(number, time, luma, no_larger(luma, COARSE_SIDE), 0.0, name)


def reference_contrast(luma: Luma) -> float:
    """The contrast that trials are judged by: RMS of the Laplacian after Gaussian smoothing (sigma 1) at 640 px."""
    small = no_larger(luma, COARSE_SIDE).astype(np.float32)
    return float(np.sqrt(np.square(cv2.Laplacian(cv2.GaussianBlur(small, (0, 0), 1), cv2.CV_32F)).mean()))


def photos(folder: Path) -> list[Photo]:
    """The photos of a folder in the Kaggle layout, named SCENE_DEVICE_{S,F,M}.

    Raises UsageError where one of its three folders is absent or empty, FocuscamError for a photo that cannot be read.
    """
    found = []
    for name, kind in KINDS.items():
        if not (folder / name).is_dir():
            raise UsageError(
                f"{folder} is not in the layout of the Kaggle set: it needs the folders {', '.join(KINDS)}."
            )
        for path in images_in(folder / name):
            found.append(Photo(path.name, path.stem.rsplit("_", 1)[0], kind, read_photo(path).fine))
    return found


def sweep_folders(folder: Path) -> list[Path]:
    """The sweeps in a folder, or the folder itself where it is one. Raises UsageError where there is none."""
    found = (
        [folder] if (folder / "sweep.csv").exists() else [path.parent for path in sorted(folder.glob("*/sweep.csv"))]
    )
    if not found:
        raise UsageError(f"{folder} holds no sweep: a sweep is a folder of frames with a sweep.csv (file,position).")
    return found


def sweep(folder: Path) -> Sweep:
    """Read the frames that sweep.csv lists, in its order."""
    names, lumas = [], []
    with Recorded(folder) as camera:
        while (frame := camera.newest()) is not None:
            names.append(frame.name or "")
            lumas.append(frame.fine)
    return as_sweep(folder.name, names, lumas)


def as_sweep(name: str, names: list[str], lumas: list[Luma]) -> Sweep:
    """Frames with their contrast over the best."""
    contrast = np.array([reference_contrast(luma) for luma in lumas])
    return Sweep(name, names, lumas, contrast / max(contrast.max(), 1e-9))


def _noisy(sigma: float, light: float = 1.0) -> Change:
    """Luma times `light` (no tone curve softens the loss: the harder reading), then noise of `sigma` grey levels."""

    def change(luma: Luma, rng: np.random.Generator) -> Luma:
        noise = rng.normal(0.0, sigma, luma.shape).astype(np.float32)
        return np.asarray(np.clip(np.rint(luma * np.float32(light) + noise), 0, 255), np.uint8)

    return change


def _exposed(stops: float) -> Change:
    def change(luma: Luma, _: np.random.Generator) -> Luma:
        light = np.power(np.arange(256) / 255, 2.2) * 2.0**stops
        table = np.rint(255 * np.power(np.clip(light, 0, 1), 1 / 2.2)).astype(np.uint8)
        return np.asarray(cv2.LUT(luma, table), np.uint8)

    return change


def _jpeg(quality: int) -> Change:
    def change(luma: Luma, _: np.random.Generator) -> Luma:
        packed = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)

    return change


def _resized(side: int) -> Change:
    return lambda luma, _: no_larger(luma, side)


CONDITIONS: dict[str, Change] = {
    "clean": lambda luma, _: luma,
    "noise 4": _noisy(4),
    "noise 8": _noisy(8),
    "noise 16": _noisy(16),
    "light 0.35 + noise 4": _noisy(4, 0.35),
    "-2 stops": _exposed(-2),
    "-1 stop": _exposed(-1),
    "+1 stop": _exposed(1),
    "JPEG 60": _jpeg(60),
    "320 px": _resized(320),
    "480 px": _resized(480),
    "640 px": _resized(640),
    "1024 px": _resized(1024),
}
LIGHT_CONDITIONS = ("clean", "noise 4", "noise 8", "noise 16", "light 0.35 + noise 4")
"""What the light itself is tried under."""
