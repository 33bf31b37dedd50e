"""A hand on the ring that goes by what it is told, a moment late, as people do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

FPS = 30
LIMITS_S = {"usual": 25.0, "quick": 25.0, "slow": 240.0, "pausing": 240.0}
"""Kinds of hands, and when each has given up. The usual one turns as fast as it sees the blur go, a quick one climbs
in a second, a slow one in half a minute, and one that pauses nudges, looks, and nudges again."""
NUDGE_S = 0.4
"""How long a nudge takes, s."""
LOOK_S = (1.0, 3.0)
"""Shortest and longest look between two nudges, s."""
STOPPING_S = 0.1
"""How long a hand needs to stop, s."""
GLANCE_S = 0.6
"""How long a hand rests before it believes what it sees, s."""
SURE_S = 1.5
"""How long a light has to be on for the hand to let go, s."""
LEAST_SPEED = 0.02
"""Ring a second: slower, a hand sticks, if it is not a slow one."""
DROP = 0.9
"""A number, or a tone, that has fallen to this part of the best is past it."""


@dataclass(frozen=True)
class Habit:
    """How somebody turns."""

    start: float
    """Ring position, 0 to 1."""
    direction: int
    speed: float
    """Ring a second."""
    reaction_s: float
    stops_at_first_green: bool
    """Else it wants to see the light go off again first, to know where the middle is."""
    kind: str = "usual"
    """One of LIMITS_S."""


class Hand:
    """Where the ring is, frame after frame."""

    def __init__(self, habit: Habit, is_light: bool, random: np.random.Generator) -> None:
        self.place = habit.start
        self.reversals = 0
        self.done = False
        self._habit = habit
        self._light = is_light
        self._random = random
        self._way, self._speed, self._now = habit.direction, habit.speed, 0.0
        late = max(round(habit.reaction_s * FPS), 1)
        self._told: deque[float] = deque([0.0] * late, maxlen=late)
        self._rest = 0
        self._lit = 0
        self._was_lit = False
        self._swept = habit.stops_at_first_green
        self._turned = False
        self._best = self._leg_best = 0.0
        self._leg = 0
        self._at_end = 0
        self._looks, self._beat = True, 0

    def forget(self) -> None:
        """Begin again: the camera looks elsewhere now."""
        self._rest = self._lit = self._leg = self._at_end = 0
        self._was_lit, self._swept = False, self._habit.stops_at_first_green
        self._best = self._leg_best = 0.0
        self._speed = self._habit.speed

    def step(self, told: float, waiting: bool = False) -> None:
        """Turn for one frame, going by what it was told a reaction time ago. waiting: somebody stands in the way."""
        if waiting:
            self._now, self._lit = 0.0, 0
            return
        heard = self._told[0]
        self._told.append(told)
        wanted = self._nudged(self._by_light(heard > 0) if self._light else self._by_number(heard))
        change = self._habit.speed / (STOPPING_S * FPS)
        self._now += min(max(wanted - self._now, -change), change)
        tremor = 1 + 0.15 * self._random.standard_normal()
        place = self.place + self._now * tremor / FPS
        self.place = min(max(place, 0.0), 1.0)
        if place != self.place and self._now * wanted > 0:
            self._at_end += 1
        elif 0 < self.place < 1:
            self._at_end = 0
        if self._at_end > GLANCE_S * FPS:  # it feels the end of the ring, looks, and turns back
            self._turn(0.8)

    def _nudged(self, wanted: float) -> float:
        """What becomes of a speed where the hand pauses to look."""
        if self._habit.kind != "pausing" or not wanted:
            return wanted
        self._beat -= 1
        if self._beat <= 0:
            self._looks = not self._looks
            self._beat = round((self._random.uniform(*LOOK_S) if self._looks else NUDGE_S) * FPS)
        return 0.0 if self._looks else wanted

    def _turn(self, slower: float) -> None:
        self._way = -self._way
        self._speed = max(self._speed * slower, min(LEAST_SPEED, self._habit.speed))
        self.reversals += 1
        self._leg, self._leg_best = 0, 0.0
        self._at_end = 0

    def _by_light(self, on: bool) -> float:
        """Turn until it is on, stop, wait; if it went off meanwhile, turn back more slowly."""
        self._lit = self._lit + 1 if on else 0
        if self._rest:
            self._rest += 1
            if self._lit > SURE_S * FPS:
                self.done = True
            elif not on and self._rest > GLANCE_S * FPS:
                self._rest = 0
                self._turn(0.5)
            return 0.0
        if on and self._swept:
            self._rest = 1
            return 0.0
        if self._was_lit and not on and not self._swept:
            self._swept = True
            self._turn(0.5)
        self._was_lit = on
        return self._way * self._speed

    def _by_number(self, value: float) -> float:
        """Turn back when it has fallen, each time more slowly; stop at the best, once it is known from both sides."""
        self._leg += 1
        self._best = max(self._best, value)
        self._leg_best = max(self._leg_best, value)
        if self._rest:
            self._rest += 1
            self.done = self._rest > GLANCE_S * FPS
            return 0.0
        if self.reversals >= 2 and value >= 0.97 * self._best:
            self._rest = 1
            return 0.0
        # After turning back it takes a reaction time until the number tells of the new way.
        if self._leg > 2 * len(self._told) and value < DROP * self._leg_best:
            self._turn(0.5)
        return self._way * self._speed
