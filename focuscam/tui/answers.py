"""What a terminal says of itself: the questions, asked in one go, and its answers, picked out of what is typed.

An answer may come late, over a slow connection, or never; so none is waited for beyond a limit, and one that
comes later still counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from focuscam.tui.grid import Depth

QUESTIONS = (
    # kitty's graphics: a picture of one pixel, not to be shown
    "\x1b_Gi=7300,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
    # name and version; size of a cell in pixels; colour of the background
    "\x1b[>q\x1b[16t\x1b]11;?\x1b\\"
    # is a colour of 24 bits kept?
    "\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m"
    # what it is: all answer this, so nothing more is to be expected after it
    "\x1b[c"
)
LIMIT_S = 0.2
"""How long the answers are waited for before the view opens without them."""

IS_IT_DONE = "\x1b[5n"
"""Answered when everything before it has been shown."""

Way = Literal["kitty", "iterm", "sixel", "blocks", "ascii", "none"]

_ANSWERS = {
    "kitty": rb"\x1b_Gi=7300;([^\x1b]*)\x1b\\",
    "graphics": rb"\x1b_G[^\x1b]*\x1b\\",
    "name": rb"\x1bP>\|([^\x1b]*)\x1b\\",
    "style": rb"\x1bP[01]\$r([^\x1b]*)\x1b\\",
    "cell": rb"\x1b\[6;(\d+;\d+)t",
    "background": rb"\x1b\]11;([^\x07\x1b]*)(?:\x07|\x1b\\)",
    "kind": rb"\x1b\[\?([\d;]*)c",
    "done": rb"\x1b\[0?n",
    "string": rb"\x1b[P_\]][^\x07\x1b]*(?:\x07|\x1b\\)",
}
_ANSWER = re.compile(b"|".join(b"(?P<%s>%s)" % (name.encode(), text) for name, text in _ANSWERS.items()))
_BEGUN = re.compile(rb"\x1b(?:[P_\]][^\x07\x1b]*\x1b?|\[[?\d;>]*)?$")
"""What may be the beginning of an answer."""


@dataclass(frozen=True, slots=True)
class Able:
    """What the terminal can."""

    depth: Depth = "256"
    unicode: bool = True
    kitty: bool = False
    iterm: bool = False
    sixel: bool = False
    cell: tuple[int, int] | None = None
    """Width and height of a cell, px."""
    dark: bool = True
    """Whether its background is dark."""

    def best_way(self) -> Way:
        """The best way that it has to show a picture."""
        if self.kitty:
            return "kitty"
        if self.iterm:
            return "iterm"
        if self.sixel and self.cell is not None:
            return "sixel"
        return "blocks" if self.unicode and self.depth != "none" else "ascii"

    def with_answer(self, kind: str, text: str) -> Able:
        """What is known after an answer."""
        match kind:
            case "kitty":
                return replace(self, kitty=text == "OK")
            case "name":
                return replace(self, iterm=self.iterm or text.startswith(("iTerm2", "WezTerm")))
            case "kind":
                return replace(self, sixel="4" in text.split(";")[1:])
            case "style":
                kept = re.search(r"48[:;]2[:;]+1[:;]2[:;]3", text)
                return replace(self, depth="rgb") if kept and self.depth == "256" else self
            case "cell":
                height, width = (int(each) for each in text.split(";"))
                return replace(self, cell=(width, height)) if width and height else self
            case "background":
                parts = re.fullmatch(r"rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+).*", text)
                if parts is None:
                    return self
                red, green, blue = (int(each, 16) / (16 ** len(each) - 1) for each in parts.groups())
                return replace(self, dark=0.3 * red + 0.6 * green + 0.1 * blue < 0.5)
        return self


def by_environment(environment: Mapping[str, str] = os.environ, unicode: bool = True) -> Able:
    """What can be known without asking."""
    terminal = environment.get("TERM", "")
    depth: Depth = "256"
    if environment.get("NO_COLOR") or terminal.startswith(("vt", "dumb")) or terminal.endswith("-m"):
        depth = "none"
    elif environment.get("COLORTERM") in ("truecolor", "24bit") or terminal in ("alacritty", "foot", "xterm-kitty"):
        depth = "rgb"
    iterm = environment.get("LC_TERMINAL") == "iTerm2" or environment.get("TERM_PROGRAM") == "iTerm.app"
    # tmux and screen do not hand such pictures on.
    return Able(depth=depth, unicode=unicode, iterm=iterm and not terminal.startswith(("screen", "tmux")))


class Sorter:
    """Tells the terminal's answers from what is typed."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def waiting(self) -> bool:
        """Whether something has come that may be the beginning of an answer, or the Escape key."""
        return bool(self._rest)

    def feed(self, sent: bytes) -> tuple[bytes, list[tuple[str, str]]]:
        """Returns what was typed, and the answers as (kind, text). Nothing sent: what waits was typed."""
        text = self._rest + sent
        typed = bytearray()
        answers = []
        start = 0
        for found in _ANSWER.finditer(text):
            typed += text[start : found.start()]
            start = found.end()
            kind = found.lastgroup or ""
            inner = [each for each in found.groups() if each is not None]
            answers.append((kind, inner[-1].decode("ascii", "replace")))
        rest = text[start:]
        begun = _BEGUN.search(rest) if sent else None
        # What never ends is no answer, and must not grow.
        if begun is not None and len(rest) - begun.start() < 4096:
            self._rest = rest[begun.start() :]
            typed += rest[: begun.start()]
        else:
            self._rest = b""
            typed += rest
        return bytes(typed), answers
