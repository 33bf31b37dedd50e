"""The outcome of a study: as a table for people, as JSON for programs; both are kept in the work folder."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Result:
    """What a study found, and at what size it was run."""

    study: str
    size: dict[str, Any]
    rows: list[dict[str, Any]]
    notes: list[str]

    def text(self) -> str:
        """Size, table, notes."""
        size = "; ".join(f"{name} {_cell(value)}" for name, value in self.size.items())
        return "\n".join([f"{self.study}: {size}", "", *table(self.rows), "", *self.notes])

    def json(self) -> str:
        """The same, and the command."""
        command = shlex.join(["tools/study.py", *sys.argv[1:]])
        told = {"study": self.study, "command": command, "size": self.size, "rows": self.rows, "notes": self.notes}
        return json.dumps(told, indent=2)

    def keep(self, folder: Path) -> None:
        """Write both to the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.study}.txt").write_text(self.text() + "\n", encoding="utf-8")
        (folder / f"{self.study}.json").write_text(self.json() + "\n", encoding="utf-8")


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Lines with columns of even width, the heads first; numbers to the right."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    cells = [heads] + [[_cell(row.get(name)) for name in heads] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    left = {name for name in heads if any(isinstance(row.get(name), str) for row in rows)}
    return [
        "  ".join(
            cell.ljust(width) if name in left else cell.rjust(width)
            for cell, width, name in zip(line, widths, heads, strict=True)
        ).rstrip()
        for line in cells
    ]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)
