"""The command line as scripts use it: in this process, on files."""

import json
import logging
import shutil

import numpy as np
import pytest
from PIL import ExifTags, Image

from focuscam.cli import main
from focuscam.daemon.service import log_to_the_right_place
from focuscam.focus.model import FocusModel

FIELDS = {
    "frame", "name", "time", "score", "certainty", "in_focus", "blur", "contrast", "closeness", "hint", "led",
    "phase", "scene", "rested", "top", "blur_px", "blur_error",
}  # fmt: skip


@pytest.fixture
def run(capsys, pins):
    """Run a command; its exit status, stdout and stderr."""

    def it(*arguments):
        status = main([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return it


@pytest.fixture
def frames(run):
    def of(*arguments):
        status, out, err = run(*arguments, "--json")
        assert status == 0, err
        return [json.loads(line) for line in out.splitlines()]

    return of


def test_a_sweep_is_reported_frame_by_frame_with_every_field(frames, sweep):
    seen = frames("--source", sweep, "--region", "whole")
    assert [each["frame"] for each in seen] == list(range(21))
    assert [each["name"] for each in seen] == [f"{n}.png" for n in range(21)]
    assert all(each.keys() >= FIELDS for each in seen)
    assert [each["time"] for each in seen] == [pytest.approx(n / 30, abs=1e-4) for n in range(21)]


def test_fps_says_how_far_apart_files_are(frames, sweep):
    assert frames("--source", sweep, "--fps", "10")[-1]["time"] == pytest.approx(2.0)


def through_and_back(folder, files, best):
    """A slow hand, three steps a second, that goes through to the other end, back to the best, rests, and leaves it."""
    hand = [*range(len(files)), *range(len(files) - 1, best - 1, -1), best, best, *range(best, len(files))]
    rows = "".join(f"{files[n]},{n}\n" for n in hand for _ in range(10))
    (folder / "sweep.csv").write_text("file,position\n" + rows)
    return folder


def test_the_led_is_on_where_the_sweep_is_in_focus_and_off_at_its_ends(frames, sweep, tmp_path, pins):
    files = [sweep / f"{n}.png" for n in range(21)]
    seen = frames("--source", through_and_back(tmp_path, files, 10), "--region", "whole")
    lit = {each["name"] for each in seen if each["led"] == 1.0}
    assert "10.png" in lit
    assert lit <= {"9.png", "10.png", "11.png", "12.png"}
    assert [state.state for state in pins.pin(17).states][-3:] == [False, True, False]


def test_a_recorded_sweep_of_a_real_lens_lights_the_led_around_its_best_frame(frames, photos, tmp_path, pins):
    files = sorted((photos / "sweeps/validation/keyboard").glob("*.jpg"))
    seen = frames("--source", through_and_back(tmp_path, files, 3), "--region", "whole")
    assert all(each.keys() >= FIELDS for each in seen)
    best = max(seen, key=lambda each: each["contrast"])
    back = seen[10 * len(files) :]
    lit = [each for each in back if each["led"] == 1.0]
    assert min(each["contrast"] for each in lit) > 0.7 * best["contrast"]
    assert max(abs(int(each["name"][:3]) - int(best["name"][:3])) for each in lit) <= 3
    assert not any(each["led"] for each in seen[250:410]), "dark at the far end"
    assert [state.state for state in pins.pin(17).states][-3:] == [False, True, False]


def test_one_image_is_a_source_of_one_frame(frames, sweep):
    assert [each["in_focus"] for each in frames("--source", sweep / "10.png", "--region", "whole")] == [True]
    assert [each["in_focus"] for each in frames("--source", sweep / "0.png", "--region", "whole")] == [False]


def test_a_damaged_image_is_named_and_the_rest_is_shown(run, sweep, tmp_path):
    folder = tmp_path / "some"
    shutil.copytree(sweep, folder)
    (folder / "10.png").write_bytes((folder / "10.png").read_bytes()[:5000])
    status, out, err = run("--source", folder, "--json")
    assert status == 0
    assert len(out.splitlines()) == 20
    assert "10.png" in err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--source", "absent"], 2, "absent does not exist"),
        (["--source", "."], 2, "no image"),
        (["--nonsense"], 2, "--nonsense"),
        (["--source", "sim", "--fps", "30"], 2, "--fps is for files"),
        (["--source", "x.png", "--fps", "-1"], 2, "0.01"),
        (["--region", "middle", "--source", "x.png"], 2, "spot, whole, best"),
        (["--json", "--preview"], 2, "one of them"),
        (["--config", "absent.toml"], 78, "absent.toml"),
        (["--source", "auto"], 69, "--source sim"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_its_exit_status(run, tmp_path, monkeypatch, arguments, status, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("focuscam.daemon.loop.FAULT_S", 0.0)
    (tmp_path / "sub").mkdir()
    got, out, err = run(*arguments)
    assert got == status
    assert out == ""
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_broken_settings_end_with_78_and_name_the_key(run, tmp_path, sweep):
    file = tmp_path / "focuscam.toml"
    file.write_text("[focus]\nthresold = 0.5")
    status, _, err = run("--config", file, "--source", sweep, "--json")
    assert status == 78
    assert "did you mean threshold?" in err


def test_a_damaged_model_ends_with_78(run, tmp_path, sweep):
    (tmp_path / "other.tflite").write_bytes(b"TFL3")
    file = tmp_path / "focuscam.toml"
    file.write_text(f"[focus]\nmodel = '{tmp_path / 'other.tflite'}'")
    status, _, err = run("--config", file, "--source", sweep, "--json")
    assert status == 78
    assert len(err.strip().splitlines()) == 1


def test_pins_that_are_required_and_not_there_end_with_78(capsys, tmp_path, sweep, monkeypatch):
    from gpiozero import Device

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "native")
    file = tmp_path / "focuscam.toml"
    file.write_text("[led]\nrequired = true")
    assert main(["--config", str(file), "--source", str(sweep), "--json"]) == 78
    assert "[led] pin = 17 can't be used" in capsys.readouterr().err
    assert main(["--source", str(sweep), "--json"]) == 0, "off a Pi the pins are not required"


def test_the_preview_without_a_terminal_prints_lines(run, sweep):
    status, out, _ = run("--preview", "--source", sweep, "--region", "whole", "--fps", "30")
    assert status == 0
    assert out.startswith("[") or "best" in out


def test_version_names_the_version(capsys):
    from focuscam import __version__

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_score_gives_one_object_a_photo(run, sweep):
    status, out, _ = run("score", "--json", sweep / "10.png", sweep / "0.png")
    sharp, soft = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert sharp["in_focus"]
    assert not soft["in_focus"]
    assert sharp["file"] == str(sweep / "10.png")
    assert (sharp["width"], sharp["height"]) == (640, 480)
    assert sharp.keys() >= {"file", "score", "certainty", "in_focus", "blur", "width", "height"}


def test_score_reports_what_cannot_be_read_and_scores_the_rest(run, sweep, tmp_path):
    fake = tmp_path / "fake.jpg"
    fake.write_text("this is no picture")
    status, out, _ = run("score", "--json", fake, sweep / "10.png", tmp_path / "absent.jpg")
    first, second, third = (json.loads(line) for line in out.splitlines())
    assert status == 1
    assert first.keys() == third.keys() == {"file", "error"}
    assert second["in_focus"]


def test_score_takes_real_photos_of_every_kind(run, photos):
    files = sorted(each for each in (photos / "kwentar").glob("*/*") if each.is_file())
    status, out, _ = run("score", "--json", *files)
    assert status == 0
    assert len(out.splitlines()) == len(files) == 21


def test_score_of_a_folder_scores_its_images_in_a_table(run, sweep):
    status, out, _ = run("score", sweep)
    assert status == 0
    assert len(out.splitlines()) == 22
    assert "in focus" in out
    assert "soft" in out


@pytest.mark.parametrize("shape", [(1, 1), (1, 100_000), (100_000, 1)])
def test_pictures_too_small_to_judge_are_readable_and_have_no_score(run, tmp_path, shape):
    file = tmp_path / "odd.png"
    Image.fromarray(np.zeros(shape, np.uint8)).save(file)
    status, out, _ = run("score", "--json", file)
    assert status == 0
    result = json.loads(out)
    assert result["score"] is None
    assert not result["in_focus"]


def test_the_doctor_shows_the_settings_in_force_and_where_they_come_from(run, tmp_path):
    file = tmp_path / "focuscam.toml"
    file.write_text("[led]\npin = 22")
    status, out, _ = run("doctor", "--config", file)
    assert status == 0
    assert f"led.pin 22 ({file})" in " ".join(out.split())
    assert "model" in out


def test_the_doctor_says_what_is_wrong_with_the_settings_and_goes_on(run, tmp_path):
    file = tmp_path / "focuscam.toml"
    file.write_text("[led]\npin = 99")
    status, out, _ = run("doctor", "--config", file)
    assert status == 1
    assert "FAILED  configuration" in out
    assert "model" in out


@pytest.mark.parametrize(("sha256", "threshold"), [("0" * 64, None), (None, 0.123)])
def test_a_still_is_judged_by_the_threshold_of_the_model_at_hand(run, sweep, tmp_path, monkeypatch, sha256, threshold):
    """As `score` and the daemon do: one that was calibrated for another network says nothing of this one's scores."""
    bound = "" if sha256 is None else f'threshold_model = "{sha256}"\n'
    (tmp_path / "focuscam.toml").write_text(f"[focus]\nthreshold = 0.123\n{bound}[capture]\nfolder = '{tmp_path}'\n")
    status, out, err = run("capture", "--source", sweep / "10.png", "--config", tmp_path / "focuscam.toml")
    assert status == 0, err
    with Image.open(out.strip()) as image:
        told = json.loads(image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment][8:])
    assert told["threshold"] == (FocusModel().threshold if threshold is None else threshold)


@pytest.mark.parametrize("command", [[], ["score"], ["doctor"]])
def test_verbose_says_what_only_helps_to_find_a_fault(run, tmp_path, command):
    assert not logging.getLogger("focuscam").isEnabledFor(logging.DEBUG)
    for arguments in (["--verbose", *command], [*command, "--verbose"]):
        run(*arguments, *(["--source", tmp_path] if not command else [tmp_path] if command == ["score"] else []))
        logging.getLogger("focuscam.cli.stages").debug("Why a light is dark.")
        logging.getLogger("PIL").debug("Why a chunk is long.")
    assert logging.getLogger("focuscam").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("PIL").isEnabledFor(logging.DEBUG)


def test_the_environment_of_the_service_can_ask_for_it_too(monkeypatch):
    for value, wanted in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("FOCUSCAM_VERBOSE", value)
        log_to_the_right_place()
        assert logging.getLogger("focuscam.cli.stages").isEnabledFor(logging.DEBUG) is wanted
