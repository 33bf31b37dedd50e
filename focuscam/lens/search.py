"""The search for focus: looks in, the next place to look at out. No clock, no motor, no camera.

Coarse to fine: from what was seen so far, each next place halves what is still possible (belief.py); once three looks
lie around a top, a parabola through them says where it is (crest.py); the lens goes there and looks once more. What
comes back is an Outcome, also where nothing is in focus.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from focuscam.lens.likelihood import FAR, Belief, Look, softness
from focuscam.lens.parabola import FOOT, Crest, crest

Found = Literal["focus", "nothing", "stuck", "cancelled"]

MOST_LOOKS = 24
"""A search ends after so many, whatever it knows."""
GAP = 0.11
"""Of the range: a hill that is lost from sight within a twentieth of it on either side may hide in a wider gap."""
NEXT = 0.9
"""Softness by which the looks around a top lie apart: there the contrast is about a half of the top's, and a percent of
noise moves the fitted top the least."""
CERTAIN = 0.95
"""Probability of the top being within a step of the best look at which, where that is in focus, nothing more is looked
at: on lenses of few steps."""
ENOUGH = 0.75
"""Steps: a fitted top so near to a look needs no other."""
TOSS_UP = 0.6
"""Steps: so near to the fitted top the lens stays where it is."""
MOST_NEAR = 7
"""Looks near the top, beyond which noise hides it."""
SURE_OF_TOP = 0.4
"""Standard deviation of the fitted top, steps, from which another look would not pay."""
SAME_PLACE, FITTED = 0.05, 0.15
"""By what part the contrast at the top may differ from that of an earlier look at the same place, and from the fitted
one; else the looks do not belong together. Noise and flicker leave a percent or two."""
DOUBT = 0.1
"""Looks that lie farther from the parabola, as a part of themselves, need not belong together; but few hills are quite
smooth, so another look has to tell."""
PLAIN = 0.25
"""Nor need those whose top scores less than so much of the way from the threshold to 1: most tops score more."""
HALF = 0.5
"""At the top of a complete hill the score may be so much of the threshold: it is the sharpest that this lens and scene
can be. At an end of the range, where only one side was seen, all of it is wanted."""
HOPELESS = 1.15
"""Times the softness that is allowed at a top: no fitted top is so much sharper than the best look."""
MOST_TROUBLE = 2
"""Times that a search begins again because looks do not belong together."""
UPSET = " The looks did not belong together: lost steps, more backlash than is set, or a subject that moved."
STILL, SAME, APART = 3, 0.02, 0.55
"""So many looks in a row whose contrasts differ by no more of themselves are of one picture; which they can't be where
the outer ones lie so much softness apart: around a top they would have lost a tenth of its contrast."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a search ended."""

    found: Found
    position: int
    """Where the lens is, or has to go."""
    text: str
    """For people: what came of it."""
    looks: int
    score: float | None = None
    """At that position, as it was seen."""
    slope: float | None = None
    """Softness per step, for the next search with this lens; None where it was not learnt."""
    troubled: bool = False
    """Whether looks did not belong together: lost steps, more backlash than set, or a subject that moved."""


