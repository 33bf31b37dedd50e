import numpy as np
import pytest

from focuscam.messages import Reading
from focuscam.simulation.optics import ThinLens
from lab.coaching import views
from lab.coaching.views import GLASSES, View


class Eye:
    """Scores nothing, and keeps what it is shown."""

    def __init__(self):
        self.seen = []

    def score(self, frame):
        self.seen.append(frame.fine.copy())
        return Reading(0, 0.0, None, 0.5, 1.0, "none", 0.01, thumbnail=bytes(48))


@pytest.mark.parametrize("glass", GLASSES)
def test_lenses_that_are_not_as_in_the_book(glass, monkeypatch):
    monkeypatch.setattr(views, "SIZE", (338, 254))
    monkeypatch.setattr(views, "BLURS", (0, 4))
    monkeypatch.setattr(views, "VARIANTS", ("still",))
    good, other = (View("a view", 0, ThinLens(), 1.0, "plain", Eye(), each) for each in ("good", glass))
    assert other.blur(other.best) < 1e-6
    if glass == "end stop":
        assert other.best == pytest.approx(1.0)
    else:
        assert other.best == pytest.approx(good.best)
    at_best = [view.shot(view.best, "still").raw for view in (good, other)]
    assert (at_best[1] < 0.7 * at_best[0]) == (glass == "soft")
    dot = np.zeros((254, 338), np.uint16)
    dot[100:154, 60:66] = 60000
    far, near = (np.average(np.arange(338), weights=other.framed(dot, ring).sum(0)) for ring in (0.0, 1.0))
    assert (far - near > 5) == (glass == "breathing")
