"""Recording a running daemon, on the reader's side: all its readings, and as many frames as come over without loss."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from focuscam.errors import FocuscamError
from focuscam.preview.client import Link, Message
from focuscam.preview.expected import strange
from focuscam.preview.report import write_line
from focuscam.recorder.folder import Folder, ending
from focuscam.recorder.guide import SweepGuide, say, write_sweep
from focuscam.recorder.own import conclude
from focuscam.region import Region

log = logging.getLogger(__name__)

FRAMES = 10
"""Whole ones a second that are asked for; the daemon sends what it has time for."""
CALM_FRAMES, PATIENCE_FRAMES = 3, 100
"""For so many frames the light must not have switched when a recording begins; after so many it begins all the same."""

_OURS = ("type", "seq", "commands", "thumbnail", "camera")
"""Fields of a scored frame that are none of `focuscam --json`."""

Watch = Callable[[Message], str | None]
"""Sees each scored frame, and says why it has seen enough; None: it has not."""


def record(link: Link, path: Path, sweep: bool = False, as_json: bool = False) -> None:
    """Record a daemon until a signal comes, the daemon goes (FocuscamError) or the recording is full.

    sweep: guide through one turn of the ring, end with it and write its sweep.csv. as_json: write each reading on
    stdout, too. Raises UsageError where nothing can be recorded in `path`.
    """
    guide = SweepGuide() if sweep else None

    def watch(message: Message) -> str | None:
        if as_json:
            write_line({name: value for name, value in message.items() if name not in _OURS})
        return "the sweep is over" if guide is not None and guide.over(message) else None

    with DaemonRecorder(link, path, watch) as recorder:
        if guide is not None:
            guide.begin(lambda: link.ask("status"))
        recorder.run()
    if guide is not None:
        say(write_sweep(path))


class DaemonRecorder:
    """Records a daemon. Usable in a `with`, which the recording must be inside of."""

    def __init__(self, link: Link, path: Path, watch: Watch) -> None:
        """watch: sees the scored frames, too. Raises UsageError where nothing can be recorded in `path`."""
        self.folder = Folder(path)
        self._link = link
        self._watch = watch
        self._why: str | None = None
        """Why the watch has seen enough."""
        # Not before there is something to count: the guide of a sweep speaks first.
        self._bar: Any = None
        self._open_bar = partial(tqdm, desc="recording", unit=" frames", disable=None, leave=False)
        self._first: int | None = None
        """The number of the first recorded frame."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._bar is not None:
            self._bar.close()
        self.folder.end(self._why or ending(error))
        return conclude(self.folder, error, self._why)

    def run(self) -> None:
        """Record until the watch has seen enough.

        Raises FocuscamError where the daemon goes, Enough where the recording can't go on.

        It begins with a `forget`, so that a replay, which knows nothing of before, begins alike.
        """
        hello = self._link.hello
        answer = self._link.ask("watch", frames=FRAMES)
        if not answer.get("ok") or "recording" not in answer:
            raise FocuscamError(
                f"The running daemon is focuscam {hello.get('focuscam')}, which can't be recorded from: "
                "restart it, so that both are of the same version."
            )
        told = answer["recording"]
        recipe: dict[str, Any] = {name: told[name] for name in ("camera", "model", "hold_s")}
        may_forget = bool(hello.get("commands")) and "forget" in hello.get("can", ())
        if not may_forget:
            log.warning(
                "The daemon may not be told to forget the best: the recording begins in the middle of things, "
                "and its replay may take some seconds until its light does the same."
            )
        beginning = _Beginning(self._link, float(recipe["hold_s"]), may_forget)
        while self._why is None:
            for message in self._link.receive(None):
                match message.get("type"):
                    case "scored":
                        self._add(message, beginning, recipe)
                    case "pixels":
                        self._keep(message)

    def _add(self, message: Message, beginning: _Beginning, recipe: dict[str, Any]) -> None:
        if self._first is None:
            if not beginning.reached(message):
                return
            x, y, width, height = message["region"]
            region = Region(message["region_name"], (x, y, width, height)).text
            recipe["hold_s"] = beginning.hold_s
            self.folder.begin(beginning.light, region, message["threshold"], recipe)
            self._first = int(message["seq"])
            self._bar = self._open_bar()
        self.folder.add({name: value for name, value in message.items() if name != "type"})
        self._why = self._why or self._watch(message)
        self._bar.set_postfix_str(f"{self.folder.bytes / 1e6:.0f} MB, {message['light']}", refresh=False)
        self._bar.update()

    def _keep(self, message: Message) -> None:
        if self._first is None or message["seq"] < self._first:
            return
        coarse = message["coarse"]
        try:
            pictures = base64.b64decode(message["fine"]), None if coarse is None else base64.b64decode(coarse)
        except ValueError:
            raise strange("its picture is no base64") from None
        self.folder.picture(message["seq"], pictures[0], message["fine_crc"], pictures[1], message["coarse_crc"])


class _Beginning:
    """Finds the frame with which a recording can begin: the best was forgotten just before it, and a while before
    that the light had not switched, so that nothing of what was before it has a part in what comes.
    """

    def __init__(self, link: Link, hold_s: float, may_forget: bool) -> None:
        self._link = link
        self._may_forget = may_forget
        self.hold_s = hold_s
        """The least time between two switches of the light, s."""
        self.light = "off"
        """What the light said before that frame."""
        self._seen = self._same = 0
        self._since = 0.0
        self._asked = False

    def reached(self, message: Message) -> bool:
        """Take the next scored frame; whether it is the one."""
        calm = self._same >= CALM_FRAMES and message["time"] - self._since > self.hold_s
        if not self._may_forget:
            return True
        forgot = False
        for command in message["commands"]:
            forgot |= command["do"] == "forget"
            self.hold_s = float(command["value"]) if command["do"] == "hold" else self.hold_s
        if self._asked and forgot:
            if calm or self._seen > PATIENCE_FRAMES:
                return True
            self._asked = False  # it switched at the last moment
        self._seen += 1
        self._same += 1
        if message["light"] != self.light:
            self.light, self._since, self._same = message["light"], message["time"], 0
        if not self._asked and (calm or self._seen > PATIENCE_FRAMES):
            self._link.send("forget")
            self._asked = True
        return False
