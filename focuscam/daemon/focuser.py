"""Joins the lens to the loop: a look for each frame that was exposed while the lens stood still.

Nothing here waits. The search (lens/search.py) says where to look next, the driver moves by itself, and the frames that
come meanwhile are passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from focuscam.lens import Lens
from focuscam.lens.follow import Follower
from focuscam.lens.search import Outcome, Search
from focuscam.messages import Frame, Status

Wish = Literal["once", "continuous", "stop"]

USUAL_EXPOSURE_S = 1 / 30
"""Where the camera does not tell how long it exposed."""
NO_LENS = (
    "There is no lens here that could be moved: the camera has none of its own; [lens] in the settings is for a motor."
)


class Focuser:
    """Focuses, once or for as long as it is wanted, whenever it is shown a frame."""

    def __init__(self, announce: Callable[[str], None], hold_exposure: Callable[[bool], None]) -> None:
        """announce: tells those who look, in a sentence. hold_exposure: keeps the exposure as it is, or lets it go."""
        self._lens: Lens | None = None
        self.outcome: Outcome | None = None
        """Of the last search."""
        self.count = 0
        """Searches that were begun."""
        self._announce = announce
        self._hold = hold_exposure
        self._search: Search | None = None
        self._follower: Follower | None = None
        self._slope: float | None = None
        self._soon = False
        """A search is wanted, from the next frame on: that frame may tell where the lens is."""
        self._scene = 0
        self._looked_at: int | None = None
        self._still_since: float | None = None
        self._leaving: Outcome | None = None
        """How the search ended, while the lens is on its way to where it is to stay."""

    def use(self, lens: Lens | None) -> None:
        """From now on this is the lens; None: there is none."""
        self._lens = lens

    @property
    def can(self) -> str | None:
        """Why nothing can be focused here; None where it can."""
        return NO_LENS if self._lens is None else None

    @property
    def busy(self) -> bool:
        """Whether a search is wanted or going on."""
        return self._soon or self._search is not None or self._leaving is not None

    @property
    def facts(self) -> dict[str, object] | None:
        """Facts for those who look; None where there is no lens."""
        if self._lens is None:
            return None
        ended = self.outcome
        return {
            "position": self._lens.position,
            "range": self._lens.range,
            "searching": self.busy,
            "continuous": self._follower is not None,
            "searches": self.count,
            "looked_at": self._looked_at,
            "looks": self._search.looks if self._search else ended.looks if ended else 0,
            "found": ended.found if ended else None,
            "said": ended.text if ended else None,
        }

    def wish(self, wish: Wish) -> None:
        """Focus once, or from now on, or stop and leave the lens where it was best."""
        if self._lens is None:
            return
        if wish == "stop":
            self._follower, self._soon = None, False
            if self._search is not None:
                self._search.cancel()
                self._next()
            return
        self._follower = Follower() if wish == "continuous" else None
        self._soon = self._search is None

    def see(self, frame: Frame, status: Status) -> None:
        """A frame, and what it means."""
        if self._lens is None:
            return
        trouble = self._lens.see(frame)
        if trouble is not None and (self.busy or self._follower is not None):
            self._fail(trouble)
            return
        if not self._stood_still(frame):
            return
        if self._leaving is not None:
            self._end(self._leaving, status)
        elif self._search is not None:
            if status.scene != self._scene:
                self._search.scene_changed()
            self._looked_at = self._search.wanted
            self._search.look(status.reading.by_blur, status.reading.contrast)
            self._next()
        elif self._soon or (self._follower and self._follower.search_now(status)):
            self._begin(status.threshold)
        self._scene = status.scene

    def _begin(self, threshold: float) -> None:
        assert self._lens is not None
        self.count += 1
        self._soon = False
        self._hold(True)
        self._search = Search(*self._lens.range, self._lens.position, threshold, self._slope)
        # Even where it is there already: a motor may have to find its end stop, a camera to leave its own autofocus.
        self._lens.move(self._search.wanted)
        self._still_since = None

    def _next(self) -> None:
        """On to where the search wants to look, or, where it has ended, wants to stay."""
        assert self._search is not None
        self._go(self._search.wanted)
        if self._search.outcome is not None:
            self._leaving, self._search = self._search.outcome, None

    def _go(self, position: int) -> None:
        assert self._lens is not None
        if position != self._lens.position or self._lens.busy:
            self._lens.move(position)
            self._still_since = None

    def _stood_still(self, frame: Frame) -> bool:
        """Whether the lens stood still while this frame was exposed."""
        assert self._lens is not None
        now = time.monotonic()
        if self._lens.busy:
            self._still_since = None
            return False
        if self._still_since is None:
            self._still_since = now
        exposure = frame.metadata.get("ExposureTime", USUAL_EXPOSURE_S * 1e6) / 1e6
        return frame.taken - exposure >= self._still_since

    def _end(self, outcome: Outcome, status: Status) -> None:
        self._leaving, self.outcome = None, outcome
        self._slope = outcome.slope or self._slope
        self._hold(False)
        if self._follower is not None:
            self._follower.searched(outcome.found == "focus", status.scene, status.reading.time)
        self._announce(outcome.text)

    def _fail(self, trouble: str) -> None:
        """The driver gave up: what it says is the outcome, and nothing is followed any more."""
        assert self._lens is not None
        looks = self._search.looks if self._search else 0
        if self._search is None and self._leaving is None:
            self.count += 1  # it ends before it has begun
        self._search = self._leaving = self._follower = None
        self._soon = False
        self._hold(False)
        self.outcome = Outcome("stuck", self._lens.position, trouble, looks)
        self._announce(trouble)
