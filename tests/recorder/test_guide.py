"""A guided sweep: watched until it is over, and listed where it was a clean one."""

import csv
import json

import pytest

from focuscam.coach import Coach
from focuscam.errors import FocuscamError
from focuscam.ipc.report import report
from focuscam.messages import Reading
from focuscam.recorder.guide import SweepGuide, write_sweep


def listed(folder):
    with (folder / "sweep.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_clean_turn_gets_a_table_of_its_steps_in_order(record, turn_of, tmp_path):
    record(tmp_path / "run", turn_of(4))
    said = write_sweep(tmp_path / "run")
    rows = listed(tmp_path / "run")
    assert [int(row["position"]) for row in rows] == list(range(len(rows)))
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)
    best = int(said.split("sharpest is ")[1][:6])
    assert 16 <= best < 20
    assert all((tmp_path / "run" / row["file"]).exists() for row in rows)


def test_links_at_its_name_and_at_that_of_a_draft_lead_nowhere(record, turn_of, tmp_path):
    record(tmp_path / "run", turn_of(4))
    victim = tmp_path / "theirs"
    victim.write_bytes(b"theirs")
    for name in "sweep.csv", ".sweep.csv.part":
        (tmp_path / "run" / name).symlink_to(victim)
    write_sweep(tmp_path / "run")
    assert listed(tmp_path / "run")
    assert victim.read_bytes() == b"theirs"


def test_of_the_rests_at_the_ends_little_is_kept(record, turn_of, pictures, tmp_path):
    rest = [(pictures[4], [])] * 40
    record(tmp_path / "run", rest + turn_of(4) + rest)
    assert len(listed(tmp_path / "run") if write_sweep(tmp_path / "run") else []) < 70


@pytest.mark.parametrize(
    ("part", "why"),
    [(slice(0, 20), "never passed the top"), (slice(0, None, 4), "too fast"), (None, "turned back")],
)
def test_one_that_is_not_clean_keeps_its_recording_but_gets_no_table(record, turn_of, tmp_path, part, why):
    script = turn_of(4) * 2 if part is None else turn_of(4)[part]
    record(tmp_path / "run", script)
    with pytest.raises(FocuscamError, match=why) as raised:
        write_sweep(tmp_path / "run")
    assert "was kept" in str(raised.value)
    assert not (tmp_path / "run/sweep.csv").exists()


def test_it_ends_when_the_ring_rests_on_the_other_side(monkeypatch, capsys):
    guide = SweepGuide()
    guide.begin()
    assert "slowly and evenly" in capsys.readouterr().err
    coach = Coach(0.5)

    def over(number):
        contrast = 1 / (1 + ((min(number, 60) - 30) / 6) ** 2)
        return guide.over(report(coach.update(Reading(number, number / 30, None, 0.5, 1.0, "none", contrast)), 0.0))

    assert 60 < next(number for number in range(200) if over(number)) < 100


def test_from_the_command_line_a_sweep_of_files_is_recorded_and_listed(live, sweep, tmp_path):
    steps = "".join(f"{sweep / f'{step}.png'},{step}\n" for step in range(21) for _ in range(3))
    (tmp_path / "sweep.csv").write_text("file,position\n" + steps)
    status, out, err = live.run(
        "--source", tmp_path, "--region", "whole", "--record", tmp_path / "run", "--sweep"
    )  # fmt: skip
    assert status == 0, err
    assert "steps, the sharpest is 0000" in out + err
    assert len(listed(tmp_path / "run")) > 30


def test_over_a_daemon_a_sweep_ends_by_itself(live, tmp_path):
    live.frames_a_step = 18
    live.start()
    status, _, err = live.run("--record", tmp_path / "run", "--sweep")
    first = json.loads((tmp_path / "run/recording.jsonl").read_text().splitlines()[0])
    assert first["type"] == "recording"
    assert status == 0, err
    assert len(listed(tmp_path / "run")) >= 8


def test_it_goes_with_a_recording_only(live):
    assert live.run("--sweep")[0] == 2
    assert live.run("--sweep", "--record", "x", "--preview")[0] == 2


def test_while_somebody_turns_the_ring_to_one_end_the_daemon_is_talked_to(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    guide = SweepGuide()
    answers = iter([False, False, True])
    monkeypatch.setattr("focuscam.recorder.guide.pressed", lambda wait_s=0.0: next(answers))
    talked = []
    guide.begin(lambda: talked.append("status"))
    assert talked == ["status", "status"]
