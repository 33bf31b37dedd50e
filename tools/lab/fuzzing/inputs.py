"""Everything that focuscam reads, made and damaged: settings, the model's card, recordings, sweeps."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import cv2
import numpy as np

from focuscam.config import Settings
from focuscam.focus.model import SHIPPED
from lab.fuzzing.damage import TEXTS, as_json, bytes_damaged, json_damaged, odd_value, toml_value
from lab.fuzzing.judge import Case
from lab.places import REPOSITORY

NAMES = [name for name, _, _ in Settings().each()]

Kind = Callable[[Path, Path, Random], Case]
"""Makes an input in an empty folder; the first path is where what all need was made beforehand."""


def prepare(shared: Path) -> int:
    """Make what is damaged later: a photo, a sweep of small frames, and a recording of it; returns 0."""
    from focuscam.cli import main

    random = np.random.default_rng(5)
    scene = cv2.resize(random.integers(0, 256, (30, 40), dtype=np.uint8), (320, 240), interpolation=cv2.INTER_NEAREST)
    sweep = shared / "sweep"
    sweep.mkdir()
    for step in range(7):
        soft = cv2.GaussianBlur(scene, (0, 0), 0.4 + 1.5 * abs(step - 3))
        cv2.imwrite(str(sweep / f"{step}.png"), soft)
    shutil.copy(sweep / "3.png", shared / "photo.png")
    (sweep / "sweep.csv").write_text("file,position\n" + "".join(f"{step}.png,{step}\n" for step in range(7)))
    main(["--source", str(sweep), "--region", "whole", "--record", str(shared / "recording")])
    return 0


def settings(shared: Path, folder: Path, chance: Random) -> Case:
    """A file of settings, named on the command line, or the one that the service keeps itself."""
    content = _settings(chance)
    shutil.copy(shared / "photo.png", folder)
    right = frozenset({0, 2, 78})  # 2: a region of its own kind
    if chance.random() < 0.3:
        (folder / "state").mkdir()
        (folder / "state" / "settings.toml").write_bytes(content)
        return Case(("score", "photo.png"), right, {"STATE_DIRECTORY": str(folder / "state")})
    (folder / "a.toml").write_bytes(content)
    if chance.random() < 0.05:
        return Case(("doctor", "--config", "a.toml"), frozenset({0, 1}))
    return Case(("score", "--config", "a.toml", "photo.png"), right)


def _settings(chance: Random) -> bytes:
    if chance.random() < 0.4:
        whole = (REPOSITORY / "deploy" / "focuscam.toml").read_bytes()
        return bytes_damaged(whole.replace(b"\n# ", b"\n") if chance.random() < 0.3 else whole, chance)
    lines = []
    for name in chance.sample(NAMES, chance.randrange(1, 6)):
        table, key = name.split(".")
        lines += [f"[{table}]", f"{key} = {toml_value(chance)}"]
    odd = [f"{'a.' * 3000}a = 1", f"[{'a.' * 3000}a]", "\ufeff", f"{'k' * 60_000} = 1", f"[[{chance.choice(NAMES)}]]"]
    lines += chance.sample([*odd, "\x00", "= 1", "a = [", f'"{chance.choice(TEXTS)}" = 1'], chance.choice((0, 0, 1, 2)))
    chance.shuffle(lines)
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return b"\xef\xbb\xbf" + text if chance.random() < 0.1 else text


def card(shared: Path, folder: Path, chance: Random) -> Case:
    """The description of a model, beside the model itself."""
    shutil.copy(shared / "photo.png", folder)
    shutil.copy(SHIPPED, folder / "focus.tflite")
    text = SHIPPED.with_suffix(".json").read_bytes()
    if chance.random() < 0.7:
        text = as_json(json_damaged(json.loads(text), chance))
    else:
        text = chance.choice(
            (bytes_damaged(text, chance), b"[" * 100_000, as_json(odd_value(chance)), b'{"sha256": 1e999}')
        )
    (folder / "focus.json").write_bytes(text)
    (folder / "a.toml").write_text('[focus]\nmodel = "focus.tflite"\n')
    return Case(("score", "--config", "a.toml", "photo.png"), frozenset({0, 78}))


def recording(shared: Path, folder: Path, chance: Random) -> Case:
    """A recording: its index, or one of its pictures."""
    made = folder / "recording"
    shutil.copytree(shared / "recording", made)
    index = made / "recording.jsonl"
    lines = index.read_bytes().splitlines()
    match chance.randrange(6):
        case 0:
            index.write_bytes(bytes_damaged(index.read_bytes(), chance))
        case 1:
            picture = chance.choice(sorted(made.glob("*.png")))
            picture.write_bytes(bytes_damaged(picture.read_bytes(), chance))
        case 2:
            odd = chance.choice((b"x" * 200_000, b"[" * 50_000, as_json(odd_value(chance)), chance.choice(lines) * 2))
            lines.insert(chance.randrange(len(lines)), odd)
            index.write_bytes(b"\n".join(lines))
        case _:
            # The last line says only that it ended.
            for at in chance.sample(range(len(lines) - 1), chance.choice((1, 1, 2))):
                lines[at] = as_json(json_damaged(json.loads(lines[at]), chance))
            index.write_bytes(b"\n".join(lines) + b"\n")
    return Case(("--json", "--source", "recording"), as_json=True)


def sweep(shared: Path, folder: Path, chance: Random) -> Case:
    """A sweep.csv beside its frames, to be played and to be reported on."""
    for frame in (shared / "sweep").glob("*.png"):
        shutil.copy(frame, folder)
    rows = [["file", "position"], *([f"{step}.png", str(step)] for step in range(7))]
    for _ in range(chance.choice((1, 1, 2, 3))):
        # Mostly a position: one name that is not there ends it all.
        at, column = (
            (chance.randrange(1, 8), 1) if chance.random() < 0.7 else (chance.randrange(8), chance.randrange(2))
        )
        rows[at][column] = str(odd_value(chance))
    if chance.random() < 0.2:
        rows += [[chance.choice(("3.png", "x" * 5000, "", "a\0b")), "1e300"]] * chance.choice((1, 20))
    if chance.random() < 0.3:
        factor = chance.choice((1e300, 1e-300, 1e12, 1e-12, -1, 0))
        rows[1:] = [[name, str(step * factor)] for step, (name, _) in enumerate(rows[1:])]
    table = io.StringIO()
    for row in rows:
        table.write(",".join(f'"{each}"' if "," in each or "\n" in each else each for each in row) + "\n")
    content = table.getvalue().encode("utf-8", "surrogatepass")
    (folder / "sweep.csv").write_bytes(bytes_damaged(content, chance) if chance.random() < 0.3 else content)
    if chance.random() < 0.2:
        side = chance.choice((1, 2, 3, 9, 40))
        for step in range(7):
            cv2.imwrite(str(folder / f"{step}.png"), np.full((side, chance.choice((side, 3))), step, np.uint8))
    if chance.random() < 0.5:
        return Case(("--json", "--source", "."), as_json=True)
    return Case(("lens-report", *(("--json",) if chance.random() < 0.5 else ()), "."))
