"""Photos and sweeps in folders, as frames at the two scales, and what may be done to them before they are judged."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from focuscam.frame import COARSE_SIDE, FINE_SIDE, Frame, Luma

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}
KINDS = {"sharp": "none", "defocused_blurred": "defocus", "motion_blurred": "motion"}
"""The folders of the Kaggle layout, and the blur that a Reading should name."""

Change = Callable[[Luma, np.random.Generator], Luma]
"""What a condition does to a picture: uint8 luma in, uint8 luma out."""


@dataclass(frozen=True)
class Photo:
    """One photo of the Kaggle layout."""

    path: Path
    scene: str
    kind: str
    """none, defocus or motion: as Reading.blur"""


@dataclass(frozen=True)
class Sweep:
    """Frames from one end of the ring to the other, and how much contrast each has."""

    name: str
    files: list[Path]
    lumas: list[Luma]
    c: np.ndarray
    """Contrast of each frame over the best of the sweep: what the light is judged by."""

    @property
    def best(self) -> int:
        """Index of the frame with the highest contrast."""
        return int(np.argmax(self.c))


def luma_of(path: Path) -> Luma:
    """A photo as fine luma: grey, at most FINE_SIDE px on its longest side. Raises OSError where it cannot be read."""
    with Image.open(path) as image:
        grey = np.asarray(ImageOps.exif_transpose(image).convert("L"))
    return no_larger(grey, FINE_SIDE)


def no_larger(luma: Luma, side: int) -> Luma:
    """Brought down to `side` px on the longest side by area averaging; never enlarged."""
    height, width = luma.shape
    if max(height, width) <= side:
        return luma
    scale = side / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA)


def frame_of(luma: Luma, number: int = 0, time: float = 0.0, name: str | None = None) -> Frame:
    """The frame that a camera would make of this fine luma."""
    return Frame(number, time, luma, no_larger(luma, COARSE_SIDE), 0.0, name)


def reference_contrast(luma: Luma) -> float:
    """The contrast that trials are judged by: RMS of the Laplacian after Gaussian smoothing (sigma 1) at 640 px."""
    small = no_larger(luma, COARSE_SIDE).astype(np.float32)
    return float(np.sqrt(np.square(cv2.Laplacian(cv2.GaussianBlur(small, (0, 0), 1), cv2.CV_32F)).mean()))


def photos(folder: Path) -> list[Photo]:
    """The photos of a folder in the Kaggle layout, named SCENE_DEVICE_{S,F,M}. Raises ValueError where it is none."""
    found = []
    for name, kind in KINDS.items():
        files = [path for path in sorted((folder / name).glob("*")) if path.suffix.lower() in SUFFIXES]
        found += [Photo(path, path.stem.rsplit("_", 1)[0], kind) for path in files]
    if {photo.kind for photo in found} != set(KINDS.values()):
        raise ValueError(f"{folder} needs photos in each of {', '.join(KINDS)}.")
    return found


def sweep_folders(folder: Path) -> list[Path]:
    """The sweeps in a folder, or the folder itself where it is one."""
    if (folder / "sweep.csv").exists():
        return [folder]
    return [path.parent for path in sorted(folder.glob("*/sweep.csv"))]


def sweep(folder: Path) -> Sweep:
    """Read the frames that sweep.csv lists, in the order of their positions."""
    with (folder / "sweep.csv").open(newline="") as lines:
        rows = [(float(row["position"]), index, row["file"]) for index, row in enumerate(csv.DictReader(lines))]
    files = [folder / name for _, _, name in sorted(rows)]
    lumas = [luma_of(path) for path in files]
    contrast = np.array([reference_contrast(luma) for luma in lumas])
    return Sweep(folder.name, files, lumas, contrast / contrast.max())


def _noisy(sigma: float, light: float = 1.0) -> Change:
    """Luma times `light` (no tone curve softens the loss: the harder reading), then noise of `sigma` grey levels."""

    def change(luma: Luma, rng: np.random.Generator) -> Luma:
        noise = rng.normal(0.0, sigma, luma.shape).astype(np.float32)
        return np.clip(np.rint(luma * np.float32(light) + noise), 0, 255).astype(np.uint8)

    return change


def _exposed(stops: float) -> Change:
    def change(luma: Luma, _: np.random.Generator) -> Luma:
        light = np.power(np.arange(256) / 255, 2.2) * 2.0**stops
        return cv2.LUT(luma, np.rint(255 * np.power(np.clip(light, 0, 1), 1 / 2.2)).astype(np.uint8))

    return change


def _jpeg(quality: int) -> Change:
    def change(luma: Luma, _: np.random.Generator) -> Luma:
        return cv2.imdecode(cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)

    return change


def _resized(side: int) -> Change:
    return lambda luma, _: no_larger(luma, side)


CONDITIONS: dict[str, Change] = {
    "clean": lambda luma, _: luma,
    "noise 4": _noisy(4),
    "noise 8": _noisy(8),
    "noise 16": _noisy(16),
    "0.35 light, noise 4": _noisy(4, 0.35),
    "-2 stops": _exposed(-2),
    "-1 stop": _exposed(-1),
    "+1 stop": _exposed(1),
    "JPEG 60": _jpeg(60),
    "320 px": _resized(320),
    "480 px": _resized(480),
    "640 px": _resized(640),
    "1024 px": _resized(1024),
}
LIGHT_CONDITIONS = ("clean", "noise 4", "noise 8", "noise 16", "0.35 light, noise 4")
"""What the light itself is tried under."""
