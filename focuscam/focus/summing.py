"""From what the network says of some patches to the blur of their region, how sure that is, and its kind.

Defocus lies at a depth: the sharper patches count, what is nearer or farther does not. But what is sharp is so
at every scale: where a coarser one sees a spot blurred, the rims that a fine one calls sharp are those of
discs. A shake is the same everywhere: all patches count, for those whose lines run along it look as sharp as
ever; along the other axis they know little, and say so. Which of the two it is decides how much each sum weighs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from focuscam.focus import blur
from focuscam.focus.model import FocusModel
from focuscam.messages import Blur

Floats = npt.NDArray[np.float32]

OF_A_SPOT, OF_ALL = 0.5, 0.2
"""Share of the patches that counts where the lens is out of focus: of a spot, which has one depth, and where the
sharpest subject is looked for."""
COARSE = 2.0
"""A spot that has more blur than this, px of a coarser scale, has it whatever the finer ones say."""
DOUBT = 0.03
"""Variance of the logarithm of a patch's blur that it shares with the others: no patch outweighs all."""
SHAKEN = (1.86, 0.36, 0.4)
"""That there is motion blur: the weight of what the patches say of it, of how unlike the axes are; and of neither."""
AT_THE_RING, OF_A_PHOTO = (1.8, 0.28, 0.3), (1.8, 0.28, 1.4)
"""The same of its being motion rather than defocus, where there is blur. What a hand at the ring looks at is more often
out of focus than shaken; a photo is as often the one as the other."""
SURE_OF_KIND = 0.6
"""Probability of motion, or of defocus, from which the kind of blur is said."""
OWN_ERROR = 0.2
"""Standard deviation of the logarithm of a region's blur that no patch knows of."""
SAID = 0.004, 0.996
"""What the network says of motion is taken to lie between these."""


@dataclass(frozen=True, slots=True)
class Summed:
    """What a region's patches say together."""

    log_blur: float
    """Natural logarithm of its blur, fine px."""
    error: float
    """Standard deviation of log_blur."""
    motion: float
    """Probability that the blur is motion rather than defocus."""

    @property
    def kind(self) -> Blur:
        """Motion or defocus, as far as that is known."""
        return "motion" if self.motion >= SURE_OF_KIND else "defocus" if self.motion <= 1 - SURE_OF_KIND else "unknown"


def summed(
    said: Floats,
    scale: Floats,
    model: FocusModel,
    counting: float = OF_A_SPOT,
    motion: tuple[float, float, float] = AT_THE_RING,
) -> Summed:
    """The sum of some patches, at least one.

    said: what `FocusModel.judge` says of each. scale: size of each patch's picture over that of the fine luma.
    counting: share of them that counts where the lens is out of focus, the sharper ones.
    motion: AT_THE_RING or OF_A_PHOTO.
    """
    by_axis, error = patches(said, scale, model)
    weight = 1 / (error**2 + DOUBT)
    worst, surest = by_axis.max(1), weight[np.arange(len(weight)), by_axis.argmax(1)]
    sharper = np.argsort(worst)[: math.ceil(len(worst) * counting)]
    # Where the sharpest subject is looked for, a coarse patch may have missed it.
    least = _least(worst, scale) if counting == OF_A_SPOT else -math.inf
    of_lens = max(float(worst[sharper] @ surest[sharper] / surest[sharper].sum()), least)
    along = (by_axis * weight).sum(0) / weight.sum(0)
    of_shake = max(float(np.max(along)), least)
    unlike = float(np.max(along) - np.min(along))
    moved = _moved(said, model)
    shaken = _probability(moved, unlike, SHAKEN)
    share = shaken**2 / (shaken**2 + (1 - shaken) ** 2)
    log_blur = (1 - share) * of_lens + share * of_shake
    # What the patches know badly averages out; what all of them have wrong does not.
    own = math.hypot(OWN_ERROR, float(np.sqrt(np.square(error).mean() / len(error))))
    return Summed(log_blur, own, _probability(moved, unlike, motion))


def _least(worst: Floats, scale: Floats) -> float:
    """Logarithm of the blur, fine px, that the coarser scales do not let the finer ones deny."""
    found = -math.inf
    for size in {each for each in scale.tolist() if each < 1}:
        here = worst[scale == size]
        sharpest = float(here.min())
        if len(here) > 1 and sharpest + math.log(size) > math.log(COARSE):
            found = max(found, sharpest)
    return found


def patches(said: Floats, scale: Floats, model: FocusModel) -> tuple[Floats, Floats]:
    """Natural logarithm of the blur, fine px, of each patch along each axis, and its deviation: two (n, axes)."""
    within = said[:, model.within].reshape(len(said), -1, len(model.radii))
    log_blur, error = blur.estimates(within, model.radii)
    return log_blur - np.log(scale)[:, None], error


def _moved(said: Floats, model: FocusModel) -> float | None:
    """What the patches say of motion blur: the mean of their logits; None where the network says nothing of it."""
    column = model.column("shaken")
    if column is None:
        return None
    p = np.minimum(np.maximum(said[:, column], SAID[0]), SAID[1])
    return float(np.log(p / (1 - p)).mean())


def _probability(moved: float | None, unlike: float, weights: tuple[float, float, float]) -> float:
    if moved is None:
        return 0.0
    return 1 / (1 + math.exp(-(weights[0] * moved + weights[1] * unlike + weights[2])))
