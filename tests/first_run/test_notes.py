import errno
import json
import os

import pytest

from focuscam.errors import FocuscamError
from focuscam.first_run import notes as room
from focuscam.first_run.notes import Notes
from focuscam.first_run.steps import STEPS


def test_each_answer_is_there_for_whoever_goes_on(tmp_path):
    notes = Notes(tmp_path / "walk")
    notes.add("cable", "yes", "an imx477", {"frames": 3})
    notes.add("cap", "no", "", {})
    again = Notes(tmp_path / "walk")
    assert again.answers["cable"]["words"] == "an imx477"
    assert again.answers["cable"]["seen"] == {"frames": 3}
    assert [step.name for step in STEPS if again.answered(step.name)] == ["cable", "cap"]


def test_what_failed_is_tried_again_and_what_was_skipped_is_not(tmp_path):
    notes = Notes(tmp_path / "walk")
    notes.add("kill", "failed", "", {"failed": "no service"})
    notes.add("wall", "skipped", "", {})
    assert not notes.answered("kill")
    assert notes.answered("wall")


def test_a_full_disk_is_one_sentence_and_the_answers_before_stay(tmp_path, monkeypatch):
    notes = Notes(tmp_path / "walk")
    notes.add("cable", "yes", "", {})

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(room, "atomic_write", full)
    with pytest.raises(FocuscamError, match=r"No space left.*make room there"):
        notes.add("cap", "yes", "", {})
    monkeypatch.undo()
    assert list(Notes(tmp_path / "walk").answers) == ["cable"]


@pytest.mark.parametrize("text", ["", "[]", '{"answers": 3}', "{"])
def test_a_file_that_can_not_be_understood_names_the_way_out(tmp_path, text):
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk/notes.json").write_text(text)
    with pytest.raises(FocuscamError, match=r"mv .*walk .*walk\.old"):
        Notes(tmp_path / "walk")


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path):
    (tmp_path / "walk").write_text("")
    with pytest.raises(FocuscamError, match="can't be kept"):
        Notes(tmp_path / "walk")


def test_who_typed_sudo_may_read_and_send_it(tmp_path, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    monkeypatch.setenv("SUDO_UID", "1234")
    monkeypatch.setenv("SUDO_GID", "1234")
    notes = Notes(tmp_path / "walk")
    notes.give_to_who_asked()
    assert {path.stat().st_uid for path in (notes.folder, notes.folder / "notes.json")} == {1234}


def test_every_step_has_an_answer_that_json_can_keep():
    assert json.dumps([step.question for step in STEPS])
    assert [step.name for step in STEPS] == ["cable", "light", "cap", "wall", "ring", "release", "kill", "sweep"]
