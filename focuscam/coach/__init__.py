"""What a run of readings means: the decision that drives the light, and what the hand should do next.

Pure: readings in, a status out. The only clock is the time written on the readings.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from statistics import median

from focuscam.coach.hill import SAME_TOP, Hill
from focuscam.coach.scenes import Scenes
from focuscam.frame import CONTRAST_OFFSET, Light, Reading, Status

WINDOW = 3
"""Readings whose median counts: the fewest that outvote one bad frame. Costs one frame of delay."""

CALM = 15
"""Readings whose mean counts while nothing moves, frames: a quarter of the noise of one."""

WAVER = 0.2
"""Scores this near to each other, with the contrast at rest, are of one picture: noise moves them by 0.07 at most."""

HYSTERESIS = 0.1
"""How far the score must fall below the threshold before the light goes off: noise moves a score by less."""

HOLD_FRAMES = 3
"""Least frames between two switches, for cameras so slow that `hold_s` is shorter: as many as decide."""

FINEST, FAR = 0.04, 0.8
"""How far closeness may fall before the light goes off: by FINEST at a top that was seen as finely as a hand turns;
down to FAR at one that was seen in steps so coarse that the true top may lie between them. On the hill
1 / (1 + x^2), whose half width is some ten pixels of blur on a lens of f/2.8, 0.93 is within a blur of two or three."""

GRAINS, SURE_NOISE = 2, 3
"""By how many jerks, of those in which the top was seen, it may be missed; and standard deviations of noise."""

ON_PART = 0.6
"""The light comes on when closeness has fallen by this part of that: the rest is hysteresis."""

DIP = 0.03
"""How far the score must lie under that of the top, too, before a small fall of the contrast counts: leaves in the wind
and passing light change the contrast as much, but not what is in focus."""

TOP = 0.97
"""Closeness from which the score is that of the top: less is lost in noise."""

NEAR = 0.85
"""Closeness from which the score alone decides, where it has not fallen."""

RELIEF, HALF_RELIEF = 0.5, 0.75
"""At the top of a complete hill the score may be so much of the threshold: it is the sharpest that this lens and scene
can be. Where a score is lower, the network sees something else than focus. Half: where only one side of the hill was
seen, since the best may lie at the end stop of the ring, or where the hand set off."""

JOLT_S = 1.0
"""Motion blur for so long, s, is no jolt."""

SOON_S = 0.25
"""A hand needs about so long, s, to answer: a light that comes on when the known top is no further away stops it
there."""

LOOK = 6
"""Frames that tell whether the picture is getting better: two of WINDOW."""

SURE = 1 / 3
"""A score that lies so much of the way from the threshold to 1 need not wait for them."""

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


def _of_any_exposure(contrast: float, brightness: float) -> float:
    """Contrast as it would be if it were a plain ratio to brightness (grey levels), whatever the exposure.

    Without a brightness it is left alone.
    """
    return contrast * (brightness + CONTRAST_OFFSET) / max(brightness, 4.0) if brightness > 0 else contrast


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
        self._here = 0
        """Frames seen of this scene."""
        self._earned = False
        """Whether the light came on for this scene, and not for the one before."""
        self._on_at = -math.inf
        """Level of the contrast at which it came on."""
        self._recent.clear()
        self._brightness.clear()
        self._lit = None
        self._climbing: deque[bool] = deque(maxlen=2)
        """Whether the last frames were rising fast: two must say that they are not, since one may be a jerk."""
        self._best: float | None = None
        self._way = 0
        self._was_there = False
        self._calm_at = self._clock - 1e-9

    def update(self, reading: Reading) -> Status:
        """Take the next reading; tell what it means after those before it."""
        self._advance(reading.time)
        changes = self._scenes.changes
        here = self._scenes.shows_here(reading.thumbnail, self._clock)
        if self._scenes.changes != changes:
            self._arrive()
        self._recent.append(reading)
        last = list(self._recent)[-WINDOW:]
        hill = self._scenes.hill
        if here and reading.score is not None:
            shaken = self._shaken(last)
            calm = hill.frames > 0 and hill.rested_s >= CALM_S
            brightness = sum(reading.thumbnail) / max(len(reading.thumbnail), 1)
            sharp = reading.score >= self.threshold
            frames = hill.frames
            if hill.add(_of_any_exposure(reading.contrast, brightness), self._clock, shaken, sharp):
                self._scenes.sharpest(reading.thumbnail)
            if hill.frames <= frames:  # a jolt was undone: its scores are none, either
                self._recent.clear()
                self._recent.append(reading)
                last = [reading]
            if reading.thumbnail:
                self._follow_the_light(hill, brightness, calm)
            self._climbing.append(hill.rising_fast)
            self._here += 1
        judged = [each for each in last if each.score is not None]
        score = None
        if 2 * len(judged) > len(last):
            score = self._score(hill, [each.score for each in judged if each.score is not None])
            self._best = max(score, self._best or 0.0)
            if here and (hill.closeness or 0.0) >= TOP:
                hill.top_score += (score - hill.top_score) / (1 if hill.closeness == 1 else CALM)
            self._turn(Light.ON if self._in_focus(hill, score, here) else Light.OFF)
        else:
            self._turn(Light.CANNOT_TELL)
        if here and hill.frames:
            self._watch_the_hand(hill)
        return Status(
            reading=reading,
            in_focus=self._light is Light.ON,
            light=self._light,
            threshold=self.threshold,
            closeness=hill.closeness if score is not None else None,
            best=self._best,
            hint=self._hint(last, score),
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

    def _in_focus(self, hill: Hill, score: float, here: bool) -> bool:
        closeness = hill.closeness
        if closeness is None or not here:  # until the new scene is confirmed, only a low score is news
            return self._light is Light.ON and score >= self.threshold - HYSTERESIS
        slack = min(max(GRAINS * hill.grain, SURE_NOISE * hill.noise, FINEST), 1 - FAR)
        sunk = score < hill.top_score - DIP
        least = self.threshold * (RELIEF if hill.complete else HALF_RELIEF if hill.half_seen else 1.0)
        if self._light is Light.ON and self._earned:
            if hill.knocked_at >= NEAR and score >= self.threshold - HYSTERESIS:
                return True  # the ring is where it was, and the picture will be back
            if all(self._climbing) and hill.level > self._on_at + SAME_TOP:
                return False
            soon = closeness >= FAR and hill.top_in_s <= SOON_S
            return score >= least - HYSTERESIS and (closeness >= (1 - slack if sunk else FAR) or soon)
        self._earned = score >= least and self._at_the_top(hill, score, sunk, slack)
        self._on_at = hill.level
        return self._earned

    def _at_the_top(self, hill: Hill, score: float, sunk: bool, slack: float) -> bool:
        """Whether the ring is where the light may come on: at the known top, or at one that is about to be known."""
        closeness = hill.closeness or 0.0
        near = 1 - ON_PART * slack
        known = hill.passed and hill.climbed
        if closeness >= FAR and hill.top_in_s <= SOON_S:
            return True
        if closeness < near and (sunk or closeness < NEAR or (hill.step() > 0 and not hill.climbed)):
            return False
        if known:
            return True
        if self._here < LOOK and score < self.threshold + SURE * (1 - self.threshold):
            return False
        return hill.falling or not any(self._climbing)

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

    def _watch_the_hand(self, hill: Hill) -> None:
        """Which way the contrast went last, and whether the ring was at the top before it fell."""
        step = hill.step()
        closeness = hill.closeness or 0.0
        if step > 0:
            if self._way < 0:
                self._was_there = False
            self._way = 1
        elif step < 0:
            self._way = -1
        if closeness >= NEAR and hill.climbed:
            self._was_there = True

    def _hint(self, last: list[Reading], score: float | None) -> str:
        if score is None:
            reasons = Counter(each.reason for each in last if each.score is None and each.reason is not None)
            reason = reasons.most_common(1)[0][0] if reasons else "flat"
            return "flat" if reason == "small" else reason
        if self._light is Light.ON:
            return "best"
        if 2 * sum(each.blur == "motion" for each in last) > len(last):
            return "still"
        if self._way > 0:
            return "warmer"
        if self._way < 0:
            return "passed" if self._was_there else "colder"
        return "search"

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
