import numpy as np
import pytest

from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.region import parse
from lab.autofocus.played import Played, spot, sweep
from lab.evaluation import spots


@pytest.fixture(scope="module")
def folder(sweep, tmp_path_factory):
    made = tmp_path_factory.mktemp("played")
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (made / "sweep.csv").write_text("file,position\n" + rows)
    return made


def test_a_position_between_two_frames_shows_the_nearer_one_and_one_beyond_the_end_the_last():
    lens, random = Played("a", 1, ["first", "second", "third"]), np.random.default_rng(0)
    assert [lens.shot(place, random) for place in (-3.0, 0.6, 9.0)] == ["first", "second", "third"]


def test_a_sweep_is_best_where_its_contrast_is_highest_in_noise_as_well(folder):
    scorer = Scorer(FocusModel(), parse("whole"))
    for condition in ("clean", "noise 4"):
        lens = sweep(folder, scorer, condition)
        assert lens.bests == [10.0]
        assert lens.steps == 21


def test_a_spot_has_a_shot_for_each_picture_of_its_series(folder):
    box = (0.375, 0.375, 0.25, 0.25)
    lens = spot(spots.read(folder, [box]), box, FocusModel())
    raw = [lens.shot(place, np.random.default_rng(0)).raw for place in range(lens.steps)]
    assert lens.bests == [float(np.argmax(raw))] == [10.0]
