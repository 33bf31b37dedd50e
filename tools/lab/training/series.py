"""Real focus: patches of sweeps and stacks, labelled by how much of their best contrast each place has in each frame.

No simulation can be wrong here; the label is coarser. It rests on the rule that contrast (RMS of the
Laplacian after smoothing of variance s) falls as s / (s + variance of the blur), which holds for
pictures whose spectrum falls as 1/f.
"""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import normalised
from lab.training import patches as simulated
from lab.training.patches import SIDE, Patches
from lab.training.photos import Grey, Losses, cells, find, laplacian_power, read

LEAST_RISE = 2.5
"""A place tells something where its best contrast is so many times its worst; a flat one never does."""


def frames_of(folder: Path, losses: Losses) -> list[Grey]:
    """The frames of a sweep (in the order of its sweep.csv, where it has one) or of a stack; all of one size."""
    table = folder / "sweep.csv"
    if table.is_file():
        with table.open(newline="", encoding="utf-8") as lines:
            rows = sorted(csv.DictReader(lines), key=lambda row: float(row["position"]))
        names = list(dict.fromkeys(row["file"] for row in rows))
        paths = [folder / name for name in names]
    else:
        paths = list(find([folder]))
    frames: list[Grey] = []
    for path in paths:
        try:
            frame = read(path, 2028)
        except ValueError as error:
            losses.add("not a readable picture", f"{path} ({error})")
            continue
        if frames and frame.shape != frames[0].shape:
            losses.add("frame of another size than the first of its series", path)
            continue
        frames.append(frame)
    return frames


def local_contrast(frames: list[Grey], stride: int) -> tuple[npt.NDArray[np.float32], float]:
    """Contrast of each cell in each frame: (frames, rows, columns); and the variance of its smoothing, px squared.

    The smoothing is 1 px of a picture 640 px wide, whatever the size of the frames.
    """
    sigma = max(1.0, max(frames[0].shape) / 640)
    half = SIDE // 2
    height, width = frames[0].shape
    pick = (slice(half, height - half + 1, stride), slice(half, width - half + 1, stride))
    maps = [np.sqrt(cv2.boxFilter(laplacian_power(frame, sigma), -1, (SIDE, SIDE))[pick]) for frame in frames]
    return np.stack(maps), sigma**2


def own_softness(
    frames: list[Grey], contrast: npt.NDArray[np.float32], telling: npt.NDArray[np.bool_], stride: int
) -> float:
    """The softness that the telling places still have in the frames that show them best: their median, px squared."""
    best = contrast.argmax(0)
    found = [cells(frame, SIDE, stride)[1][telling & (best == k)] for k, frame in enumerate(frames)]
    values = np.concatenate(found)
    return float(np.median(values)) if len(values) else simulated.USUAL_SOFTNESS


def from_series(folder: Path, scene: int, count: int, seed: int, losses: Losses) -> Patches:
    """Up to `count` patches of a sweep or stack, each in another light, with noise and JPEG as in patches.py."""
    rng = np.random.default_rng([seed, scene])
    frames = frames_of(folder, losses)
    if len(frames) < 3 or min(frames[0].shape) < SIDE:
        losses.add("fewer than 3 frames of 64 px or more", folder)
        return simulated.none()
    stride = 24
    contrast, variance = local_contrast(frames, stride)
    best = contrast.max(0)
    telling = best > LEAST_RISE * np.maximum(contrast.min(0), 1e-3)
    telling &= best > np.quantile(best, 0.5)
    share = contrast / np.maximum(best, 1e-6)
    # At its best a lens may still be soft: that is blur too, as it is in the simulated patches.
    rest = own_softness(frames, contrast, telling, stride) - simulated.USUAL_SOFTNESS
    blur = 2 * np.sqrt((variance + simulated.USUAL_SOFTNESS) * (1 / np.clip(share, 0.02, 1) - 1) + np.clip(rest, 0, 2))
    frame, row, column = np.nonzero(np.broadcast_to(telling, share.shape))
    if not len(frame):
        losses.add("no place whose contrast rises and falls", folder)
        return simulated.none()
    # As many sharp ones as soft ones: most frames of a sweep are far away from focus.
    sharp = blur[frame, row, column] < 2
    weight = np.where(sharp, 1 / max(sharp.sum(), 1), 1 / max((~sharp).sum(), 1))
    chosen = rng.choice(len(frame), count, p=weight / weight.sum())
    lumas, kept = [], []
    for i in chosen:
        x, y = int(column[i]) * stride + SIDE // 2, int(row[i]) * stride + SIDE // 2
        picture = simulated.cut(frames[frame[i]], x, y, SIDE + 16)
        picture = np.ascontiguousarray(np.rot90(picture, int(rng.integers(4))))
        luma = simulated.exposure(picture, np.ones((1, 1), np.float32), rng) if rng.random() < 0.5 else picture
        luma, sigma = simulated.sensor(luma, rng) if rng.random() < 0.6 else (luma, 0.0)
        out, sigma = simulated.written(luma, sigma, rng)
        patch = out[8 : 8 + SIDE, 8 : 8 + SIDE]
        if simulated.telling(patch, sigma):
            lumas.append(normalised(patch[None])[0])
            kept.append(i)
    if not kept:
        return simulated.none()
    chosen = np.array(kept)
    blurs = blur[frame[chosen], row[chosen], column[chosen]].astype(np.float32)
    motion = np.where(blurs > 1.5, 0.0, np.nan).astype(np.float32)
    # Blurred alike along every axis.
    spread = (blurs[:, None] / 2) ** 2 * np.array([1, 0, 1], np.float32)
    return Patches(np.stack(lumas), spread, motion, np.full(len(chosen), scene, np.int32))
