"""A view without a picture, and a hand that is played on it."""

import numpy as np

from focuscam.messages import Reading
from focuscam.simulation.optics import ThinLens
from lab.coaching.hand import Habit
from lab.coaching.play import play
from lab.coaching.views import Shot


class Formula:
    """A view without a picture: a hill of contrast around its best place, 120 px of blur from end to end."""

    name, glass, lens = "formula", "good", ThinLens()

    def __init__(self, best=0.5, subject=0):
        self.best = best
        self._thumbnail = np.random.default_rng(subject).integers(30, 220, 48).astype(np.uint8).tobytes()

    def blur(self, ring):
        return abs(ring - self.best) * 120

    def shot(self, ring, variant):
        contrast = 1 / (1 + (self.blur(ring) / 8) ** 2)
        score = 1 / (1 + np.exp(-(contrast - 0.5) / 0.2))
        told = {"thumbnail": self._thumbnail, "blur_px": 1 + self.blur(ring) / 2, "blur_error": 0.25}
        reading = Reading(0, 0.0, None, float(score), 1.0, "none", 0.05 * contrast, **told)
        return Shot(reading, 100 * contrast, self.blur(ring))


def played(feedback, best=0.5, **how):
    habit = Habit(
        **({"start": 0.1, "direction": 1, "speed": 0.2, "reaction_s": 0.25, "stops_at_first_green": True} | how)
    )
    return play([Formula(best), Formula(best)], 0, "none", feedback, habit, 1)
