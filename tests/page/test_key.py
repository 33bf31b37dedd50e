import stat

import pytest

from focuscam.errors import FocuscamError
from focuscam.page import key


def test_it_is_made_once_and_nobody_else_may_read_it(tmp_path):
    file = tmp_path / "state" / "focuscam" / "page-key"
    made = key.had(file)
    assert len(made) == key.LENGTH
    assert set(made) <= set(key.SIGNS)
    assert key.had(file) == made == key.read(file)
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def test_two_machines_have_two_keys(tmp_path):
    assert key.had(tmp_path / "one") != key.had(tmp_path / "other")


def test_a_file_that_holds_something_else_is_no_key_and_is_left_alone(tmp_path):
    (tmp_path / "key").write_text("1234\n")
    with pytest.raises(FocuscamError, match="holds no key of a page: remove it"):
        key.had(tmp_path / "key")
    assert (tmp_path / "key").read_text() == "1234\n"


def test_where_none_can_be_kept_it_says_so(tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(FocuscamError, match="can't be"):
        key.had(tmp_path / "state" / "key")


def test_the_service_keeps_it_in_its_own_folder_and_people_in_theirs(monkeypatch, tmp_path):
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert key.file() == tmp_path / "focuscam" / "page-key"
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/focuscam-page")
    assert key.file() == key.SERVICE
