"""The focus light as a device for other programs, in the way of gpiozero.

    from gpiozero import PWMLED
    from focuscam import FocusSensor

    sensor = FocusSensor()
    PWMLED(27).source = sensor
    sensor.wait_for_active()

Takes nothing but the standard library and gpiozero, and no pins.
"""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from gpiozero import InternalDevice
from gpiozero.pins import Factory

from focuscam.errors import FocuscamError
from focuscam.ipc.client import LATE, STALE_S, Message, join
from focuscam.ipc.paths import configured, to_look_at
from focuscam.system.threads import started

log = logging.getLogger(__name__)

AGAIN_S = 0.5
"""From one try to find the daemon to the next."""
BEAT_S = 0.1
OPEN_S = 60.0
"""A loop of its own has scored its first frame by then."""


class FocusSensor(InternalDevice):  # type: ignore[misc]
    """Whether the camera is in focus, from the running daemon or from a loop of its own.

        sensor = FocusSensor()
        sensor.when_activated = lambda: print("sharp at score", sensor.reading["score"])
        PWMLED(27).source = sensor

    `value`: closeness to the best focus, 0 to 1, while it can be judged; else 0. `is_active`: in focus, as the light
    says. `when_activated`, `when_deactivated`, `wait_for_active(timeout)`, `wait_for_inactive(timeout)`, `values` and
    so `source` of an output device: as with every gpiozero device. `reading`: the last one, whole.

    A daemon that is not there yet, or goes and comes back, is waited for: value 0, not active.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | None = None,
        *,
        region: str | None = None,
        socket: str | os.PathLike[str] | None = None,
    ) -> None:
        """source: None for the running daemon; else as after `--source`, for a loop of its own, which needs the whole
        of focuscam and, where it is to be a Pi camera, that no daemon has it. region: of an own loop, as after
        `--region`. socket: of the daemon, where it is at an unusual place.

        Raises FocuscamError where the daemon may not be talked to or is of another version, an own loop ends, or the
        system gives no thread to listen with.
        """
        if region is not None and source is None:
            raise ValueError("region is for a loop of its own: name its source, or set the region of the daemon.")
        self._reading: Message | None = None
        self._heard, self._patience = 0.0, STALE_S
        self._fresh = False
        self._ending = threading.Event()
        self._first = threading.Event()
        self._failed: FocuscamError | None = None
        self._thread: threading.Thread | None = None
        super().__init__(pin_factory=_NoPins())
        self._fire_events(self.pin_factory.ticks(), False)
        self._places = [Path(socket)] if socket is not None else to_look_at(configured())
        self._command = None if source is None else _command(os.fspath(source), region)
        self._thread = started(self._listen, "focus sensor")
        # A daemon may come later; a loop of its own must be there. Where there is one its first reading is waited for,
        # so that `value` tells the truth from the beginning.
        self._first.wait(OPEN_S if self._command else 2 * AGAIN_S)
        if self._failed is not None:
            failed = self._failed
            self.close()
            raise failed

    @property
    def value(self) -> float:
        """Closeness: contrast over the best contrast that was seen, 0 to 1; 0 while nothing can be told."""
        reading = self._reading
        return float(reading.get("closeness") or 0.0) if reading is not None and self._fresh else 0.0

    @property
    def is_active(self) -> bool:
        """Whether it is in focus: whether the light is steady."""
        reading = self._reading
        return self._fresh and reading is not None and bool(reading.get("in_focus"))

    @property
    def reading(self) -> Mapping[str, Any] | None:
        """The last reading, with the fields of `focuscam --json`, however old; None before the first.

        Among them `phase` (where the hand is, a text), `rested` (for how long the picture has been the same, s), `top`
        (the contrast of the top that was passed, None until one was) and `scene` (another number for another scene).
        """
        return None if self._reading is None else MappingProxyType(dict(self._reading))

    def close(self) -> None:
        """Let go of the daemon, or end the own loop."""
        ending = getattr(self, "_ending", None)
        if ending is not None:
            ending.set()
            if self._thread is not None and self._thread is not threading.current_thread():
                self._thread.join(5.0)
        super().close()

    def _listen(self) -> None:
        told = ""
        while not self._ending.is_set():
            try:
                with self._source() as source:
                    while not self._ending.is_set():
                        for message in source.receive(BEAT_S):
                            if message.get("type", "reading") == "reading":
                                self._take(message)
                        self._doubt()
            except FocuscamError as error:
                if not self._first.is_set():
                    self._failed = error
                    self._first.set()
                    return
                if str(error) != told:
                    log.warning("The focus sensor waits for its source: %s", error)
                told = str(error)
            self._lose()
            if self._command is not None:
                return
            self._ending.wait(AGAIN_S)

    def _source(self) -> _Source:
        """What readings come from. Raises FocuscamError."""
        if self._command is not None:
            return _OwnLoop(self._command)
        while (link := join(self._places)) is None:
            if self._ending.wait(AGAIN_S):
                return _Silence()
        link.ask("watch", readings=True)
        return link

    def _take(self, message: Message) -> None:
        self._heard = time.monotonic()
        # Never from the time between two of them: after one that came late a silence would go unnoticed.
        self._patience = max(STALE_S, LATE * max(message.get(name) or 0.0 for name in ("frame_s", "exposure")))
        self._reading = {name: value for name, value in message.items() if name != "type"}
        self._fresh = True
        self._tell()
        self._first.set()

    def _doubt(self) -> None:
        if self._fresh and time.monotonic() - self._heard > self._patience:
            self._lose()

    def _lose(self) -> None:
        self._fresh = False
        self._tell()

    def _tell(self) -> None:
        try:
            self._fire_events(self.pin_factory.ticks(), self.is_active)
        except Exception:  # of the function that somebody set; the next event may find it well again
            log.exception("A function that was to be called by the focus sensor failed.")


class _Source(Protocol):
    def __enter__(self) -> _Source: ...

    def __exit__(self, *how: Any) -> None: ...  # noqa: ANN401

    def receive(self, wait_s: float) -> list[Message]:
        """What has come, waiting for the first at most so long. Raises FocuscamError where no more will come."""
        ...


class _Silence:
    """The source of a sensor that was closed before there was a daemon."""

    def __enter__(self) -> _Silence:
        return self

    def __exit__(self, *how: object) -> None:
        pass

    def receive(self, wait_s: float) -> list[Message]:  # noqa: ARG002
        return []


class _OwnLoop:
    """`focuscam --json` as a process of its own: whatever it needs is not needed here."""

    def __init__(self, command: list[str]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the process
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._said
            )
        except OSError as error:
            raise FocuscamError(f"A loop of its own can't be started ({error.strerror}): install focuscam.") from None
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        self._heard = b""

    def __enter__(self) -> _OwnLoop:
        return self

    def __exit__(self, *how: object) -> None:
        self._process.terminate()
        self._process.communicate()
        self._said.close()

    def receive(self, wait_s: float) -> list[Message]:
        if not select.select([self._pipe], [], [], wait_s)[0]:
            return []
        sent = os.read(self._pipe, 65536)
        if not sent:
            self._process.wait()
            self._said.seek(0)
            last = self._said.read().decode(errors="replace").strip().splitlines()
            raise FocuscamError(last[-1].removeprefix("focuscam: ") if last else "The loop of its own has ended.")
        *lines, self._heard = (self._heard + sent).split(b"\n")
        return [json.loads(line) for line in lines]


class _NoPins(Factory):  # type: ignore[misc]
    """gpiozero asks a pin factory for the time of events. Ours has nothing else, and so works on any machine."""

    def ticks(self) -> float:
        return time.monotonic()

    def ticks_diff(self, later: float, earlier: float) -> float:
        return later - earlier


def _command(source: str, region: str | None) -> list[str]:
    # install.sh puts focuscam into an environment of its own and shows only this package to the system's Python.
    prefix = Path(__file__).resolve().parents[4:5]
    own = prefix[0] / "bin" / "python" if prefix and (prefix[0] / "pyvenv.cfg").exists() else None
    python = str(own) if own is not None and own.exists() else sys.executable
    return [python, "-m", "focuscam", "--source", source, "--json", *(["--region", region] if region else [])]
