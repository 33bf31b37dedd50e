"""Bands of a dimmed lamp: a rolling shutter sees it on in some rows and off in others, right across the picture.

Their edges are as sharp as can be, whatever the lens does, and say nothing of it. So they are taken out: each row is
brought to the brightness of its neighbours. What is left of a bare wall is bare.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.focus.region import crop
from focuscam.messages import Frame, Luma
from focuscam.region import Box

Floats = npt.NDArray[np.float32]

COLUMNS = 8
"""Parts of the width that must agree."""
SAMPLES = 16
"""Pixels of a row that stand for each."""
STEP = 0.06
"""Natural logarithm of the brightness by which rows near each other differ, at the edge of a band."""
EDGES = 5
"""Edges of bands, at least: two bands and a half. A mask makes one or two, a leaf too."""
AGREE, LEEWAY = 0.4, 0.02
"""By how much of a step, and by what besides, the parts of the width may differ from their middle one."""
MOST = 7
"""So many of the parts must agree: in one of them there may be an edge of the view itself."""
OF_STEPS = 0.5
"""Share of all rows that differ so from those near them: the cornices of a house agree, but not its windows."""
REGULAR = 0.25
"""Standard deviation of the period over its mean: a lamp is regular, a shelf of tools is not."""
NEAR = 160
"""The rows' brightness is compared over so many parts of the height: from an edge of a band to behind it."""
FLOOR = 8.0
"""Grey levels added before a logarithm is taken, so that noise in the dark is no step."""
DARK = 24.0
"""Mean grey level of a picture too dark for a lamp: there a shelf in the dark would do for a band."""
LEAST_ROWS, ROWS = 48, 384
"""Rows that a picture must have for bands to be told, and of which, about, a taller one shows them as well."""


def seen(luma: Luma) -> bool:
    """Whether the picture, uint8, has bands from side to side."""
    height, width = luma.shape
    if height < LEAST_ROWS or width < COLUMNS * 2:
        return False
    few = luma[:: max(1, round(height / ROWS)), :: max(1, width // (COLUMNS * SAMPLES))]
    # Parts of whole pixels are summed five times faster.
    few = few[:, : few.shape[1] // COLUMNS * COLUMNS]
    height = len(few)
    means = cv2.resize(few, (COLUMNS, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    if float(means.mean()) < DARK:
        return False
    levels = np.log(means + FLOOR)
    apart = max(2, height // NEAR)
    steps = levels[apart:] - levels[:-apart]
    # Where few rows differ from those near them by half as much as they would, nothing needs to be sorted.
    likely = np.flatnonzero(np.abs(steps.mean(1)) > STEP / 2)
    if len(likely) < EDGES:
        return False
    steps = steps[likely]
    middle = np.median(steps, 1, keepdims=True)
    strong = np.abs(middle[:, 0]) > STEP
    steps, middle = steps[strong], middle[strong]
    edges = (np.abs(steps - middle) < AGREE * np.abs(middle) + LEEWAY).sum(1) >= MOST
    at = likely[strong][edges]
    # Neighbouring rows see the same edge: where it begins, alternately darker and brighter, once a band.
    begins = at[np.flatnonzero(np.diff(np.sign(middle[edges, 0]), prepend=0))]
    if len(begins) < EDGES or len(at) < OF_STEPS * len(steps):
        return False
    periods = begins[2:] - begins[:-2]
    return bool(periods.std() <= REGULAR * periods.mean())


def without(frame: Frame, box: Box) -> Frame:
    """The frame with every row of a region brought to one brightness; itself where it has no bands there."""
    if not seen(crop(frame.fine, box)):
        return frame
    fine = frame.fine.copy()
    part = crop(fine, box)
    part[:] = _even(part)
    # Patches of the coarse one may reach beyond a small region.
    return replace(frame, fine=fine, coarse=_even(frame.coarse))


def _even(luma: Luma) -> Luma:
    means = cv2.reduce(luma, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    gain = (float(means.mean()) + FLOOR) / (means + FLOOR)
    # About the row's own mean, so that black stays what it is as far as it can.
    flat = (luma.astype(np.float32) + FLOOR) * gain - FLOOR
    result: Luma = np.clip(np.rint(flat), 0, 255).astype(np.uint8)
    return result
