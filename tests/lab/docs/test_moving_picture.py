"""The picture of the README is what a terminal shows, and an LED beside it."""

import numpy as np
import pyte
from PIL import Image

from lab.docs.moving_picture import LED_WIDTH, beside, record, save
from lab.docs.screen import CELL, drawn

WIDTH, HEIGHT = CELL


def screen(text):
    made = pyte.Screen(4, 2)
    pyte.Stream(made).feed(text)
    return drawn(made)


def test_a_half_block_has_its_two_colours_to_the_pixel():
    picture = screen("\x1b[38;2;255;0;0;48;2;0;0;255m▀")
    assert picture.size == (4 * WIDTH, 2 * HEIGHT)
    assert picture.getpixel((0, HEIGHT // 2 - 1)) == (255, 0, 0)
    assert picture.getpixel((0, HEIGHT // 2)) == (0, 0, 255)


def test_a_letter_leaves_ink_in_its_cell_and_nowhere_else():
    picture = screen(" W")
    assert picture.crop((WIDTH, 0, 2 * WIDTH, HEIGHT)).getcolors(999) != picture.crop((0, 0, WIDTH, HEIGHT)).getcolors()
    assert len(picture.crop((2 * WIDTH, 0, 4 * WIDTH, 2 * HEIGHT)).getcolors()) == 1


def test_the_led_is_the_brighter_the_more_it_is_lit():
    view = Image.new("RGB", (100, 100), "#101010")
    levels = [np.asarray(beside(view, level)).sum() for level in (0.0, 0.4, 1.0)]
    assert levels == sorted(set(levels))
    assert beside(view, 1.0).crop((0, 0, 100, 100)).tobytes() == view.tobytes()


def test_it_is_played_by_a_daemon_and_the_real_view(tmp_path):
    pictures = record(1.0, 4)
    assert len(pictures) == 4
    # The view shows a picture, in more greys than words have.
    view = np.asarray(pictures[-1])[:, :-LED_WIDTH]
    assert len(np.unique(view.reshape(-1, 3), axis=0)) > 60
    save(pictures, tmp_path / "a.gif", 4)
    with Image.open(tmp_path / "a.gif") as written:
        assert written.n_frames > 1
        assert written.info["duration"] == 250
