import json

import cv2
import numpy as np
import pytest
from evaluate import arguments, complete, main
from evaluation import calibration, cases, light, pictures, rivals, sets, skies, statistics, trials, wanted
from PIL import Image
from sklearn.metrics import roc_auc_score

from focuscam.focus.model import FocusModel
from focuscam.messages import Reading


class Always:
    """A light that is what it is told to be, whatever it is shown."""

    def __init__(self, on):
        self.on = on

    def show(self, reading, time):
        return self.on


class Exact:
    """A light that is on where the contrast it is shown is at least 0.9."""

    def show(self, reading, time):
        return reading.contrast >= 0.9


C = np.array([0.2, 0.4, 0.8, 1.0, 0.96, 0.6, 0.3])


def shots(values):
    return [[Reading(0, 0.0, None, value, 1.0, "unknown", value)] for value in values]


def test_a_light_that_follows_contrast_passes_every_trial():
    seen = light.trial(Exact, shots(C), C)
    assert seen.green
    assert seen.first == [1.0, 0.96]
    assert all(right for _, _, right in seen.cold)


def test_a_light_that_is_always_on_fails_the_soft_rests_and_is_green_too_soon():
    seen = light.trial(lambda: Always(True), shots(C), C)
    assert not seen.green
    assert [right for _, wanted, right in seen.rests if wanted] == [True]
    assert not any(right for _, wanted, right in seen.rests if not wanted)
    assert seen.first == [0.2, 0.3]


def test_a_light_that_never_comes_on_has_no_first_green():
    seen = light.trial(lambda: Always(False), shots(C), C)
    assert seen.first == [0.0, 0.0]
    assert [wanted for _, wanted, right in seen.cold if not right] == [True, True]


def test_only_soft_frames_and_the_best_are_rested_on():
    seen = light.trial(Exact, shots(C), C)
    assert [step for step, _, _ in seen.rests] == [0, 1, 3, 6]
    assert [step for step, _, _ in seen.cold] == [0, 1, 3, 4, 6]


def test_the_auc_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    sharp, blurred = list(rng.normal(1, 1, 30)), list(rng.normal(0, 1, 40))
    figure = statistics.auc(sharp, blurred)
    assert figure.value == pytest.approx(roc_auc_score([1] * 30 + [0] * 40, sharp + blurred))
    assert figure.low < figure.value < figure.high
    assert figure.n == 70


def test_wilsons_interval_is_that_of_the_books():
    figure = statistics.share([True] * 8 + [False] * 2)  # Agresti and Coull (1998): 0.49 to 0.94
    assert (figure.low, figure.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))


def test_no_cases_make_no_figure():
    assert str(statistics.share([])) == "-"
    assert str(statistics.auc([], [1.0])) == "-"


def test_the_best_threshold_of_a_rival_parts_what_can_be_parted():
    assert 3 < statistics.best_threshold([4.0, 5.0, 9.0], [1.0, 2.0, 3.0]) < 4


def test_rank_correlation_is_one_for_a_hill_and_falls_when_it_is_turned_over():
    hill = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
    assert statistics.rank_correlation(hill, 2) == pytest.approx(1)
    assert statistics.rank_correlation(-hill, 2) == pytest.approx(-1)
    assert statistics.rank_correlation(np.ones(5), 2) == 0


def test_contrast_for_judging_is_taken_at_640_px(leaves):
    large = cv2.resize(leaves, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    assert pictures.reference_contrast(large) == pytest.approx(pictures.reference_contrast(leaves), rel=0.02)


@pytest.mark.parametrize("name", pictures.CONDITIONS)
def test_every_condition_gives_a_picture(leaves, name):
    seen = pictures.CONDITIONS[name](leaves, np.random.default_rng(0))
    assert seen.dtype == np.uint8
    assert max(seen.shape) <= max(leaves.shape)


def test_a_rival_learns_its_threshold_from_what_it_is_given(leaves):
    rival = rivals.Measured("Laplacian", rivals.laplacian)
    pairs = [(leaves, True), (cv2.blur(leaves, (9, 9)), False)]
    rival.train(pairs, pairs)
    assert rivals.laplacian(pairs[1][0]) < rival.threshold < rivals.laplacian(leaves)


@pytest.fixture
def kaggle(leaves, tmp_path):
    """Two scenes in the layout of the Kaggle set."""
    shaken = np.zeros((15, 15), np.float32)
    shaken[7] = 1 / 15
    for scene, picture in (("1", leaves), ("2", leaves[:, ::-1])):
        small = cv2.resize(picture, (400, 300), interpolation=cv2.INTER_AREA)
        versions = {
            "sharp": small,
            "defocused_blurred": cv2.blur(small, (9, 9)),
            "motion_blurred": cv2.filter2D(small, -1, shaken),
        }
        for folder, version in versions.items():
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(version).save(tmp_path / folder / f"{scene}_PHONE_{folder[0].upper()}.png")
    return tmp_path


def test_photos_and_sweeps_are_tried_and_the_figures_come_with_their_numbers(kaggle, sweep, tmp_path, capsys):
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (tmp_path / "sweep.csv").write_text("file,position\n" + rows)
    given = ["--photos", str(kaggle), "--sweeps", str(tmp_path), "--only", "focuscam", "--conditions", "clean"]
    assert main([*given, "--json", "--plot", str(tmp_path / "plots")]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))[
        "compared"
    ]
    for figures in told.values():
        clean = figures["clean"]
        assert clean["accuracy"]["n"] == 6
        assert clean["on sharp"]["value"] == 1
        assert clean["rank"]["value"] > 0.9
        assert clean["green"]["value"] == 1
    if len(told) == 2:
        assert told["focuscam, tflite-runtime"]["clean"]["same decision"]["value"] >= 0.95
    assert len(list((tmp_path / "plots").glob("*.png"))) >= 2


