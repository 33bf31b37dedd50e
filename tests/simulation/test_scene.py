"""The scene: planes in depth, and a middle that has something to say."""

import numpy as np
import pytest

from focuscam.simulation.scene import make_scene

WIDTH, HEIGHT = 640, 480
MIDDLE = (slice(HEIGHT * 3 // 8, HEIGHT * 5 // 8), slice(WIDTH * 3 // 8, WIDTH * 5 // 8))


@pytest.fixture(scope="module", params=range(4))
def scene(request):
    return make_scene(np.random.default_rng(request.param), WIDTH, HEIGHT)


def test_planes_come_from_far_to_near(scene):
    distances = [plane.distance for plane in scene]
    assert distances == sorted(distances, reverse=True)
    assert len(set(distances)) == 3
    assert scene[0].cover is None
    assert all(plane.light.shape == (HEIGHT, WIDTH) for plane in scene)


def test_nothing_shines_where_nothing_is(scene):
    for plane in scene[1:]:
        assert not plane.light[plane.cover == 0].any()


def test_the_middle_is_the_board_alone_even_when_the_twig_is_blurred(scene):
    _, board, twig = scene
    room = WIDTH // 25  # more than the largest disc of the lens
    rows, columns = MIDDLE
    around = slice(rows.start - room, rows.stop + room), slice(columns.start - room, columns.stop + room)
    assert (board.cover[MIDDLE] == 65535).all()
    assert not twig.cover[around].any()


def test_every_part_of_the_middle_has_detail(scene):
    tone = np.sqrt(scene[1].light[MIDDLE].astype(float))
    for band in np.array_split(tone, 3, axis=0):
        for part in np.array_split(band, 3, axis=1):
            assert part.std() / part.mean() > 0.1


def test_it_repeats_with_its_chance():
    one, same, other = (make_scene(np.random.default_rng(seed), 96, 72) for seed in (1, 1, 2))
    assert all(np.array_equal(a.light, b.light) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0].light, other[0].light)