class Search:
    """One search. `wanted` is where to look next; tell what is seen there with `look`, until `outcome` is there."""

    def __init__(self, low: int, high: int, start: int, threshold: float, slope: float | None = None) -> None:
        """low, high: the lens's range. start: where it is. threshold: the score, 0 to 1, that is in focus.

        slope: from the Outcome of a search before, with this lens.
        """
        self._low, self._high = low, high
        self._threshold = threshold
        self._hopeless = HOPELESS * softness(HALF * threshold)
        self._slope = slope
        self._start = min(max(start, low), high)
        self._looks: list[Look] = []
        self.looks = 0
        """So far."""
        self._troubled = 0
        self._anew()
        self._going = self._run()
        self.wanted = next(self._going)
        self.outcome: Outcome | None = None

    def look(self, score: float | None, contrast: float) -> None:
        """Tell what is seen at `wanted`."""
        if self.outcome is not None:
            return
        self.looks += 1
        seen = Look(self.wanted, score, contrast)
        self._looks.append(seen)
        self._belief.add(seen)
        try:
            self.wanted = self._going.send(seen)
        except StopIteration as end:
            self.outcome = end.value
            self.wanted = end.value.position

    def scene_changed(self) -> None:
        """Another subject: what was seen before says nothing of it."""
        self._anew()
        self._troubled += 1

    def cancel(self) -> None:
        """End it; `wanted` is where it was best."""
        if self.outcome is None:
            best = self._best() if self._looks else Look(self._start, None, 0.0)
            self.outcome = self._end("cancelled", best, "Cancelled; the lens stays where it was best.")
            self.wanted = best.position

    def _anew(self) -> None:
        self._looks = []
        self._belief = Belief(self._low, self._high, self._slope)

    def _best(self) -> Look:
        """The look with the most contrast: of those whose score allows focus, else of those that have one.

        So a false top, of much contrast and a low score, is one only until something better is seen.
        """
        return max(
            self._looks,
            key=lambda look: (look.softness <= self._hopeless, look.score is not None, look.contrast),
        )

    def _run(self) -> Generator[int, Look, Outcome]:
        seen = yield self._start
        while True:
            while self.looks < MOST_LOOKS and (place := self._next()) is not None:
                seen = yield place
                if self._stands_still():
                    span = self._span()
                    text = f"The picture stays the same while the lens moves by {span} steps: the motor stands still."
                    return self._end("stuck", seen, text)
            best = self._best()
            if best.score is None or best.softness > self._hopeless:
                # That was no top, or one of something else: is there another in what was not looked at?
                elsewhere = self._into_the_blue()
                if elsewhere is None or self.looks >= MOST_LOOKS:
                    return self._nothing(best)
                seen = yield elsewhere
                continue
            seen, fits = yield from self._arrive(seen)
            if fits or self._troubled >= MOST_TROUBLE or self.looks >= MOST_LOOKS:
                return self._verdict(seen)
            # The looks do not belong together. What was seen last is true; begin again from there.
            self._troubled += 1
            self._slope = self._belief.slope
            self._anew()
            self._looks.append(seen)
            self._belief.add(seen)

    def _arrive(self, seen: Look) -> Generator[int, Look, tuple[Look, bool]]:
        """Go to the top; returns what is seen there, and whether that fits what was seen before."""
        best = self._best()
        top, expected, part = self._top(seen)
        if seen.position == top and self._is_doubtful(best, seen):
            # Has something moved? Another look at the oldest of those that say where the top is tells.
            oldest = next((look for look in self._near(best) if look.position != top), None)
            if oldest is not None:
                seen = yield oldest.position
                if not _alike(seen.contrast, oldest.contrast, SAME_PLACE):
                    return seen, False
        fits = True
        if seen.position != top:
            seen = yield top
            fits = _alike(seen.contrast, expected, part)
        return seen, fits and seen.contrast >= (1 - SAME_PLACE) * best.contrast

    def _is_doubtful(self, best: Look, top: Look) -> bool:
        """Whether what was seen is no smooth hill, or its top is not as sharp as most tops are."""
        fitted = self._crest(best)
        if fitted is not None and fitted.misfit > DOUBT:
            return True
        return top.score is None or top.score < self._threshold + PLAIN * (1 - self._threshold)

    def _next(self) -> int | None:
        """The next place, or None where the top is known as well as can be, or there is none."""
        best = self._best()
        if best.softness >= FAR:
            return self._into_the_blue()
        in_focus = best.score is not None and best.score >= self._threshold
        if in_focus and self._belief.middle(best.position - 1, best.position + 1)[0] >= CERTAIN:
            return None
        spacing = max(round(NEXT / self._belief.slope), 1)
        sides = sorted((-1, 1), key=lambda way: -self._beyond(best, way)[0])
        place = round(min(max(self._beyond(best, sides[0])[1], self._low), self._high))
        if abs(place - best.position) > spacing and not self._taken(place):
            return place
        return self._around(best, sides, spacing)

    def _around(self, best: Look, sides: list[int], spacing: int) -> int | None:
        """Near the top: looks on both sides of it, then where they say that it is, until that is known to a step."""
        near = self._near(best)
        for way in sides:
            inner = any((look.position - best.position) * way > 0 for look in near)
            there = best.position + way * self._stride(best, way, spacing)
            if not inner and there != best.position:
                return there
        fitted = self._crest(best)
        if fitted is None:
            # At an end of the range, with one look beside it, or on a hill that is no parabola.
            strides = [(self._stride(best, way, 10**9), way) for way in sides]
            stride, way = max(strides)
            return best.position + way * stride if stride and len(near) < MOST_NEAR else None
        top = round(min(max(fitted.position, self._low), self._high))
        if not self._taken(top) and (abs(fitted.position - best.position) > ENOUGH or fitted.error > SURE_OF_TOP):
            return top
        if fitted.error <= SURE_OF_TOP or len(near) >= MOST_NEAR:
            return None
        half = max(round(fitted.width / 2), 1)
        for way in sides:
            there = min(max(top + way * half, self._low), self._high)
            if not self._taken(there):
                return there
        return None

    def _beyond(self, best: Look, way: int) -> tuple[float, float]:
        """(probability of the top being on that side of a look, the place that halves it)."""
        ends = best.position + way * 0.5, best.position + way * 1e9
        return self._belief.middle(min(ends), max(ends))

    def _near(self, best: Look) -> list[Look]:
        """The looks on the hill of the best one; what has more contrast, or is hopelessly soft, is on another."""
        least, softest = FOOT * best.contrast, max(best.softness, self._hopeless)
        return [look for look in self._looks if least <= look.contrast <= best.contrast and look.softness <= softest]

    def _nearest(self, best: Look, way: int) -> float:
        """Steps to the nearest look on that side."""
        away = [way * (look.position - best.position) for look in self._looks]
        return min((steps for steps in away if steps > 0), default=math.inf)

    def _stride(self, best: Look, way: int, spacing: int) -> int:
        """Steps to a new place on that side of a look: no farther than halfway to its neighbour, or to the end."""
        neighbour = self._nearest(best, way)
        end = self._low if way < 0 else self._high
        return min(spacing, abs(end - best.position) if math.isinf(neighbour) else int(neighbour) // 2)

    def _into_the_blue(self) -> int | None:
        """Nothing is known yet: where a hill may still hide, the likeliest place; None where there is no such place."""
        looked = sorted({look.position for look in self._looks})
        # Each with its first and last place. A hill at an end of the range shows one half only.
        gaps = [(1.5 * (looked[0] - self._low), self._low, looked[0] - 1)]
        gaps += [(b - a, a + 1, b - 1) for a, b in itertools.pairwise(looked)]
        gaps += [(1.5 * (self._high - looked[-1]), looked[-1] + 1, self._high)]
        wide = [(first, last) for gap, first, last in gaps if gap > max(GAP * (self._high - self._low), 1)]
        if not wide:
            return None
        first, last = max(wide, key=lambda gap: self._belief.middle(*gap)[0])
        return min(max(round(self._belief.middle(first, last)[1]), first), last)

    def _taken(self, place: int) -> bool:
        return any(look.position == place for look in self._looks)

    def _crest(self, best: Look) -> Crest | None:
        """The fitted top; None where it is not between the neighbours of the best look, or a step beyond one."""
        fitted = crest(self._near(best), best)
        if fitted is None:
            return None
        low, high = best.position - self._nearest(best, -1) - 1, best.position + self._nearest(best, 1) + 1
        return fitted if low <= fitted.position <= high else None

    def _top(self, last: Look) -> tuple[int, float, float]:
        """Where the top is, the contrast that is expected there, and by what part of it that may be wrong."""
        best = self._best()
        fitted = self._crest(best)
        if fitted is None:
            return best.position, best.contrast, SAME_PLACE
        top = round(min(max(fitted.position, self._low), self._high))
        if abs(last.position - fitted.position) <= TOSS_UP:  # between two steps: the one where the lens is
            top = last.position
        for look in reversed(self._looks):
            if look.position == top:
                return top, look.contrast, SAME_PLACE
        return top, fitted.contrast, FITTED

    def _span(self) -> int:
        places = [look.position for look in self._looks[-STILL:]]
        return max(places) - min(places)

    def _stands_still(self) -> bool:
        """Whether the last looks are of one picture, although they lie too far apart for that even around a top."""
        last = self._looks[-STILL:]
        contrasts = [look.contrast for look in last]
        if len({look.position for look in last}) < STILL or min(look.softness for look in last) > self._hopeless:
            return False
        same = max(contrasts) - min(contrasts) <= SAME * max(contrasts)
        return same and self._span() > min((self._high - self._low) / 4, APART / self._belief.slope)

    @property
    def _warning(self) -> str:
        return UPSET if self._troubled else ""

    def _verdict(self, seen: Look) -> Outcome:
        at_end = seen.position in (self._low, self._high)
        if seen.score is None or seen.score < self._threshold * (1.0 if at_end else HALF):
            return self._nothing(seen)
        return self._end("focus", seen, f"In focus at {seen.position}, score {seen.score:.2f}.{self._warning}")

    def _nothing(self, best: Look) -> Outcome:
        if best.score is None:
            text = "Nothing here can be focused on: it is dark, blown out, or a plain surface."
        elif best.position in (self._low, self._high):
            text = (
                f"Nothing here is in focus: it is sharpest at the end of the range ({best.position}), and soft there."
            )
        else:
            text = f"Nothing here is in focus: the best score was {best.score:.2f}, at {best.position}."
        contrasts = [look.contrast for look in self._looks]
        if best.score is not None and _alike(min(contrasts), max(contrasts), SAME_PLACE):
            text += " The picture stayed the same all the way: does the motor turn?"
        text += self._warning
        back = Look(self._start, best.score, best.contrast)
        return self._end("nothing", back, text)

    def _end(self, found: Found, at: Look, text: str) -> Outcome:
        known = found == "focus" and len(self._looks) > 2
        slope = self._belief.slope if known else self._slope
        return Outcome(found, at.position, text, self.looks, at.score, slope, self._troubled > 0)


def _alike(one: float, other: float, part: float) -> bool:
    return abs(one - other) <= part * max(one, other)
