"""What is to hold after a restart is written, but not as often as somebody may ask for it: a card wears out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from focuscam.config import keep
from focuscam.errors import FocuscamError

PAUSE_S = 2.0
"""From one writing to the next, at least; what is wished meanwhile is kept then, all of it at once."""


class Keeper:
    """Keeps settings: the first wish at once, those that follow closely a moment later, together."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        """tell: says what came of it, in a sentence."""
        self._tell = tell
        self._waiting: dict[str, dict[str, object]] = {}
        self._next = float("-inf")

    def want(self, tables: Mapping[str, Mapping[str, object]]) -> None:
        """These are to hold after a restart, {table: {key: value}}, as they are now."""
        for name, keys in tables.items():
            self._waiting.setdefault(name, {}).update(keys)
        self.look()

    def look(self) -> None:
        """Write what waits, where it is time; to be called often."""
        if self._waiting and time.monotonic() >= self._next:
            self.close()

    def close(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        tables, self._waiting = self._waiting, {}
        self._next = time.monotonic() + PAUSE_S
        try:
            self._tell(f"Kept in {keep(tables)}: it holds after a restart.")
        except FocuscamError as error:
            self._tell(str(error))
