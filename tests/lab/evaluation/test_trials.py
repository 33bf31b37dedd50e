from focuscam.focus.model import FocusModel
from lab.evaluation import pictures, rivals, trials


def test_ours_is_right_on_the_real_sweep_of_a_keyboard(photos):
    judge = rivals.Ours(FocusModel())
    seen = trials.on_sweeps(judge, [pictures.sweep(photos / "sweeps" / "validation" / "keyboard")], "clean", light=True)
    figures = seen.figures()
    assert figures["rank"].value > 0.9
    assert figures["green"].value == 1
