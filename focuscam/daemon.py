"""The loop that joins the stages: newest frame, reading, status, light.

Everything that wants something of it puts a Command into its queue; it is emptied between two frames.
Everything that wants to see puts a function into `watchers`; it is called after the light was set.
"""

from __future__ import annotations

import logging
import math
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Any

from focuscam import magnifier
from focuscam.cameras import Camera
from focuscam.capture import Capture
from focuscam.coach import Coach
from focuscam.config import Settings, keep, own_file
from focuscam.errors import CameraBusyError, CameraError, FocuscamError
from focuscam.exposure import ExposureHold
from focuscam.focus.region import parse
from focuscam.focus.scorer import Scorer
from focuscam.frame import Command, Frame, Light, Status
from focuscam.idle import Idle
from focuscam.indicators import Indicators
from focuscam.indicators.patterns import FAULT_S, nearness
from focuscam.power import power_off
from focuscam.service import Service

log = logging.getLogger(__name__)

Watcher = Callable[[Frame, Status, float], None]
"""Sees the frame, what it means, and the level that the LED was given, 0 to 1."""

BUSY_S = 10.0
"""How long a busy camera is waited for at the start, s: a program that is just ending needs less."""

TRY_S = 1.0
"""From one try to open a busy camera to the next, s."""

LIVE_SETTINGS = {"focus.region", "focus.threshold", "focus.hold_s"}
"""What can change while it runs; the camera, the model and the pins are had once, at the start."""


