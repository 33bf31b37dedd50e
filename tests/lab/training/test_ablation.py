import json
import math

from lab.training import ablation
from lab.training.ablation import Options, lines, looked_at, train_command, trained


def test_the_value_of_each_line_is_read_and_of_a_case_the_score_of_its_best_subject():
    table = [
        {"line": "sharp", "found": {"focuscam, LiteRT": {"value": 0.9, "n": 3}}},
        {"line": "lamps", "found": {"focuscam, LiteRT": {"scores": [None, 0.2]}}},
    ]
    found = lines(json.dumps({"table": table, "compared": {}}))
    assert found["sharp"] == 0.9
    assert math.isnan(found["lamps"])


def test_a_network_is_trained_without_what_is_named_and_one_that_is_there_is_not_made_again(tmp_path, monkeypatch):
    run = []
    monkeypatch.setattr(ablation, "_run", run.append)
    options = Options(data=tmp_path / "data", patches=5, epochs=1, work=tmp_path)
    model = trained(options, "tremor", 2)
    (command,) = run
    assert command[-2:] == ["--without", "tremor"]
    assert "--without" not in train_command(options, "", 2, tmp_path)
    model.parent.mkdir()
    model.with_suffix(".json").write_text("{}")
    assert trained(options, "tremor", 2) == model
    assert len(run) == 1


def test_what_evaluate_prints_today_is_understood(photos, tmp_path):
    data = tmp_path / "data"
    for part in ("photos/validation", "sweeps/validation", "series/validation"):
        (data / part).mkdir(parents=True)
    (tmp_path / "cases").mkdir()
    few = min((photos / "photos" / "validation").iterdir())
    (data / "photos" / "validation" / few.name).symlink_to(few)
    for name in ("sweeps", "series"):
        (data / name / "validation" / "spots.csv").write_text("sweep,x,y,w,h\nkeyboard,0.4,0.4,0.25,0.25\n")
        (data / name / "validation" / "keyboard").symlink_to(photos / "sweeps" / "validation" / "keyboard")
    case = min((photos.parent / "cases").glob("lamps_focus*"))
    (tmp_path / "cases" / case.name).symlink_to(case)
    found = looked_at(data, ablation.REPOSITORY / "models" / "focus.tflite")
    assert 0 <= found["sharp photos called in focus"] <= 1
