"""The pages that the documentation has beside those of docs/: generated ones, and documents that stand elsewhere.

`PAGES` is all of them, by where they are in the site; mkdocs is told by `pages.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from lab.docs.decisions import index
from lab.docs.reference import said, settable, typed
from lab.places import REPOSITORY

ELSEWHERE: Mapping[str, str] = {
    "reference/model-card.md": "models/README.md",
    "join/contributing.md": "CONTRIBUTING.md",
    "join/changelog.md": "CHANGELOG.md",
    "join/security.md": "SECURITY.md",
    "join/first-pi.md": "deploy/README.md",
}
"""Pages of the site that are documents of the repository, where people look for them."""

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def moved(page: str) -> str:
    """A document of the repository as a page of the site: its links lead to pages of the site, or are words."""
    source = PurePosixPath(ELSEWHERE[page])
    pages = {at: name for name, at in ELSEWHERE.items()}

    def link(found: re.Match[str]) -> str:
        picture, words, to, place = found[1], found[2], found[3], found[4] or ""
        if "://" in to:
            return found[0]
        target = os.path.normpath(source.parent / to)
        inside = pages.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if inside is None or not inside.endswith((".md", ".png", ".gif")):
            return f"{words} (`{target}`)"
        return f"{picture}[{words}]({os.path.relpath(inside, PurePosixPath(page).parent)}{place})"

    return _LINK.sub(link, (REPOSITORY / source).read_text())


def _elsewhere(page: str) -> Callable[[], str]:
    return lambda: moved(page)


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": typed,
    "reference/settings.md": settable,
    "reference/messages.md": said,
    "decisions/index.md": index,
    **{page: _elsewhere(page) for page in ELSEWHERE},
}

DOCS: Path = REPOSITORY / "docs"
