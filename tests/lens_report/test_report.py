"""The command as people use it."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from focuscam.cli import main


@pytest.fixture
def run(capsys):
    """Run it; its exit status, stdout and stderr."""

    def it(*arguments):
        status = main(["lens-report", *map(str, arguments)])
        return status, *capsys.readouterr()

    return it


@pytest.fixture(scope="module")
def recording(lens, tmp_path_factory):
    return lens(across=4.0, curvature=-2.0).write(tmp_path_factory.mktemp("lens") / "wall")


@pytest.fixture
def photo(fringed, tmp_path):
    Image.fromarray(fringed(1.5, -1.0)).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_each_figure_comes_with_its_uncertainty(run, recording, photo):
    status, out, _ = run(recording, photo)
    assert status == 0
    for title in ("Focus in the centre", "Tilt, right edge less left", "Field curvature", "Depth of focus"):
        assert re.search(rf"{title}.* -?[0-9.]+ ± [0-9.]+ positions", out), title
    assert re.search(r"Red against green, in the corners +1\.[0-9]+ ± [0-9.]+ px", out)
    assert "within the sweep, position 0 to 20" in out
    assert "square to the camera" in out


def test_json_has_the_figures_and_the_zones(run, recording, photo):
    status, out, _ = run(recording, photo, "--json")
    told = json.loads(out)
    assert status == 0
    swept = told["recording"]
    across = swept["figures"]["tilt_across"]
    assert abs(across["value"] - 4.0) <= across["uncertainty"]
    assert (swept["focus_in_travel"], swept["flat"], swept["unit"]) == ("inside", True, "positions")
    assert len(swept["zones"]) == 35
    told_of = [zone for zone in swept["zones"] if zone["focus"] == "inside"]
    assert len(told_of) > 30
    assert all(zone["uncertainty"] > 0 for zone in told_of)
    red = told["photos"]["figures"]["red_corner"]
    assert abs(red["value"] - 1.5) <= red["uncertainty"]
    assert told["unreadable"] == []


def test_what_cannot_be_told_says_what_to_photograph_instead(run, lens, tmp_path):
    status, out, _ = run(lens(relief=2.5).write(tmp_path / "shelf"))
    assert status == 0
    assert re.search("Tilt, right edge less left +not enough to tell", out)
    words = " ".join(out.split())
    assert "a scene with depth is not a tilted sensor" in words
    assert "Instead, photograph a flat target that fills the picture, square to the camera" in words
    told = json.loads(run(tmp_path / "shelf", "--json")[1])["recording"]
    assert told["flat"] is False
    assert told["figures"]["tilt_across"]["value"] is None
    assert "flat target" in told["figures"]["tilt_across"]["instead"]


def test_focus_beyond_the_travel_names_back_focus_and_the_adapter(run, lens, tmp_path):
    _, out, _ = run(lens(centre=22.0).write(tmp_path / "far"))
    words = " ".join(out.split())
    assert "Focus lies at position 20, the highest, or beyond" in words
    assert "C-CS adapter" in words


def test_without_positions_frames_are_counted(run, lens, tmp_path):
    _, out, _ = run(lens().write(tmp_path / "plain", positions=False))
    assert re.search(r"Focus in the centre +(9\.9|10\.0)[0-9]* ± [0-9.]+ frames", out)


class Page(HTMLParser):
    """What a page consists of, and what it would fetch."""

    def __init__(self):
        super().__init__()
        self.tags, self.fetched = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.fetched += [value for name, value in attributes if name in ("src", "href", "xlink:href")]


def test_the_page_has_its_pictures_within(run, recording, photo, tmp_path):
    assert run(recording, photo, "--html", tmp_path / "lens.html")[0] == 0
    text = (tmp_path / "lens.html").read_text()
    page = Page()
    page.feed(text)
    assert page.tags.count("svg") == 5
    assert page.fetched
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.fetched)
    assert "url(http" not in text
    for words in ("Where each zone is in focus", "Through focus", "By field position", "±"):
        assert words in text


def test_a_page_escapes_the_names_of_files(run, fringed, tmp_path):
    odd = tmp_path / "<b>&.png"
    Image.fromarray(fringed(0.0, 0.0)).save(odd)
    assert run(odd, "--html", tmp_path / "lens.html")[0] == 0
    assert "<b>" not in (tmp_path / "lens.html").read_text()


def one_sentence(err):
    return len(err.strip().splitlines()) == 1 and "Traceback" not in err


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (lambda folder: folder, 2, "has no sweep.csv"),
        (lambda folder: folder / "absent.jpg", 1, "does not exist"),
        (lambda folder: written(folder / "notes.jpg", b"not a picture"), 1, "not a picture"),
        (lambda folder: written(folder / "empty.jpg", b""), 1, "empty"),
        (lambda folder: grey(folder / "grey.png", "L"), 1, "is in grey: take it in colour"),
        (lambda folder: grey(folder / "grey.jpg", "RGB"), 1, "is in grey: take it in colour"),
        (lambda folder: table(folder, 4), 1, "4 positions: at least 6"),
        (lambda folder: table(folder, 8, "far"), 2, 'the position "far"'),
    ],
)
def test_bad_input_is_one_sentence(run, tmp_path, make, status, words):
    told = run(make(tmp_path))
    assert told[0] == status
    assert words in told[2]
    assert one_sentence(told[2])
    assert told[1] == ""


def written(path, content):
    path.write_bytes(content)
    return path


def grey(path, mode):
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).convert(mode).save(path)
    return path


def table(folder, count, position=None):
    grey(folder / "a.png", "L")
    rows = [f"a.png,{number if position is None else position}" for number in range(count)]
    (folder / "sweep.csv").write_text("file,position\n" + "\n".join(rows) + "\n")
    return folder


def test_a_frame_that_cannot_be_read_is_named_and_the_rest_is_measured(run, lens, tmp_path):
    folder = lens(across=3.0).write(tmp_path / "wall")
    (folder / "4.png").write_bytes(b"no more")
    status, out, err = run(folder, "--json")
    told = json.loads(out)
    assert status == 1
    assert "4.png" in err
    assert one_sentence(err)
    assert told["recording"]["frames"] == 20
    assert abs(told["recording"]["figures"]["tilt_across"]["value"] - 3.0) < 0.5
    assert len(told["unreadable"]) == 1


def test_two_recordings_two_sizes_of_photos_and_a_page_in_no_folder_are_wrong_usage(run, recording, photo, tmp_path):
    status, _, err = run(recording, recording)
    assert (status, one_sentence(err)) == (2, True)
    smaller = tmp_path / "small.png"
    Image.open(photo).crop((0, 0, 320, 240)).save(smaller)
    status, _, err = run(photo, smaller)
    assert (status, one_sentence(err)) == (2, True)
    assert "another size" in err
    status, _, err = run(photo, "--html", tmp_path / "nowhere" / "lens.html")
    assert (status, one_sentence(err)) == (2, True)


@pytest.mark.parametrize("name", ["train/rpi_pcb", "train/pcb_button", "validation/keyboard"])
def test_real_sweeps_over_scenes_with_depth_are_not_taken_for_tilted_sensors(run, photos, name):
    told = json.loads(run(photos / "sweeps" / name, "--json")[1])["recording"]
    assert told["focus_in_travel"] == "inside"
    assert told["flat"] is False
    assert told["figures"]["curvature"]["value"] is None
    assert told["figures"]["depth"]["value"] > 0


def test_a_real_sweep_that_begins_at_its_best_frame_says_so(run, photos):
    told = json.loads(run(photos / "sweeps/validation/tool_wall", "--json")[1])["recording"]
    assert told["focus_in_travel"] == "before"


def test_a_real_photo_that_was_corrected_shows_no_aberration(run, photos):
    told = json.loads(run(photos / "sharp/elementary_pd_carmine_de_fazio.jpg", "--json")[1])["photos"]["figures"]
    for key in ("red_corner", "blue_corner"):
        assert abs(told[key]["value"]) <= told[key]["uncertainty"] < 0.2
