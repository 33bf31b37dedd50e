"""What a real process writes: names that would steer a terminal or are no UTF-8, and a stdout that is full."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ODD = (b"a\xff.png", b"b\x1b[31m.png", b"c\nfocuscam: all is well.png", "d\u202egnp.png".encode())


def run(*arguments, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options
    done = subprocess.run([sys.executable, "-m", "focuscam", *map(os.fsdecode, arguments)], timeout=120, **options)
    err = (done.stderr or b"").decode()
    assert "Traceback" not in err, err
    assert all(line.isprintable() for line in err.splitlines())
    return done.returncode, (done.stdout or b"").decode("utf-8", "strict"), err


@pytest.fixture
def odd(tmp_path, sweep):
    for name in ODD:
        (tmp_path / os.fsdecode(name)).write_bytes((sweep / "10.png").read_bytes())
    return tmp_path


def test_photos_of_odd_names_are_scored_each_on_a_line_that_steers_nothing(odd):
    status, out, err = run("score", odd)
    assert (status, err) == (0, "")
    head, *lines = out.splitlines()
    assert len(lines) == len(ODD)
    assert all(line.isprintable() for line in [head, *lines])
    for shown in (r"a\xff.png", r"b\x1b[31m.png", r"c\nfocuscam: all is well.png", r"d\u202egnp.png"):
        assert any(line.endswith(shown) for line in lines)


def test_as_json_the_names_are_those_of_the_files(odd):
    status, out, _ = run("score", "--json", odd)
    files = {os.fsencode(Path(json.loads(line)["file"]).name) for line in out.splitlines()}
    assert (status, files) == (0, set(ODD))


def test_played_from_a_folder_the_names_go_through_json_and_the_log(odd):
    (odd / "broken\x1b[2J.png").write_bytes(b"no picture")
    status, out, err = run("--source", odd, "--json")
    assert status == 0
    assert {os.fsencode(json.loads(line)["name"]) for line in out.splitlines()} == set(ODD)
    assert r"broken\x1b[2J.png" in err


def test_a_still_is_saved_and_told_of_in_a_folder_of_any_name(tmp_path, sweep):
    folder = tmp_path / os.fsdecode(b"stills\xff")
    settings = tmp_path / "a.toml"
    settings.write_text("")
    state = {"STATE_DIRECTORY": os.fspath(folder)}
    folder.mkdir()
    status, out, err = run("capture", "--source", sweep / "10.png", "--config", settings, env=os.environ | state)
    assert (status, err) == (0, "")
    assert r"stills\xff" in out
    assert len(list(folder.rglob("*.jpg"))) == 1


def test_the_doctor_names_a_file_of_settings_whatever_its_name(tmp_path):
    settings = tmp_path / os.fsdecode(b"\xff\x1b[7m.toml")
    settings.write_text("[focus]\nhold_s = 0.5\n")
    status, out, _ = run("doctor", "--config", settings)
    assert status in (0, 1)
    assert r"\xff\x1b[7m.toml" in out
    assert all(line.isprintable() for line in out.splitlines())


@pytest.mark.parametrize("how", [(), ("--json",), ("--html", "page.html")])
def test_a_report_of_a_folder_of_any_name_is_written_on_a_terminal_with_ascii_only(tmp_path, sweep, how):
    folder = tmp_path / os.fsdecode(b"sweep\xff\x1b[1m")
    folder.mkdir()
    for step in range(21):
        (folder / f"{step}.png").write_bytes((sweep / f"{step}.png").read_bytes())
    (folder / "sweep.csv").write_text("file,position\n" + "".join(f"{step}.png,{step}\n" for step in range(21)))
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii:strict"}
    status, out, err = run("lens-report", *how, folder, env=ascii_only, cwd=tmp_path)
    assert (status, err) == (0, "")
    assert out.isascii()
    if how == ("--json",):
        assert os.fsencode(json.loads(out)["recording"]["name"]) == b"sweep\xff\x1b[1m"
    else:
        assert out.startswith(r"sweep\xff\x1b[1m: 21 frames")
        assert "+/-" in out or "not enough to tell" in out
    if how == ("--html", "page.html"):
        assert r"sweep\xff\x1b[1m" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["score", "help", "doctor", "json"])
def test_a_stdout_that_is_full_is_one_sentence_and_a_failure(what, sweep):
    arguments = {
        "score": ("score", sweep / "10.png"), "help": ("--help",), "doctor": ("doctor",),
        "json": ("--source", sweep / "10.png", "--json"),
    }  # fmt: skip
    with Path("/dev/full").open("wb") as full:
        status, _, err = run(*arguments[what], stdout=full)
    assert status == 1
    assert "Nothing can be written to stdout (No space left on device)" in err.splitlines()[-1]


def closed(numbers, *arguments):
    """Run it without some of its streams, as `<&- >&-` does; status and the rest."""
    program = "import os, sys\nfor n in map(int, sys.argv[1]): os.close(n)\nos.execv(sys.argv[2], sys.argv[2:])"
    command = [sys.executable, "-c", program, numbers, sys.executable, "-m", "focuscam", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("numbers", ["0", "2", "02"])
def test_without_stdin_and_stderr_it_does_what_it_is_asked(numbers, sweep):
    done = closed(numbers, "score", "--json", sweep / "10.png")
    assert done.returncode == 0
    assert json.loads(done.stdout)["in_focus"]


def test_without_stdout_that_is_one_sentence(sweep):
    done = closed("1", "score", sweep / "10.png")
    assert done.returncode == 1
    assert "Nothing can be written to stdout (it is closed)" in done.stderr


def test_what_is_recorded_without_streams_is_a_recording_and_nothing_else(sweep, tmp_path):
    # The first file that is opened must not take the number of stdout, which others write to.
    done = closed("012", "--source", sweep, "--record", tmp_path / "made")
    assert done.returncode == 0
    lines = (tmp_path / "made" / "recording.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["type"] == "recording"
    assert json.loads(lines[-1])["type"] == "end"


def test_the_light_is_watched_over_without_any_stream(sweep):
    assert closed("012", "--source", sweep / "10.png").returncode == 0
