import numpy as np
import pytest

from focuscam.messages import Reading
from lab.autofocus import rivals
from lab.autofocus.seen import Shot
from lab.autofocus.trial import UPSETS, ours, play
from lab.autofocus.trials import found
from lab.autofocus.variants import variants

METHODS = {
    "ours": ours(0.45),
    "full sweep": rivals.full_sweep(),
    "hill climb": rivals.hill_climb(1 / 8),
    "golden section": rivals.golden_section(),
    "by JPEG": rivals.by_jpeg(),
}


class Formula:
    """A subject without a picture."""

    name, steps, low, bests = "formula, plain", 150, 20, [80.0]

    def shot(self, place, random):
        away = (place - self.bests[0]) / 12
        contrast = 1 / (1 + away**2)
        score = 1 / (1.4 + away**2)
        return Shot(Reading(0, 0.0, None, score, 1.0, "none", contrast), 100 * contrast, round(10000 * contrast))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("backlash", [0, 20])
@pytest.mark.parametrize("start", [0, 75, 149])
def test_everybody_finds_a_smooth_hill_whatever_the_play(name, backlash, start):
    trial = play(Formula(), METHODS[name], start, backlash, np.random.default_rng(0))
    assert found(trial)


@pytest.mark.parametrize("name", variants(0.45))
def test_a_variant_is_the_search_with_something_changed_for_its_own_time_only(name):
    usual = play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0))
    changed = play(Formula(), variants(0.45)[name], 50, 0, np.random.default_rng(0))
    assert changed.off <= 5
    assert play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0)) == usual


def test_exposures_are_counted():
    random = np.random.default_rng(0)
    assert play(Formula(), METHODS["full sweep"], 50, 0, random).exposures == 130
    assert 9 <= play(Formula(), METHODS["golden section"], 50, 0, random).exposures <= 13
    assert play(Formula(), METHODS["ours"], 50, 0, random).exposures <= 9


def test_what_goes_wrong_is_done_to_the_lens():
    upsets = {each.name: each for each in UPSETS}
    stuck = play(Formula(), METHODS["ours"], 50, 0, np.random.default_rng(0), upsets["stands still from the start"])
    assert stuck.refused
    assert stuck.warned
    moved = play(Formula(), METHODS["full sweep"], 50, 0, np.random.default_rng(0), upsets["subject moves by 15 steps"])
    assert found(moved)
