"""Where on the hill of contrast the ring is: the best so far, whether it was passed, how far it is, whether it rests.

Contrast has no unit, so everything here is told in its natural logarithm: a step of 0.1 is about 10 %, on any scene,
in any light. Nothing depends on how fast a hand turns. Pure; the only clock is the time that comes with the contrast.
"""

from __future__ import annotations

import copy
import math
from collections import deque
from statistics import median

LEAST = 1e-3
"""Contrast of nothing at all: what 8-bit rounding leaves. Keeps the logarithm finite."""

NOISE_FRAMES = 16
"""Frames that tell the noise: the contrast of a soft picture is noisier than that of a sharp one, so no more."""

BEYOND_NOISE = 4.0
"""Standard deviations of noise that a change must exceed: three are exceeded every ten seconds or so."""

REST = 0.03
"""Changes of less are rest, if noise does not make more: a hand that turns makes more, flicker leaves less."""

FALL = 0.02
"""A fall behind the best of a climb that is the other side of it, if noise does not make as much."""

CLIMB = 0.15
"""A rise that is a climb, if it is twice what noise makes: an exposure that settles, a shadow or wind make less."""

SAME = 0.1
"""A contrast no further above a top than this is the same top again, further up is a hill that was not known. What lies
no further under it is looked at closely: how finely the top was seen. And where noise exceeds it, at the foot of a
hill, nobody can tell a pause from a slow way."""

LONG_WAY = math.log(1.8)
"""Rise before and fall after that make a top a whole hill."""

JOLT = 0.2
"""A fall from one frame to the next, and a rise soon after, that no hand makes by turning: a hurried one makes as much
on the steepest slope, but not once only. Motion blur takes 0.2 to 0.7."""

JOLT_S = 1.0
"""What is lost for so long, s, is no jolt."""

RATE_S = 0.1
"""A rate is measured over so long, s: the shortest in which a hand turns noticeably."""


