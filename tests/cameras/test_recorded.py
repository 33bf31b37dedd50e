"""Recorded frames: each exactly once, in order; what cannot be read is named and passed over."""

import logging
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from focuscam.cameras.recorded import Recorded, images_in
from focuscam.errors import FocuscamError, UsageError


def grey(path, shade, size=(16, 12)):
    path.parent.mkdir(exist_ok=True)
    Image.new("L", size, shade).save(path)


def frames_of(path, **rest):
    with Recorded(path, **rest) as camera:
        return list(iter(camera.newest, None))


def names_of(path):
    return [frame.name for frame in frames_of(path)]


def test_a_folder_is_shown_in_natural_order(tmp_path):
    for name in ("img10.png", "img2.png", "img1.JPG", "Img3.png", "b.png", "a.png"):
        grey(tmp_path / name, 9)
    assert names_of(tmp_path) == ["a.png", "b.png", "img1.JPG", "img2.png", "Img3.png", "img10.png"]


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 10**12), min_size=1, max_size=30), st.randoms())
def test_numbered_names_come_in_the_order_of_their_numbers(numbers, chance):
    shuffled = list(numbers)
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        for number in shuffled:
            (Path(folder) / f"dsc_{number}.jpg").touch()
        assert [int(file.stem[4:]) for file in images_in(Path(folder))] == sorted(numbers)


def test_only_images_that_are_not_hidden_are_taken(tmp_path):
    grey(tmp_path / "seen.png", 1)
    grey(tmp_path / ".hidden.png", 1)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "folder.png").mkdir()
    assert names_of(tmp_path) == ["seen.png"]


def test_frames_are_numbered_and_timed_as_if_they_came_at_the_given_rate(tmp_path):
    for n in range(5):
        grey(tmp_path / f"{n}.png", 40 * n)
    frames = frames_of(tmp_path, fps=10)
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert [int(frame.fine[0, 0]) for frame in frames] == [0, 40, 80, 120, 160]
    assert [frame.taken for frame in frames] == sorted(frame.taken for frame in frames)


def test_it_has_ended_for_good_and_can_be_played_again(tmp_path):
    grey(tmp_path / "a.png", 1)
    camera = Recorded(tmp_path)
    for _ in range(2):
        with camera:
            assert camera.newest().name == "a.png"
            assert camera.newest() is None
            assert camera.newest() is None
    assert not camera.live


def test_a_single_image_is_one_frame(tmp_path):
    grey(tmp_path / "one.tif", 70)
    (frame,) = frames_of(tmp_path / "one.tif")
    assert (frame.number, frame.time, frame.name) == (0, 0.0, "one.tif")


def test_each_frame_keeps_its_own_size(tmp_path):
    grey(tmp_path / "1.png", 1, (30, 20))
    grey(tmp_path / "2.png", 1, (3000, 1500))
    assert [frame.fine.shape for frame in frames_of(tmp_path)] == [(20, 30), (1014, 2028)]


def test_a_damaged_file_is_named_and_passed_over(tmp_path, caplog):
    for n in (1, 3):
        grey(tmp_path / f"{n}.png", n)
    (tmp_path / "2.png").write_bytes((tmp_path / "1.png").read_bytes()[:40])
    (tmp_path / "4.jpg").write_text("words")
    with caplog.at_level(logging.WARNING):
        frames = frames_of(tmp_path)
    assert [(frame.number, frame.name) for frame in frames] == [(0, "1.png"), (1, "3.png")]
    assert [record.getMessage().split()[0] for record in caplog.records] == ["2.png", "4.jpg"]


def test_a_folder_in_which_nothing_can_be_read_ends_with_an_error(tmp_path):
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_text("words")
    with Recorded(tmp_path) as camera, pytest.raises(FocuscamError, match="None of the images") as caught:
        camera.newest()
    assert caught.value.status == 1


def test_a_single_damaged_image_says_what_is_wrong_with_it(tmp_path):
    (tmp_path / "a.jpg").write_text("words")
    with (
        Recorded(tmp_path / "a.jpg") as camera,
        pytest.raises(FocuscamError, match=r"^a\.jpg is not a picture") as caught,
    ):
        camera.newest()
    assert caught.value.status == 1


# sweep.csv


def make_sweep(folder, table, count=3):
    for n in range(count):
        grey(folder / f"{n}.png", n)
    (folder / "sweep.csv").write_text(table, encoding="utf-8")


def test_a_sweep_orders_the_images_and_may_repeat_them(tmp_path):
    make_sweep(tmp_path, "file,position\n2.png,0\n0.png,1\n0.png,1\n1.png,2\n0.png,1\n")
    frames = frames_of(tmp_path)
    assert [frame.name for frame in frames] == ["2.png", "0.png", "0.png", "1.png", "0.png"]
    assert [int(frame.fine[0, 0]) for frame in frames] == [2, 0, 0, 1, 0]
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4]


