"""The loop that joins the stages: newest frame, reading, status, light.

Everybody who wants something of it puts a command into its queue, which it empties between two frames. Whoever wants to
see iterates it, and breaks when that is enough:

    for event in loop:
        if isinstance(event, Event):
            print(event.status.light)
"""

from __future__ import annotations

import logging
import math
import queue
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Literal, assert_never

from focuscam import commands as wish
from focuscam.cameras import Camera
from focuscam.capture import Capture
from focuscam.coach import Coach
from focuscam.commands import Command
from focuscam.config import Settings, own_file
from focuscam.daemon.access import Access, Happened, State
from focuscam.daemon.focuser import Focuser
from focuscam.daemon.idle import Idle
from focuscam.daemon.keeper import Keeper
from focuscam.daemon.notices import Notices
from focuscam.daemon.open_camera import OpenCamera
from focuscam.daemon.power import power_off
from focuscam.daemon.service import Service
from focuscam.errors import CameraBusyError, FocuscamError
from focuscam.focus.scorer import Scorer
from focuscam.indicators import DARK_AFTER_S, Indicators
from focuscam.indicators.patterns import FAULT_S, nearness
from focuscam.lens import Lens
from focuscam.lens import drivers as fitting
from focuscam.messages import Away, Event, Frame, Light
from focuscam.region import WHOLE
from focuscam.system.signals import stop_if_asked

log = logging.getLogger(__name__)

BUSY_S = 10.0
"""How long a busy camera is waited for at the start, s: a program that is just ending needs less."""

TRY_S = 1.0
"""From one try to open a busy camera to the next, s."""

LIVE_SETTINGS = {"focus.region", "focus.threshold", "focus.hold_s"}
"""What can change while it runs; the camera, the model and the pins are had once, at the start."""


