"""What a run of readings means: the phase of focusing, and with it the light and what the hand should do next.

Pure: readings in, a status out. The only clock is the time written on the readings. Blur and contrast are compared as
natural logarithms: 0.1 is about 10 %.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from focuscam.coach import readings
from focuscam.coach.hill import FALL, JOLT, JOLT_S, LEAST, NOISE_FRAMES, RATE_S, REST, SAME, Hill
from focuscam.coach.lamp import Lamp
from focuscam.coach.phase import SAYS
from focuscam.coach.scenes import Scenes
from focuscam.messages import Hint, Light, Phase, Reading, Status

WINDOW = 3
"""Readings whose median counts: the fewest that outvote one bad frame. Costs one frame of delay. And the least frames
between two switches, for cameras so slow that `hold_s` is shorter."""

NEAR = 0.05
"""How far behind a top, in contrast, the light comes on where it was seen as finely as a hand turns. Where it was seen
in jumps, the true top may lie between them: up to SAME."""

HYSTERESIS = 0.15
"""How much more blur than may be turns the light off: noise makes less. So much more may be where the best of a hill
lies at its end, since nobody saw the other side; twice as much while the camera is shaken by a knock."""

RELIEF = 0.8
"""At the top of a whole hill the blur may be more than the threshold allows, by so much of what the contrast rises on
both sides: it is the sharpest that lens and scene can be, and the deeper the hill, the surer it is one of focus."""

SOFTER, MUCH_SOFTER = 1.06, 1.25
"""Times the blur of the top that is softer than it: noise makes less. And that is another picture: a new scene so much
softer than this lens was before may be in focus, but nobody knows yet."""

LIMIT_PX = 1.5
"""Blur at the limit of the pixels, px: demosaicing, shrinking and JPEG leave no picture sharper than that."""

LOOK_S = 0.9
"""A picture that nobody has turned yet, with more blur than that, must have rested for so long, s."""

GOOD_S, PAUSES = 3.5, 1.5
"""A ring that rests after a climb rests for good once it has rested for GOOD_S, s: people pause to look for three. A
hand that turns evenly, without a stroke just now and without pauses, or only of a second, is believed sooner: after so
many times its longest pause."""

CALM_S = 0.4
"""A contrast that has not changed for so long, s, is at rest: a hand that is looking turns without such breaks. And a
camera that was knocked against shakes for so long at most."""

SOON_S = 0.25
"""A hand needs about so long, s, to answer: the light comes on when the known top is no further away than that."""

LONG_S = 3600.0
"""A pause of more, s, is as good as this: a clock that was set forward by years would have no fractions left."""

TICK_S = 2.0**-26
"""The coach's clock counts these, s. Sums and differences of them are exact, so that a run means the same whenever it
begins: nine thirtieths of a second would else be 0.3 s in one minute, and a hair less in the next. Upwards, so that
they are never less."""


class Coach:
    """Turns one reading after another into what the light says.

        >>> from focuscam.messages import Reading
        >>> coach = Coach(threshold=0.5)
        >>> blurred = Reading(0, 0.0, None, score=0.02, certainty=0.9, blur="defocus", contrast=1.0)
        >>> status = coach.update(blurred)
        >>> status.light, status.in_focus
        (<Light.OFF: 'off'>, False)

    What was seen before decides: a coach is for one camera, and sees its readings in their order.
    """

    def __init__(self, threshold: float, hold_s: float = 0.3, light: Light = Light.OFF) -> None:
        """threshold: the score, 0 to 1, at which the light comes on. hold_s: the least time between two switches, s.

        light: what it says before the first reading.
        """
        self.threshold = threshold
        self.hold_s = hold_s
        self._light = light
        self._time: float | None = None
        self._tick = 1 / 30
        self._clock = 0.0
        self._switched: float | None = None
        self._frames_since = 0
        self.scene = 0
        """Counts the scenes: another number for another scene, and whenever the best was forgotten."""
        self.forget()

    def forget(self) -> None:
        """Forget all that was seen; but not when the light switched, which may have to hold for a moment yet."""
        self._finest = math.inf
        """Blur that the light came on for last, whatever the scene: so sharp the lens can be."""
        self.look_elsewhere()

    def look_elsewhere(self) -> None:
        """Another region: forget the best. How sharp the lens can be is known still."""
        self._recent: deque[Reading] = deque(maxlen=NOISE_FRAMES)
        self._excesses: deque[float] = deque(maxlen=NOISE_FRAMES)
        """How much more blur than may be each of them has; infinite where that can't be told."""
        self._scenes = Scenes()
        self._arrive()

    def _arrive(self) -> None:
        """Another scene: what was seen last says nothing of it."""
        self.scene += 1
        self._recent.clear()
        self._excesses.clear()
        self._lamp = Lamp()
        self._phase = Phase.LOOKING
        self._best: float | None = None
        self._excess = self._blur = math.inf
        self._earned = False
        """Whether the light came on for this scene, and not for the one before."""
        self._known_at = -math.inf
        """Level of the frame that the scene is known by."""

    def update(self, reading: Reading) -> Status:
        """Take the next reading; tell what it means after those before it."""
        self._advance(reading.time)
        changes = self._scenes.changes
        grey = readings.brightness(reading)
        ratio = readings.to_ratio(grey)
        contrast = max(reading.contrast, 0.0) * ratio
        here = self._scenes.shows_here(reading.thumbnail, self._clock, math.log(contrast + LEAST))
        if self._scenes.changes != changes:
            self._arrive()
        if not self._recent:  # a scene begins
            self._calm_at = self._told_at = self._clock - TICK_S
        self._take(reading)
        if here and reading.score is not None:
            self._climb(reading, contrast, grey)
        last = list(self._recent)[-WINDOW:]
        hill = self._scenes.hill
        judged = [each for each in last if each.score is not None]
        told = 2 * len(judged) > len(last)
        if told:
            self._told_at = self._clock
            self._best = max(median(each.score or 0.0 for each in judged), self._best or 0.0)
            self._excess = self._of_now(hill, [each for each in list(self._excesses)[-WINDOW:] if each < math.inf])
            self._blur = median(readings.blur(each) for each in judged)
            if here and hill.best is not None and hill.level >= hill.best - REST:
                self._learn_the_blur(hill)
        self._phase = self._now(hill, told, here, last)
        if here:
            self._earned = self._phase in (Phase.SHARP, Phase.TOP)
            self._finest = hill.top_blur if self._earned else self._finest
        light, hint = SAYS[self._phase]
        self._switch(light)
        if self._light is Light.ON:
            hint = Hint.BEST
        return Status(
            reading=reading,
            light=self._light,
            threshold=self.threshold,
            closeness=hill.closeness if told else None,
            best=self._best,
            hint=hint or readings.reason(last),
            phase=self._phase,
            scene=self.scene,
            rested_s=self._rested_s(hill, here),
            top=None if hill.top is None else max(math.exp(hill.top) - LEAST, 0.0) / ratio,
        )

    def _rested_s(self, hill: Hill, here: bool) -> float:
        """For how long the picture has been the same, s; where nothing can be told, for how long that has been so."""
        if self._phase is Phase.BLIND:
            return self._clock - self._told_at
        return hill.rested_s if here else 0.0

    def _take(self, reading: Reading) -> None:
        self._recent.append(reading)
        self._excesses.append(math.inf if reading.score is None else reading.excess(self.threshold))

    def _advance(self, time: float) -> None:
        """Let our clock follow the readings'. One that stands still or goes back is taken to have gone on as before."""
        step = self._tick if self._time is None else time - self._time
        if not 0 < step < math.inf:
            step = self._tick
        elif step <= 1:
            self._tick = step
        self._clock += math.ceil(min(step, LONG_S) / TICK_S) * TICK_S
        if math.isfinite(time):
            self._time = time
        self._frames_since += 1

    def _climb(self, reading: Reading, contrast: float, grey: float) -> None:
        """Let the hill of this scene take a reading. contrast: whatever the exposure. grey: brightness, grey levels."""
        hill = self._scenes.hill
        lost = self._shaken(list(self._recent)[-WINDOW:]) or self._lamp.steps(grey)
        calm = hill.frames > 0 and hill.rested_s >= CALM_S
        best = hill.best
        now = hill.add(contrast, self._clock, lost, (reading.score or 0.0) >= self.threshold)
        if now is not hill:  # a jolt was undone: its scores are none, either
            self._scenes.hill = hill = now
            self._recent.clear()
            self._excesses.clear()
            self._take(reading)
        elif best is None or (hill.best is not None and hill.best > self._known_at + NEAR):
            self._scenes.sharpest(reading.thumbnail)
            self._known_at = hill.best or 0.0
        if reading.thumbnail:
            self._lamp.follow(hill, grey, calm)

    def _shaken(self, last: list[Reading]) -> bool:
        """Whether contrast is lost to a jolt. What lasts longer is how this scene looks to the network."""
        if all(each.blur != "motion" for each in last):
            self._calm_at = self._clock
        return 0 < self._clock - self._calm_at < JOLT_S

    def _of_now(self, hill: Hill, last: list[float]) -> float:
        """How much too much it is now: the mean for as long as nothing moves, but never of fewer than WINDOW."""
        now = median(last)
        calm: list[float] = []
        odd = 0
        for excess in list(reversed(self._excesses))[: hill.rested]:
            if abs(excess - now) > 2 * HYSTERESIS:
                odd += 1
                if odd > 1:  # one bad frame is nothing; two are another picture
                    break
            else:
                odd = 0
                calm.append(excess)
        return sum(calm) / len(calm) if len(calm) > WINDOW else now

    def _now(self, hill: Hill, told: bool, here: bool, last: list[Reading]) -> Phase:
        """The phase after this frame."""
        if not told:
            return Phase.BLIND
        if not here or hill.best is None:  # until the new scene is confirmed, only blur is news
            return Phase.SHARP if self._light is Light.ON and self._excess <= HYSTERESIS else Phase.ELSEWHERE
        if self._sharp(hill, self._light is Light.ON and self._earned):
            return Phase.TOP if hill.top is not None else Phase.SHARP
        if 2 * sum(each.blur == "motion" for each in last) > len(last):
            return Phase.SHAKEN
        if hill.top is not None:
            return Phase.RETURNING if hill.way > 0 else Phase.PASSED
        if hill.way > 0:
            return Phase.CLIMBING
        return Phase.COLDER if hill.way < 0 else Phase.LOOKING

    def _sharp(self, hill: Hill, lit: bool) -> bool:
        """Whether the light may be on. lit: it is, and came on for this scene."""
        assert hill.best is not None
        if lit and hill.knocked_at(CALM_S) >= 1 - JOLT and self._excess <= 2 * HYSTERESIS:
            return True  # the ring is where it was, and the picture will be back
        if hill.top is not None and hill.level <= hill.top + SAME:
            return self._at_the_top(hill, hill.top - hill.level, lit)
        behind = hill.best - hill.level
        if hill.climbing:
            good_s = GOOD_S if hill.nudged else min(PAUSES * max(hill.longest_pause_s, 1.0), GOOD_S)
            return hill.rested_s >= good_s and behind <= NEAR + hill.sure and self._excess <= HYSTERESIS
        # Nobody has turned the ring yet, or it went down from where it set off.
        if lit:
            same = self._blur <= MUCH_SOFTER * hill.top_blur
            return self._excess <= HYSTERESIS and behind <= (JOLT if same else NEAR) + hill.sure
        if self._excess > 0 or behind > NEAR + hill.sure:
            return False
        if hill.way == 0 and self._at_the_limit():
            return True
        return hill.rested_s >= (LOOK_S if self._blur <= MUCH_SOFTER * self._finest else GOOD_S)

    def _at_the_top(self, hill: Hill, behind: float, lit: bool) -> bool:
        """Whether the light may be on so far behind a top that was passed, as a natural logarithm."""
        most = RELIEF * hill.depth if hill.complete else HYSTERESIS
        near = min(max(NEAR, hill.grain) + hill.sure / 2, SAME)
        if lit:
            softer = self._blur > SOFTER * hill.top_blur
            return self._excess <= most + HYSTERESIS and behind <= (near + FALL / 2 if softer else JOLT)
        if hill.time - hill.passed_at <= RATE_S:
            near = SAME  # it goes by just now
        # Where it is much sharper than it was at that top, another one is being climbed.
        same = self._blur * MUCH_SOFTER >= hill.top_blur
        return same and self._excess <= most and (behind <= near or self._soon(hill, behind))

    def _at_the_limit(self) -> bool:
        """Whether the last readings have no more blur than pixels have."""
        if self._recent[-1].blur_px is None:
            return self._excess <= -2 * HYSTERESIS
        return self._blur <= LIMIT_PX

    def _learn_the_blur(self, hill: Hill) -> None:
        """Keep how blurred it is at the best: the least that was seen there."""
        assert hill.best is not None
        hill.top_blur = min(hill.top_blur, self._blur) if hill.best < hill.top_blur_at + REST else self._blur
        if hill.best >= hill.top_blur_at + REST:
            hill.top_blur_at = hill.best

    def _soon(self, hill: Hill, behind: float) -> bool:
        """Whether a hand that climbs to the known top is there before it could stop.

        The top of any hill is a parabola; on it the way that is left takes twice the height that is left over the rate.
        """
        rate = hill.rate
        pauses = hill.longest_pause_s >= 1.0  # such a hand stops short of it, and would see the light go off
        return not pauses and 0 < behind <= HYSTERESIS and hill.way > 0 and rate > 0 and 2 * behind <= SOON_S * rate

    def _switch(self, light: Light) -> None:
        if light is self._light:
            return
        held = self._switched is not None and (
            self._clock - self._switched < self.hold_s or self._frames_since < min(WINDOW, self.hold_s * 1000)
        )
        if not held:
            self._light = light
            self._switched = self._clock
            self._frames_since = 0
