"""The index of the decisions, from the head that each of their pages has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lab.places import REPOSITORY

FOLDER = REPOSITORY / "docs/decisions"

NO_BREAK = "\N{NON-BREAKING HYPHEN}"

_HEAD = re.compile(
    r"# (?P<title>[^\n]+)\n"
    r"\*Decided (?P<date>\d{4}-\d\d-\d\d)(, last changed (?P<changed>\d{4}-\d\d-\d\d))?\.\*\n\n"
    r"\* \*\*Chosen:\*\* (?P<chosen>[^\n]+)\.\n"
    r"\* \*\*Lost:\*\* (?P<lost>[^\n]+)\.\n"
    r"\* \*\*Why:\*\* (?P<why>[^\n]+)\.\n"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the head of a page says."""

    file: str
    title: str
    date: str
    """Of its first version, or of its last change where there was one."""
    chosen: str
    lost: str


def decision(file: Path) -> Decision:
    """What a page says in its head. Raises ValueError, with what is wanted, where it has none."""
    head = _HEAD.match(file.read_text())
    if head is None:
        raise ValueError(
            f"{file.name} does not begin as a decision does: its title, when it was decided, and what was chosen, what "
            "lost and why, a line each that ends with a full stop."
        )
    return Decision(file.name, head["title"], head["changed"] or head["date"], head["chosen"], head["lost"])


def index() -> str:
    """The page that lists them all, the latest first."""
    found = sorted((decision(file) for file in FOLDER.glob("*.md")), key=lambda each: each.title)
    found.sort(key=lambda each: each.date, reverse=True)
    # A date that a narrow column does not break.
    rows = [
        f"| {each.date.replace('-', NO_BREAK)} | [{each.title}]({each.file}) | {each.chosen} | {each.lost} |"
        for each in found
    ]
    return "\n".join(
        [
            "# Decisions",
            "Why focuscam is as it is: what was chosen, what lost, and why. The latest change comes first.",
            "",
            "| | | chosen | lost |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
