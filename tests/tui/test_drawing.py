import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from focuscam.tui.cells import Blocks, place_characters
from focuscam.tui.drawing import GREY, REGION, REGION_SHARP, SHARP, draw, indexed
from focuscam.tui.graphics import ITerm, Kitty, Sixel
from focuscam.tui.grid import Grid, changes, unknown

WHOLE = (0.0, 0.0, 1.0, 1.0)
RAMP = np.tile(np.linspace(0, 255, 640).astype(np.uint8), (480, 1))


def test_the_region_is_framed_where_it_is():
    made = draw(RAMP, (80, 60), WHOLE, (0.25, 0.5, 0.5, 0.25), lit=False)
    framed = np.argwhere(made.palette == REGION)
    assert framed.min(axis=0).tolist() == [30, 20]
    assert framed.max(axis=0).tolist() == [44, 59]
    assert (made.palette[32:42, 22:58] == GREY).all()


def test_the_frame_tells_whether_the_light_is_on_and_a_whole_frame_needs_none():
    assert (draw(RAMP, (80, 60), WHOLE, (0.2, 0.2, 0.5, 0.5), lit=True).palette == REGION_SHARP).any()
    assert not draw(RAMP, (80, 60), WHOLE, WHOLE, lit=True).palette.any()


def test_in_a_magnified_part_the_frame_is_larger_and_may_lie_outside():
    inside = draw(RAMP, (80, 60), (0.25, 0.25, 0.5, 0.5), (0.375, 0.375, 0.25, 0.25), lit=False)
    assert np.argwhere(inside.palette).min(axis=0).tolist() == [15, 20]
    outside = draw(RAMP, (80, 60), (0.0, 0.0, 0.25, 0.25), (0.5, 0.5, 0.25, 0.25), lit=False)
    assert not outside.palette.any()


def test_a_tiny_frame_shows_its_corners_only():
    made = draw(RAMP, (20, 10), WHOLE, (0.4, 0.4, 0.2, 0.3), lit=False)
    assert np.count_nonzero(made.palette) == 4


def test_cells_in_focus_are_tinted_and_those_that_can_not_be_judged_left_alone():
    focus = [[0.9, None], [0.2, 0.7]], 0.6
    made = draw(RAMP, (80, 60), WHOLE, None, lit=False, focus=focus)
    assert (made.palette[:30, :40] == SHARP).all()
    assert (made.palette[:30, 40:] == GREY).all()
    assert (made.palette[30:, :40] == GREY).all()
    assert (made.palette[30:, 40:] == SHARP).all()


def test_the_map_is_magnified_with_the_picture():
    focus = [[0.9, None], [0.2, 0.7]], 0.6
    made = draw(RAMP, (80, 60), (0.0, 0.0, 0.5, 0.5), None, lit=False, focus=focus)
    assert (made.palette == SHARP).all()


def test_half_blocks_show_two_pixels_a_cell():
    grid = Grid(30, 80)
    Blocks("rgb").place(draw(RAMP, (80, 60), WHOLE, None, False), grid, 0, 0, most=10**6)
    levels = (grid.look[10] & 255).astype(int)
    assert np.all(np.diff(levels) >= 0)
    assert levels[0] < 8
    assert levels[-1] > 240


def test_noise_is_not_sent_again_but_a_change_is():
    chance = np.random.default_rng(1)
    blocks = Blocks("rgb")
    still = np.full((480, 640), 100, np.uint8)
    grid, before = Grid(30, 80), unknown(30, 80)
    for step in range(5):
        noisy = np.clip(still + chance.normal(0, 5, still.shape), 0, 255).astype(np.uint8)
        changed = blocks.place(draw(noisy, (80, 60), WHOLE, None, False), grid, 0, 0, most=10**6)
        sent = changes(before, grid, "rgb")
        assert step == 0 or (changed == 0 and sent == "")
        before = Grid(30, 80)
        before.char[:], before.look[:] = grid.char, grid.look
    still[:240, :320] += 60
    assert blocks.place(draw(still, (80, 60), WHOLE, None, False), grid, 0, 0, most=10**6) == 15 * 40


def test_a_thin_line_gets_the_most_changed_cells_first_and_all_in_the_end():
    blocks, grid = Blocks("rgb"), Grid(30, 80)
    blocks.place(draw(np.zeros((60, 80), np.uint8), (80, 60), WHOLE, None, False), grid, 0, 0, most=10**6)
    target = draw(RAMP, (80, 60), WHOLE, None, False)
    rounds = 0
    while (changed := blocks.place(target, grid, 0, 0, most=500)) > 0:
        rounds += 1
        assert changed < 700
        if rounds == 1:
            assert (grid.look[:, 70:] & 255).min() > 200, "the brightest first: they changed most"
        assert rounds < 10
    whole = Grid(30, 80)
    Blocks("rgb").place(target, whole, 0, 0, most=10**6)
    # What is within the dead band need not be sent at all.
    assert np.abs((whole.look & 255).astype(int) - (grid.look & 255).astype(int)).max() <= 8


def test_plain_characters_are_denser_where_it_is_brighter_or_darker_on_a_light_background():
    grid = Grid(30, 80)
    place_characters(draw(RAMP, (80, 30), WHOLE, None, False), grid, 0, 0, dark=True)
    assert (chr(grid.char[5, 0]), chr(grid.char[5, 79])) == (" ", "@")
    place_characters(draw(RAMP, (80, 30), WHOLE, None, False), grid, 0, 0, dark=False)
    assert (chr(grid.char[5, 0]), chr(grid.char[5, 79])) == ("@", " ")


def test_256_colours_are_near_what_they_stand_for():
    table = indexed()
    assert table[GREY, 0] in (16, 232)
    assert table[GREY, 255] == 231
    assert 232 <= table[GREY, 128] <= 255
    assert table.min() >= 16


@pytest.mark.parametrize("tinted", [False, True])
def test_kitty_gets_a_small_png_in_chunks(tinted):
    made = draw(RAMP, (424, 320), WHOLE, (0.25, 0.25, 0.5, 0.5) if tinted else None, lit=True, thick=2)
    sent = Kitty().show(made, 53, 20)
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", sent)
    assert all(len(data) <= 4096 for _, data in parts)
    assert parts[0][0].startswith("a=T,f=100,q=2,C=1,")
    assert "c=53,r=20" in parts[0][0]
    image = Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in parts))))
    assert image.size == (424, 320)
    pixels = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(pixels[5, :, 0] - np.asarray(made.luma)[5]).max() <= 8
    assert (pixels[80, 212] == (0, 230, 90)).all() == tinted


def test_iterm_gets_a_jpeg():
    sent = ITerm().show(draw(RAMP, (424, 320), WHOLE, None, False), 53, 20)
    data = re.fullmatch(r"\x1b\]1337;File=inline=1;size=\d+;width=53;height=20;[^:]*:(.*)\x07", sent)
    image = Image.open(io.BytesIO(base64.b64decode(data[1])))
    assert (image.format, image.size, image.mode) == ("JPEG", (424, 320), "L")


def test_sixel_is_made_by_chafa():
    pytest.importorskip("chafa")
    sent = Sixel().show(draw(RAMP, (424, 320), WHOLE, None, False), 53, 20)
    assert sent.startswith("\x1bP")
    assert '"1;1;424;3' in sent
    assert sent.endswith("\x1b\\")
