import json

import pytest

from lab.benchmark import seed_network
from lab.benchmark.timing import timed


@pytest.fixture
def without_tensorflow(monkeypatch):
    """The seed network is left out: TensorFlow takes longer to start than all the rest."""
    monkeypatch.setattr(seed_network, "found", lambda path: ({}, "seed network: left out."))


def test_every_part_is_timed_in_one_run(tool, without_tensorflow, capsys):
    assert tool("benchmark")(["--repeat", "1", "--json"]) == 0
    told = capsys.readouterr()
    columns = json.loads(told.out)
    single = columns.pop("this machine")
    assert single["multiply-adds a frame, millions"] < 80
    assert single["model file, kB"] < 600
    assert single["start to first score, s"] > 0
    for cost in columns.values():
        parts = sum(value for name, value in cost.items() if name.startswith("  "))
        assert 0 < cost["  network"] < parts
        assert {"whole step", "variance of Laplacian", "Tenengrad"} <= cost.keys()
    assert "left out" in told.err


def test_a_missing_model_is_named(tool, without_tensorflow, tmp_path, capsys):
    assert tool("benchmark")(["--model", str(tmp_path / "none.tflite")]) == 78
    assert "none.tflite" in capsys.readouterr().err


def test_each_job_is_run_once_unseen_before_it_is_timed():
    runs = []
    assert timed({"a": lambda: runs.append("a"), "b": lambda: runs.append("b")}, 1).keys() == {"a", "b"}
    assert runs == ["a", "a", "b", "b"] * 2  # once to warm up, once that counts
