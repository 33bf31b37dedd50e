from lab.evaluation import spot_plots, spot_trials
from lab.evaluation.spot_lights import Ours
from tests.lab.evaluation.test_spot_trials import spot  # noqa: F401 - a fixture


def test_approaches_that_ended_right_are_not_drawn_and_others_are_worst_first(spot, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(spot_trials, "RIGHT", 0.0)  # anything is good enough
    spot_plots.draw_the_worst(tmp_path / "right", [spot], ["turn3"], lambda: Ours(0.5))
    assert list((tmp_path / "right").iterdir()) == []
    monkeypatch.setattr(spot_trials, "RIGHT", 1.01)  # nothing is good enough
    spot_plots.draw_the_worst(tmp_path / "all", [spot], ["turn3"], lambda: Ours(0.5))
    assert len(list((tmp_path / "all").glob("0[01]_*_turn3_from_*.png"))) == 2
