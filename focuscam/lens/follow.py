"""When to focus again: the scene changed or went soft, and is still now. Pure; the only clock comes with the readings.

What must not start a search: noise, flicker, leaves in the wind and passing light, which change the contrast but not
the score; somebody who passes by; a scene that is still being changed; one in which nothing could be focused on before.
"""

from __future__ import annotations

from focuscam.lens.likelihood import softness
from focuscam.messages import Status

SOFT_S = 0.7
"""The picture has to be soft for so long."""
LOST_CONTRAST = 0.85
"""Contrast, of what it was in focus, under which the picture has gone soft, if the score says so too."""
SOFTER = 1.15
"""Times the softness that it had in focus."""
CALM_S = 0.5
"""A scene is still when the picture has been the same for so long."""
LEARN = 5
"""Readings after a search that tell how sharp it is in focus."""
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 60.0
"""After a search that found nothing the next one in the same scene waits so long, each time twice as long."""


class Follower:
    """Watches over what a search has found. `search_now` after each reading; `searched` after each search."""

    def __init__(self) -> None:
        self._scene: int | None = None
        """In which the last search ended."""
        self._contrast = 0.0
        self._softness = 0.0
        self._found = False
        self._learning = 0
        self._soft_since: float | None = None
        self._wait = FIRST_WAIT_S
        self._not_before = 0.0

    def searched(self, found: bool, scene: int, time: float) -> None:
        """A search has ended: whether it found focus, in which scene, and when, s."""
        again = not found and not self._found and self._scene == scene
        self._wait = min(2 * self._wait, LONGEST_WAIT_S) if again else FIRST_WAIT_S
        self._not_before = time if found else time + self._wait
        self._scene, self._found = scene, found
        self._contrast = self._softness = 0.0
        self._learning = 0
        self._soft_since = None

    def search_now(self, status: Status) -> bool:
        """Take what a frame means; whether to focus again."""
        time, calm = status.reading.time, status.rested_s >= CALM_S
        if self._scene is None or status.scene != self._scene:
            return calm
        if not self._found:
            return calm and time >= self._not_before
        soft = self._soft(status.reading.by_blur, status.reading.contrast)
        if not soft:
            self._soft_since = None
        elif self._soft_since is None:
            self._soft_since = time
        return self._soft_since is not None and time - self._soft_since >= SOFT_S and calm

    def _soft(self, score: float | None, contrast: float) -> bool:
        """Whether this is softer than what was in focus. The first readings tell what that is."""
        now = softness(0.0 if score is None else score)
        if self._learning < LEARN:
            self._learning += 1
            self._contrast += (contrast - self._contrast) / self._learning
            self._softness += (now - self._softness) / self._learning
            return False
        return contrast < LOST_CONTRAST * self._contrast and now > SOFTER * self._softness
