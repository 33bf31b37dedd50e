"""The loop that joins the stages: newest frame, reading, status, light.

Everything that wants something of it puts a Command into its queue; it is emptied between two frames.
Everything that wants to see puts a function into `watchers`; it is called after the light was set.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from focuscam import magnifier
from focuscam.cameras import Camera
from focuscam.coach import Coach
from focuscam.config import Settings, keep, own_file
from focuscam.errors import FocuscamError
from focuscam.focus.region import parse
from focuscam.focus.scorer import Scorer
from focuscam.focuser import Focuser, Wish
from focuscam.frame import Command, Frame, Light, Status
from focuscam.indicators import Indicators
from focuscam.indicators.patterns import FAULT_S, nearness
from focuscam.lens import Lens, fitting
from focuscam.power import power_off
from focuscam.service import Service

log = logging.getLogger(__name__)

Watcher = Callable[[Frame, Status, float], None]
"""Sees the frame, what it means, and the level that the LED was given, 0 to 1."""

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
        watchers: list[Watcher] | None = None,
        service: Service | None = None,
    ) -> None:
        """reread: reads the settings again, for the command `reload`; raises ConfigurationError.

        watchers: shown each frame; more may be added to the list.
        """
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.announce: Callable[[str], None] = log.info
        """Tells those who look, in a sentence, what came of a command."""
        self._at_start = self._in_force = settings
        self._scorer = scorer
        self._indicators = indicators
        self._reread = reread
        self.watchers = [] if watchers is None else watchers
        self._service = service or Service()
        self._camera: Camera | None = None
        self._controls: Mapping[str, Any] = {}
        self._seen = magnifier.WHOLE
        self._locked = False
        self.motor: Lens | None = None
        """What turns the focusing ring, where that is not the camera's own; set before it runs."""
        self.focuser = Focuser(lambda text: self.announce(text), self._hold)
        self._coach = Coach(self._threshold(settings.focus.threshold), settings.focus.hold_s)

    def run(self, camera: Camera, paced: bool = False, until: Callable[[], bool] = lambda: False) -> None:
        """Open the camera and score its newest frame until it has no more, or `until` says so.

        paced: show files at their own pace, for eyes; else as fast as they can be scored.
        Raises FocuscamError where there is no camera or it falls silent, after the light has shown the fault.
        """
        in_real_time = camera.live or paced
        if in_real_time:
            self._indicators.pulse()
        try:
            with camera:
                log.info("Looking at %s.", camera.description)
                self._camera = camera
                self._controls = camera.controls()
                self.focuser.lens = self.motor or fitting.of_camera(self._at_start.lens, self._controls, camera.set)
                # The camera gives up first, since it can say why no frame comes.
                self._service.patience(1.5 * camera.deadline)
                if camera.live:
                    self._indicators.say(Light.READY, time.monotonic())
                began = time.monotonic()
                while not until() and (frame := self._next(camera)) is not None:
                    if paced and not camera.live:
                        time.sleep(max(0.0, began + frame.time - time.monotonic()))
                    self._show(frame, time.monotonic() if in_real_time else frame.time)
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
        name = self._camera.description if self._camera else "The camera"
        return {
            "region": None,
            "threshold": None,
            "forget": None,
            "mute": None,
            "demo": None,
            "lock": None if "AeEnable" in controls else f"{name} has no exposure that could be locked.",
            "zoom": None if "ScalerCrop" in controls else f"{name} has no crop that could be changed.",
            "autofocus": self.focuser.can,
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
            "lens": self.focuser.standing,
        }

    def _next(self, camera: Camera) -> Frame | None:
        while not self.commands.empty():
            self._obey(self.commands.get())
        return camera.newest()

    def _show(self, frame: Frame, now: float) -> None:
        status = self._coach.update(self._scorer.score(frame))
        level = self._indicators.say(status.light, now, nearness(status))
        score = status.reading.score
        self._service.fresh(f"{status.light.value}, score {'none' if score is None else format(score, '.2f')}")
        self.focuser.see(frame, status, self._coach.scene)
        for watch in self.watchers:
            watch(frame, status, level)

    def _obey(self, command: Command) -> None:
        match command.do:
            case "region":
                self._scorer.region = parse(str(command.value))
                self._coach.forget()
            case "threshold":
                self._coach.threshold = self._threshold(None if command.value is None else float(command.value))
            case "forget":
                self._coach.forget()
            case "mute":
                self._indicators.mute(None if command.value is None else bool(command.value))
            case "lock":
                self._lock(not self._locked if command.value is None else bool(command.value))
            case "demo":
                self._indicators.demonstrate(time.monotonic())
            case "shutdown":
                self.announce(power_off())
            case "zoom":
                self._zoom(float(command.value or 1))
            case "autofocus":
                self.focuser.wish(cast(Wish, command.value))
            case "keep":
                self._keep()
            case "reload":
                self._reload()

    def _lock(self, locked: bool) -> None:
        if self._camera and self.can["lock"] is None:
            self._camera.set({"AeEnable": not locked})
            self._locked = locked

    def _hold(self, held: bool) -> None:
        """Hold the exposure still while the lens moves; one that is locked or set already is left alone."""
        chosen = self._at_start.camera
        if self._camera and not self._locked and self.can["lock"] is None and not (chosen.exposure or chosen.gain):
            self._camera.set({"AeEnable": not held})

    def _zoom(self, times: float) -> None:
        if self._camera is None or self.can["zoom"] is not None:
            return
        region, before = self._scorer.region, self._seen
        self._seen = magnifier.part(times, region.box, before)
        self._camera.set({"ScalerCrop": magnifier.scaler_crop(self._controls, self._seen)})
        if region.name not in ("whole", "best"):
            box = magnifier.moved(region.box, before, self._seen)
            self._scorer.region = parse(",".join(f"{side:.4f}" for side in box))
        self._coach.forget()
        self.announce(f"The camera shows what the light looks at {times:g} times as large; the best was forgotten.")

    def _keep(self) -> None:
        chosen: dict[str, object] = {"region": self._scorer.region.name}
        if self._coach.threshold != self._threshold(None):
            chosen["threshold"] = self._coach.threshold
        try:
            self.announce(f"Kept in {keep({'focus': chosen})}: it holds after a restart.")
        except FocuscamError as error:
            self.announce(str(error))

    def _reload(self) -> None:
        try:
            new = self._reread()
        except FocuscamError as error:
            log.error("%s The settings from before stay in force.", error)
            return
        live = self._in_force.differences(new) & LIVE_SETTINGS
        if "focus.region" in live:
            self._obey(Command("region", new.focus.region))
        self._obey(Command("threshold", new.focus.threshold))
        self._coach.hold_s = new.focus.hold_s
        self._in_force = new
        log.info("The settings were read again; in force now: %s.", ", ".join(sorted(live)) or "no change")
        waiting = self._at_start.differences(new) - LIVE_SETTINGS
        if waiting:
            log.warning("Restart focuscam for %s to take effect.", ", ".join(sorted(waiting)))

    def _threshold(self, wanted: float | None) -> float:
        return self._scorer.model.threshold if wanted is None else wanted
