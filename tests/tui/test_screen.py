import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscam.messages import Phase
from focuscam.tui import digits
from focuscam.tui.curve import SECONDS, Column, Curve, bars
from focuscam.tui.grid import Grid
from focuscam.tui.keys import SIZES, moved, resized
from focuscam.tui.layout import arrange, fitted
from focuscam.tui.pace import BYTES_A_SECOND, LEAST, MOST, Pace
from focuscam.tui.save import save
from focuscam.tui.screen import Painter, Shown
from focuscam.tui.words import advice

READING = {
    "frame": 7, "name": None, "score": 0.87, "threshold": 0.6, "best": 0.91, "in_focus": True, "light": "on",
    "reason": None, "hint": "best", "phase": "at the top", "blur": "none", "closeness": 0.98,
    "exposure": 0.01, "gain": 1.5, "locked": True,
    "zoom": 2.0, "region": [0.375, 0.375, 0.25, 0.25], "region_name": "spot", "source": "imx477 2028x1520",
}  # fmt: skip


def painted(rows, columns, unicode=True, **rest):
    grid = Grid(rows, columns)
    shown = Shown(reading=READING | rest, curve=[Column(0.5, True)] * 60, source="imx477", fps=30, delay=0.05)
    Painter(unicode).paint(grid, arrange(rows, columns, 8 / 3), shown)
    return "\n".join("".join(map(chr, row)) for row in grid.char)


@given(st.integers(12, 100), st.integers(40, 300), st.floats(0.5, 6))
def test_on_any_screen_the_parts_lie_inside_and_beside_each_other(rows, columns, shape):
    layout = arrange(rows, columns, shape)
    cells = set()
    for area in (layout.picture, layout.panel, layout.bar):
        assert area.rows >= 1
        assert area.columns >= 1
        assert area.row >= 1
        assert area.row + area.rows <= rows - 1
        assert area.column + area.columns <= columns
        mine = {
            (y, x) for y in range(area.row, area.row + area.rows) for x in (area.column, area.column + area.columns - 1)
        }
        assert not cells & mine
        cells |= mine
    picture = fitted(layout.picture, shape)
    assert picture.rows <= layout.picture.rows
    assert picture.columns <= layout.picture.columns


@pytest.mark.parametrize(("columns", "rows"), [(40, 12), (40, 60), (80, 24), (100, 30), (300, 100)])
@pytest.mark.parametrize("unicode", [True, False])
def test_what_matters_most_is_on_every_screen(columns, rows, unicode):
    text = painted(rows, columns, unicode)
    assert "IN FOCUS" in text
    assert "quit" in text
    assert "best: hold it there" in text
    assert ("█" in text) == unicode
    assert unicode or text.isascii()


def test_why_it_can_not_tell_is_said():
    text = painted(30, 100, score=None, light="can't tell", reason="dark", in_focus=False, hint="dark", phase="blind")
    assert "can't tell: too dark" in text
    assert "more light is needed" in text


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_words_that_fit_on_every_screen(phase):
    lit = phase in (Phase.SHARP, Phase.TOP)
    told = {"phase": phase.value, "hint": "flat", "in_focus": lit, "light": "on" if lit else "off"}
    words = advice(told)
    assert words in painted(24, 80, **told)
    assert words[:20] in painted(12, 40, **told)
    assert words not in ("", "flat")


def test_why_the_light_is_dark_while_the_score_is_high_is_said():
    assert "getting better: go on" in painted(30, 100, light="off", in_focus=False, phase="climbing", hint="warmer")
    assert "past the top: turn back" in painted(30, 100, light="off", in_focus=False, phase="past the top")


def test_words_never_contradict_a_light_that_is_on():
    assert "hold it there" in painted(30, 100, phase="past the top")


def test_a_daemon_that_tells_no_phase_has_its_hint_shown():
    assert advice({"hint": "warmer", "in_focus": False}) == "warmer"
    assert advice({"hint": None, "in_focus": False}) == ""


def test_exposure_lock_and_zoom_are_shown():
    text = painted(30, 100)
    assert "1/100 s, gain 1.5, locked" in text
    assert "camera 2x" in text


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(40, 120))
def test_the_bar_marks_threshold_and_best_wherever_they_are(score, threshold, best, columns):
    lines = painted(20, columns, score=score, threshold=threshold, best=best).split("\n")
    assert "┃" in lines[17] or int(threshold * columns) == int(best * columns) or "◆" in lines[17]
    assert f"on at {threshold:.2f}" in lines[18] or f"best {best:.2f}" in lines[18]


