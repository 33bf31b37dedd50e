"""What flows back: each wish a frozen dataclass, checked when it is made.

A command goes into the queue that the loop empties between two frames. On the socket and in a recording it is an object
with its name under `do` and its one field, where it has one, under `value`; `written` and `read` are all that knows it.

    >>> written(read("threshold", 0.4))
    {'do': 'threshold', 'value': 0.4}

What the light does depends on SetRegion, SetThreshold, SetHold and Forget alone: whatever else changes it does so by
these, and that is what a recording relies on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, get_args

from focuscam.region import Region, parse

MOST_ZOOM = 16
"""Times; each camera has a limit of its own, below that."""

LONGEST_RELEASE_S = 7 * 24 * 3600.0
"""Of the camera, where an end is named at all."""


@dataclass(frozen=True, slots=True)
class SetRegion:
    """Look at this, and forget the best."""

    do: ClassVar[str] = "region"
    region: Region


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """The score at which the light comes on. Raises ValueError, as all here, with a sentence."""

    do: ClassVar[str] = "threshold"
    score: float | None
    """0 to 1; None: the model's own."""

    def __post_init__(self) -> None:
        if self.score is not None:
            _number(self.score, "The threshold", 0, 1)


@dataclass(frozen=True, slots=True)
class SetHold:
    """The least time between two switches of the light."""

    do: ClassVar[str] = "hold"
    seconds: float

    def __post_init__(self) -> None:
        _number(self.seconds, "The hold, s,", 0, 10)


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget the best so far."""

    do: ClassVar[str] = "forget"


@dataclass(frozen=True, slots=True)
class Mute:
    """Keep the buzzer silent, or let it sound again."""

    do: ClassVar[str] = "mute"
    muted: bool

    def __post_init__(self) -> None:
        _switch(self.muted, "Mute")


@dataclass(frozen=True, slots=True)
class LockExposure:
    """Hold the exposure still, or let it be automatic."""

    do: ClassVar[str] = "lock"
    locked: bool

    def __post_init__(self) -> None:
        _switch(self.locked, "The exposure lock")


@dataclass(frozen=True, slots=True)
class Zoom:
    """Let the camera show what the region looks at so many times as large."""

    do: ClassVar[str] = "zoom"
    times: float

    def __post_init__(self) -> None:
        _number(self.times, "The zoom", 1, MOST_ZOOM)


@dataclass(frozen=True, slots=True)
class Release:
    """Let go of the camera, so that another program can have it."""

    do: ClassVar[str] = "release"
    seconds: float | None = None
    """None: until it is resumed."""

    def __post_init__(self) -> None:
        if self.seconds is not None:
            _number(self.seconds, "The time of the release, s,", 1, LONGEST_RELEASE_S)


@dataclass(frozen=True, slots=True)
class Resume:
    """Take the camera back."""

    do: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True)
class Toggle:
    """What a button stands for that has no more than one way to be pressed: the other way than now."""

    do: ClassVar[str] = "toggle"
    what: Literal["mute", "lock", "release"]

    def __post_init__(self) -> None:
        if self.what not in ("mute", "lock", "release"):
            raise ValueError('Toggle must be "mute", "lock" or "release".')


@dataclass(frozen=True, slots=True)
class Keep:
    """Let what was set hold after a restart."""

    do: ClassVar[str] = "keep"
    only: Literal["threshold"] | None = None
    """None: region and threshold."""

    def __post_init__(self) -> None:
        if self.only not in (None, "threshold"):
            raise ValueError('Keep takes "threshold", or nothing: region and threshold.')


@dataclass(frozen=True, slots=True)
class Demo:
    """Play everything that the light and the sound can say."""

    do: ClassVar[str] = "demo"


@dataclass(frozen=True, slots=True)
class TakeStill:
    """Take a still of the next frame."""

    do: ClassVar[str] = "capture"


@dataclass(frozen=True, slots=True)
class Autofocus:
    """Let the motor of the lens find the focus: once, or from now on; or stop, where it was best."""

    do: ClassVar[str] = "autofocus"
    how: Literal["once", "continuous", "stop"]

    def __post_init__(self) -> None:
        if self.how not in ("once", "continuous", "stop"):
            raise ValueError('Autofocus must be "once", "continuous" or "stop".')


@dataclass(frozen=True, slots=True)
class ShutDown:
    """Turn the machine off."""

    do: ClassVar[str] = "shutdown"


@dataclass(frozen=True, slots=True)
class Reload:
    """Read the settings again."""

    do: ClassVar[str] = "reload"


Command = (
    SetRegion
    | SetThreshold
    | SetHold
    | Forget
    | Mute
    | LockExposure
    | Zoom
    | Release
    | Resume
    | Toggle
    | Keep
    | Demo
    | TakeStill
    | Autofocus
    | ShutDown
    | Reload
)

DECIDING = SetRegion, SetThreshold, SetHold, Forget
"""What the decisions depend on, beside the frames: what a recording repeats."""

_BY_NAME: dict[str, type[Command]] = {kind.do: kind for kind in get_args(Command)}


def read(do: object, value: object = None) -> Command:
    """The command that was written so. Raises ValueError, with a sentence, where there is none."""
    kind = _BY_NAME.get(do) if isinstance(do, str) else None
    if kind is None:
        raise ValueError(f'"do" must be one of {", ".join(_BY_NAME)}.')
    if kind is SetRegion:
        if not isinstance(value, str):
            raise ValueError('The region must be "spot", "whole", "best" or "x,y,w,h" in fractions of the frame.')
        return SetRegion(parse(value))
    make: Callable[..., Command] = kind  # each checks its own
    return make(value) if fields(kind) else make()


def written(command: Command) -> dict[str, object]:
    """A command as an object of JSON."""
    value = next((getattr(command, each.name) for each in fields(command)), None)
    return {"do": command.do, "value": value.text if isinstance(value, Region) else value}


def _number(value: object, name: str, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}.")


def _switch(value: object, name: str) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false.")
