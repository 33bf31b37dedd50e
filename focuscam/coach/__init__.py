"""What a run of readings means: the phase of focusing, and with it the light and what the hand should do next.

Pure: readings in, a status out. The only clock is the time written on the readings.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from statistics import median

from focuscam.coach.hill import LEAST, Hill
from focuscam.coach.phase import SAYS
from focuscam.coach.scenes import Scenes
from focuscam.frame import CONTRAST_OFFSET, Light, Phase, Reading, Status

WINDOW = 3
"""Readings whose median counts: the fewest that outvote one bad frame. Costs one frame of delay."""

CALM = 15
"""Readings whose mean counts while nothing moves, frames: a quarter of the noise of one."""

WAVER = 0.2
"""Scores this near to each other, with the contrast at rest, are of one picture: noise moves them by 0.07 at most."""

HYSTERESIS = 0.1
"""How far the score must fall below what it has to be before the light goes off: noise moves a score by less."""

HOLD_FRAMES = 3
"""Least frames between two switches, for cameras so slow that `hold_s` is shorter: as many as decide."""

NEAR, COARSE, LEFT = 0.05, 0.08, 1.2
"""How far behind a top, as a natural logarithm, the light comes on: behind one that was seen as finely as a hand turns,
and at most, behind one that was seen in jumps so coarse that the true top may lie between them. And how many times
further it goes off."""

JUST_S, JUST = 0.1, 0.09
"""J"""

TOPS_NOISE = 2
"""Deviations of noise by which a top is seen too high: it is the best of many frames."""

FAR = 0.2
"""How far it goes off whatever the blur: less may be leaves in the wind or passing light, if the blur is the same."""

SOFTER = 1.06
"""Times the blur of the top that is softer than it: noise makes less."""

MUCH_SOFTER = 1.4
"""Times the blur that this lens had at its last top: a new scene that is softer may be sharp, but nobody knows yet."""

TOP = 0.03
"""What lies no further behind the best, as a natural logarithm, has its blur: less is lost in noise."""

RELIEF, HALF_RELIEF = 0.5, 0.75
"""At the top of a complete hill the score may be so much of the threshold: it is the sharpest that this lens and scene
can be. Where a score is lower, the network sees something else than focus. Half: where only one side of the hill was
seen, since the best may lie at the end stop of the ring, or where the hand set off."""

SURE = 1 / 3
"""A score that lies so much of the way from the threshold to 1 is one of a blur at the limit of the pixels."""

LOOK_S = 0.9
"""A picture that nobody has turned yet, and whose score is not so sure, must have rested for so long, s."""

SOONEST_S, GOOD_S, PAUSES = 1.5, 3.5, 1.5
"""A ring that rests after a climb rests for good once it has rested for GOOD_S, s: people pause to look for three. A
hand that has not paused before, or only for a moment, is believed sooner: after so many times its longest pause."""

SHARPER = 0.05
"""A scene is known by its sharpest frame; one that is sharper by less, as a natural logarithm, looks the same."""

JOLT_S = 1.0
"""Motion blur for so long, s, is no jolt."""

KNOCK_S = 0.4
"""A camera that was knocked against shakes for so long, s, at most."""

SOON_S, SOON = 0.25, 0.15
"""A hand needs about so long, s, to answer: the light comes on when the known top is no further away in time than that,
and in contrast, as a natural logarithm, no further than that."""

CALM_S = 0.3
"""A contrast that has not changed for so long, s, is at rest: a hand that is looking turns without such breaks."""

LONG_S = 3600.0
"""A pause of more, s, is as good as this: a clock that was set forward by years would have no fractions left."""

DARKENED, DARKENED_S = 0.03, 1.0
"""Change of the mean brightness, as a natural logarithm, within so many seconds, from which the light has changed:
noise changes it by 0.002; and what is slower has no part in the contrast."""

LIGHTS_PART = 0.25
"""How much of such a change the contrast may owe to the light (both as natural logarithms): tone curves, harder and
softer shadows. More would let a hand that turns under a changing light move the peak."""


class Coach:
    """Turns one reading after another into what the light says."""

    def __init__(self, threshold: float, hold_s: float = 0.3, light: Light = Light.OFF) -> None:
        """threshold: the score, 0 to 1, at which the light comes on. hold_s: the least time between two switches.

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
        self._finest = math.inf
        """Blur of the last top that was passed, whatever the scene: so sharp the lens can be."""
        self.scene = 0
        """Counts the scenes: another number for another scene, and whenever the best was forgotten."""
        self.forget()

    @property
    def turning(self) -> bool:
        """Whether the ring is being turned, as far as the contrast can tell; no where nothing can be told."""
        hill = self._scenes.hill
        seen = bool(self._recent) and self._recent[-1].score is not None and hill.frames > 0
        return seen and hill.rested < hill.frames and hill.rested_s < CALM_S

    def forget(self) -> None:
        """Forget the best: another subject, another region."""
        self._recent: deque[Reading] = deque(maxlen=CALM)
        self._brightness: deque[float] = deque(maxlen=WINDOW)
        self._lit: tuple[float, float, float] | None = None
        self._scenes = Scenes()
        self._arrive()

    def _arrive(self) -> None:
        """Another scene: what was seen last says nothing of it."""
        self.scene += 1
        self._recent.clear()
        self._brightness.clear()
        self._lit = None
        self._phase = Phase.LOOKING
        self._best: float | None = None
        self._blur = math.inf
        self._earned = False
        """Whether the light came on for this scene, and not for the one before."""
        self._known_at = -math.inf
        """Level of the frame that the scene is known by."""
        self._calm_at = self._clock - 1e-9

    def update(self, reading: Reading) -> Status:
        """Take the next reading; tell what it means after those before it."""
        self._advance(reading.time)
        changes = self._scenes.changes
        here = self._scenes.shows_here(reading.thumbnail, self._clock, math.log(max(_contrast(reading), 0.0) + LEAST))
        if self._scenes.changes != changes:
            self._arrive()
        self._recent.append(reading)
        if here and reading.score is not None:
            self._climb(reading)
        last = list(self._recent)[-WINDOW:]
        hill = self._scenes.hill
        judged = [each.score for each in last if each.score is not None]
        score = self._score(hill, judged) if 2 * len(judged) > len(last) else None
        if score is not None:
            self._best = max(score, self._best or 0.0)
            self._blur = median(_blur(each) for each in last if each.score is not None)
            if here and hill.best is not None and hill.level >= hill.best - TOP:
                self._learn_the_blur(hill)
        self._phase = self._now(hill, score, here, last)
        self._earned = self._phase in (Phase.SHARP, Phase.TOP) if here else self._earned
        light, hint = SAYS[self._phase]
        self._turn(light)
        if self._light is Light.ON:
            hint = "best"
        return Status(
            reading=reading,
            in_focus=self._light is Light.ON,
            light=self._light,
            threshold=self.threshold,
            closeness=hill.closeness if score is not None else None,
            best=self._best,
            hint=hint or _reason(last),
            phase=self._phase,
            scene=self.scene,
            rested_s=hill.rested_s,
            top=None if hill.top is None else math.exp(hill.top) - LEAST,
        )

    def _advance(self, time: float) -> None:
        """Let our clock follow the readings'. One that stands still or goes back is taken to have gone on as before."""
        step = self._tick if self._time is None else time - self._time
        if not 0 < step < math.inf:
            step = self._tick
        elif step <= 1:
            self._tick = step
        self._clock += min(step, LONG_S)
        if math.isfinite(time):
            self._time = time
        self._frames_since += 1

    def _climb(self, reading: Reading) -> None:
        """Let the hill of this scene take the contrast of a reading."""
        hill = self._scenes.hill
        lost = self._shaken(list(self._recent)[-WINDOW:])
        calm = hill.frames > 0 and hill.rested_s >= CALM_S
        best = hill.best
        now = hill.add(_contrast(reading), self._clock, lost, (reading.score or 0.0) >= self.threshold)
        if now is not hill:  # a jolt was undone: its scores are none, either
            self._scenes.hill = hill = now
            self._recent.clear()
            self._recent.append(reading)
        elif best is None or (hill.best is not None and hill.best > self._known_at + SHARPER):
            self._scenes.sharpest(reading.thumbnail)
            self._known_at = hill.best or 0.0
        if reading.thumbnail:
            self._follow_the_light(hill, _brightness(reading), calm)

    def _shaken(self, last: list[Reading]) -> bool:
        """Whether contrast is lost to a jolt. What lasts longer is how this scene looks to the network."""
        if all(each.blur != "motion" for each in last):
            self._calm_at = self._clock
        return 0 < self._clock - self._calm_at < JOLT_S

    def _score(self, hill: Hill, last: list[float]) -> float:
        """The score of what is seen now: the mean for as long as nothing moves, but never of fewer than WINDOW."""
        now = median(last)
        if hill.frames < WINDOW:
            return now
        calm: list[float] = []
        odd = 0
        for each in list(reversed(self._recent))[: hill.rested]:
            if each.score is None or abs(each.score - now) > WAVER:
                odd += 1
                if odd > 1:  # one bad frame is nothing; two are another picture
                    break
            else:
                odd = 0
                calm.append(each.score)
        return sum(calm) / len(calm) if len(calm) > WINDOW else now

    def _now(self, hill: Hill, score: float | None, here: bool, last: list[Reading]) -> Phase:
        """The phase after this frame."""
        if score is None:
            return Phase.BLIND
        if not here or hill.best is None:  # until the new scene is confirmed, only a low score is news
            return Phase.SHARP if self._light is Light.ON and score >= self.threshold - HYSTERESIS else Phase.ELSEWHERE
        if self._sharp(hill, score, self._light is Light.ON and self._earned):
            return Phase.TOP if hill.top is not None else Phase.SHARP
        if 2 * sum(each.blur == "motion" for each in last) > len(last):
            return Phase.SHAKEN
        if hill.top is not None:
            return Phase.RETURNING if hill.way > 0 else Phase.PASSED
        if hill.way > 0:
            return Phase.CLIMBING
        return Phase.COLDER if hill.way < 0 else Phase.LOOKING

    def _sharp(self, hill: Hill, score: float, lit: bool) -> bool:
        """Whether the light may be on. lit: it is, and came on for this scene."""
        assert hill.best is not None
        behind = hill.best - hill.level
        if lit and hill.knocked_at(KNOCK_S) >= 1 - FAR and score >= self.threshold - HYSTERESIS:
            return True  # the ring is where it was, and the picture will be back
        if hill.top is not None:
            least = self.threshold * (RELIEF if hill.complete else HALF_RELIEF)
            behind = hill.top - hill.level
            softer = self._blur > SOFTER * hill.top_blur
            near = min(max(NEAR, hill.grain), COARSE) + TOPS_NOISE * hill.noise
            if hill.time - hill.passed_at <= JUST_S:
                near = max(near, JUST)
            if lit:
                return score >= least - HYSTERESIS and behind <= (LEFT * near if softer else FAR)
            return score >= least and (behind <= near or self._soon(hill, behind))
        if hill.climbing:
            good_s = min(max(PAUSES * hill.longest_pause_s, SOONEST_S), GOOD_S)
            least = self.threshold * (HALF_RELIEF if hill.half_seen else 1.0)
            return hill.rested_s >= good_s and behind <= NEAR + hill.sure and score >= least
        # Nobody has turned the ring yet, or it went down from where it set off.
        if lit:
            same = self._blur <= MUCH_SOFTER * hill.top_blur
            return score >= self.threshold - HYSTERESIS and behind <= (FAR if same else LEFT * NEAR) + hill.sure
        if score < self.threshold or behind > NEAR + hill.sure:
            return False
        if self._blur > MUCH_SOFTER * self._finest:
            return hill.rested_s >= GOOD_S
        if hill.way == 0 and score >= self.threshold + SURE * (1 - self.threshold):
            return True
        return hill.rested_s >= LOOK_S

    def _learn_the_blur(self, hill: Hill) -> None:
        """Keep how blurred it is at the best: the least that was seen there."""
        assert hill.best is not None
        hill.top_blur = min(hill.top_blur, self._blur) if hill.best < hill.top_blur_at + TOP else self._blur
        if hill.best >= hill.top_blur_at + TOP:
            hill.top_blur_at = hill.best
        if hill.top is not None:
            self._finest = hill.top_blur

    def _soon(self, hill: Hill, behind: float) -> bool:
        """Whether a hand that climbs to the known top is there before it could stop.

        The top of any hill is a parabola; on it the way that is left takes twice the height that is left over the rate.
        """
        rate = hill.rate
        return 0 < behind <= SOON and hill.way > 0 and rate > 0 and 2 * behind <= SOON_S * rate

    def _follow_the_light(self, hill: Hill, brightness: float, calm: bool) -> None:
        """Where the scene got brighter or darker, a part of what the contrast changed is the light's doing.

        calm: whether the contrast was at rest before. Else it is the hand's doing as well, and only of a change from
        one frame to the next it can be told apart.
        """
        was = median(self._brightness) if self._brightness else math.inf
        self._brightness.append(math.log(brightness + 1))
        now = median(self._brightness)
        if self._lit is not None:
            before, level, since = self._lit
            change = abs(now - before)
            if change < DARKENED and self._clock - since < DARKENED_S:
                if change < DARKENED / 2:  # it has not begun: what the contrast changed is the hand's doing
                    self._lit = (before, hill.level, since)
                return
            most = LIGHTS_PART * change
            if change >= DARKENED and calm:
                hill.rescale(min(max(hill.level - level, -most), most))
            elif change >= DARKENED and abs(now - was) > change / 2 and abs(hill.jump) <= most:
                hill.rescale(hill.jump)  # more than that would be a jerk of the ring
        self._lit = (now, hill.level, self._clock)

    def _turn(self, light: Light) -> None:
        if light is self._light:
            return
        held = self._switched is not None and (
            self._clock - self._switched < self.hold_s or self._frames_since < min(HOLD_FRAMES, self.hold_s * 1000)
        )
        if not held:
            self._light = light
            self._switched = self._clock
            self._frames_since = 0


def _brightness(reading: Reading) -> float:
    """Mean grey level of a reading's thumbnail; 0 without one."""
    return sum(reading.thumbnail) / max(len(reading.thumbnail), 1)


def _contrast(reading: Reading) -> float:
    """Contrast as it would be if it were a plain ratio to brightness, whatever the exposure.

    Without a brightness it is left alone.
    """
    brightness = _brightness(reading)
    return reading.contrast * (brightness + CONTRAST_OFFSET) / max(brightness, 4.0) if brightness else reading.contrast


def _blur(reading: Reading) -> float:
    """The blur of a reading, px; one without has what its score says, in a unit of its own."""
    score = max(reading.score or 0.0, 1e-6)
    return math.sqrt((1 - score) / score) if reading.blur_px is None else reading.blur_px


def _reason(last: list[Reading]) -> str:
    """Why nothing can be told, by most of the last readings."""
    reasons = Counter(each.reason for each in last if each.score is None and each.reason is not None)
    reason = reasons.most_common(1)[0][0] if reasons else "flat"
    return "flat" if reason == "small" else reason
