"""Photos on disk: found, read as luma, and searched for the places that are sharp enough to learn from."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Grey = npt.NDArray[np.float32]
"""Luma as float32, 0 to 255, (height, width)."""

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp"}

FINE_SIGMA, COARSE_SIGMA = 0.8, 2.0
"""Smoothings, px, between which `softness` compares the Laplacian."""


@dataclass
class Losses:
    """What was passed over and why, to be told at the end: nothing is dropped in silence."""

    reasons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, what: str | Path) -> None:
        """Note one thing that was passed over."""
        self.reasons.setdefault(reason, []).append(str(what))

    def __len__(self) -> int:
        return sum(len(names) for names in self.reasons.values())

    def summary(self) -> str:
        """One line a reason, with the count and the names; empty where nothing was lost."""
        lines = []
        for reason, names in self.reasons.items():
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            lines.append(f"skipped {len(names)}: {reason}: {shown}")
        return "\n".join(lines)

    def tell(self) -> None:
        """Print the summary to stderr."""
        if self.reasons:
            print(self.summary(), file=sys.stderr)


def find(folders: Iterable[Path]) -> Iterator[Path]:
    """Image files below the folders, sorted by name within each; a path that is a file is taken as it is."""
    for folder in folders:
        if folder.is_file():
            yield folder
        else:
            yield from sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())


def read(path: Path, longest: int = 2600) -> Grey:
    """The photo's luma, upright, no longer than `longest` px (area averaging).

    Raises ValueError with one sentence where it cannot be decoded.
    """
    try:
        with warnings.catch_warnings(), Image.open(path) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            luma = np.asarray(ImageOps.exif_transpose(image).convert("L"), dtype=np.float32)
    except Exception as error:  # Pillow raises a dozen kinds of error for a damaged file
        raise ValueError(f"{path} cannot be read as a picture ({error})") from error
    scale = longest / max(luma.shape)
    return shrunk(luma, scale) if scale < 1 else luma


def shrunk(luma: Grey, scale: float) -> Grey:
    """The picture at `scale` (at most 1) of its size, by area averaging."""
    height, width = luma.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)


def laplacian_power(luma: Grey, sigma: float) -> Grey:
    """Squared Laplacian after Gaussian smoothing of `sigma` px, per pixel."""
    return np.square(np.asarray(cv2.Laplacian(cv2.GaussianBlur(luma, (0, 0), sigma), cv2.CV_32F), np.float32))


def cells(luma: Grey, side: int, stride: int) -> tuple[Grey, Grey]:
    """Detail and softness of each cell of `side` px, `stride` px apart: two maps (rows, columns).

    Detail is the RMS of the coarse Laplacian. Softness is the variance, px squared, of the blur that
    the cell's detail already has: for a picture whose spectrum falls as 1/f the RMS of its Laplacian
    goes as 1 / (variance of all smoothing), so that two smoothings give the variance that was there
    before. It is about 0.3 for what a good camera delivers, and grows by radius**2 / 4 for a disc.
    """
    fine = cv2.boxFilter(laplacian_power(luma, FINE_SIGMA), -1, (side, side))
    coarse = cv2.boxFilter(laplacian_power(luma, COARSE_SIGMA), -1, (side, side))
    half = side // 2
    pick = (slice(half, luma.shape[0] - half + 1, stride), slice(half, luma.shape[1] - half + 1, stride))
    fine, coarse = fine[pick], coarse[pick]
    ratio = np.sqrt(fine / np.maximum(coarse, 1e-6))
    softness = (COARSE_SIGMA**2 - ratio * FINE_SIGMA**2) / np.maximum(ratio - 1, 1e-3)
    return np.sqrt(coarse), softness.astype(np.float32)