def test_digits_have_the_size_that_they_say():
    for scale in (1, 2, 3):
        made = digits.large("0.87", scale)
        assert len(made) == digits.rows(scale)
        assert {len(line) for line in made} == {digits.width("0.87", scale)}
    assert digits.large("1", 2) == [" " * 0 + "  ██  ", "████  ", "  ██  ", "  ██  ", "██████"]


def test_the_curve_holds_the_last_seconds_and_leaves_out_what_could_not_be_told():
    curve = Curve()
    for step in range(600):
        now = 100 + step / 10
        curve.add(now, None if step > 590 else step / 600, step > 500)
    columns = curve.columns(160.0, 40)
    assert columns[-1].score is None
    assert columns[0].score == pytest.approx((60 - SECONDS) / 60, abs=0.02)
    assert [each.lit for each in columns].index(True) == pytest.approx(20, abs=1)
    assert bars([Column(0.0, False), Column(None, False), Column(1.0, True)], 2) == ["  █", "▁ █"]


@given(
    st.floats(0, 0.75), st.floats(0, 0.75), st.lists(st.sampled_from(["up", "down", "left", "right", "tab", "back"]))
)
def test_the_region_stays_inside_whatever_keys_are_pressed(x, y, keys):
    name, box = "spot", (x, y, 0.25, 0.25)
    steps = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
    for key in keys:
        new = moved(box, *steps[key]) if key in steps else resized(name, box, 1 if key == "tab" else -1)
        name, box = (new, (0.0, 0.0, 1.0, 1.0)) if isinstance(new, str) else ("x,y,w,h", new)
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[0] + box[2] <= 1 + 1e-9
        assert box[1] + box[3] <= 1 + 1e-9


def test_tab_goes_through_all_sizes_and_comes_back():
    name, box = "spot", (0.375, 0.375, 0.25, 0.25)
    seen = []
    for _ in range(5):
        new = resized(name, box, 1)
        name, box = (new, (0.0, 0.0, 1.0, 1.0)) if isinstance(new, str) else ("x,y,w,h", new)
        seen.append(name if isinstance(new, str) else box[2])
    assert seen == [0.5, "whole", "best", SIZES[0], 0.25]


def play(pace, seconds, cost, answer_after=None):
    """Pictures sent when a minute's worth of them is offered, each of `cost` bytes at most."""
    sent, total, answers, now = 0, 0, [], 100.0
    while now < 100 + seconds:
        while answers and answers[0] <= now:
            pace.answered(answers.pop(0))
        if pace.ready(now):
            count = min(cost, pace.allowance())
            pace.sent(count, now, picture=True)
            sent, total = sent + 1, total + count
            if answer_after is not None:
                answers.append(now + answer_after)
        now += 0.01
    return sent / seconds, total / seconds


def test_a_thin_line_gets_5_to_15_pictures_a_second_within_its_means():
    for cost in (100, 5_000, 25_000, 1_000_000):
        rate, total = play(Pace(metered=True), 20, cost)
        assert LEAST - 0.3 <= rate <= MOST + 0.1
        assert total <= BYTES_A_SECOND * 1.1


def test_a_slow_terminal_gets_no_more_than_it_shows():
    rate, _ = play(Pace(metered=False), 20, 100_000, answer_after=0.5)
    assert 3 < rate <= 4.2
    rate, _ = play(Pace(metered=False), 20, 100_000, answer_after=0.01)
    assert rate == pytest.approx(MOST, abs=0.5)


def test_for_a_slow_line_pictures_become_smaller():
    pace = Pace(metered=False)
    play(pace, 5, 100_000, answer_after=1.6)
    assert pace.scale() == pytest.approx(0.5, abs=0.01)
    quick = Pace(metered=False)
    play(quick, 5, 100_000, answer_after=0.05)
    assert quick.scale() == 1


def test_a_saved_frame_never_takes_the_place_of_another(tmp_path):
    picture = {"jpeg": "AAAA", "width": 4, "height": 3}
    for _ in range(3):
        assert "Saved" in save(picture, READING, tmp_path)
    assert len(list(tmp_path.glob("*.jpg"))) == 3
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_where_nothing_can_be_saved_it_is_said(tmp_path):
    assert "could not be written" in save({"jpeg": "AAAA"}, {}, tmp_path / "absent")
