"""What is timed, here and on the emulated Pi: our whole step, its parts, and what people write in its place."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from focuscam.coach import Coach
from focuscam.focus import measures, patches
from focuscam.focus.model import BATCH, FocusModel
from focuscam.focus.scorer import Scorer, telling
from focuscam.messages import Frame, Luma
from focuscam.region import WHOLE, parse

Jobs = dict[str, Callable[[], object]]


def picture(height: int, width: int) -> Luma:
    """Dead leaves with a little noise: as much to see as in an ordinary scene."""
    rng = np.random.default_rng(0)
    canvas = np.full((height, width), 128, np.uint8)
    for _ in range(2000):
        radius = int(min(0.006 * width / (1 - rng.random()), 0.2 * width))
        centre = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(canvas, centre, radius, (int(rng.integers(20, 236)),), -1)
    noise = rng.normal(0, 3, canvas.shape)
    return np.clip(cv2.GaussianBlur(canvas, (3, 3), 0) + noise, 0, 255).astype(np.uint8)


def frame_of_a_camera() -> Frame:
    """2028x1520 and 640x480 luma, as the HQ Camera's two streams."""
    fine = picture(1520, 2028)
    coarse = np.asarray(cv2.resize(fine, (640, 480), interpolation=cv2.INTER_AREA), np.uint8)
    return Frame(0, 0.0, fine, coarse, 0.0)


def ours(model: FocusModel, frame: Frame) -> Jobs:
    """The whole step, frame in and decision out, and its parts."""
    scorer, spot, coach = Scorer(model, parse("whole")), Scorer(model, parse("spot")), Coach(model.threshold)
    assert model.patch is not None
    scales = patches.levels(frame, model.patch)
    chosen = patches.chosen(scales, WHOLE, model.patch, BATCH)
    normal = measures.normalised(chosen.luma)
    reduction = measures.reduction(max(frame.fine.shape))
    size = model.patch
    return {
        "whole step": lambda: coach.update(scorer.score(frame)),
        "whole step, spot": lambda: coach.update(spot.score(frame)),
        "  scales": lambda: patches.levels(frame, size),
        "  choice of patches": lambda: patches.chosen(scales, WHOLE, size, BATCH),
        "  normalising": lambda: measures.normalised(chosen.luma),
        "  is there anything": lambda: telling(chosen, scales, 3.0),
        "  network": lambda: model.judge(normal),
        "  contrast": lambda: measures.noise_and_contrast(frame.fine, reduction),
        "focus map": lambda: scorer.map(frame),
    }


def classical() -> Jobs:
    """What people write, on 1280x720."""
    colour = cv2.cvtColor(picture(720, 1280), cv2.COLOR_GRAY2BGR)
    grey = colour[:, :, 0].copy()
    return {
        "variance of Laplacian": lambda: cv2.Laplacian(cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var(),
        "Tenengrad": lambda: np.mean(cv2.Sobel(grey, cv2.CV_64F, 1, 0) ** 2 + cv2.Sobel(grey, cv2.CV_64F, 0, 1) ** 2),
    }
