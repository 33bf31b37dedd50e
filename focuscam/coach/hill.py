"""Where on the hill of contrast the ring is: the peak, how steep it is here, which side.

Contrast has no unit, so everything here is told in its natural logarithm: a step of 0.1 is about 10 %, on any scene,
in any light. Pure; the only clock is the time that comes with the contrast.
"""

from __future__ import annotations

import copy
import math
from collections import deque
from dataclasses import dataclass
from statistics import median

LEAST = 1e-3
"""Contrast of nothing at all: what 8-bit rounding leaves. Keeps the logarithm finite."""

SPAN_FRAMES, SPAN_S = 3, 0.1
"""A rate is measured over at least so many frames, and seconds: fewer frames would measure the noise of one, and a
tenth of a second is the shortest in which a hand turns noticeably."""

MEMORY_S = 2.4
"""How far back a rise is looked for, s: a hand that needs longer for the last RISE can stop in time."""

RISE = 0.4
"""The last part of a climb, against whose mean rate the rate of now is held: half as much again, steep enough to be
measured and short enough to lie on the upper half of the hill."""

LEAST_RISE = 0.1
"""A rise of less, within MEMORY_S, is none: the exposure settles, the light wavers."""

SLOWER = 0.4
"""The top is near when the rate has fallen to this part of that mean. On the hill 1 / (1 + x^2) that is at 0.97
of the peak, seen without delay; the span it is measured over gives back a few hundredths."""

AHEAD = 0.5
"""The rate is that of the middle of its span; where it falls, it has fallen by half as much again since."""

MOST_SPANS = 6
"""In noise the rate is measured over so many spans at most: 0.6 s, a delay that a hand still waits for."""

NOISE_FRAMES = 16
"""Frames that tell the noise: the contrast of a soft picture is noisier than that of a sharp one, so no more."""

SURE = 3.0
"""Standard deviations of noise that a step must exceed."""

STEADY = 0.05
"""Steps of less than this are rest: smaller than the steps of a hand that turns, larger than flicker leaves."""

TOP_ZONE = 0.1
"""What lies no further under the peak is looked at closely: how finely the top was seen."""

SAME_TOP = math.log(1.1)
"""A contrast no further above the peak than this is the same top again; further up is a hill that was not known."""

PASSED = -math.log(0.75)
"""A fall from the peak that cannot be anything but the other side of it."""

JOLT = 0.2
"""A fall from one frame to the next, and a rise soon after, that no hand makes by turning: a hurried one makes as much
on the steepest slope, but not once only. Motion blur takes 0.2 to 0.7."""

JOLT_S = 1.0
"""What is lost for so long, s, is no jolt."""

KNOCK_S = 0.4
"""A camera that was knocked against shakes for so long, s, at most."""

COMPLETE = math.log(1.8)
"""Rise before and fall after that make a peak a whole hill: a twitch, a shadow or a breath of wind make less."""


@dataclass(frozen=True, slots=True)
class Point:
    """A moment on the hill."""

    time: float
    """s"""
    level: float
    """Natural logarithm of contrast, median of three frames."""


