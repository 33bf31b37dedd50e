import os
import tarfile

import pytest

from focuscam.errors import FocuscamError
from focuscam.first_run import archive as room
from focuscam.first_run.archive import PICTURES, packed
from focuscam.first_run.notes import Notes


@pytest.fixture
def walk(tmp_path):
    notes = Notes(tmp_path / "walk")
    notes.add("cable", "yes", "", {})
    (notes.folder / "sweep").mkdir()
    for number in range(100):
        (notes.folder / "sweep" / f"{number:06d}.png").write_bytes(b"picture")
    (notes.folder / "sweep/recording.jsonl").write_text("{}\n")
    (notes.folder / "sweep/link").symlink_to("/etc/shadow")
    return notes.folder


def names(file):
    with tarfile.open(file) as archive:
        return archive.getnames()


def test_one_file_holds_answers_versions_the_doctors_lines_the_journal_and_the_sweep(walk):
    made = packed(walk, lambda: print("ok  camera"))
    held = set(names(made))
    for name in ("notes.json", "doctor.txt", "packages.txt", "journal.txt", "meminfo", "sweep/recording.jsonl"):
        assert f"walk/{name}" in held
    with tarfile.open(made) as archive:
        assert archive.extractfile("walk/doctor.txt").read() == b"ok  camera\n"


def test_of_a_sweep_a_few_pictures_are_sent_evenly_chosen_and_no_link(walk):
    held = [name for name in names(packed(walk, lambda: None)) if "/sweep/" in name]
    pictures = sorted(name for name in held if name.endswith(".png"))
    assert len(pictures) == PICTURES
    assert pictures[0].endswith("000000.png")
    assert pictures[-1] > "walk/sweep/000095.png"
    assert not any(name.endswith("link") for name in held)


def test_a_full_disk_leaves_no_half_an_archive(walk, monkeypatch):
    def full(*_, **__):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(room.tarfile, "open", full)
    with pytest.raises(FocuscamError, match="No space left"):
        packed(walk, lambda: None)
    assert [path.name for path in walk.parent.iterdir()] == ["walk"]
