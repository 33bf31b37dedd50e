"""From a frame to a Reading: choose patches that tell, let the network judge them, sum up."""

from __future__ import annotations

import math
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus import bands, blur, borders, lights, measures, summing
from focuscam.focus.model import BATCH, FocusModel
from focuscam.focus.patches import Level, Patches, chosen, cut, evenly, gradient_energy, levels
from focuscam.focus.region import crop
from focuscam.focus.thumbnail import thumbnail
from focuscam.messages import Blur, FocusMap, Frame, Luma, Reading
from focuscam.region import Box, Region

Floats = npt.NDArray[np.float32]
Reason = Literal["dark", "bright", "flat", "small"]

LEAST_SIDE = 16
"""A picture narrower than this, px, holds too little to be judged."""
GRID = 16
"""A patch, or a region, is brought to so many cells a side to see whether there is anything on it at all."""
LEAST_STRUCTURE = 1.5
"""Deviation of those cells, grey levels, that rounding and compression make on a bare wall."""
BEYOND_NOISE = 2.0
"""Times that of white noise: neighbouring pixels of a colour sensor share theirs, so that averaging helps less."""
GRAIN = 8.0
"""Deviation of the cells, grey levels, under which an even texture is taken for grain: high gain, smoothed by the
camera or by JPEG, is no white noise any more."""

MAP_CELLS = 7
"""Cells of a focus map along the frame's longest side, about."""