def test_the_table_names_the_command_that_makes_absent_weights(kaggle, capsys):
    absent = ["--seed-model", "nowhere.tflite"]
    assert main(["--photos", str(kaggle), "--only", "focuscam", "--conditions", "clean", *absent]) == 0
    told = capsys.readouterr()
    assert "tools/train.py seed" in told.err
    assert "AUC defocus" in told.out


def test_a_folder_in_another_layout_is_refused_with_a_sentence(tmp_path, capsys):
    assert main(["--photos", str(tmp_path)]) == 2
    assert "defocused_blurred" in capsys.readouterr().err


def test_a_folder_without_a_sweep_is_refused_with_a_sentence(tmp_path, capsys):
    assert main(["--sweeps", str(tmp_path)]) == 2
    assert "sweep.csv" in capsys.readouterr().err


def of_spots(score, c, series, green=False, end=False):
    score = np.asarray(score, float)
    same = np.ones(len(score), bool)
    return calibration.Shown(score, np.asarray(c, float), np.asarray(series), same & green, same & end)


def test_a_score_that_means_what_it_says_has_no_calibration_error():
    rng = np.random.default_rng(0)
    score = rng.random(40_000)
    right = rng.random(len(score)) < score
    shown = of_spots(score, np.where(right, 0.95, 0.3), np.full(len(score), "one"))
    assert calibration.figures(shown)["ECE"].value < 0.02
    bold = of_spots(np.where(score > 0.5, 0.99, 0.01), shown.c, shown.series)
    assert calibration.figures(bold)["ECE"].value > 0.2


def test_frames_of_which_nobody_knows_do_not_count_and_series_count_alike():
    series = ["long"] * 90 + ["short"] * 10 + ["short"]
    many = of_spots([0.9] * 90 + [0.1] * 10 + [0.5], [1.0] * 90 + [1.0] * 10 + [0.8], series)
    figures = calibration.figures(many)
    assert figures["ECE"].n == 100
    assert figures["sharp on"].value == pytest.approx(0.5)
    assert figures["sharp, score"].value == pytest.approx(0.5)


def test_soft_frames_and_soft_ends_that_are_green_alone_are_counted_apart():
    ends, lit = np.array([True, False, False, True]), np.array([True, False, False, False])
    figures = calibration.figures(of_spots([0.6, 0.05, 0.95, 0.2], [0.6, 0.3, 1.0, 0.9], ["a"] * 4, lit, ends))
    assert figures["ends green"].value == 1  # the other end is nearly sharp
    assert figures["soft green"].value == 0
    assert figures["soft under 0.1"].value == 1
    assert figures["sharp over 0.9"].value == 1


def test_spots_without_a_frame_that_is_plainly_soft_say_nothing_of_soft_ones():
    figures = calibration.figures(of_spots([0.9], [1.0], ["a"]))
    assert figures["soft green"].n == 0
    assert str(figures["soft, score"]) == "-"


def test_a_rival_that_is_pointed_at_a_spot_sees_that_alone(leaves):
    picture = np.full_like(leaves, 90)
    picture[120:240, 160:320] = leaves[120:240, 160:320]
    rival = rivals.Measured("Laplacian", rivals.laplacian)
    frame = pictures.frame_of(picture)
    assert rival.at((0.25, 0.25, 0.25, 0.25))(frame).score == pytest.approx(rivals.laplacian(leaves[120:240, 160:320]))
    assert rival.at((0.75, 0.75, 0.25, 0.25))(frame).score == 0


def test_sets_are_parted_and_a_kind_that_is_not_said_is_not_wrong():
    def said(score, blur="none"):
        return Reading(0, 0.0, None, score, 1.0, blur, 1.0)

    seen = {
        "one": {
            "sharp": [said(0.9)] * 4,
            "motion": [said(0.1, "motion"), said(0.2, "unknown"), said(0.7), said(0.1, "defocus")],
        }
    }
    figures = sets.figures(seen, 0.5)
    assert (figures["sharp"].value, figures["motion"].value, figures["AUC motion"].value) == (1, 0.75, 1)
    assert figures["kind"].value == pytest.approx(1 / 3)
    assert figures["kind, when said"].value == pytest.approx(1 / 2)
    seen["one"]["motion"] = [said(0.1, "unknown")] * 4
    assert "kind" not in sets.figures(seen, 0.5)  # a judge that never says one is not wrong about it


