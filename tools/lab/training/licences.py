"""Which pictures the weights may rest on: those whose licence leaves no question open for whoever uses the network."""

from __future__ import annotations

import csv
from pathlib import Path

FREE = ("cc0", "cc by", "cc-by", "public domain", "unlicense", "mit", "apache", "bsd", "unrestricted", "free to use")
"""A licence with one of these in it lets anybody do anything, at most for the author's name."""
OPEN = (
    "-sa", " sa", "gpl", "non-commercial", "none stated", "unsplash", "pexels", "not verified", "not mentioned",
    "credits", "no copyright", "per file",
)  # fmt: skip
"""These bind what is made from a picture, forbid a use, or are somebody's word about somebody else's picture."""


def free(licence: str) -> bool:
    """Whether a licence, as a list of files tells it, leaves no question open."""
    told = licence.lower()
    return any(word in told for word in FREE) and not any(word in told for word in OPEN)


def kept(table: Path, path: Path) -> bool:
    """Whether `path` is free by a table (file,source,licence) that lies in a folder above it; a folder by its own row
    or all of its files'. What the table does not name is not.

    Raises OSError where the table cannot be read, ValueError where it has no such columns.
    """
    name = path.resolve().relative_to(table.resolve().parent).as_posix()
    rows = [licence for file, licence in _rows(table) if file.rstrip("/") == name or file.startswith(f"{name}/")]
    above = [licence for file, licence in _rows(table) if file.endswith("/") and name.startswith(file)]
    return bool(rows or above) and all(free(licence) for licence in rows or above)


def _rows(table: Path) -> list[tuple[str, str]]:
    with table.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        if not {"file", "licence"} <= set(reader.fieldnames or ()):
            raise ValueError(f"{table} must have the columns file and licence.")
        return [(row["file"], row["licence"]) for row in reader]
