"""What is wanted and what was found, side by side: a column for each judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.cases import Case
from evaluation.statistics import Figure
from evaluation.wanted import Line

MISSED = "  missed"
Figures = dict[str, dict[str, Figure]]
"""By judge, then by the key of a line."""


@dataclass(frozen=True)
class Row:
    """A line of the table, and what was found by judge: text, whether it is as wanted, the same for programs."""

    words: str
    wanted: str
    found: dict[str, tuple[str, bool | None, dict[str, object]]]


@dataclass(frozen=True)
class Part:
    """Lines that belong together."""

    title: str
    rows: list[Row]


def of_figures(title: str, lines: Iterable[Line], found: Figures) -> Part:
    """A part whose lines are figures; those that no judge has are left out."""
    rows = []
    for line in lines:
        cells = {
            judge: (str(figures[line.key]), line.met(figures[line.key]), as_json(figures[line.key]))
            for judge, figures in found.items()
            if line.key in figures and figures[line.key].n
        }
        if cells:
            rows.append(Row(line.words, line.wanted, cells))
    return Part(title, rows)


def of_cases(title: str, found: dict[str, list[Case]]) -> Part:
    """A part whose lines are pictures, of each of which something is right; all judges saw the same ones."""
    rows = []
    for several in zip(*found.values(), strict=True):
        cells: dict[str, tuple[str, bool | None, dict[str, object]]] = {
            judge: (case.said, case.right, {"scores": list(case.scores)})
            for judge, case in zip(found, several, strict=True)
        }
        rows.append(Row(f"{several[0].family.words}: {several[0].name}", several[0].family.wanted, cells))
    return Part(title, rows)


def text(parts: Sequence[Part]) -> str:
    """The table, to read; what is not as wanted is marked."""
    judges = list(dict.fromkeys(judge for part in parts for row in part.rows for judge in row.found))
    first = max(len(word) for part in parts for word in (part.title, *(row.words for row in part.rows)))
    second = max(len(row.wanted) for part in parts for row in part.rows)
    width = max(len(_cell(row, judge)) for part in parts for row in part.rows for judge in judges)
    width = max(width, *(len(judge) for judge in judges))
    lines = []
    for part in parts:
        lines.append(f"{part.title:{first}}  {'wanted':{second}}  " + "  ".join(f"{each:{width}}" for each in judges))
        for row in part.rows:
            cells = "  ".join(f"{_cell(row, judge):{width}}" for judge in judges)
            lines.append(f"{row.words:{first}}  {row.wanted:{second}}  {cells}")
        lines.append("")
    for judge in judges:
        found = [row.found[judge][1] for part in parts for row in part.rows if judge in row.found]
        lines.append(f"{judge}: {found.count(True)} of {len(found) - found.count(None)} as wanted.")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _cell(row: Row, judge: str) -> str:
    if judge not in row.found:
        return "-"
    said, met, _ = row.found[judge]
    return said + MISSED * (met is False)


def plain(parts: Sequence[Part]) -> list[dict[str, object]]:
    """The table as JSON has it."""
    return [
        {
            "part": part.title,
            "line": row.words.strip(),
            "wanted": row.wanted or None,
            "found": {judge: {**values, "met": met} for judge, (_, met, values) in row.found.items()},
        }
        for part in parts
        for row in part.rows
    ]


def as_json(figure: Figure) -> dict[str, object]:
    """A figure as JSON has it: null where there is no number."""
    return {key: None if value != value else value for key, value in vars(figure).items()}
