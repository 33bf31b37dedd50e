"""A recording that began long after its source did is shown at once, and at its own pace."""

import json
import time

from focuscam.recorder.folder import INDEX


def later(folder, seconds, back_at=None):
    """Let the source have begun so long before the recording, and anew in the middle of it."""
    lines = []
    for line in (folder / INDEX).read_text().splitlines():
        fields = json.loads(line)
        if fields["type"] == "scored":
            fields["time"] += seconds if back_at is None or fields["seq"] < back_at else 0
        lines.append(json.dumps(fields))
    (folder / INDEX).write_text("\n".join(lines) + "\n")


def test_nobody_waits_for_what_was_before_it(record, turn_of, tmp_path, play):
    record(tmp_path / "run", turn_of(2))
    later(tmp_path / "run", 86_400.0, back_at=9)
    began = time.monotonic()
    seen = play(tmp_path / "run", paced=True)
    assert time.monotonic() - began < 20
    assert [each[1] for each in seen][:2] == [86_400.0, 86_400.0 + 1 / 30]
    assert len(seen) == 18