class Hill:
    """Contrast of one scene, frame after frame."""

    def __init__(self) -> None:
        self._raw: deque[float] = deque(maxlen=NOISE_FRAMES)
        self._track: deque[Point] = deque()
        self._noise = 0.0
        self.peak: float | None = None
        """Logarithm of the best contrast; None before the first."""
        self._top: float | None = None
        """The peak, once it was passed."""
        self._low_before = self._low_after = math.inf
        """Least level seen before the peak, and after it."""
        self._swing_low, self._swing_high, self._swing_sharp = math.inf, -math.inf, False
        self._grain = math.inf
        self._jerks: deque[tuple[float, float, int]] = deque(maxlen=60)
        """Upper end, size and frame of the jerks of this visit to the top."""
        self._saw_top = False
        self.top_score = 0.0
        """Score at the peak, 0 to 1; kept by whoever has scores."""
        self.frames = 0
        """Frames seen."""
        self._before_jolt: Hill | None = None
        """What was known before the contrast fell so fast that it may be a jolt."""
        self._jumped = -math.inf
        """When the contrast last jumped."""

    def add(self, contrast: float, time: float, shaken: bool = False, sharp: bool = True) -> bool:
        """Take the contrast of the next frame at `time` (s, never less than before). True where it is a new peak.

        shaken: motion blur took contrast away; that is not the other side of the hill. sharp: whether this may be in
        focus, so that a hill that ends here may be one of focus, and not a hand that turned back.
        """
        raw = math.log(max(contrast, 0.0) + LEAST)
        self._undo_a_jolt(raw, time)
        self.frames += 1
        self._raw.append(raw)
        level = median(list(self._raw)[-3:])
        self._track.append(Point(time, level))
        while len(self._track) > 2 * SPAN_FRAMES + 1 and time - self._track[0].time > 1.5 * MEMORY_S:
            self._track.popleft()
        self._noise = self._measured_noise()
        new = self._climb(level, shaken, sharp)
        self._look_closely(new, shaken)
        return new

    def _undo_a_jolt(self, raw: float, time: float) -> None:
        """Where the contrast fell from one frame to the next and comes back as suddenly: forget what was in between.

        The camera was jolted. Else the blur would be a fall on the other side of a top, its end a climb, and both
        ends jerks of the ring. A ring that is turned in jerks makes more of them, and is left alone.
        """
        jump = raw - self._raw[-1] if self._raw else 0.0
        if abs(jump) <= max(JOLT, SURE * self._noise):
            return
        before = self._before_jolt
        if before is not None and jump > (before.level - self.level) / 2 and time - self._jumped <= JOLT_S:
            self.__dict__.update(before.__dict__)
            self._raw.extend((raw, raw))  # what was seen before the jolt has no part in the median
            return
        alone = time - self._jumped > JOLT_S
        self._before_jolt = None
        if jump < 0 and alone:
            self._before_jolt = before = copy.copy(self)
            before._raw, before._track, before._jerks = self._raw.copy(), self._track.copy(), self._jerks.copy()
        self._jumped = time

    def rescale(self, step: float) -> None:
        """The light has changed by `step` (natural logarithm) the contrast that everything before now would have."""
        if self.peak is not None:
            self.peak += step
            self._low_before += step
            self._low_after += step
            self._swing_low += step
            self._swing_high += step
        if self._top is not None:
            self._top += step
        new = (SPAN_FRAMES + 1) // 2  # frames of the new light that it took to be the median
        while self._jerks and self._jerks[-1][2] > self.frames - new:
            self._jerks.pop()  # the light's doing
        raw, track = list(self._raw), list(self._track)
        self._raw = deque([each + step for each in raw[:-new]] + raw[-new:], maxlen=self._raw.maxlen)
        self._track = deque([Point(each.time, each.level + step) for each in track[:-1]] + track[-1:])

    @property
    def grain(self) -> float:
        """How finely the top was seen: the roughest jerk of the ring near it, on the visit that saw it best.

        A hand that turns evenly, however fast, leaves the second differences of the level small: the top lies on the
        curve through what was seen. A ring that jumps may have jumped over it.
        """
        return min(self._grain, self._visit_grain())

    @property
    def noise(self) -> float:
        """Standard deviation of a step of the level."""
        return self._noise

    @property
    def level(self) -> float:
        """Logarithm of the contrast now."""
        return self._track[-1].level

    @property
    def closeness(self) -> float | None:
        """Contrast over the peak, 0 to 1; None before the first frame."""
        if self.peak is None:
            return None
        best = math.exp(self.peak) - LEAST
        return min((math.exp(self.level) - LEAST) / best, 1.0) if best > 0 else 1.0

    @property
    def passed(self) -> bool:
        """Whether the top was seen: the contrast has fallen on its other side."""
        return self._top is not None

    @property
    def complete(self) -> bool:
        """Whether the peak is a whole hill, with a long way up and a long way down."""
        return self.half_seen and self.peak is not None and self.peak - self._low_before >= COMPLETE

    @property
    def half_seen(self) -> bool:
        """Whether the contrast has fallen a long way from the peak, whatever was before it."""
        return self.peak is not None and self.passed and self.peak - self._low_after >= COMPLETE

    def step(self, frames: int = SPAN_FRAMES, seconds: float = SPAN_S) -> float:
        """How much the level rose over the last `frames` frames and `seconds` s at least; 0 where it is noise."""
        rise = self.level - self._ago(frames, seconds).level
        return rise if abs(rise) > max(SURE * self._noise, 1e-9) else 0.0

    @property
    def jump(self) -> float:
        """By how much the step of two frames ago exceeds those around it: what a hand that turns evenly did not do."""
        if len(self._raw) < 4:
            return 0.0
        first, second, third, fourth = list(self._raw)[-4:]
        return (third - second) - (second - first + fourth - third) / 2

    @property
    def knocked_at(self) -> float:
        """Closeness before a sudden fall, while that may be a knock against the camera; 0 where there was none."""
        if self._before_jolt is None or self._track[-1].time - self._jumped > KNOCK_S:
            return 0.0
        return self._before_jolt.closeness or 0.0

    @property
    def falling(self) -> bool:
        """Whether the last two frames were each worse than the one before: a top shows so one frame before the median.

        The two together must be more than noise.
        """
        if len(self._raw) < 3:
            return False
        before, middle, now = list(self._raw)[-3:]
        least = SURE * self._noise if self._noise_known else SURE * STEADY
        return before > middle > now and before - now > max(STEADY, least)

    @property
    def rising_fast(self) -> bool:
        """Whether the picture is still getting better nearly as fast as before: the top is not here yet.

        The rate is held against that of the same hand on the same hill just before, so neither the speed of the
        hand nor the height of the hill matters.
        """
        now = self._track[-1]
        if self.step() < 0:
            return False
        foot = self._ago(SPAN_FRAMES, SPAN_S)
        for each in reversed(self._track):
            if now.time - each.time > MEMORY_S or each.level > foot.level + max(STEADY, SURE * self._noise):
                if each.time <= foot.time:
                    break
            elif each.time <= foot.time and each.level <= foot.level:
                foot = each
                if now.level - foot.level >= RISE:
                    break
        if now.level - foot.level < max(LEAST_RISE, SURE * self._noise) or now.time <= foot.time:
            return False
        mean = (now.level - foot.level) / (now.time - foot.time)
        # As long a span as it takes to tell the whole rate from the slower one, noise or not.
        spans = 1
        while spans < MOST_SPANS and (1 - SLOWER) * mean * spans * SPAN_S < SURE * self._noise:
            spans += 1
        one = self._ago(spans * SPAN_FRAMES, spans * SPAN_S)
        other = self._ago(2 * spans * SPAN_FRAMES, 2 * spans * SPAN_S)
        last = now.level - one.level
        before = (one.level - other.level) / max(one.time - other.time, 1e-6) * (now.time - one.time)
        # Looking ahead makes noise greater: the more of it there is, the less we do.
        last = min(last, last + AHEAD / spans * (last - before))
        return last > SLOWER * mean * (now.time - one.time)

    @property
    def top_in_s(self) -> float:
        """In how many seconds a hand that climbs to the known top gets there; infinite where it does not climb.

        The top of any hill is a parabola; on it the way that is left takes twice the height that is left over the rate.
        """
        before = self._ago(SPAN_FRAMES, SPAN_S)
        rise = self.step()
        if self.peak is None or rise <= 0 or not self.climbed or self.level >= self.peak:
            return math.inf
        if self.peak - self._low_after < max(TOP_ZONE, SURE * self._noise):
            return math.inf
        return 2 * (self.peak - self.level) * (self._track[-1].time - before.time) / rise

    @property
    def rested(self) -> int:
        """For how many frames, this one included, the contrast has been the same."""
        least = max(STEADY, SURE * self._noise)
        count = 0
        for each in reversed(self._track):
            if abs(each.level - self.level) > least:
                break
            count += 1
        return count

    @property
    def rested_s(self) -> float:
        """For how long, s, the contrast has been the same."""
        return self._track[-1].time - self._track[-self.rested].time

    @property
    def climbed(self) -> bool:
        """Whether the peak was reached by a climb that cannot be noise."""
        return self.peak is not None and self.peak - self._low_before > max(PASSED, SURE * self._noise)

    def _ago(self, frames: int, seconds: float) -> Point:
        """The point that lies at least so many frames and seconds back, or the oldest there is."""
        end = self._track[-1].time
        for back, each in enumerate(reversed(self._track)):
            if back >= frames and end - each.time >= seconds - 1e-6:
                return each
        return self._track[0]

    @property
    def _noise_known(self) -> bool:
        return len(self._raw) >= NOISE_FRAMES // 2

    def _measured_noise(self) -> float:
        """Standard deviation of a step, from the second differences of the last frames: blind to a steady climb."""
        raw = list(self._raw)
        if not self._noise_known:
            return 0.0
        rough = sorted(abs(a - 2 * b + c) for a, b, c in zip(raw, raw[1:], raw[2:], strict=False))
        # The quieter ones count, since a ring that is turned in jerks is not noise. A quarter of the second
        # differences of white noise of deviation 1 lie under 0.78; a median of three leaves 0.67 of it; a step has
        # two ends.
        return rough[len(rough) // 4] / 0.78 * 0.67 * math.sqrt(2)

    def _climb(self, level: float, shaken: bool, sharp: bool) -> bool:
        """Keep the peak, and what was seen on either side of it. True where it is a new peak."""
        self._follow(level, shaken, sharp)
        if self.peak is None or level > self.peak:
            if self._top is None or level > self._top + SAME_TOP:  # higher than any top that was passed
                self._low_before = min(self._low_before, self._low_after, math.inf if shaken else level)
                self._low_after = math.inf
                self._top = None
                self._grain = math.inf
            self.peak = level
            return True
        if not shaken:
            self._low_after = min(self._low_after, level)
            if self._top is None and self.peak - level > max(PASSED, SURE * self._noise):
                self._top = self.peak
        return False

    def _visit_grain(self) -> float:
        """The same of the visit that is under way; infinite where it has not seen the top."""
        if self.peak is None or not self._saw_top:
            return math.inf
        return max((jerk for upper, jerk, _ in self._jerks if upper >= self.peak - TOP_ZONE), default=0.0)

    def _look_closely(self, new_peak: bool, shaken: bool) -> None:
        """Keep the jerks for as long as the level is near the peak; those on the way in and out count, too."""
        if self.peak is None or len(self._track) < 3:
            return
        last = list(self._track)[-3:]
        first, second, third = (point.level for point in last)
        jerk = abs(first - 2 * second + third)
        # A step's noise has two ends of weight 1; a jerk's weights are 1, 2, 1.
        gaps = last[1].time - last[0].time, last[2].time - last[1].time
        unseen = max(gaps) > 3 * min(gaps)  # in a jolt, or frames that were lost
        if jerk > SURE * math.sqrt(3) * self._noise and not shaken and not unseen:
            self._jerks.append((max(first, second, third), jerk, self.frames))
        self._saw_top = self._saw_top or new_peak or third > self.peak - STEADY
        if max(second, third) < self.peak - TOP_ZONE:
            self._grain = self.grain
            self._jerks.clear()
            self._saw_top = False

    def _follow(self, level: float, shaken: bool, sharp: bool) -> None:
        """Follow the hand up and down; where a whole hill was lower than the peak, bring the peak halfway down.

        A hill whose top was not sharp is none: the hand turned back on the slope.

        Else a peak that cannot be reached again (a subject that moved a little, a light that went out) would
        keep the light off for ever.
        """
        if level >= self._swing_high:
            self._swing_high, self._swing_sharp = level, sharp
        elif not shaken and self._swing_high - level > PASSED:
            if self.peak is not None and self._swing_sharp and self._swing_high - self._swing_low >= COMPLETE:
                self.peak = (self.peak + self._swing_high) / 2
                self._top = self.peak
            self._swing_low = self._swing_high = level
            return
        if level < self._swing_low:
            self._swing_low = self._swing_high = level
