"""What there is to record of a session: how it stood, each scored frame with nothing rounded, and pictures.

Of a loop of our own every frame has its picture. A daemon waits for nobody: all its readings come, and as many whole
frames as come over without loss.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from focuscam.errors import FocuscamError
from focuscam.ipc.client import Link, Message
from focuscam.ipc.expected import strange
from focuscam.ipc.report import scored
from focuscam.region import Region
from focuscam.session import LocalSession, RemoteSession, Seen, Session

if TYPE_CHECKING:
    from focuscam.messages import Luma

log = logging.getLogger(__name__)

FRAMES = 10
"""Whole ones a second that are asked for; the daemon sends what it has time for."""
CALM_FRAMES, PATIENCE_FRAMES, PATIENCE_HOLDS = 3, 100, 5
"""For so many frames the light must not have switched when a recording begins. After so many, and so many times the
least time between two switches, it begins all the same: a light may blink for ever."""

_OURS = ("type", "seq", "commands", "thumbnail", "camera")
"""Fields of a scored frame that are none of `focuscam --json`."""

Pngs = tuple[bytes, int, bytes | None, int | None]
"""The fine luma as PNG and the checksum of its pixels; the same of the coarse one, None where it follows from it."""


@dataclass(frozen=True, slots=True)
class Begin:
    """What was in force before the first frame."""

    light: str
    region: str
    threshold: float
    header: Mapping[str, object]
    """camera, model, hold_s"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored frame."""

    fields: Mapping[str, object]
    seen: Seen


@dataclass(frozen=True, slots=True, eq=False)
class Pictured:
    """The picture of a frame that was or will be scored."""

    sequence: int
    make: Callable[[], Pngs]
    """Takes its time, and is for a thread."""


def source(session: Session) -> Iterator[Begin | Scored | Pictured]:
    """Everything of a session, first of all a Begin. Raises FocuscamError where the camera fails or the daemon goes."""
    # Two, since little but the result is alike: a loop of our own begins with us and has each frame's pixels at hand; a
    # daemon has a past, from which a beginning must be found, and sends pixels apart from readings, for some frames.
    if isinstance(session, RemoteSession):
        return _of_daemon(session)
    assert isinstance(session, LocalSession)
    return _of_loop(session)


def _of_loop(session: LocalSession) -> Iterator[Begin | Scored | Pictured]:
    for seen in session.events():
        event = seen.event
        assert event is not None
        frame, status, sequence = event.frame, event.status, event.sequence - 1
        if not sequence:
            region = Region(str(event.facts["region_name"]), status.reading.region)
            yield Begin(session.loop.light.value, region.text, status.threshold, session.loop.recording_header)
        yield Scored(scored(event) | {"seq": sequence}, seen)
        fine = frame.fine.copy()
        coarse = fine if frame.coarse is frame.fine else frame.coarse.copy()
        yield Pictured(sequence, _maker(fine, coarse))


def _maker(fine: Luma, coarse: Luma) -> Callable[[], Pngs]:
    def make() -> Pngs:
        import numpy as np

        from focuscam.cameras.scales import two_scales
        from focuscam.system.png import as_png, checksum

        # A camera's ISP makes the coarse luma in its own way; ours can be made again.
        if np.array_equal(two_scales(fine)[1], coarse):
            return as_png(fine), checksum(fine), None, None
        return as_png(fine), checksum(fine), as_png(coarse), checksum(coarse)

    return make


def _of_daemon(session: RemoteSession) -> Iterator[Begin | Scored | Pictured]:
    """It begins with a `forget`, so that a replay, which knows nothing of before, begins alike."""
    link = session.link
    hello, answer = link.hello, link.ask("watch", frames=FRAMES)
    if not answer.get("ok") or "recording" not in answer:
        raise FocuscamError(
            f"The running daemon is focuscam {hello.get('focuscam')}, which can't be recorded from: "
            "restart it, so that both are of the same version."
        )
    told = answer["recording"]
    header: dict[str, Any] = {name: told[name] for name in ("camera", "model", "hold_s")}
    may_forget = bool(hello.get("commands")) and "forget" in hello.get("can", ())
    if not may_forget:
        log.warning(
            "The daemon may not be told to forget the best: the recording begins in the middle of things, "
            "and its replay may take some seconds until its light does the same."
        )
    beginning = Beginning(link, float(header["hold_s"]), may_forget)
    first: int | None = None
    while True:
        for message in link.receive(None):
            match message.get("type"):
                case "scored":
                    if first is None and beginning.reached(message):
                        first = int(message["seq"])
                        x, y, width, height = message["region"]
                        region = Region(message["region_name"], (x, y, width, height)).text
                        yield Begin(
                            beginning.light, region, message["threshold"], header | {"hold_s": beginning.hold_s}
                        )
                    if first is not None:
                        fields = {name: value for name, value in message.items() if name != "type"}
                        seen = {name: value for name, value in message.items() if name not in _OURS}
                        yield Scored(fields, Seen(seen))
                case "pixels":
                    if first is not None and message["seq"] >= first:
                        yield _pictured(message)


def _pictured(message: Message) -> Pictured:
    coarse = message["coarse"]
    try:
        fine, small = base64.b64decode(message["fine"]), None if coarse is None else base64.b64decode(coarse)
    except ValueError:
        raise strange("its picture is no base64") from None
    made = fine, message["fine_crc"], small, message["coarse_crc"]
    return Pictured(message["seq"], lambda: made)


class Beginning:
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
        self._first: float | None = None
        self._since = 0.0
        self._asked = False

    def reached(self, message: Message) -> bool:
        """Take the next scored frame; whether it is the one."""
        if not self._may_forget:
            return True
        now = message["time"]
        self._first = now if self._first is None else self._first
        patient = self._seen <= PATIENCE_FRAMES or now - self._first <= PATIENCE_HOLDS * self.hold_s
        ready = not patient or (self._same >= CALM_FRAMES and now - self._since > self.hold_s)
        forgot = False
        for command in message["commands"]:
            forgot |= command["do"] == "forget"
            self.hold_s = float(command["value"]) if command["do"] == "hold" else self.hold_s
        if self._asked and forgot:
            if ready:
                return True
            self._asked = False  # it switched at the last moment
        self._seen += 1
        self._same += 1
        if message["light"] != self.light:
            self.light, self._since, self._same = message["light"], now, 0
        if not self._asked and ready:
            self._link.send("forget")
            self._asked = True
        return False
