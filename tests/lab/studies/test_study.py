"""The studies: their arithmetic on known cases, and all of them at the smallest size, as a user runs them."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from lab.studies import report
from lab.training import scenes

ROOT = Path(__file__).resolve().parents[3]
needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is not installed here: pip install '.[train]' brings it",
)

REFUSED = [
    (["kernel"], "give --data"),
    (["kernel", "--simulate", "{photos}/nowhere"], "does not exist"),
    (["kinds", "--data", "{photos}"], "has no folder sharp"),
    (["kernel", "--simulate", "{photos}", "--side", "40"], "50 to 256 for a kernel of 7"),
    (["arithmetic"], "nothing to train on"),
]
"""What cannot be studied, and the sentence that says so."""

# All studies in one process: TensorFlow is loaded once, and stays out of the process of the other tests.
TINY = """
import contextlib, io, json, runpy, sys
import numpy as np
from lab.places import TOOLS
main = runpy.run_path(str(TOOLS / "study.py"), run_name="study")["main"]
told = []
for line in json.loads(sys.argv[1]):
    sys.argv = ["tools/study.py", *line]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
        status = main()
    told.append([status, out.getvalue(), errors.getvalue()])
from lab.studies.arithmetic import multiply_adds
from lab.studies.pictures import most_detail
from lab.training import networks, seed
counted = [multiply_adds(networks.live(8)), networks.multiply_adds(outputs=8), multiply_adds(seed.network())]
picture = np.full((256, 256, 3), 0.5, np.float32)
picture[150:180, 40:70] = np.random.default_rng(0).random((30, 30, 1), np.float32)
cuts = [most_detail(picture, 64), most_detail(picture, 256)]
print(json.dumps({"told": told, "counted": counted, "cuts": cuts}))
"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    for number in range(5):
        cv2.imwrite(str(folder / f"{number}.png"), scenes.invented(number, 1)[:400, :400].astype(np.uint8))
    return folder


@pytest.fixture(scope="module")
def tiny(photos, tmp_path_factory):
    """What all studies print at the smallest size, the second with the first one's runs, and what they leave."""
    work = tmp_path_factory.mktemp("work")
    common = ["--work", str(work), "--threads", "1"]
    seeds = ["--simulate", str(photos), "--side", "36", "--runs", "2", *common]
    patches = ["--patches", "100", "--widths", "2,2,2", "--sides", "32"]
    lines = [
        ["kernel", "--kernels", "3", "5", "--epochs", "1", *seeds, "--split", "scene", "--json"],
        ["kinds", "--epochs", "1", *seeds, "--json"],
        ["epochs", "--epochs", "1", "3", *seeds, "--split", "scene", "--json"],
        ["arithmetic", "--photos", str(photos), *patches, "--epochs", "1", "--split", "scene", *common],
        *(
            [argument.format(photos=photos) for argument in [*arguments, "--work", str(work)]]
            for arguments, _ in REFUSED
        ),
    ]
    run = subprocess.run(
        [sys.executable, "-c", TINY, json.dumps(lines)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    return {**json.loads(run.stdout.splitlines()[-1]), "work": work}


def table(tiny, index):
    status, out, errors = tiny["told"][index]
    assert status == 0, errors
    return json.loads(out)


@needs_tensorflow
def test_each_kernel_stands_beside_its_published_figure(tiny):
    told = table(tiny, 0)
    assert [(r["what"], r["published"]) for r in told["rows"]] == [("kernel 3", 0.90625), ("kernel 5", 0.859375)]
    # Five scenes of three photos: one scene is held out in each of two runs.
    assert all(r["n"] == 2 * 3 and r["runs"] == 2 for r in told["rows"])
    assert all(r["lowest"] <= r["ours"] <= r["highest"] for r in told["rows"])
    assert told["size"]["scenes"] == 5
    assert told["size"]["side"] == 36


@needs_tensorflow
def test_focused_and_unfocused_photos_are_counted_apart_and_add_up_to_the_whole(tiny):
    whole = next(r for r in table(tiny, 0)["rows"] if r["what"] == "kernel 3" and r["split"] == "scene")
    parts = {r["what"]: r for r in table(tiny, 1)["rows"] if r["split"] == "scene"}
    assert parts["focused"]["published"] == 1.0
    assert parts["unfocused"]["published"] == 0.8125
    right = parts["focused"]["ours"] * parts["focused"]["n"] + parts["unfocused"]["ours"] * parts["unfocused"]["n"]
    assert right == pytest.approx(whole["ours"] * whole["n"], abs=0.01)
    assert parts["out of focus"]["n"] + parts["shaken"]["n"] == parts["unfocused"]["n"]
    by_file = {r["what"]: r["n"] for r in table(tiny, 1)["rows"] if r["split"] == "file"}
    assert by_file["focused"] + by_file["unfocused"] == 2 * 3


@needs_tensorflow
def test_runs_that_are_done_are_not_done_again(tiny):
    # The third study asks after one epoch what the first had asked, and goes on to three from there.
    first, third = table(tiny, 0)["rows"][0], table(tiny, 2)["rows"]
    assert [r["what"] for r in third] == ["1 epochs", "3 epochs"]
    assert third[0]["ours"] == first["ours"]
    by_scene = [json.loads(p.read_text()) for p in tiny["work"].glob("seed-*-3-36-scene-*.json")]
    assert [state["epochs"] for state in by_scene] == [3, 3]
    assert "kernel 3, by scene, run 1:  33%" in tiny["told"][2][2]  # the bar began where the run had stopped


@needs_tensorflow
def test_a_wider_network_and_a_larger_patch_cost_more_arithmetic(tiny):
    status, text, errors = tiny["told"][3]
    assert status == 0, errors
    told = json.loads((tiny["work"] / "arithmetic.json").read_text())
    cost = {(r["channels"], r["patch"]): r["multiply-adds"] for r in told["rows"]}
    assert cost["2 2 2", 64] < tiny["counted"][0]
    assert cost["24 48 64", 32] < tiny["counted"][0]
    assert all(0 <= r["AUC motion"] <= 1 and r["n"] > 0 for r in told["rows"])
    assert "multiply-adds" in text
    assert (tiny["work"] / "arithmetic.txt").read_text() == text


@needs_tensorflow
def test_multiply_adds_counted_from_the_layers_are_those_of_the_formula(tiny):
    from_layers, formula, published = tiny["counted"]
    assert from_layers == formula
    assert 600e6 < published < 640e6


@needs_tensorflow
def test_a_cut_lies_where_the_sharp_photo_has_its_detail(tiny):
    (top, left), whole = tiny["cuts"]
    assert top <= 150
    assert top + 64 >= 180
    assert left <= 40
    assert left + 64 >= 70
    assert whole == [0, 0]


def test_a_table_has_a_column_for_every_figure_and_a_dash_where_there_is_none():
    lines = report.table([{"what": "kernel 3", "ours": 0.5}, {"what": "kernel 7", "published": 0.421875}])
    assert lines[0].split() == ["what", "ours", "published"]
    assert lines[1].split() == ["kernel", "3", "0.500", "-"]
    assert lines[2].split() == ["kernel", "7", "-", "0.422"]


@needs_tensorflow
@pytest.mark.parametrize("case", range(len(REFUSED)), ids=[sentence for _, sentence in REFUSED])
def test_what_cannot_be_studied_is_refused_in_one_sentence(tiny, case):
    status, out, errors = tiny["told"][case - len(REFUSED)]
    assert status == 1
    assert out == ""
    assert REFUSED[case][1] in errors
    assert "Traceback" not in errors