@pytest.fixture
def asked(leaves, sweep, tmp_path):
    """Sets, spots and cases, and the options that name them."""
    for label, picture in (("sharp", leaves), ("defocus", cv2.blur(leaves, (13, 13)))):
        (tmp_path / "sets" / "one" / label).mkdir(parents=True)
        for number in range(3):
            Image.fromarray(picture).save(tmp_path / "sets" / "one" / label / f"{number}.png")
    (tmp_path / "spots" / "a").mkdir(parents=True)
    rows = "".join(f"{sweep / f'{n}.png'},{n}\n" for n in range(21))
    (tmp_path / "spots" / "a" / "sweep.csv").write_text("file,position\n" + rows)
    (tmp_path / "spots" / "spots.csv").write_text("sweep,x,y,w,h\na,0.375,0.375,0.25,0.25\n")
    (tmp_path / "cases").mkdir()
    Image.fromarray(leaves).save(tmp_path / "cases" / "lamps_off40.png")  # on, which is wrong
    names = [f"--{name}={tmp_path / name}" for name in ("sets", "spots", "cases")]
    return [*names, "--skies=1", "--only=focuscam"]


def test_one_table_says_what_is_wanted_and_what_was_found(asked, tmp_path, capsys):
    assert main([*asked, "--plot", str(tmp_path / "plots")]) == 0
    told = {line.partition("  ")[0].strip(): line for line in capsys.readouterr().out.splitlines()}
    assert ">= 0.98" in told["sharp photos called in focus"]
    assert "1.000" in told["sharp photos called in focus"]
    assert "<= 0.02" in told["c under 0.5: green alone"]
    assert "0.000" in told["c under 0.5: green alone"]
    assert "<= 0.03" in told["first and last frames, c up to 0.7: green alone"]
    assert "autofocus finds the focus" in told
    wrong = told["lamps of a town, out of focus: lamps_off40.png"]
    assert wrong.endswith("missed")
    assert "missed" not in told["the moon: on in focus, off from 6 px"]
    assert any(line.startswith("focuscam, ") and line.endswith("as wanted.") for line in told)
    assert (tmp_path / "plots" / "reliability.png").is_file()


def test_the_table_for_programs_has_each_line_with_what_is_wanted_and_whether_it_was_met(asked, capsys):
    assert main([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))["table"]
    by_line = {row["line"]: row for row in rows}
    sharp = by_line["sharp photos called in focus"]
    assert sharp["wanted"] == ">= 0.98"
    for found in sharp["found"].values():
        assert found["met"]
        assert found["n"] == 1
    for found in by_line["lamps of a town, out of focus: lamps_off40.png"]["found"].values():
        assert found["met"] is False
        assert found["scores"][0] > 0.9


@pytest.mark.parametrize(
    ("option", "said"), [("--sets", "holds no sets"), ("--spots", "spots.csv"), ("--cases", "holds no case")]
)
def test_a_folder_that_does_not_hold_what_it_should_is_refused_with_one_sentence(option, said, tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "absent"):
        assert main([option, str(folder), "--only", "focuscam"]) == 2
        (line,) = [line for line in capsys.readouterr().err.splitlines() if str(tmp_path) in line]
        assert said in line


def test_nothing_to_look_at_is_said_where_no_data_lie_beside_the_repository(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("evaluate.DATA", tmp_path / "absent")
    assert main([]) == 2
    assert "--sets FOLDER" in capsys.readouterr().err


def test_without_options_all_validation_data_are_looked_at(photos):
    options = arguments().parse_args([])
    complete(options)
    assert sets.listed(options.sets)
    assert len(calibration.listed(options.spots)) > 10
    assert cases.listed(options.cases)
    assert options.skies > 0


def test_each_kind_of_sky_has_a_line_in_the_table_with_what_is_wanted():
    assert [line.key for line in wanted.SKIES] == [*skies.KINDS, "autofocus"]
    assert all(line.wanted for line in wanted.SKIES)


@pytest.mark.parametrize("count", ["-1", "many"])
def test_a_number_of_skies_that_is_none_is_refused(count, capsys):
    with pytest.raises(SystemExit):
        main(["--skies", count])
    assert "--skies" in capsys.readouterr().err


def test_ours_is_right_on_the_real_sweep_of_a_keyboard(photos):
    judge = rivals.Ours(FocusModel())
    seen = trials.on_sweeps(judge, [pictures.sweep(photos / "sweeps" / "validation" / "keyboard")], "clean", light=True)
    figures = seen.figures()
    assert figures["rank"].value > 0.9
    assert figures["green"].value == 1
