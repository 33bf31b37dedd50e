"""Input that nobody would write: each ends in one sentence and the right status."""

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from focuscam.cli import main
from focuscam.focus.model import SHIPPED


@pytest.fixture
def run(capsys):
    """Run it: (status, stdout, what it says in the end)."""

    def run(*arguments):
        status = main(list(map(str, arguments)))
        out, err = capsys.readouterr()
        lines = err.splitlines()
        assert all(line.startswith("focuscam: ") and line.isprintable() and len(line) < 1000 for line in lines), err
        return status, out, lines[-1] if lines else ""

    return run


@contextmanager
def unprivileged():
    """As somebody whom permissions bind: root is not."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def forbidden(run, tmp_path, sweep):
    """A photo in a folder that nobody else may look into."""
    # What is imported late may lie where only root can read.
    for arguments in (("score", sweep / "10.png"), ("--json", "--source", sweep), ("lens-report", sweep), ("status",)):
        run(*arguments)
    folder = tmp_path / "forbidden"
    folder.mkdir()
    shutil.copy(sweep / "10.png", folder / "a.png")
    (folder / "focuscam.toml").write_text("")
    folder.chmod(0o700 if os.geteuid() == 0 else 0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("score",), 1),
        (("--json", "--source"), 2),
        (("lens-report",), 1),
        (("score", "--config"), 78),
        (("--json", "--source", "sim", "--config"), 78),
    ],
)
@pytest.mark.parametrize("name", ["a.png", "x" * 5000, "x" * 300 + ".jpg", "sub/" * 1500 + "a.png"])
def test_paths_that_can_not_be_looked_at_are_one_sentence(run, forbidden, arguments, status, name):
    more = ("photo.png",) if "--config" in arguments and "score" in arguments else ()
    with unprivileged():
        found, out, said = run(*arguments, forbidden / name, *more)
    assert found == status
    told = (said + out).lower()
    assert "permission" in told or "too long" in told or "may not be read" in told


def test_settings_that_may_not_be_read_say_what_to_type_and_the_status_goes_on(run, forbidden, monkeypatch):
    monkeypatch.setattr("focuscam.config.USER_FILE", forbidden / "focuscam.toml")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with unprivileged():
        status, _, said = run("score", "photo.png")
        assert status == 78
        assert "may not be read: type `sudo chmod a+rX" in said
        status, _, said = run("status")
    assert status == 1
    assert "is not running here" in said


SETTINGS = {
    "NUL": b"[focus]\nmodel = \"a\\u0000b\"\n",
    "a raw NUL": b"[focus]\n\0\n",
    "deep": b"a = " + b"[" * 2000 + b"]" * 2000,
    "deep tables": b"a = " + b"{a=" * 2000 + b"}" * 2000,
    "digits": b"[focus]\nhold_s = " + b"9" * 5000,
    "hexadecimal digits": b"[focus]\nhold_s = 0x" + b"f" * 5000,
    "a key of many parts": b"a." * 20_000 + b"a = 1",
    "a table of many parts": b"[" + b"a." * 20_000 + b"a]",
    "a long key": b"k" * 50_000 + b" = 1",
    "a long text": b"[led]\nmode = \"" + b"m" * 50_000 + b"\"",
    "escape codes": b"[focus]\nregion = \"\\u001b[2J\\nall is well\"",
    "too large": b"# nothing\n" * 100_000,
    "no UTF-8": b"[focus]\n# \xff\n",
    "a list for a region": b"[focus]\nregion = [1, 2]",
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
def test_settings_that_nobody_would_write_are_one_sentence(run, tmp_path, what):
    (tmp_path / "a.toml").write_bytes(SETTINGS[what])
    status, _, said = run("score", "--config", tmp_path / "a.toml", "photo.png")
    assert status == 78
    assert "a.toml" in said


def test_settings_that_begin_with_a_mark_of_their_encoding_are_read(run, tmp_path, sweep):
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf[focus]\nregion = \"whole\"\n")  # fmt: skip
    assert run("score", "--config", tmp_path / "a.toml", sweep / "10.png")[0] == 0


CARDS = {
    "threshold": [None, "0.5", [], {}, True, 1e999, float("nan"), 10**400, -1, 2],
    "outputs": [None, 5, "focus", [5], [["focus"]], ["blur"], [None, "focus"], {}],
    "radii": [None, 5, "1", ["1.5"], [None], [float("nan")], [1e999], [[1]], {}, [-1], [True]],
    "axes": [None, 5, "0", ["0"], [None], [float("nan")], [1e999], {}, [0] * 100, [10**400]],
    "fold": [None, "4", 3, [], {}, 0, 2.5, 10**9],
    "sha256": [None, 5, [], {}],
    "patch": [None, "64", 2.5, True, [64], 10**9, 0],
    "kind": [5, None, [], "picture", {"a": 1}],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [pytest.param(key, value, id=f"{key}-{at}") for key, values in CARDS.items() for at, value in enumerate(values)],
)
def test_a_model_card_of_other_types_is_one_sentence(run, tmp_path, key, value):
    shutil.copy(SHIPPED, tmp_path / "focus.tflite")
    card = json.loads(SHIPPED.with_suffix(".json").read_text()) | {key: value}
    (tmp_path / "focus.json").write_text(json.dumps(card))
    (tmp_path / "a.toml").write_text(f"[focus]\nmodel = '{tmp_path / 'focus.tflite'}'\n")
    status, _, said = run("score", "--config", tmp_path / "a.toml", "photo.png")
    assert status == 78
    assert "focus.json" in said or "focus.tflite" in said


@pytest.mark.parametrize("text", [b"[" * 100_000, b"\xff\xfe", b"5", b'{"sha256": ' + b"9" * 5000 + b"}", b""])
def test_a_model_card_that_is_no_object_is_one_sentence(run, tmp_path, text):
    shutil.copy(SHIPPED, tmp_path / "focus.tflite")
    (tmp_path / "focus.json").write_bytes(text)
    (tmp_path / "a.toml").write_text(f"[focus]\nmodel = '{tmp_path / 'focus.tflite'}'\n")
    assert run("score", "--config", tmp_path / "a.toml", "photo.png")[0] == 78


TABLES = {
    "a name of 5,000 characters": ("file,position\n" + "x" * 5000 + ",1\n", "can't be looked at (File name too long)"),
    "a NUL": ("file,position\na\0b.png,1\n", "a"),
    "no end of rows": ("file,position\n" + "10.png,1\n" * 1_000_001, "more than 1000000 rows"),
    "a name that steers": ("file,position\n\x1b[2J.png,1\n", r"\x1b[2J.png"),
}


@pytest.mark.parametrize("what", TABLES)
@pytest.mark.parametrize("arguments", [("--json", "--source"), ("lens-report",)])
def test_a_sweep_that_nobody_would_write_is_one_sentence(run, tmp_path, sweep, what, arguments):
    text, words = TABLES[what]
    shutil.copy(sweep / "10.png", tmp_path)
    (tmp_path / "sweep.csv").write_text(text)
    status, _, said = run(*arguments, tmp_path)
    assert status == 2
    assert words in said


def test_a_table_of_many_rows_keeps_each_name_once(tmp_path, sweep):
    from focuscam.cameras.recorded import sweep_table

    shutil.copy(sweep / "10.png", tmp_path)
    (tmp_path / "sweep.csv").write_text("file,position\n" + "10.png,1\n" * 200_000)
    rows = sweep_table(tmp_path / "sweep.csv")
    assert len(rows) == 200_000
    assert len({id(path) for path, _ in rows}) == 1


def swept(folder, positions, width=96, height=72):
    scene = np.random.default_rng(4).integers(0, 255, (height, width), dtype=np.uint8)
    for step, _ in enumerate(positions):
        soft = cv2.GaussianBlur(scene, (0, 0), 0.5 + abs(step - len(positions) // 2))
        cv2.imwrite(str(folder / f"{step}.png"), soft)
    rows = "".join(f"{step}.png,{position}\n" for step, position in enumerate(positions))
    (folder / "sweep.csv").write_text(f"file,position\n{rows}")
    return folder


@pytest.mark.parametrize("factor", [1e300, -1e300, 1e-300, 1e12])
def test_positions_out_of_this_world_are_one_sentence(run, tmp_path, factor):
    status, _, said = run("lens-report", swept(tmp_path, [factor * step for step in range(9)]))
    assert status in (1, 2)
    assert "position" in said


@pytest.mark.parametrize(("width", "height"), [(3, 2), (1, 1), (40, 40), (3, 500)])
def test_frames_that_are_too_small_for_a_report_are_one_sentence(run, tmp_path, width, height):
    status, _, said = run("lens-report", swept(tmp_path, range(9), width, height))
    assert status == 1
    assert "at least 64 each way are needed" in said


def test_a_photo_that_is_too_small_for_a_report_is_one_sentence(run, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), np.random.default_rng(1).integers(0, 255, (3, 3, 3), dtype=np.uint8))
    status, _, said = run("lens-report", tmp_path / "a.png")
    assert status == 1
    assert "at least 64 each way are needed" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("half.part", "is damaged or cut short"),
        ("half.mp4", "is damaged or cut short"),
        ("picture.psd", "is neither an image nor a video"),
        ("list.m3u8", "is neither an image nor a video"),
    ],
)
def test_what_is_no_video_goes_to_no_video_decoder(run, tmp_path, sweep, name, words):
    whole = cv2.imencode(".jpg", cv2.imread(str(sweep / "10.png")))[1].tobytes()
    pcx = tmp_path / "a.pcx"
    from PIL import Image

    Image.fromarray(np.zeros((64, 64), np.uint8)).save(pcx)
    contents = {".psd": pcx.read_bytes(), ".m3u8": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"}
    file = tmp_path / name
    file.write_bytes(contents.get(Path(name).suffix, whole[: len(whole) // 2]))
    status, out, said = run("--json", "--source", file)
    assert (status, out) == (1 if "damaged" in words else 2, "")
    assert words in said
