"""A ring that is turned, and what the coach is told of it."""

import itertools
import math

import numpy as np

from focuscam.messages import Reading


def lights(coach, readings):
    return [coach.update(each).light for each in readings]


# A ring that is turned over a hill of contrast, 1 / (1 + x^2) at distance x from the best place; the score crosses
# one half far down the slope, at `soft` of the best contrast.


def at(x, n, soft=0.4, **rest):
    contrast = 0.05 / (1 + x * x)
    score = 1 / (1 + math.exp(-(contrast / 0.05 - soft) / 0.06))
    told = {"score": score, "time": n / 30, "certainty": 1.0, "blur": "unknown", "contrast": contrast}
    return Reading(frame=n, name=None, **(told | rest))


def way(*places, speed=0.06):
    """Ring positions, frame by frame, from the first of `places` to the last."""
    for here, there in itertools.pairwise(places):
        steps = max(round(abs(there - here) / speed), 1)
        yield from (here + (there - here) * step / steps for step in range(steps))
    yield places[-1]


def play(coach, xs, **rest):
    return [coach.update(at(x, n, **rest)) for n, x in enumerate(xs)]


def grid(seed, brightness=100, spread=30):
    """A thumbnail of a scene of its own."""
    cells = np.random.default_rng(seed).normal(brightness, spread, 48)
    return bytes(np.clip(cells, 0, 255).astype(np.uint8))
