"""The stills that there are: the last ones by name, small pictures of them, and each as it was saved."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from pathlib import Path

from focuscam.still_name import NAME
from focuscam.system.files import contents

LAST = 8
"""So many are shown."""
SIDE = 240
"""px of a small one, its longer side."""
MOST_BYTES = 64_000_000
"""A still with more is not shown: it is none of the camera's."""
_KEPT = 16


class Stills:
    """A folder that a daemon saves into. Its methods read the disk; from any thread."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._small: OrderedDict[str, bytes] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def are_in(self, folder: str | None) -> None:
        """Where the daemon says that they are."""
        self._folder = Path(folder) if folder else None

    def last(self) -> list[str]:
        """The names of the last ones, the newest first; none where the folder can't be read."""
        if self._folder is None:
            return []
        try:
            names = [each.name for each in self._folder.iterdir()]
        except OSError:
            return []
        return sorted((name for name in names if NAME.fullmatch(name) and name.endswith(".jpg")), reverse=True)[:LAST]

    def whole(self, name: str) -> bytes | None:
        """A still as it was saved; None where there is none of that name that can be read."""
        if self._folder is None or not NAME.fullmatch(name):
            return None
        try:
            return contents(self._folder / name, most=MOST_BYTES)
        except OSError:
            return None

    def small(self, name: str) -> bytes | None:
        """A small JPEG of it; None where none can be made. One at a time: a still takes megabytes to decode."""
        with self._one_at_a_time:
            if name not in self._small:
                made = _small(self.whole(name))
                if made is None:
                    return None
                self._small[name] = made
                while len(self._small) > _KEPT:
                    self._small.popitem(last=False)
            self._small.move_to_end(name)
            return self._small[name]


def _small(still: bytes | None) -> bytes | None:
    if still is None:
        return None
    from PIL import Image

    try:
        with Image.open(io.BytesIO(still), formats=["JPEG"]) as image:
            image.draft(None, (SIDE, SIDE))  # decoded at an eighth of its size, where that is enough
            image.thumbnail((SIDE, SIDE))
            out = io.BytesIO()
            image.save(out, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()
