"""What those who record are told of each scored frame, taken down in the loop's thread for the socket's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from focuscam.commands import Command
from focuscam.messages import Frame, Status
from focuscam.preview.report import scored


class Notes:
    """Counts the scored frames; while somebody records, keeps everything about each until it is sent."""

    def __init__(self) -> None:
        self.wanted = False
        """Whether somebody records."""
        self.sequence = 0
        """The number of the last scored frame."""
        self.scored: deque[dict[str, object]] = deque(maxlen=300)
        """Not yet sent. Ten seconds of them: a gap in their numbers tells who records that some were lost."""
        self._heard: list[Command] = []

    def heed(self, command: Command) -> None:
        """Hear of a command that the loop obeys."""
        if self.wanted:
            self._heard.append(command)

    def take(self, frame: Frame, status: Status, level: float, standing: Callable[[], Mapping[str, object]]) -> bool:
        """A frame was scored; whether anything of it was kept."""
        self.sequence += 1
        commands, self._heard = self._heard, []
        if self.wanted:
            region = str(standing().get("region_name"))
            self.scored.append(scored(self.sequence, status, level, frame, region, commands))
        return self.wanted
