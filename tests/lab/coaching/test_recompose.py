from types import SimpleNamespace

from lab.coaching import recompose
from lab.coaching.recompose import recomposed
from tests.lab.coaching.hill import Formula


class AlwaysOn:
    def __init__(self, threshold):
        pass

    def update(self, reading):
        return SimpleNamespace(in_focus=True)


def test_recomposing_counts_green_on_soft_and_on_sharp_subjects_apart(monkeypatch):
    soft, sharp = recomposed([Formula(0.4, 1), Formula(0.6, 2)], 0.5)
    assert soft.endswith("green at once 0.00 of 16")
    assert sharp.endswith("1.00 of 6")
    monkeypatch.setattr(recompose, "Coach", AlwaysOn)
    soft, sharp = recomposed([Formula(0.4, 1), Formula(0.6, 2)], 0.5)
    assert soft.endswith("green at once 1.00 of 16")
    assert sharp.endswith("1.00 of 6")
