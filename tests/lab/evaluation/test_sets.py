import pytest

from focuscam.messages import Reading
from lab.evaluation import sets


def test_sets_are_parted_and_a_kind_that_is_not_said_is_not_wrong():
    def said(score, blur="none"):
        return Reading(0, 0.0, None, score, 1.0, blur, 1.0)

    seen = {
        "one": {
            "sharp": [said(0.9)] * 4,
            "motion": [said(0.1, "motion"), said(0.2, "unknown"), said(0.7), said(0.1, "defocus")],
        }
    }
    figures = sets.figures(seen, 0.5)
    assert (figures["sharp"].value, figures["motion"].value, figures["AUC motion"].value) == (1, 0.75, 1)
    assert figures["kind"].value == pytest.approx(1 / 3)
    assert figures["kind, when said"].value == pytest.approx(1 / 2)
    seen["one"]["motion"] = [said(0.1, "unknown")] * 4
    assert "kind" not in sets.figures(seen, 0.5)  # a judge that never says one is not wrong about it
