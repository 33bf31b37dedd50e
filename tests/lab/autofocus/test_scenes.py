import numpy as np

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.autofocus.scenes import MOST_BACKLASH, Scene

SCORER = Scorer(FocusModel(), parse("spot"))


def test_a_scene_has_its_contrast_at_its_best_place_and_the_same_seed_makes_it_again():
    one, again = Scene(3, 0, SCORER), Scene(3, 0, SCORER)
    (best,) = one.bests
    assert MOST_BACKLASH <= best <= one.steps - 1
    assert again.bests == one.bests
    away = best + 25 if best + 25 < one.steps else best - 25
    at_best, beside = (one.shot(place, np.random.default_rng(0)).raw for place in (best, away))
    assert at_best > 1.5 * beside
    assert one.blur(best) == 0
    assert one.blur(away) > 2


def test_a_lens_cap_has_no_best_place_and_nothing_to_focus_on():
    scene = Scene(0, 3, SCORER, empty=True)
    assert scene.kind == "cap"
    assert scene.bests == []
    assert scene.shot(50, np.random.default_rng(0)).reading.score is None
