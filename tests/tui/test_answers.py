from hypothesis import given
from hypothesis import strategies as st

from focuscam.tui.answers import Able, Sorter, by_environment

REPLIES = [
    (b"\x1b_Gi=7300;OK\x1b\\", "kitty"),
    (b"\x1bP>|iTerm2 3.5\x1b\\", "name"),
    (b"\x1b[6;16;8t", "cell"),
    (b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "background"),
    (b"\x1b]11;rgb:ff/ff/ff\x07", "background"),
    (b"\x1bP1$r0;48:2::1:2:3m\x1b\\", "style"),
    (b"\x1b[?62;4;22c", "kind"),
    (b"\x1b[0n", "done"),
    (b"\x1b]52;c;xxxx\x07", "string"),
]


@given(
    st.lists(
        st.one_of(st.sampled_from(REPLIES), st.sampled_from([b"q", b"+", b"\x1b[A", b"\t", "é".encode()])), max_size=8
    ),
    st.integers(1, 7),
)
def test_answers_and_keys_are_told_apart_however_they_are_cut(parts, piece):
    sent = b"".join(each if isinstance(each, bytes) else each[0] for each in parts)
    sorter = Sorter()
    typed, kinds = b"", []
    for start in range(0, len(sent), piece):
        more, answers = sorter.feed(sent[start : start + piece])
        typed += more
        kinds += [kind for kind, _ in answers]
    more, _ = sorter.feed(b"")
    assert typed + more == b"".join(each for each in parts if isinstance(each, bytes))
    assert kinds == [each[1] for each in parts if not isinstance(each, bytes)]


@given(st.binary(max_size=200))
def test_nothing_that_is_typed_is_lost_or_kept_for_ever(sent):
    sorter = Sorter()
    typed, answers = sorter.feed(sent)
    more, _ = sorter.feed(b"")
    assert answers or typed + more == sent
    assert not sorter.waiting


def test_what_never_ends_does_not_grow():
    sorter = Sorter()
    sent = typed = 0
    for _ in range(100):
        sent += 1002
        typed += len(sorter.feed(b"\x1bP" + b"x" * 1000)[0])
        assert sent - typed <= 4096 + 1002


def able(*replies, start=None):
    made = start or Able()
    for reply in replies:
        for kind, text in Sorter().feed(reply)[1]:
            made = made.with_answer(kind, text)
    return made


def test_the_best_way_to_show_a_picture_follows_from_the_answers():
    assert Able().best_way() == "blocks"
    assert able(b"\x1b_Gi=7300;OK\x1b\\", b"\x1b[?62;4c").best_way() == "kitty"
    assert able(b"\x1b_Gi=7300;ENOENT\x1b\\").best_way() == "blocks"
    assert able(b"\x1bP>|iTerm2 3.5.0\x1b\\").best_way() == "iterm"
    assert able(b"\x1b[?62;4;22c").best_way() == "blocks", "a sixel picture needs the size of a cell"
    assert able(b"\x1b[?62;4;22c", b"\x1b[6;16;8t").best_way() == "sixel"
    assert able(b"\x1b[?64;22c", b"\x1b[6;16;8t").best_way() == "blocks"


def test_colours_and_background_follow_from_the_answers():
    assert able(b"\x1bP1$r0;48:2::1:2:3m\x1b\\").depth == "rgb"
    assert able(b"\x1bP1$r0;48;2;1;2;3m\x1b\\").depth == "rgb"
    assert able(b"\x1bP1$r0;48;5;16m\x1b\\").depth == "256"
    assert able(b"\x1bP1$r0;48:2::1:2:3m\x1b\\", start=Able(depth="none")).depth == "none"
    assert able(b"\x1b]11;rgb:ffff/ffff/eeee\x07").dark is False
    assert able(b"\x1b]11;rgb:1c1c/1c1c/1c1c\x07").dark is True
    assert able(b"\x1b]11;nonsense\x07").dark is True


def test_the_environment_has_its_say():
    assert by_environment({"TERM": "xterm-256color"}).best_way() == "blocks"
    assert by_environment({"TERM": "xterm-256color", "NO_COLOR": "1"}).best_way() == "ascii"
    assert by_environment({"TERM": "vt220"}).best_way() == "ascii"
    assert by_environment({"TERM": "xterm"}, unicode=False).best_way() == "ascii"
    assert by_environment({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}).best_way() == "iterm"
    assert by_environment({"TERM": "screen-256color", "LC_TERMINAL": "iTerm2"}).best_way() == "blocks"
    assert by_environment({"TERM": "xterm", "COLORTERM": "truecolor"}).depth == "rgb"
