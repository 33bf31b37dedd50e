import cv2
import numpy as np
import pytest
from PIL import Image

from focuscam.coach.scenes import ANOTHER, FRAMES, Scenes, distance, pattern
from focuscam.focus.thumbnail import thumbnail


def between(one, other):
    return distance(pattern(thumbnail(one)), pattern(thumbnail(other)))


def blurred(luma, radius):
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
    return cv2.filter2D(luma, -1, disc / disc.sum())


@pytest.mark.parametrize("radius", [2, 8, 20])
def test_defocus_is_the_same_scene(leaves, radius):
    assert between(leaves, blurred(leaves, radius)) < ANOTHER / 2


@pytest.mark.parametrize("gain", [0.2, 0.5, 1.4])
def test_another_exposure_is_the_same_scene(leaves, gain):
    assert between(leaves, np.clip(leaves * gain, 0, 255).astype(np.uint8)) < ANOTHER / 2


def test_noise_is_the_same_scene_even_on_a_bare_wall():
    random = np.random.default_rng(0)
    one, other = (np.clip(random.normal(120, 16, (480, 640)), 0, 255).astype(np.uint8) for _ in range(2))
    assert between(one, other) < ANOTHER / 2


def test_another_framing_another_subject_and_a_lens_cap_are_another_scene(leaves):
    assert between(leaves[:, :400], leaves[:, 80:480]) > ANOTHER
    assert between(leaves, leaves[:, ::-1]) > ANOTHER
    assert between(leaves, np.full_like(leaves, 2)) > ANOTHER


def test_real_sweeps_are_one_scene_from_end_to_end(photos):
    for folder in sorted((photos / "sweeps").glob("*/*/")):
        lumas = [np.asarray(Image.open(path).convert("L")) for path in sorted(folder.glob("*.jpg"))[::3]]
        assert max(between(one, other) for one in lumas[:1] for other in lumas) < ANOTHER, folder


def test_a_change_has_to_last_so_that_one_bad_frame_changes_nothing(leaves):
    here, there = thumbnail(leaves), thumbnail(leaves[:, ::-1])
    scenes = Scenes()
    hill = scenes.hill
    shown = [here] * 5 + [there] * (FRAMES - 1) + [here] * 5
    seen = [scenes.shows_here(each, n / 30) for n, each in enumerate(shown)]
    assert seen == [True] * 5 + [False] * (FRAMES - 1) + [True] * 5
    assert scenes.hill is hill


def test_a_scene_that_comes_back_soon_has_its_old_hill_and_one_that_comes_back_late_has_a_new_one(leaves):
    here, hand, there = thumbnail(leaves), thumbnail(leaves[:, ::-1]), thumbnail(leaves[::-1])
    scenes = Scenes()
    hill = scenes.hill
    time = 0.0

    def show(each, seconds):
        nonlocal time
        for _ in range(round(30 * seconds)):
            scenes.shows_here(each, time)
            time += 1 / 30
        return scenes.hill

    show(here, 1)
    assert show(hand, 1) is not hill
    assert show(there, 1) is not hill
    assert show(here, 1) is hill
    show(hand, 10)
    assert show(here, 1) is not hill
