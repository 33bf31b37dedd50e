"""From what the network says to a blur in pixels with its uncertainty, and from that to a score.

The network answers one question along several axes and at several radii: is the blur of this patch,
along this axis, less than r px? Its answers are probabilities; over the radii they say how large the
blur is, from half a pixel to far out of focus, and how sure that is. The blur of a disc is its radius;
of any other spread of a point, twice the root of its variance along that axis.

How much blur is still in focus belongs to the picture, not to the pixel: photographers allow a
circle of confusion that is a fixed share of the frame. To it comes what pixels cost at any size:
demosaicing, shrinking and JPEG leave no picture sharper than that. The two add in squares, as blurs do.
The score is the probability that the blur is no more than that.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

ALLOWED = 2.0
"""Blur, px, that a network with a single answer asks about, where it does not say."""
PIXELS = 1.5
"""Blur, px, that the pixels themselves may have."""
SHARE = 0.003
"""Blur that the picture may have, as a share of its longest side: 1.9 px of 640."""
LARGE = 1300
"""Longest side, px, from which a frame is allowed no more: it comes from a lens that can use its pixels."""
SMEARED = 0.05
"""Variance of the logarithm of the blur that the wide steps between the radii add to every answer."""
LEAST_ERROR = 0.14
"""Standard deviation of the logarithm of a blur: no patch is surer."""


def estimates(within: Floats, radii: Floats) -> tuple[Floats, Floats]:
    """Natural logarithm of the blur, px, and its standard deviation: two of the shape of `within` less its last axis.

    within: (..., len(radii)) probabilities that the blur is less than each of `radii`, px, which grow.
    """
    ends = np.zeros((*within.shape[:-1], 1), np.float32)
    steps = np.concatenate([ends, np.maximum.accumulate(within, axis=-1), ends + 1], axis=-1)
    share = np.diff(steps, axis=-1)
    middles, squares = _middles(radii.tobytes())
    mean = share @ middles
    variance = share @ squares - mean**2
    return mean, np.sqrt(np.maximum(variance - SMEARED, LEAST_ERROR**2))


@functools.lru_cache(maxsize=4)
def _middles(radii: bytes) -> tuple[Floats, Floats]:
    """Of float32 radii, px: what stands for the logarithm of a blur between two of them, and the square of that."""
    places = np.log(np.frombuffer(radii, np.float32))
    middles = np.concatenate([[places[0] - 0.29], (places[1:] + places[:-1]) / 2, [places[-1] + 0.32]])
    return middles.astype(np.float32), np.square(middles).astype(np.float32)


def allowed(longest: int) -> float:
    """Blur, px, that scores one half in a frame whose longest side is `longest` px."""
    return math.hypot(PIXELS, SHARE * min(longest, LARGE))


def score(log_blur: float, error: float, longest: int) -> float:
    """Probability, 0 to 1, that the blur is no more than is allowed.

    error: standard deviation of log_blur.
    """
    return math.erfc((log_blur - math.log(allowed(longest))) / error / math.sqrt(2)) / 2