class Loop:
    """The stages, joined. Iterating it runs it, once."""

    def __init__(
        self,
        camera: Camera,
        settings: Settings,
        scorer: Scorer,
        indicators: Indicators,
        *,
        reread: Callable[[], Settings] | None = None,
        commands: queue.SimpleQueue[Command] | None = None,
        notices: Notices | None = None,
        service: Service | None = None,
        light: Light = Light.OFF,
        capture: Capture | None = None,
        motor: Lens | None = None,
        paced: bool = False,
        rests: bool = True,
    ) -> None:
        """reread: reads the settings again, for the command `reload`; raises ConfigurationError. None: they stay.

        commands: where wishes are put, by any thread. notices: has what other threads tell those who look. light: what
        the light says before the first frame; not off where a recording goes on from there. capture: takes stills.
        motor: turns the focusing ring, where that is not the camera's own. paced: show files at their own pace, for
        eyes; else as fast as they can be scored. rests: whether a live camera is asked for fewer frames while nothing
        changes.
        """
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue() if commands is None else commands
        self.light = light
        """What it said before the first frame."""
        self._camera = camera
        self._at_start = self._in_force = settings
        self._scorer = scorer
        self._indicators = indicators
        self._reread = reread or (lambda: settings)
        self._service = service or Service()
        self._capture = capture
        self._in_real_time = camera.live or paced
        self._idle = Idle(settings.camera.idle_fps)
        self._rests = rests and camera.live
        self._awake = False
        self._opened = OpenCamera(settings.camera)
        self._access = Access()
        self._busy = ""
        """Why it could not be opened when it was tried last."""
        self._motor = motor
        self._tell = notices or Notices()
        self._sequence = 0
        self._obeyed: list[Command] = []
        """Since the last frame, those that others are made of included."""
        self._focuser = Focuser(self._tell, self._opened.hold_for_motor)
        self._keeper = Keeper(self._tell)
        self._coach = Coach(self._threshold(self._set_threshold(settings)), settings.focus.hold_s, light)

    def __iter__(self) -> Generator[Event | Away, None, None]:
        """Open the camera and score its newest frame, until it has no more: an event for each.

        While other programs may have the camera nothing is seen, and an Away comes twice a second or more often.
        Raises FocuscamError where there is no camera or it falls silent, after the light has shown the fault.
        """
        camera = self._camera
        if self._in_real_time:
            self._indicators.pulse()
        try:
            began = time.monotonic()
            while self._access.state is not State.ENDED:
                yield from self._leave_to_others()
                with ExitStack() as stack:
                    if self._open(stack, began + BUSY_S):
                        yield from self._look()
                self._opened.closed()
                self._focuser.use(self._motor)
            if said := self._tell.take():
                yield Away(said)
        except FocuscamError as error:
            self._service.last_words(str(error))
            if camera.live:
                self._indicators.say(Light.FAULT, time.monotonic())
                if self._indicators.present:
                    time.sleep(FAULT_S)
            raise
        finally:
            self._keeper.close()

    @property
    def can(self) -> dict[str, str | None]:
        """The commands for those who look, each with None, or with a sentence that says why it can't be done here."""
        return {
            "region": None,
            "threshold": None,
            "forget": None,
            "mute": None,
            "demo": None,
            **self._opened.can,
            "release": None if self._camera.live else "These are files, which anybody may read.",
            "resume": None,
            "capture": None if self._capture and self._opened.camera else "The camera is closed, or takes no stills.",
            "autofocus": None if self._access.state is State.OPENING else self._focuser.can,  # else nobody knows yet
            "keep": None if own_file() else "Only the daemon that systemd runs keeps settings; write them into a file.",
        }

    @property
    def facts(self) -> dict[str, object]:
        """What holds just now that no reading tells, as JSON has it."""
        camera = self._opened.camera
        return {
            "source": camera.description if camera else None,
            "region_name": self._scorer.region.name,
            "zoom": round(1 / self._opened.seen[2], 2),
            "locked": self._opened.locked,
            "released": camera is None and self._access.away,
            "frame_s": camera.frame_s if camera else None,
            "indicators": self._indicators.parts,
            "stills": self._capture.facts if self._capture else None,
            "lens": self._focuser.facts,
        }

    @property
    def recording_header(self) -> dict[str, object]:
        """What a recording needs, beside frames, readings and commands, to come to the same decisions."""
        model = self._scorer.model
        return {
            "camera": self._opened.camera.description if self._opened.camera else None,
            "model": {"sha256": model.sha256, "threshold": model.threshold},
            "hold_s": self._coach.hold_s,
        }

    def _open(self, stack: ExitStack, patience_ends: float) -> bool:
        """Open the camera; False where it is busy and worth another try: for ever, once we have had it."""
        camera = self._camera
        try:
            stack.enter_context(camera)
        except CameraBusyError as error:
            if not self._access.had and time.monotonic() > patience_ends:
                raise
            if str(error) != self._busy:
                self._tell(f"{error} Waiting for it.")
            self._busy = str(error)
            self._access.happened(Happened.BUSY, time.monotonic() + TRY_S)
            return False
        self._tell.note(f"Looking at {camera.description}.")
        if self._access.had:
            self._tell.keep("The camera is back.")
        self._busy = ""
        self._access.happened(Happened.OPENED)
        self._opened.opened(camera)
        self._focuser.use(self._motor or fitting.of_camera(self._at_start.lens, self._opened.controls, camera.set))
        # The camera gives up first, since it can say why no frame comes.
        self._service.patience(1.5 * camera.deadline)
        return True

    def _look(self) -> Iterator[Event]:
        """Score the newest frame, again and again, until there is none or others want the camera."""
        camera = self._camera
        due, last = time.monotonic(), math.inf
        pause = 0.0
        greet = camera.live  # not before a frame was scored: a start that gets no further is dark
        while True:
            stop_if_asked()
            self._obey_all(pause)
            if self._access.state is not State.LOOKING:
                return
            if (frame := camera.newest()) is None:
                self._access.happened(Happened.END)
                return
            if self._in_real_time and not camera.live:
                # A recording may begin in the middle of a daemon's life, whose time may even begin anew.
                gap = min(frame.time - last, getattr(camera, "longest_gap", math.inf))
                due, last = due + max(0.0, gap), frame.time
                time.sleep(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            self._indicators.expect(camera.frame_s)
            self._awake = False
            event = self._show(frame, now if self._in_real_time else frame.time, greet)
            yield event
            greet = False
            if self._capture is not None:
                judge = self._scorer.score if self._opened.seen == WHOLE else None
                if self._capture.look(frame, event.status, camera, judge):
                    self._alive("a still was taken")
            pause = 0.0
            if self._rests and not self._awake and not self._focuser.busy:
                pause = self._idle.pause(event.status) - (time.monotonic() - now)

    @property
    def live(self) -> bool:
        """Whether frames pass by whether we look or not."""
        return self._camera.live

    def obey(self) -> None:
        """Obey what was wished, after the last frame; before that the loop does so by itself."""
        self._obey_all()

    def said(self) -> tuple[str, ...]:
        """What came of it."""
        return self._tell.take()

    def keep_awake(self) -> None:
        """Somebody looks at the pictures: let them come at the full rate for now. To be said anew after each event."""
        self._awake = True

    def _leave_to_others(self) -> Iterator[Away]:
        """While the camera is not ours: obey, keep the light and the watchdog, and do not touch it."""
        while (left := self._access.left(time.monotonic())) > 0:
            self._indicators.say(Light.RELEASED, time.monotonic())
            if self._access.had:  # before that we are not ready
                self._alive("the camera is released: other programs may have it")
            yield Away(self._tell.take())
            self._obey_all(min(left, TRY_S, DARK_AFTER_S / 2))

    def _alive(self, status: str) -> None:
        """Feed the watchdog: all is well here, and the light is kept in time as well."""
        if self._indicators.beating:
            self._service.fresh(status)

    def _obey_all(self, wait_s: float = 0.0) -> None:
        """Empty the queue; where it is empty, wait so long for the first command."""
        try:
            self._obey(self.commands.get(timeout=wait_s) if wait_s > 0 else self.commands.get_nowait())
            while True:
                self._obey(self.commands.get_nowait())
        except queue.Empty:
            self._keeper.look()

    def _show(self, frame: Frame, now: float, greet: bool) -> Event:
        status = self._coach.update(self._scorer.score(frame))
        level = self._indicators.say(Light.READY if greet else status.light, now, nearness(status))
        score = status.reading.score
        self._alive(f"{status.light.value}, score {'none' if score is None else format(score, '.2f')}")
        self._opened.follow_the_hand(status)
        self._focuser.see(frame, status)
        self._sequence += 1
        commands, self._obeyed = tuple(self._obeyed), []
        return Event(self._sequence, frame, status, level, self.facts, commands, self._tell.take())

    def _obey(self, command: Command) -> None:
        self._idle.start_over()
        self._obeyed.append(command)
        match command:
            case wish.SetRegion(region):
                self._scorer.region = region
                self._coach.look_elsewhere()
            case wish.SetThreshold(score):
                self._coach.threshold = self._threshold(score)
            case wish.SetHold(seconds):
                self._coach.hold_s = seconds
            case wish.Forget():
                self._coach.forget()
            case wish.Mute(muted):
                self._indicators.mute(muted)
            case wish.LockExposure(locked):
                self._opened.lock(locked)
            case wish.Toggle(what):
                self._toggle(what)
            case wish.Demo():
                self._indicators.demonstrate(time.monotonic())
            case wish.ShutDown():
                self._tell(power_off())
            case wish.Zoom(times):
                self._zoom(times)
            case wish.Release(end):
                self._release(math.inf if end is None else end)
            case wish.Resume():
                self._access.resume()
            case wish.TakeStill():
                if self._capture is not None and self.can["capture"] is None:
                    self._capture.want()
            case wish.Autofocus(how):
                self._focuser.wish(how)
            case wish.Keep(only):
                self._keep(only == "threshold")
            case wish.Reload():
                self._reload()
            case _:
                assert_never(command)

    def _toggle(self, what: Literal["mute", "lock", "release"]) -> None:
        match what:
            case "mute":
                self._indicators.mute(None)
            case "lock":
                self._opened.lock(None)
            case "release":
                self._access.resume() if self._access.away else self._release(math.inf)

    def _release(self, seconds: float) -> None:
        """Let go of the camera for so long."""
        if not self._camera.live:
            return
        if not self._access.away:
            self._tell("The camera is released: other programs may have it; `focuscam resume` takes it back.")
        self._access.happened(Happened.RELEASE, time.monotonic() + seconds)
        if self._focuser.busy:
            self._focuser.wish("stop")

    def _zoom(self, times: float) -> None:
        came = self._opened.zoom(times, self._scorer.region)
        if came is not None:
            words, region = came
            self._obey(wish.Forget() if region is None else wish.SetRegion(region))
            self._tell(words)

    def _keep(self, threshold_only: bool) -> None:
        region = self._opened.unmagnified(self._scorer.region)
        chosen: dict[str, object] = {} if threshold_only else {"region": region.name}
        if threshold_only or self._coach.threshold != self._threshold(None):
            # Another network gives other scores: what was set for this one says nothing of theirs.
            chosen |= {"threshold": self._coach.threshold, "threshold_model": self._scorer.model.sha256}
        self._keeper.want({"focus": chosen})

    def _reload(self) -> None:
        try:
            new = self._reread()
        except FocuscamError as error:
            log.error("%s The settings from before stay in force.", error)
            return
        live = self._in_force.differences(new) & LIVE_SETTINGS
        if "focus.region" in live:
            self._obey(wish.SetRegion(self._opened.magnified(new.focus.region)))
        self._obey(wish.SetThreshold(self._set_threshold(new)))
        self._obey(wish.SetHold(new.focus.hold_s))
        self._in_force = new
        log.info("The settings were read again; in force now: %s.", ", ".join(sorted(live)) or "no change")
        waiting = self._at_start.differences(new) - LIVE_SETTINGS
        waiting = {each for each in waiting if not each.startswith("page.")}  # another process goes by these
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
