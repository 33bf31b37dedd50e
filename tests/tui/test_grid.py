import numpy as np
import pyte
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscam.tui.grid import BOLD, GREEN, REVERSE, Grid, changes, printable, rgb, style, unknown

STYLES = [0, style(GREEN), style(GREEN, attributes=BOLD), style(attributes=REVERSE), style(rgb(1, 2, 3), rgb(9, 8, 7))]


def shown(screen):
    return [
        [(cell.data, cell.fg, cell.bg, cell.bold, cell.reverse) for cell in (screen.buffer[y][x] for x in range(12))]
        for y in range(5)
    ]


def drawn(*grids):
    """The screen of a terminal that was sent the changes from each grid to the next."""
    screen = pyte.Screen(12, 5)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")
    before = unknown(5, 12)
    for grid in grids:
        stream.feed(changes(before, grid, "rgb"))
        before = grid
    return shown(screen)


@st.composite
def grids(draw):
    grid = Grid(5, 12)
    for _ in range(draw(st.integers(0, 12))):
        row, column = draw(st.integers(0, 4)), draw(st.integers(0, 11))
        grid.put(row, column, draw(st.text("ab █▀", max_size=14)), draw(st.sampled_from(STYLES)))
    return grid


@settings(max_examples=150, deadline=None)
@given(st.lists(grids(), min_size=2, max_size=4))
def test_changes_lead_to_the_same_screen_as_drawing_all_of_it(series):
    step_by_step, at_once = drawn(*series), drawn(series[-1])
    for row, expected in zip(step_by_step, at_once, strict=True):
        for cell, wanted in zip(row, expected, strict=True):
            # The ink of a space is not seen.
            assert cell == wanted or (cell[0] == wanted[0] == " " and cell[2:] == wanted[2:])


def test_nothing_is_sent_where_nothing_changed():
    grid = Grid(3, 10)
    grid.put(1, 2, "still", style(GREEN))
    assert changes(grid, grid, "rgb") == ""


def test_a_cell_that_is_not_ours_is_never_written():
    before, after = Grid(1, 3), Grid(1, 3)
    before.put(0, 0, "abc")
    after.put(0, 0, "xyz")
    after.char[0, 1] = 0
    sent = changes(before, after, "rgb")
    assert "x" in sent
    assert "y" not in sent
    assert "z" in sent


def test_without_colour_none_is_sent():
    grid = Grid(1, 5)
    grid.put(0, 0, "green", style(GREEN, rgb(1, 2, 3), BOLD))
    sent = changes(unknown(1, 5), grid, "none")
    assert ";1m" in sent
    assert "32" not in sent
    assert "48" not in sent


@given(st.text())
def test_no_text_can_steer_the_terminal_or_be_wider_than_it_seems(text):
    made = printable(text)
    assert len(made) == len(text)
    assert made.isprintable()
    assert "\x1b" not in made


def test_text_is_cut_at_the_edges():
    grid = Grid(2, 5)
    grid.put(0, 3, "long")
    grid.put(1, -1, "outside")
    grid.put(7, 0, "outside")
    assert "".join(map(chr, grid.char[0])) == "   lo"
    assert np.all(grid.char[1] == ord(" "))
