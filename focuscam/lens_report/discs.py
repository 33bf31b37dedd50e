"""How fast a point grows into a disc as the ring leaves the sharp position: a sweep's own scale of blur."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from focuscam.focus.measures import noise_and_contrast, reduction
from focuscam.lens_report.statistics import Measured, student
from focuscam.lens_report.tops import Top
from focuscam.lens_report.zones import boxes
from focuscam.messages import Luma
from focuscam.simulation.defocus import Blurred, Plane

Floats = npt.NDArray[np.float64]

_DIAMETERS = np.geomspace(1.6, 28, 16)
"""px; a smaller disc can hardly be told from none, a larger one leaves little to tell by."""
_TOLD = 0.2, 0.8
"""Frames are compared whose contrast is between these shares of the sharp frame's."""
_MODEL = 0.04
"""Standard deviation, as a share, of what a disc is not: real ones are neither even nor round."""
_CLIPPED = 0.002
"""Zones with a larger share of white are left out: how bright it really was, and what its disc would be, is lost."""
_GAMMA = 2.2


def growth(
    sharp: Mapping[int, tuple[int, Luma]], softest: Luma, positions: Floats, contrast: Floats, tops: Mapping[int, Top]
) -> Measured | None:
    """Growth of the blur disc's diameter, px of the frames for one position; None where it can't be told.

    sharp: of the zones that have a top the number of their sharpest frame, and their part of it; softest: the softest
    frame, whole; contrast: (n, zones), at the positions (n,). The sharp part is blurred by discs in linear light until
    its contrast falls to that of each other frame. A thin lens makes a disc that grows in proportion to the way from
    the sharp position (`cameras.optics.Lens`); the sharp frame has one as well, and the squares of two blurs add.
    """
    spread, smaller = boxes(*softest.shape), reduction(max(softest.shape))
    found = []
    # The half with more detail: noise has less of a say there.
    usual = float(np.median([np.max(contrast[:, zone]) for zone in sharp])) if sharp else 0.0
    for zone, (frame, part) in sharp.items():
        if np.mean(part >= 254) > _CLIPPED or np.max(contrast[:, zone]) < usual:
            continue
        noise = noise_and_contrast(softest[spread[zone]], smaller)[0]
        blurred = _through_discs(part, noise, smaller)
        found.append(_zone(blurred, positions - tops[zone].position, contrast[:, zone], frame))
    rates = np.array([rate for rate in found if rate is not None])
    if len(rates) < 3:
        return None
    middle = float(np.median(rates))
    # Of the median of n, whose standard deviation is 1.2533 times the mean's; 1.4826 as usual for the spread.
    error = 1.2533 * 1.4826 * float(np.median(np.abs(rates - middle))) / np.sqrt(len(rates))
    return Measured(middle, student(len(rates) - 1) * float(np.hypot(error, _MODEL * middle)))


def _through_discs(part: Luma, noise: float, smaller: int) -> Floats:
    """Contrast of a part of a frame through each of the discs, the first of them none: (1 + discs,).

    noise: standard deviation, grey levels, of the frames, best seen in a soft one. A disc smooths the sharp frame's
    noise away; it is added again, since the contrast is never quite free of it.
    """
    chance = np.random.default_rng(0)
    light = np.rint((part / np.float32(255)) ** np.float32(_GAMMA) * 65535).astype(np.uint16)
    blurred = Blurred(Plane(1.0, light, None), float(_DIAMETERS[-1]) / 2)
    seen = [part]
    for diameter in _DIAMETERS:
        grey = (blurred.at(float(diameter) / 2)[0] / np.float32(65535)) ** np.float32(1 / _GAMMA) * 255
        grey = grey + noise * chance.standard_normal(grey.shape, dtype=np.float32)
        seen.append(np.clip(np.rint(grey), 0, 255).astype(np.uint8))
    return np.array([noise_and_contrast(each, smaller)[1] for each in seen])


def _zone(blurred: Floats, away: Floats, contrast: Floats, sharp: int) -> float | None:
    """Px for one position in one zone. away: positions less that of the top."""
    falling = np.minimum.accumulate(blurred)
    top = falling[0]
    told = (contrast > max(_TOLD[0] * top, float(falling[-1]))) & (contrast < _TOLD[1] * top)
    told &= away**2 > away[sharp] ** 2
    if top <= 0 or told.sum() < 2:
        return None
    diameters = np.interp(-contrast[told], -falling, np.concatenate([[0.0], _DIAMETERS]))
    rates = diameters / np.sqrt(away[told] ** 2 - away[sharp] ** 2)
    return float(np.median(rates))
