"""A small lens with faults that the test knows, swept over leaves."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from focuscam.messages import Luma


@dataclass
class Target:
    """A sweep, and its truth: positions of focus in the middle, across, down, and of the corners less the middle."""

    frames: list[Luma]
    positions: np.ndarray
    centre: float
    across: float
    down: float
    curvature: float
    disc: float

    def write(self, folder: Path, positions: bool = True) -> Path:
        folder.mkdir(exist_ok=True)
        with (folder / "sweep.csv").open("w", newline="") as lines:
            table = csv.writer(lines)
            table.writerow(["file", "position"])
            for number, (frame, position) in enumerate(zip(self.frames, self.positions, strict=True)):
                Image.fromarray(frame).save(folder / f"{number}.png")
                table.writerow([f"{number}.png", position if positions else ""])
        return folder


@pytest.fixture(scope="session")
def lens(leaves: Luma) -> Callable[..., Target]:
    """Sweep over the leaves, 640x480: positions 0 to 20, focus at 10 in the middle unless told otherwise."""
    height, width = leaves.shape
    radii = np.concatenate([[0.0], np.geomspace(0.6, 16, 18)])
    light = (leaves / np.float32(255)) ** np.float32(2.2)
    levels = np.stack([light] + [cv2.filter2D(light, -1, disc(radius)) for radius in radii[1:]])
    y, x = np.mgrid[0:height, 0:width]
    x, y = (x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5
    r2 = 4 * ((x * width) ** 2 + (y * height) ** 2) / (width**2 + height**2)

    def sweep(centre=10.0, across=0.0, down=0.0, curvature=0.0, relief=0.0, disc=1.6) -> Target:
        surface = centre + across * x + down * y + curvature * r2
        surface = surface + relief * np.sign(np.sin(9 * x + 2) * np.sin(9 * y + 1))
        random = np.random.default_rng(3)
        frames = []
        for position in range(21):
            wanted = np.square(disc / 2 * (position - surface))
            above = np.clip(np.searchsorted(radii**2, wanted), 1, len(radii) - 1)
            low, high = radii[above - 1] ** 2, radii[above] ** 2
            share = np.clip((wanted - low) / (high - low), 0, 1)
            one, other = (np.take_along_axis(levels, n[None], 0)[0] for n in (above - 1, above))
            grey = (one + (other - one) * share) ** (1 / 2.2) * 255 + random.normal(0, 1.0, leaves.shape)
            frames.append(np.clip(np.rint(grey), 0, 255).astype(np.uint8))
        return Target(frames, np.arange(21.0), centre, across, down, curvature, disc)

    return sweep


def disc(radius: float) -> np.ndarray:
    """The share of each pixel that a disc covers."""
    reach = int(np.ceil(radius))
    along = (np.arange((2 * reach + 1) * 8) + 0.5) / 8 - reach - 0.5
    inside = (along[:, None] ** 2 + along**2 <= radius**2).reshape(2 * reach + 1, 8, 2 * reach + 1, 8)
    share = inside.mean(axis=(1, 3))
    return (share / share.sum()).astype(np.float32)


@pytest.fixture(scope="session")
def fringed(leaves: Luma) -> Callable[..., np.ndarray]:
    """The leaves in colour, red and blue so many px further out in the corners: (480, 640, 3)."""
    height, width = leaves.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x + 0.5 - width / 2, y + 0.5 - height / 2
    half = float(np.hypot(width, height)) / 2

    def photo(red: float, blue: float) -> np.ndarray:
        soft = cv2.GaussianBlur(leaves, (0, 0), 0.8)
        channels = []
        for out, strength in ((red, 0.9), (0.0, 0.8), (blue, 0.7)):
            scale = 1 - out / half
            place = (x * scale + width / 2 - 0.5), (y * scale + height / 2 - 0.5)
            moved = cv2.remap(soft, *place, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
            channels.append((moved * strength).astype(np.uint8))
        return np.stack(channels, -1)

    return photo
