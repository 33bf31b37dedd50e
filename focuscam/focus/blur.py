"""From what the network says to a blur in pixels, and from that to a score.

The network answers one question at several radii: is the blur of this patch less than r px? Its
answers are trained to be 1 / (1 + (blur / r) ** steepness), so that together they say how large the
blur is, from half a pixel to far out of focus. The blur of a disc is its radius; of any other
spread of a point, twice the root of its variance along its worst axis.

How much blur is still in focus belongs to the picture, not to the pixel: photographers allow a
circle of confusion that is a fixed share of the frame. To it comes what pixels cost at any size:
demosaicing, shrinking and JPEG leave no picture sharper than that. The two add in squares, as blurs do.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

ALLOWED = 2.0
"""Blur, px, that a network with a single answer asks about, where it does not say."""
PIXELS = 1.3
"""Blur, px, that the pixels themselves may have."""
SHARE = 0.0026
"""Blur that the picture may have, as a share of its longest side: 1.7 px of 640."""
LARGE = 1300
"""Longest side, px, from which a frame is allowed no more: it comes from a lens that can use its pixels."""
SLOPE = 2.0
"""Exponent of blur over allowed blur: a score that falls all the way, so that warmer can be told from colder."""
LEAST = 1.0 / 512
"""Half a step of the network's uint8: nearer to 0 or 1 it cannot say."""


def log_radius(within: Floats, radii: Floats, steepness: float) -> Floats:
    """Natural logarithm of the blur, px, of each patch: (n,).

    within: (n, len(radii)) probabilities that the blur is less than each of `radii`, px. Each answer
    gives an estimate; those near one half, which say most, count most.
    """
    p = np.clip(within, LEAST, 1 - LEAST)
    estimates = np.log(radii) - np.log(p / (1 - p)) / steepness
    weight = p * (1 - p)
    result: Floats = (weight * estimates).sum(-1) / weight.sum(-1)
    return result


def allowed(longest: int) -> float:
    """Blur, px, that scores one half in a frame whose longest side is `longest` px."""
    return math.hypot(PIXELS, SHARE * min(longest, LARGE))


def score(log_blur: float, longest: int) -> float:
    """0 to 1: one half at the allowed blur, towards 1 below it, towards 0 beyond."""
    return float(1 / (1 + (np.exp(log_blur) / allowed(longest)) ** SLOPE))
