from random import Random

import pytest

from lab.fuzzing import inputs
from lab.fuzzing.judge import Case, run


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """What the cases are made of."""
    folder = tmp_path_factory.mktemp("shared")
    assert run(Case(program=lambda: inputs.prepare(folder)), folder).status == 0
    return folder


def test_what_is_damaged_was_whole_a_photo_a_sweep_and_a_recording(shared):
    assert (shared / "photo.png").is_file()
    assert len(list((shared / "sweep").glob("*.png"))) == 7
    assert (shared / "recording" / "recording.jsonl").stat().st_size > 1000


@pytest.mark.parametrize("kind", [inputs.settings, inputs.card, inputs.recording, inputs.sweep])
def test_a_seed_makes_the_same_case_with_the_same_files(kind, shared, tmp_path):
    made = []
    for name in ("one", "again"):
        folder = tmp_path / name
        folder.mkdir()
        case = kind(shared, folder, Random(11))
        files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        made.append((case.arguments, files))
    assert made[0] == made[1]
    assert made[0][1]
