import io

import pytest
from PIL import Image

from focuscam.page.stills import LAST, SIDE, Stills

NAME = "focuscam-20261127T120000Z-0000.jpg"


@pytest.fixture
def stills(tmp_path):
    made = Stills()
    made.are_in(str(tmp_path))
    return made


@pytest.fixture
def save(tmp_path):
    def one(name, size=(1600, 1200)):
        Image.effect_noise(size, 40).save(tmp_path / name)
        return tmp_path / name

    return one


def test_the_last_ones_are_listed_the_newest_first(stills, save):
    for number in range(LAST + 4):
        save(f"focuscam-20261127T1200{number:02}Z-0000.jpg", (8, 8))
    assert stills.last() == [f"focuscam-20261127T1200{number:02}Z-0000.jpg" for number in range(11, 3, -1)]


def test_other_files_are_not_shown_and_not_given(stills, tmp_path):
    for name in ("holiday.jpg", ".writing-focuscam-1", "focuscam-20261127T120000Z-0000.dng", "settings.toml"):
        (tmp_path / name).write_bytes(b"private")
    assert stills.last() == []
    for name in ("holiday.jpg", "../secret", "settings.toml", f"x/../{NAME}", NAME):
        assert stills.whole(name) is None


def test_a_link_leads_nowhere(stills, tmp_path):
    (tmp_path / "secret").write_bytes(b"private")
    (tmp_path / NAME).symlink_to(tmp_path / "secret")
    assert stills.whole(NAME) is None


def test_one_is_given_as_it_was_saved_and_small(stills, save):
    file = save(NAME)
    assert stills.whole(NAME) == file.read_bytes()
    with Image.open(io.BytesIO(stills.small(NAME))) as image:
        assert image.size == (SIDE, SIDE * 3 // 4)


def test_what_is_no_picture_has_no_small_one(stills, tmp_path):
    (tmp_path / NAME).write_bytes(b"no picture")
    assert stills.small(NAME) is None


def test_where_nobody_said_where_they_are_there_are_none():
    assert Stills().last() == []
    assert Stills().whole(NAME) is None