def test_a_sweep_as_spreadsheets_write_it(tmp_path):
    make_sweep(tmp_path, "\ufefffile, position\r\n1.png, 3\r\n\r\n0.png, 4\r\n")
    assert names_of(tmp_path) == ["1.png", "0.png"]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("name,position\n0.png,1\n", "has no column `file`"),
        ("", "has no column `file`"),
        ("file,position\n", "lists no file"),
        ("file,position\n0.png,1\nabsent.png,2\n", r"lists absent\.png, which is not there"),
    ],
)
def test_a_sweep_that_is_wrong_is_refused_with_a_sentence(tmp_path, table, sentence):
    make_sweep(tmp_path, table)
    with pytest.raises(UsageError, match=sentence), Recorded(tmp_path):
        pass


def test_a_sweep_that_is_no_text_is_refused(tmp_path):
    make_sweep(tmp_path, "")
    (tmp_path / "sweep.csv").write_bytes(b"\xff\xfe\x00f")
    with pytest.raises(UsageError, match="cannot be read"), Recorded(tmp_path):
        pass


# Videos


def make_video(path: Path, count: int, size=(64, 48)) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25, size)
    for n in range(count):
        writer.write(np.full((size[1], size[0], 3), 10 * n, np.uint8))
    writer.release()


def test_a_video_gives_each_of_its_frames_once(tmp_path):
    make_video(tmp_path / "clip07.avi", 12)  # a name that OpenCV could take for one of a series
    frames = frames_of(tmp_path / "clip07.avi", fps=5)
    assert [round(float(frame.fine.mean()) / 10) for frame in frames] == list(range(12))
    assert [frame.number for frame in frames] == list(range(12))
    assert frames[-1].time == pytest.approx(11 / 5)
    assert {frame.name for frame in frames} == {"clip07.avi"}


def test_a_video_is_brought_to_the_two_scales(tmp_path):
    make_video(tmp_path / "large.avi", 1, (2560, 1440))
    (frame,) = frames_of(tmp_path / "large.avi")
    assert frame.fine.shape == (1141, 2028)
    assert frame.coarse.shape == (360, 640)


@pytest.mark.parametrize("content", ["nothing", "words", "no frames", "half"])
def test_a_video_without_frames_is_refused(tmp_path, content, capfd):
    film = tmp_path / "film.avi"
    make_video(film, 0 if content == "no frames" else 3)
    if content == "nothing":
        film.write_bytes(b"")
    elif content == "words":
        film.write_text("words " * 100)
    elif content == "half":
        film.write_bytes(film.read_bytes()[:200])
    with pytest.raises(UsageError, match=r"neither an image nor a video|is empty"), Recorded(film):
        pass
    assert capfd.readouterr().err == ""


def test_a_video_that_breaks_off_is_named_at_its_end(tmp_path, caplog, capfd):
    make_video(tmp_path / "film.avi", 20, (320, 240))
    whole = (tmp_path / "film.avi").read_bytes()
    (tmp_path / "film.avi").write_bytes(whole[: len(whole) // 2])
    with caplog.at_level(logging.WARNING):
        try:
            frames = frames_of(tmp_path / "film.avi")
        except UsageError:
            pytest.skip("this OpenCV does not open a video that breaks off")
    assert 0 < len(frames) < 20
    assert "film.avi ended after" in caplog.text


# What is not there


def test_an_absent_path_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="does not exist") as caught, Recorded(tmp_path / "absent"):
        pass
    assert caught.value.status == 2


def test_a_folder_without_images_is_wrong_usage(tmp_path):
    (tmp_path / "notes.txt").write_text("words")
    with pytest.raises(UsageError, match="has no image"), Recorded(tmp_path):
        pass


def test_something_that_is_no_file_is_wrong_usage():
    with pytest.raises(UsageError, match="neither a file nor a folder"), Recorded(Path("/dev/null")):
        pass


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_is_wrong_usage(fps):
    with pytest.raises(UsageError, match="frames a second"):
        Recorded(Path(), fps)


# Real photos and sweeps


def test_every_real_photo_is_readable(photos, caplog):
    folders = sorted({file.parent for file in photos.rglob("*") if file.suffix.lower() == ".jpg"})
    assert folders
    for folder in folders:
        frames = frames_of(folder)
        assert len(frames) == len([file for file in folder.iterdir() if file.suffix.lower() == ".jpg"])
        assert all(max(frame.fine.shape) <= 2028 and max(frame.coarse.shape) <= 640 for frame in frames)
    assert not caplog.records


def test_real_sweeps_are_shown_in_the_order_of_their_table(photos):
    tables = sorted(photos.rglob("sweep.csv"))
    assert tables
    for table in tables:
        listed = [line.split(",")[0] for line in table.read_text().split()[1:]]
        frames = frames_of(table.parent)
        assert [frame.name for frame in frames] == listed
        assert [frame.number for frame in frames] == list(range(len(listed)))
