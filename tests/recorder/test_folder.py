"""A folder that is being filled: what is refused, what bounds it, and what is left when it ends in the middle."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from focuscam.errors import FocuscamError, UsageError
from focuscam.recorder import folder as folders
from focuscam.recorder.folder import INDEX, Enough, Folder
from focuscam.recorder.script import Script


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="There is something in"):
        Folder(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is no folder"):
        Folder(tmp_path / "file")


def test_a_place_that_may_not_be_written_to_is_refused():
    with pytest.raises(UsageError, match="name a folder that may be written to"):
        Folder(Path("/proc/focuscam"))


def test_what_was_never_begun_leaves_nothing(tmp_path):
    Folder(tmp_path / "new").end("nothing came")
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine").mkdir()
    Folder(tmp_path / "mine").end("nothing came")
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_number_of_frames_is_bounded(record, pictures, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(folders, "MOST_FRAMES", 5)
    caplog.set_level("INFO")
    record(tmp_path / "run", [(pictures[0], [])] * 9)
    assert Script(tmp_path / "run").frames == 5
    assert "the most that it may" in caplog.text
    assert "cut off" not in caplog.text


def test_the_size_is_bounded(record, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST_BYTES", 150_000)
    record(tmp_path / "run", [(pictures[0], [])] * 9)
    size = sum(each.stat().st_size for each in (tmp_path / "run").iterdir())
    assert 50_000 < size < 160_000
    assert json.loads((tmp_path / "run" / INDEX).read_text().splitlines()[-1])["type"] == "end"


def test_some_of_the_disk_is_left_free(record, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "SPARE_BYTES", 1 << 62)
    with pytest.raises(FocuscamError, match=r"the disk is full .* were kept") as raised:
        record(tmp_path / "run", [(pictures[0], [])] * 9)
    assert raised.value.status == 1


def test_a_disk_that_is_full_ends_it_with_a_sentence_and_what_was_written_can_be_played(
    record, play, pictures, tmp_path, monkeypatch, caplog
):
    real, left = os.write, [7000]

    def write(file, content):
        """As on a disk with so many bytes left: the last line is written in part."""
        if len(content) > left[0]:
            done = real(file, content[: left[0]]) if left[0] else 0
            left[0] = 0
            if not done:
                raise OSError(28, "No space left on device")
            return done
        left[0] -= len(content)
        return real(file, content)

    monkeypatch.setattr(folders.os, "write", write)
    with pytest.raises(FocuscamError, match="No space left on device"):
        record(tmp_path / "run", [(pictures[n % 5], []) for n in range(20)])
    monkeypatch.undo()
    text = (tmp_path / "run" / INDEX).read_bytes()
    assert text.endswith(b"\n"), "no half line is left"
    assert 3 < len(play(tmp_path / "run")) < 20


def test_a_picture_that_can_not_be_written_leaves_no_part_of_itself(tmp_path, monkeypatch):
    folder = Folder(tmp_path / "run")
    monkeypatch.setattr("os.rename", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Enough, match="No space left"):
        folder.picture(0, b"png", 0, None, None)
    assert [each.name for each in (tmp_path / "run").iterdir()] == [INDEX]


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own takes root")
def test_on_a_really_full_disk_nothing_is_lost(tmp_path, sweep, monkeypatch):
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        # With the spare bytes it would not begin at all.
        program = textwrap.dedent("""
            import sys
            from focuscam.recorder import folder
            folder.SPARE_BYTES = 0
            from focuscam.cli import main
            sys.exit(main(sys.argv[1:]))
        """)
        command = [sys.executable, "-c", program, "--source", sweep, "--region", "whole", "--record", place / "run"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"GPIOZERO_PIN_FACTORY": "mock"}
        )
        assert done.returncode == 1
        assert "No space left on device" in done.stderr
        assert "Traceback" not in done.stderr
        assert Script(place / "run").frames >= 2
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own takes root")
def test_a_disk_that_is_read_only_is_told_at_once(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        with pytest.raises(UsageError, match=r"Read-only file system.*: name a folder") as raised:
            Folder(place / "run")
        assert raised.value.status == 2
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_killed_program_costs_at_most_the_picture_of_the_last_frame(tmp_path, sweep):
    rows = "".join(f"{sweep / f'{n % 21}.png'},{n}\n" for n in range(20_000))
    (tmp_path / "sweep.csv").write_text("file,position\n" + rows)
    process = subprocess.Popen(
        [sys.executable, "-m", "focuscam", "--source", tmp_path, "--json", "--record", tmp_path / "run"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"GPIOZERO_PIN_FACTORY": "mock"},
    )  # fmt: skip
    seen = [json.loads(process.stdout.readline()) for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    script = Script(tmp_path / "run")
    assert script.frames >= len(seen)
    assert script.frames - len(script.pictures) <= 1
    assert [round(each.reading.score, 4) for each in script][: len(seen)] == [each["score"] for each in seen]
