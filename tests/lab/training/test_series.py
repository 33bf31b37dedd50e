from lab.training import series
from lab.training.photos import Losses


def test_a_real_sweep_is_labelled_sharp_at_its_best_and_soft_at_its_ends(photos):
    made = series.from_series(photos / "sweeps" / "train" / "rpi_pcb", 0, 60, 1, Losses())
    assert len(made) > 40
    assert made.blur.min() < 2
    assert made.blur.max() > 6
