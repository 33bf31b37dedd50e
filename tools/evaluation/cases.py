"""Cases from the field that concern the score, as pictures in a folder: what is right of each, and whether it was.

Each is looked at as `focuscam score` does (the best subject), and as the light does (the spot in the middle); both must
be right. The folder may hold several of a family: its members are known by how their names begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from focuscam.cameras.photo import read_photo
from focuscam.errors import UsageError
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame
from focuscam.region import parse

REGIONS = ("best", "spot")
ALIKE = 0.1
"""Scores of one picture with a border and without it differ by no more."""


@dataclass(frozen=True)
class Family:
    """Pictures of which one thing is right."""

    words: str
    pattern: str
    """Of their names."""
    right: tuple[str, ...]
    """What may be said of them, each as `verdict` has it."""
    like: str | None = None
    """The picture of which the same must be said, whatever it is."""

    @property
    def wanted(self) -> str:
        """What is right, in words."""
        return f"as {self.like}" if self.like else ", or ".join(self.right)


ON, OFF, NONE = "on", "off", "can't tell"
FAMILIES = (
    Family("lamps of a town, in focus", "lamps_focus*", (ON,)),
    Family("lamps of a town, out of focus", "lamps_off*", (OFF, NONE)),
    Family("bands of a dimmed lamp on a wall", "pwm_wall_*", (NONE,)),
    Family("in a mask, or letterboxed", "soft_*", (ON, OFF, NONE), "soft.jpg"),
    Family("fog, in focus", "fog_sharp*", (ON, NONE)),
    Family("fog, out of focus", "fog_soft*", (OFF, NONE)),
)
SUFFIXES = (".jpg", ".png")


@dataclass(frozen=True)
class Case:
    """One picture, and what was said of it."""

    name: str
    family: Family
    scores: tuple[float | None, ...]
    """In each of REGIONS; None where it can't be told."""
    right: bool

    @property
    def said(self) -> str:
        """The scores, as they stand in the table."""
        return ", ".join(NONE if each is None else f"{each:.2f}" for each in self.scores)


def listed(folder: Path) -> list[tuple[Family, Path]]:
    """The pictures of a folder that are cases. Raises UsageError where there is none, or where one has no fellow."""
    found = [
        (family, path)
        for family in FAMILIES
        for path in (sorted(folder.glob(family.pattern)) if folder.is_dir() else ())
        if path.suffix in SUFFIXES
    ]
    if not found:
        names = ", ".join(family.pattern for family in FAMILIES)
        raise UsageError(f"{folder} holds no case from the field that concerns the score: {names} (.jpg, .png).")
    for family, path in found:
        if family.like and not (folder / family.like).is_file():
            raise UsageError(f"{path} is to be compared with {family.like}, which is not beside it.")
    return found


def tried(model: FocusModel, family: Family, path: Path) -> Case:
    """Look at one picture. Raises FocuscamError for one that cannot be read."""
    scores = _scores(model, path)
    right = all(verdict(score, model.threshold) in family.right for score in scores)
    if family.like:
        pairs = zip(scores, _scores(model, path.with_name(family.like)), strict=True)
        right = right and all(_alike(score, other, model.threshold) for score, other in pairs)
    return Case(path.name, family, scores, right)


def verdict(score: float | None, threshold: float) -> str:
    """What a score says of a picture."""
    return NONE if score is None else ON if score >= threshold else OFF


def _alike(score: float | None, other: float | None, threshold: float) -> bool:
    near = score is None or other is None or abs(score - other) <= ALIKE
    return near and verdict(score, threshold) == verdict(other, threshold)


def _scores(model: FocusModel, path: Path) -> tuple[float | None, ...]:
    photo = read_photo(path)
    frame = Frame(0, 0.0, photo.fine, photo.coarse, taken=0.0, name=path.name)
    return tuple(Scorer(model, parse(region)).score(frame).score for region in REGIONS)