class Daemon:
    """The stages, joined."""

    def __init__(
        self,
        settings: Settings,
        scorer: Scorer,
        indicators: Indicators,
        *,
        reread: Callable[[], Settings],
        watchers: Sequence[Watcher] = (),
        service: Service | None = None,
        light: Light = Light.OFF,
        capture: Capture | None = None,
    ) -> None:
        """reread: reads the settings again, for the command `reload`; raises ConfigurationError.

        light: what the light says before the first frame; other than off where a recording goes on from there.
        """
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.announce: Callable[[str], None] = lambda sentence: None  # noqa: ARG005
        """Tells those who look what goes into the log as well: what came of a command, and of the camera."""
        self.looked_at: Callable[[], bool] = lambda: False
        """Whether somebody looks at pictures: then they keep coming at the full rate, whatever changes."""
        self.heeding: list[Callable[[Command], None]] = []
        """Are told of each command as it is obeyed, those that others are made of included."""
        self._at_start = self._in_force = settings
        self._scorer = scorer
        self._indicators = indicators
        self._reread = reread
        self._watchers = watchers
        self._service = service or Service()
        self._capture = capture
        if capture is not None:
            capture.tell = self._tell
        self._idle = Idle(settings.camera.idle_fps)
        self._source: Camera | None = None
        self._camera: Camera | None = None
        """The source while it is open."""
        self._opened = False
        """Whether it ever was open."""
        self._busy = ""
        """Why it could not be opened when it was tried last."""
        self._released_until: float | None = None
        """time.monotonic() until which other programs may have the camera; None: it is ours."""
        self._controls: Mapping[str, Any] = {}
        self._seen = magnifier.WHOLE
        self._locked = self._locked_by_hand = False
        automatic = settings.camera.exposure is None and settings.camera.gain is None
        self._hold = ExposureHold() if settings.camera.hold_exposure and automatic else None
        self._coach = Coach(self._threshold(self._set_threshold(settings)), settings.focus.hold_s, light)

    def run(self, camera: Camera, paced: bool = False) -> None:
        """Open the camera and score its newest frame until it has no more.

        paced: show files at their own pace, for eyes; else as fast as they can be scored.
        Raises FocuscamError where there is no camera or it falls silent, after the light has shown the fault.
        """
        self._source = camera
        in_real_time = camera.live or paced
        if in_real_time:
            self._indicators.pulse()
        try:
            began = time.monotonic()
            ended = False
            while not ended:
                self._leave_to_others()
                with ExitStack() as stack:
                    if self._open(camera, stack, began + BUSY_S):
                        ended = self._look(camera, in_real_time)
                self._camera, self._controls = None, {}
                self._locked = self._locked_by_hand = False
        except FocuscamError as error:
            self._service.last_words(str(error))
            if camera.live:
                self._indicators.say(Light.FAULT, time.monotonic())
                if self._indicators.present:
                    time.sleep(FAULT_S)
            raise

    @property
    def can(self) -> dict[str, str | None]:
        """The commands for those who look, each with None, or with a sentence that says why it can't be done here."""
        controls = self._controls
        name = self._camera.description if self._camera else "The camera, which is closed,"
        return {
            "region": None,
            "threshold": None,
            "forget": None,
            "mute": None,
            "demo": None,
            "lock": None if "AeEnable" in controls else f"{name} has no exposure that could be locked.",
            "zoom": None if "ScalerCrop" in controls else f"{name} has no crop that could be changed.",
            "release": "These are files, which anybody may read." if self._source and not self._source.live else None,
            "resume": None,
            "capture": None
            if self._capture and self._camera
            else f"{name} takes no stills: `focuscam resume` takes it back.",
            "keep": None if own_file() else "Only the daemon that systemd runs keeps settings; write them into a file.",
        }

    @property
    def standing(self) -> dict[str, object]:
        """Facts for those who look that no reading holds."""
        return {
            "source": self._camera.description if self._camera else None,
            "region_name": self._scorer.region.name,
            "zoom": round(1 / self._seen[2], 2),
            "locked": self._locked,
            "released": self._camera is None and self._released_until is not None,
            "indicators": self._indicators.parts,
            "stills": self._capture.standing if self._capture else None,
        }

    @property
    def recipe(self) -> dict[str, object]:
        """What a recording needs, beside frames, readings and commands, to come to the same decisions."""
        model = self._scorer.model
        return {
            "camera": self._camera.description if self._camera else None,
            "model": {"sha256": model.sha256, "threshold": model.threshold},
            "hold_s": self._coach.hold_s,
        }

    def _open(self, camera: Camera, stack: ExitStack, patience_ends: float) -> bool:
        """Open the camera; False where it is busy and worth another try: for ever, once we have had it."""
        try:
            stack.enter_context(camera)
        except CameraBusyError as error:
            if not self._opened and time.monotonic() > patience_ends:
                raise
            if str(error) != self._busy:
                self._tell(f"{error} Waiting for it.")
            self._busy = str(error)
            self._released_until = time.monotonic() + TRY_S
            return False
        log.info("Looking at %s.", camera.description)
        if self._opened:
            self.announce("The camera is back.")
        self._opened, self._busy = True, ""
        self._released_until = None
        self._camera = camera
        self._controls = camera.controls()
        if self._seen != magnifier.WHOLE:
            with suppress(CameraError):  # that it shows no more detail was said when it was asked for
                camera.set({"ScalerCrop": magnifier.scaler_crop(self._controls, self._seen)})
        # The camera gives up first, since it can say why no frame comes.
        self._service.patience(1.5 * camera.deadline)
        if camera.live:
            self._indicators.say(Light.READY, time.monotonic())
        return True

    def _look(self, camera: Camera, in_real_time: bool) -> bool:
        """Score the newest frame, again and again; True where there are no more, False where others want the camera."""
        due, last = time.monotonic(), math.inf
        pause = 0.0
        while True:
            self._obey_all(pause)
            if self._released_until is not None:
                return False
            frame = camera.newest()
            if frame is None:
                return True
            if in_real_time and not camera.live:
                # A recording may begin in the middle of a daemon's life, whose time may even begin anew.
                due, last = due + max(0.0, frame.time - last), frame.time
                time.sleep(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            status = self._show(frame, now if in_real_time else frame.time)
            if self._capture is not None:
                judge = self._scorer.score if self._seen == magnifier.WHOLE else None
                if self._capture.look(frame, status, camera, judge):
                    self._service.fresh("a still was taken")
            pause = 0.0
            if camera.live and not self.looked_at():
                pause = self._idle.pause(status) - (time.monotonic() - now)

    def _leave_to_others(self) -> None:
        """While the camera is not ours: obey, keep the light and the watchdog, and do not touch it."""
        while self._released_until is not None and (left := self._released_until - time.monotonic()) > 0:
            self._indicators.say(Light.RELEASED, time.monotonic())
            if self._opened:  # before that we are not ready
                self._service.fresh("the camera is released: other programs may have it")
            self._obey_all(min(left, TRY_S))

    def _tell(self, sentence: str) -> None:
        log.info("%s", sentence)
        self.announce(sentence)

    def _obey_all(self, wait_s: float = 0.0) -> None:
        """Empty the queue; where it is empty, wait so long for the first command."""
        try:
            self._obey(self.commands.get(timeout=wait_s) if wait_s > 0 else self.commands.get_nowait())
            while True:
                self._obey(self.commands.get_nowait())
        except queue.Empty:
            return

    def _show(self, frame: Frame, now: float) -> Status:
        status = self._coach.update(self._scorer.score(frame))
        level = self._indicators.say(status.light, now, nearness(status))
        score = status.reading.score
        self._service.fresh(f"{status.light.value}, score {'none' if score is None else format(score, '.2f')}")
        self._hold_exposure(status.reading.time)
        for watch in self._watchers:
            watch(frame, status, level)
        return status

    def _obey(self, command: Command) -> None:
        self._idle.stir()
        for heed in self.heeding:
            heed(command)
        match command.do:
            case "region":
                self._scorer.region = parse(str(command.value))
                self._coach.forget()
            case "threshold":
                self._coach.threshold = self._threshold(None if command.value is None else float(command.value))
            case "hold":
                self._coach.hold_s = float(command.value or 0)
            case "forget":
                self._coach.forget()
            case "mute":
                self._indicators.mute(None if command.value is None else bool(command.value))
            case "lock":
                self._lock_by_hand(not self._locked if command.value is None else bool(command.value))
            case "demo":
                self._indicators.demonstrate(time.monotonic())
            case "shutdown":
                self._tell(power_off())
            case "zoom":
                self._zoom(float(command.value or 1))
            case "release":
                away = self._released_until is not None
                self._release((0.0 if away else math.inf) if command.value is None else float(command.value))
            case "resume":
                self._release(0.0)
            case "capture":
                if self._capture is not None and self.can["capture"] is None:
                    self._capture.want()
            case "keep":
                self._keep(command.value == "threshold")
            case "reload":
                self._reload()

    def _lock_by_hand(self, locked: bool) -> None:
        self._lock(locked)
        self._locked_by_hand = self._locked
        if self._hold and not locked:
            self._hold.refuse()

    def _hold_exposure(self, time: float) -> None:
        """Where the settings ask for it: lock the exposure while the ring turns, unless a hand has locked it."""
        if self._hold is None:
            return
        wanted = self._hold.wanted(self._coach.turning, self._coach.scene, time)
        if wanted != self._locked and not self._locked_by_hand:
            self._lock(wanted)

    def _lock(self, locked: bool) -> None:
        if self._camera and self.can["lock"] is None:
            self._camera.set({"AeEnable": not locked})
            self._locked = locked

    def _release(self, seconds: float) -> None:
        """Let go of the camera for so long; 0: take it back now."""
        if self._source is None or not self._source.live:
            return
        if seconds > 0:
            if self._released_until is None:
                self._tell("The camera is released: other programs may have it; `focuscam resume` takes it back.")
            self._released_until = time.monotonic() + seconds
        elif self._released_until is not None:
            self._released_until = time.monotonic()

    def _zoom(self, times: float) -> None:
        if self._camera is None or self.can["zoom"] is not None:
            return
        region, before = self._scorer.region, self._seen
        self._seen = magnifier.part(times, region.box, before)
        words = f"The camera shows what the light looks at {times:g} times as large; the best was forgotten."
        try:
            self._camera.set({"ScalerCrop": magnifier.scaler_crop(self._controls, self._seen)})
        except CameraError as error:
            words = str(error)
        if region.name not in ("whole", "best"):
            box = magnifier.moved(region.box, before, self._seen)
            self._obey(Command("region", ",".join(f"{side:.4f}" for side in box)))
        else:
            self._obey(Command("forget"))
        self._tell(words)

    def _keep(self, threshold_only: bool) -> None:
        chosen: dict[str, object] = {} if threshold_only else {"region": self._scorer.region.name}
        if threshold_only or self._coach.threshold != self._threshold(None):
            # Another network gives other scores: what was set for this one says nothing of theirs.
            chosen |= {"threshold": self._coach.threshold, "threshold_model": self._scorer.model.sha256}
        try:
            self._tell(f"Kept in {keep({'focus': chosen})}: it holds after a restart.")
        except FocuscamError as error:
            self._tell(str(error))

    def _reload(self) -> None:
        try:
            new = self._reread()
        except FocuscamError as error:
            log.error("%s The settings from before stay in force.", error)
            return
        live = self._in_force.differences(new) & LIVE_SETTINGS
        if "focus.region" in live:
            self._obey(Command("region", new.focus.region))
        self._obey(Command("threshold", self._set_threshold(new)))
        self._obey(Command("hold", new.focus.hold_s))
        self._in_force = new
        log.info("The settings were read again; in force now: %s.", ", ".join(sorted(live)) or "no change")
        waiting = self._at_start.differences(new) - LIVE_SETTINGS
        if waiting:
            log.warning("Restart focuscam for %s to take effect.", ", ".join(sorted(waiting)))

    def _set_threshold(self, settings: Settings) -> float | None:
        """The threshold that the settings give; None where they leave it to the model, or were made for another."""
        focus = settings.focus
        if focus.threshold_model is None or focus.threshold_model == self._scorer.model.sha256:
            return focus.threshold
        log.warning(
            "The threshold of %s was calibrated for another model; the model's own, %.2f, holds until "
            "`focuscam calibrate` is run again.",
            settings.origins.get("focus.threshold", "the settings"),
            self._scorer.model.threshold,
        )
        return None

    def _threshold(self, wanted: float | None) -> float:
        return self._scorer.model.threshold if wanted is None else wanted