class Scorer:
    """Scores the region of one frame after another.

        >>> from focuscam.focus.model import FocusModel
        >>> from focuscam.region import parse
        >>> from focuscam.simulation.camera import Simulated
        >>> camera = Simulated(hand=lambda seconds: camera.best, size=(1014, 760))
        >>> reading = Scorer(FocusModel(), parse("spot")).score(camera.frame(0))
        >>> reading.score > 0.9, reading.blur
        (True, 'none')

    It keeps nothing of them: what one frame says by itself is all there is.
    """

    def __init__(self, model: FocusModel, region: Region) -> None:
        """model: what judges patches of the luma.

        region: what is looked at; it may be replaced at any time, and the next frame is scored with it.
        """
        self.model = model
        self.region = region

    def score(self, frame: Frame) -> Reading:
        """What this frame says by itself. Never raises, whatever the pixels and their number."""
        box = self.region.box
        if min(frame.fine.shape) < LEAST_SIDE:
            return _reading(frame, box, frame.coarse, reason="small")
        frame = bands.without(frame, box)  # before borders: a band at the rim is a bar to look at
        free = borders.inside(frame.coarse, box)
        if free != box:
            frame = bands.without(frame, free)
        noise, contrast = measures.noise_and_contrast(crop(frame.fine, free), measures.reduction(max(frame.fine.shape)))
        if self.model.patch is None:
            return self._of_picture(frame, noise, contrast)
        scales = levels(frame, self.model.patch)
        smallest = scales[-1].luma
        points = lights.of(crop(smallest, free), crop(frame.fine, free), noise)
        if points is not None:
            return self._of_lights(frame, points)
        patches = chosen(scales, free, self.model.patch, BATCH)
        tells = telling(patches, scales, noise)
        if not tells.any():
            if reason := blank(crop(frame.coarse, free), noise, patches.even):
                return _reading(frame, box, smallest, contrast=contrast, reason=reason)
            # Soft without a doubt: large shapes, and nothing fine among them.
            return _reading(frame, box, smallest, score=0.0, certainty=0.5, contrast=contrast, kind="defocus")
        said = self.model.judge(measures.normalised(patches.luma[tells]))
        scale = np.array([each.scale for each in scales], np.float32)[patches.level[tells]]
        counting = summing.OF_ALL if self.region.name in ("best", "whole") else summing.OF_A_SPOT
        motion = summing.OF_A_PHOTO if self.region.name == "best" else summing.AT_THE_RING
        region = summing.summed(said, scale, self.model, counting, motion)
        score = blur.score(region.log_blur, region.error, max(frame.fine.shape))
        kind: Blur = "none" if score >= self.model.threshold else region.kind
        sure = certainty(score, tells)
        return _reading(
            frame,
            box,
            smallest,
            score=score,
            certainty=sure,
            kind=kind,
            contrast=contrast,
            blur_px=math.exp(region.log_blur),
            blur_error=region.error,
        )

    def _of_lights(self, frame: Frame, points: lights.Lights) -> Reading:
        """The reading of points of light, by their size: sharp edges they have anyway."""
        if points.blur_px is None:
            return _reading(frame, self.region.box, frame.coarse, contrast=points.contrast, reason="dark")
        score = blur.score(math.log(points.blur_px), points.error, min(max(frame.fine.shape), lights.LONGEST))
        return _reading(
            frame,
            self.region.box,
            frame.coarse,
            score=score,
            certainty=certainty(score, np.ones(1, bool)),
            kind="none" if score >= self.model.threshold else "defocus",
            contrast=points.contrast,
            blur_px=points.blur_px,
            blur_error=points.error,
        )

    def _of_picture(self, frame: Frame, noise: float, contrast: float) -> Reading:
        """The reading by a network that looks at the region as one small picture."""
        box = self.region.box
        view = crop(frame.coarse, box)
        if reason := blank(view, noise):
            return _reading(frame, box, frame.coarse, contrast=contrast, reason=reason)
        height, width, _ = self.model.shape
        picture = cv2.resize(view, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        score = float(self.model.judge(picture[None])[0, self.model.within[0]])
        kind: Blur = "none" if score >= self.model.threshold else "unknown"
        sure = certainty(score, np.ones(1, bool))
        return _reading(frame, box, frame.coarse, score=score, certainty=sure, kind=kind, contrast=contrast)

    def map(self, frame: Frame) -> FocusMap:
        """Score and certainty of each cell of the whole frame, from its coarse luma: for whoever looks."""
        height, width = frame.coarse.shape
        patch = self.model.patch
        if patch is None:  # such a network has one answer for all of the frame
            one = self._of_picture(frame, *measures.noise_and_contrast(frame.coarse))
            return FocusMap(
                frame.number,
                np.full((1, 1), one.score or 0.0, np.float32),
                np.full((1, 1), one.certainty, np.float32),
            )
        cell = max(LEAST_SIDE, max(height, width) // MAP_CELLS)
        rows, columns = max(1, height // cell), max(1, width // cell)
        score, sure = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
        if min(height, width) >= LEAST_SIDE:
            middle_y, middle_x = (np.arange(rows) + 0.5) * height / rows, (np.arange(columns) + 0.5) * width / columns
            tops = np.clip(np.rint(middle_y - patch / 2), 0, max(height - patch, 0))
            lefts = np.clip(np.rint(middle_x - patch / 2), 0, max(width - patch, 0))
            places = np.stack(np.meshgrid(tops, lefts, indexing="ij"), -1).reshape(-1, 2).astype(np.intp)
            scales = [Level(frame.coarse, 1.0)]
            even = evenly(gradient_energy(frame.coarse))
            patches = Patches(cut(frame.coarse, places, patch), np.zeros(len(places), np.intp), places, even)
            tells = np.flatnonzero(telling(patches, scales, measures.noise_and_contrast(frame.coarse)[0]))
            if len(tells):
                said = self.model.judge(measures.normalised(patches.luma[tells]))
                log_blur, error = summing.patches(said, np.ones(len(said), np.float32), self.model)
                for index, each, own in zip(tells, log_blur.max(1), error.max(1), strict=True):
                    score.flat[index] = blur.score(float(each), float(own), max(height, width))
                    sure.flat[index] = certainty(float(score.flat[index]), np.ones(1, bool))
        return FocusMap(frame.number, score, sure)


def _reading(
    frame: Frame,
    box: Box,
    picture: Luma,
    score: float | None = None,
    certainty: float = 0.0,
    kind: Blur = "unknown",
    contrast: float = 0.0,
    reason: Reason | None = None,
    blur_px: float | None = None,
    blur_error: float = 1.0,
) -> Reading:
    """The reading of a frame; its thumbnail is taken from `picture`, the same frame at any size."""
    return Reading(
        frame=frame.number,
        time=frame.time,
        name=frame.name,
        score=score,
        certainty=certainty,
        blur=kind,
        contrast=contrast,
        reason=reason,
        region=box,
        taken=frame.taken,
        blur_px=blur_px,
        blur_error=blur_error,
        thumbnail=thumbnail(crop(picture, box)),
    )


def certainty(score: float, tells: npt.NDArray[np.bool_]) -> float:
    """How sure: one less the entropy of the score, in bits, by the share of patches that tell.

    After Yang et al. (2018), who take the entropy over their classes.
    """
    p = min(max(score, 1e-6), 1 - 1e-6)
    return (1 + p * math.log2(p) + (1 - p) * math.log2(1 - p)) * float(tells.mean())


def telling(patches: Patches, scales: list[Level], noise: float) -> npt.NDArray[np.bool_]:
    """Which patches have something to say: structure that neither shading nor noise of this deviation explains."""
    small = np.stack([_cells(patch) for patch in patches.luma])
    own = np.array([scale.scale for scale in scales])[patches.level] * noise * GRID / patches.luma.shape[1]
    least = np.maximum(LEAST_STRUCTURE + BEYOND_NOISE * own, GRAIN * patches.even)
    result: npt.NDArray[np.bool_] = measures.structure(small) > least
    return result


def blank(view: Luma, noise: float, even: bool = False) -> Reason | None:
    """Why nothing can be told of a region none of whose patches tell; None when it is only soft."""
    small = _cells(view)
    averaged = noise * GRID / math.sqrt(view.size)
    if measures.structure(small[None])[0] > max(LEAST_STRUCTURE + BEYOND_NOISE * averaged, GRAIN * even):
        return None
    mean = float(small.mean())
    return "dark" if mean < 24 else "bright" if mean > 245 else "flat"


def _cells(luma: Luma) -> Luma:
    return cv2.resize(luma, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
