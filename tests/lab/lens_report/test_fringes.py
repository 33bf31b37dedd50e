import numpy as np

from lab.lens_report.fringes import SIZE, WAYS, fringed


def test_a_photo_is_stored_in_one_of_the_ways_and_its_fringes_are_known():
    made = [fringed(np.random.default_rng(seed)) for seed in range(4)]
    for each in made:
        assert each.photo.shape == (SIZE[1], SIZE[0], 3)
        assert each.photo.dtype == np.uint8
        assert each.way in WAYS
        assert -3 <= each.red <= 3
        assert -3 <= each.blue <= 3
    assert len({each.way for each in made}) > 1