class Hill:
    """Contrast of one scene, frame after frame."""

    def __init__(self) -> None:
        self._raw: deque[float] = deque(maxlen=NOISE_FRAMES)
        self._track: deque[tuple[float, float]] = deque()
        self.frames = 0
        """Frames seen."""
        self.noise = 0.0
        """Standard deviation of a level."""
        self.level = 0.0
        """Logarithm of the contrast now: the median of three frames, so that one bad frame is none."""
        self.time = 0.0
        """When that was, s."""
        self.best: float | None = None
        """The highest level; None before the first frame."""
        self.top: float | None = None
        """Level of the top that was passed; None until one was."""
        self.top_blur, self.top_blur_at = math.inf, -math.inf
        """Blur at the best, and at which level that was; kept by whoever knows it."""
        self.grain = 0.0
        """How coarsely the top was seen: the largest jerk of the level near it. A hand that turns evenly, however fast,
        leaves none; a ring that jumps may have jumped over the top."""
        self._jerks: deque[tuple[float, float]] = deque(maxlen=NOISE_FRAMES)
        """Upper end and size of the jerks on the way up."""
        self.way = 0
        """1 while the ring climbs, -1 while it goes down, pauses included; 0 before it has moved."""
        self._low = self._high = 0.0
        """Where the way began (low, while it climbs), and the furthest that it has come (high)."""
        self._high_sharp = False
        self.passed_at = -math.inf
        """When it was passed last, s."""
        self._former: float | None = None
        """The top from before it was brought down: a ring that finds it again has it back."""
        self._low_before = self._low_after = math.inf
        """The lowest level before the best, and after it."""
        self._rest_level, self._rest_frames, self._rest_since, self._rest_noise = 0.0, 0, 0.0, 0.0
        self.nudged = False
        """Whether the ring came to this rest at a stroke, as a hand turns that nudges and looks."""
        self.longest_pause_s = 0.0
        """The longest rest that ended with another move."""
        self._jumped = -math.inf
        self._before_jolt: Hill | None = None

    def add(self, contrast: float, time: float, lost: bool = False, sharp: bool = True) -> Hill:
        """The hill after the contrast of the next frame, at `time` (s, never less than before): this one, or the one
        from before a jolt that has just ended.

        lost: motion blur took contrast away; that is neither a way down nor a top. sharp: whether this may be in
        focus, so that a way up that ends here may be one to a top.
        """
        raw = math.log(max(contrast, 0.0) + LEAST)
        before = self._from_before_a_jolt(raw, time)
        if before is not None:
            return before.add(contrast, time, lost, sharp)
        self.frames += 1
        self.time = time
        self._raw.append(raw)
        self.level = median(list(self._raw)[-3:])
        self._track.append((time, self.level))
        self._feel_a_jerk()
        while len(self._track) > 4 and time - self._track[1][0] >= RATE_S:
            self._track.popleft()
        self.noise = self._measured_noise()
        self._rest()
        if self.best is None:
            self.best = self._low = self._high = self.level
        elif not lost:
            self._follow(sharp)
        return self

    @property
    def sure(self) -> float:
        """The change of the level that is no noise."""
        return BEYOND_NOISE * self.noise

    @property
    def closeness(self) -> float | None:
        """Contrast over the best contrast, 0 to 1; None before the first frame."""
        if self.best is None:
            return None
        best = math.exp(self.best) - LEAST
        return min((math.exp(self.level) - LEAST) / best, 1.0) if best > 0 else 1.0

    @property
    def climbing(self) -> bool:
        """Whether the ring is on a way up that cannot be noise, and the top of it was not passed."""
        return self.way > 0 and self._high - self._low >= max(CLIMB, self.sure)

    @property
    def depth(self) -> float:
        """How far it goes down on both sides of the best, beyond noise; below 0 where one side was not seen."""
        return -math.inf if self.best is None else self.best - max(self._low_before, self._low_after) - 2 * self.sure

    @property
    def complete(self) -> bool:
        """Whether the best is a whole hill, with a long way up and a long way down."""
        return self.depth >= LONG_WAY

    @property
    def rested_s(self) -> float:
        """For how long the contrast has been the same, s."""
        return self.time - self._rest_since

    @property
    def rested(self) -> int:
        """For how many frames, this one included."""
        return self._rest_frames

    @property
    def rate(self) -> float:
        """How much the level rises in a second; 0 where that may be noise."""
        then, level = self._track[0]
        rise = self.level - level
        return rise / (self.time - then) if abs(rise) > self.sure and self.time > then else 0.0

    @property
    def jump(self) -> float:
        """By how much the step of two frames ago exceeds those around it: what a hand that turns evenly did not do."""
        if len(self._raw) < 4:
            return 0.0
        first, second, third, fourth = list(self._raw)[-4:]
        return (third - second) - (second - first + fourth - third) / 2

    def knocked_at(self, within_s: float) -> float:
        """Closeness before a sudden fall so short a time ago, s, that it may be a knock; 0 where there was none."""
        if self._before_jolt is None or self.time - self._jumped > within_s:
            return 0.0
        return self._before_jolt.closeness or 0.0

    def unseen(self, seconds: float) -> None:
        """So long, s, something else was seen: whether the ring rested meanwhile nobody knows."""
        self._rest_since += seconds
        self.time += seconds

    def rescale(self, step: float) -> None:
        """The light has changed by `step` (natural logarithm) the contrast that everything before now would have."""
        # The best of this very frame was seen in the new light.
        if self.best is not None and self.best > self.level:
            self.best = max(self.best + step, self.level)
        if self._high > self.level:
            self._high = max(self._high + step, self.level)
        if self.top is not None:
            self.top += step
        if self._former is not None:
            self._former += step
        self._low += step
        self._low_before += step
        self._low_after += step
        self._rest_level += step
        new = 2  # frames of the new light that it took to be the median
        raw, track = list(self._raw), list(self._track)
        self._raw = deque([each + step for each in raw[:-new]] + raw[-new:], maxlen=NOISE_FRAMES)
        self._track = deque([(time, level + step) for time, level in track[:-1]] + track[-1:])

    def _feel_a_jerk(self) -> None:
        """Keep what the level did other than a hand that turns evenly, beyond noise."""
        if len(self._track) < 3:
            return
        first, second, third = (level for _, level in list(self._track)[-3:])
        jerk = abs(first - 2 * second + third)
        if jerk > self.sure * math.sqrt(6):
            self._jerks.append((max(first, second, third), jerk))

    def _rest(self) -> None:
        """Follow the rest: it holds while the level, and the mean of the last ones, stay near that of when it began."""
        last = list(self._raw)
        # The mean noise of two seconds or so: that of NOISE_FRAMES is often half of what it is, and would end a rest.
        self._rest_noise += (self.noise - self._rest_noise) / min(self._rest_frames + 1, 4 * NOISE_FRAMES)
        noise = max(self.noise, self._rest_noise)
        moved = abs(self.level - self._rest_level) > max(REST, BEYOND_NOISE * noise) or (
            # A mean has less noise than half of it: what moves less than one frame tells.
            self._rest_frames >= 2 * NOISE_FRAMES
            and abs(sum(last) / len(last) - self._rest_level) > max(REST, BEYOND_NOISE / 2 * noise)
        )
        if moved or not self._rest_frames:
            if self._rest_frames and self.sure < SAME:
                self.longest_pause_s = max(self.longest_pause_s, self.rested_s)
            self._rest_level, self._rest_frames, self._rest_since = self.level, 1, self.time
            self.nudged = abs(self.level - self._track[0][1]) > 2 * JOLT
            return
        self._rest_frames += 1
        if self._rest_frames <= NOISE_FRAMES:  # later ones do not count: a slow drift is no rest
            self._rest_level += (self.level - self._rest_level) / self._rest_frames

    def _follow(self, sharp: bool) -> None:
        """Follow the hand up and down, and keep the best and the top."""
        assert self.best is not None
        level = self.level
        if level > self.best:
            if self.top is None or level > self.top + SAME:
                self._low_before = min(self._low_before, self._low_after, level)
                self._low_after = math.inf
            self.best = level
        else:
            self._low_after = min(self._low_after, level)
        if self.top is not None and level > self.top + SAME:
            self.top, self._former = self._former, None
        fall = max(FALL, self.sure)
        if self.way > 0:
            if level >= self._high:
                self._high, self._high_sharp = level, sharp
            if self._high - level > fall:
                self._turn_down()
        elif self.way < 0:
            self._low = min(self._low, level)
            if level - self._low > fall:
                self.way, self._high, self._high_sharp = 1, level, sharp
        else:
            self._high, self._low = max(self._high, level), min(self._low, level)
            if self._high - level > fall:
                self.way, self._low = -1, level
            elif level - self._low > fall:
                self.way, self._high_sharp = 1, sharp

    def _turn_down(self) -> None:
        """A way up has ended at `_high`: a top, if it was a climb and nothing higher is known."""
        assert self.best is not None
        climb = self._high - self._low
        if climb >= max(CLIMB, 2 * self.sure) and self._high >= self.best - SAME:
            grain = max((size for upper, size in self._jerks if upper >= self._high - SAME), default=0.0)
            self.grain = grain if self.top is None else min(self.grain, grain)
            self.top = self._high if self.top is None else max(self.top, self._high)
            self.passed_at = self.time
        elif self._high_sharp and self.top is not None and climb >= LONG_WAY > self.top - self._high:
            # A top that can't be reached again (a subject that moved, a light that went out) comes down halfway; else
            # it would keep the light off for ever. One that was not sharp is none: the hand turned back on the slope.
            self._former = self.top if self._former is None else self._former
            self.top = self.best = (self.best + self._high) / 2
        self.way, self._low = -1, self.level

    def _from_before_a_jolt(self, raw: float, time: float) -> Hill | None:
        """Where the contrast fell from one frame to the next and comes back as suddenly: what was known before.

        The camera was jolted. Else the blur would be a fall on the other side of a top, and its end a climb. A ring
        that is turned in jerks makes more of them, and is left alone.
        """
        jump = raw - self._raw[-1] if self._raw else 0.0
        if abs(jump) <= max(JOLT, self.sure):
            return None
        before = self._before_jolt
        if before is not None and jump > (before.level - self.level) / 2 and time - self._jumped <= JOLT_S:
            before._raw.extend((raw, raw))  # what was seen before the jolt has no part in the median
            return before
        alone = time - self._jumped > JOLT_S
        self._before_jolt = None
        if jump < 0 and alone:
            self._before_jolt = before = copy.copy(self)
            before._raw, before._track, before._jerks = self._raw.copy(), self._track.copy(), self._jerks.copy()
        self._jumped = time
        return None

    def _measured_noise(self) -> float:
        """Standard deviation of a level, from the second differences of the last frames: blind to a steady climb."""
        raw = list(self._raw)
        if len(raw) < 3:
            return 0.0
        rough = sorted(abs(a - 2 * b + c) for a, b, c in zip(raw, raw[1:], raw[2:], strict=False))
        # The quieter ones count, since a ring that is turned in jerks is not noise. A quarter of the second
        # differences of white noise of deviation 1 lie under 0.78; a median of three leaves 0.67 of it.
        return rough[len(rough) // 4] / 0.78 * 0.67
