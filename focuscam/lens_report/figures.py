"""The figures of the report: each with its uncertainty, or why there is none and what to photograph instead."""

from __future__ import annotations

import math
from dataclasses import dataclass

from focuscam.lens_report.chromatic import Fringes
from focuscam.lens_report.statistics import Measured
from focuscam.lens_report.sweep import CONFUSION, Swept

FLAT_TARGET = (
    "photograph a flat target that fills the picture, square to the camera, such as a wall with posters or "
    "newspaper pages, and turn the ring from well before focus to well behind"
)
EDGES = (
    "photograph something with fine detail all over, such as a printed page, a bookshelf, or branches against a grey "
    "sky, in focus and not overexposed"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    key: str
    """Its name in JSON."""
    title: str
    unit: str
    measured: Measured | None
    meaning: str
    """What the value says, in a few words; where there is none, why."""
    instead: str = ""
    """Where there is none: what to photograph."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why something can't be told, and what to photograph instead."""

    why: str
    instead: str


def of_sweep(swept: Swept, unit: str) -> list[Figure]:
    """unit: of the positions, in the plural."""
    trouble = _trouble(swept)
    few = "too little of the picture comes into focus and goes out of it again, or it is overexposed"
    no_disc = trouble if trouble and trouble.why == _BEYOND else _Trouble(few, FLAT_TARGET)
    surface = None if trouble else swept.surface
    across = down = curvature = degrees = worst = None
    angle = place = ""
    if surface is not None:
        across, down, curvature, degrees = surface.across, surface.down, surface.curvature, swept.tilt_degrees
        if degrees is not None:
            angle = f"at f/2.8 {number(degrees.times(2.8))} degrees"
        if swept.compromise is not None:
            best, worst = swept.compromise
            place = f"with the ring at {best:.4g}, the best for the whole picture"
    focus, of = (surface.centre, "") if surface is not None else (swept.middle, "of the middle zone alone")

    def made(key: str, title: str, told_in: str, value: Measured | None, meaning: str, why: _Trouble) -> Figure:
        return Figure(key, title, told_in, value, meaning) if value else _without(key, title, told_in, why)

    flat = trouble or no_disc
    disc = f"px per {unit.removesuffix('s')}"
    growing = "growth of the disc that a point becomes"
    deep = f"a point stays within {CONFUSION:g} px over so many"
    right, bottom = _side(across, "the right edge is", "the left"), _side(down, "the bottom edge is", "the top")
    corners = _side(curvature, "the corners are", "the centre")
    return [
        made("focus", "Focus in the centre", unit, focus, of, flat),
        made("tilt_across", "Tilt, right edge less left", unit, across, right, flat),
        made("tilt_down", "Tilt, bottom edge less top", unit, down, bottom, flat),
        made("tilt_angle", "Tilt, angle at the sensor", "degrees × f-number", degrees, angle, flat),
        made("curvature", "Field curvature, corners less centre", unit, curvature, corners, flat),
        made("blur_growth", "Blur, away from focus", disc, swept.growth, growing, no_disc),
        made("depth", "Depth of focus", unit, swept.depth, deep, no_disc),
        made("worst_blur", "Blur in the worst corner", "px of disc", worst, place, flat),
    ]


def number(measured: Measured) -> str:
    """Value and uncertainty, to two digits of the uncertainty."""
    if not math.isfinite(measured.uncertainty) or measured.uncertainty <= 0:
        return f"{measured.value:.3g}"
    digits = max(0, 1 - math.floor(math.log10(measured.uncertainty)))
    return f"{measured.value:.{digits}f} ± {measured.uncertainty:.{digits}f}"


def of_photos(fringes: Fringes) -> list[Figure]:
    """The lateral chromatic aberration."""
    few = _Trouble("there are too few edges, or none near the corners", EDGES)
    figures = []
    for key, name, found in (("red", "Red", fringes.red), ("blue", "Blue", fringes.blue)):
        values = {"corner": found.corner, "edge": found.edge} if found is not None else {}
        for place, where in (("corner", "in the corners"), ("edge", "at the left and right edge")):
            title, value = f"{name} against green, {where}", values.get(place)
            if value is None or value.uncertainty > _WIDE:
                figures.append(_without(f"{key}_{place}", title, "px", few))
                continue
            way = "no shift to be seen" if _unclear(value) else "outwards" if value.value > 0 else "inwards"
            figures.append(Figure(f"{key}_{place}", title, "px", value, way))
    return figures


_WIDE = 1.0
"""An aberration known no better than to a px is not known: few lenses have more."""


def reasons(figures: list[Figure]) -> list[str]:
    """A sentence or two for each reason why a figure can't be told, and what to photograph instead."""
    several = {(each.meaning, each.instead): None for each in figures if each.measured is None}
    return [f"Not enough to tell: {why}. Instead, {instead}." for why, instead in several]


def travel(swept: Swept, unit: str) -> str:
    """One or two sentences on where focus lies in the ring's travel."""
    low, high = swept.ends
    seen = swept.zones("inside", "before", "after")
    one = unit.removesuffix("s")
    if swept.travel == "unknown":
        return f"Not enough to tell whether focus lies within the travel: {FLAT_TARGET}."
    if swept.travel == "inside":
        outside = swept.zones("before", "after")
        if len(outside) <= _SOME * len(seen):
            return f"Focus lies within the sweep, {one} {low:g} to {high:g}."
        ends = " and ".join(
            f"{len(zones)} at {one} {end:g} or beyond"
            for zones, end in ((swept.zones("before"), low), (swept.zones("after"), high))
            if zones
        )
        return (
            f"In the middle focus lies within the sweep, {one} {low:g} to {high:g}, but not in {len(outside)} of "
            f"{len(seen)} zones: {ends}. Begin and end the sweep further out, if the ring goes further."
        )
    end = low if swept.travel == "before" else high
    which = "lowest" if swept.travel == "before" else "highest"
    return (
        f"Focus lies at {one} {end:g}, the {which}, or beyond: the picture gets sharper up to there. If the ring goes "
        "further, sweep further. If it was at its stop: at the infinity end the lens stands too far from the sensor "
        "(turn the back focus ring in, or take out a C-CS adapter that the lens does not need); at the near end it "
        "stands too close (turn the back focus ring out, or put in the 5 mm C-CS adapter for a C-mount lens), or the "
        "target is nearer than the lens can go."
    )


_SOME = 0.15
"""From this share on zones that are in focus nowhere in the sweep are worth a word."""


def caution(swept: Swept) -> str:
    """What tilt and curvature may be besides the camera's; empty where they can't be told."""
    if _trouble(swept):
        return ""
    return (
        "A target that is not square to the camera looks like a tilted sensor, and a scene with depth like a tilted or "
        "curved field. Turn the camera upside down and record again: what turns with the picture's content is the "
        "target's, what stays at its edge is the camera's."
    )


_DEEP = (
    "the zones do not lie on a plane with a curvature: the target was not flat, and a scene with depth is not a tilted "
    "sensor"
)
_BEYOND = "focus lies at an end of the sweep or beyond"


def _trouble(swept: Swept) -> _Trouble | None:
    """Why tilt and curvature can't be told; None where they can."""
    inside = len(swept.zones("inside"))
    if swept.travel in ("before", "after"):
        return _Trouble(_BEYOND, "sweep further, from well before focus to well behind")
    if swept.surface is None:
        few = f"only {inside} of {len(swept.tops)} zones come into focus and go out of it again"
        return _Trouble(few, FLAT_TARGET)
    if not swept.flat:
        return _Trouble(_DEEP, FLAT_TARGET)
    if max(swept.surface.across.uncertainty, swept.surface.curvature.uncertainty) > 2 * swept.width_of_top:
        return _Trouble("the sweep is too coarse, or the picture too plain", f"take smaller steps, and {FLAT_TARGET}")
    return None


def _unclear(value: Measured) -> bool:
    return abs(value.value) <= value.uncertainty


def _side(value: Measured | None, one: str, other: str) -> str:
    if value is None or _unclear(value):
        return "no difference to be seen"
    return f"{one} in focus at a {'higher' if value.value > 0 else 'lower'} position than {other}"


def _without(key: str, title: str, unit: str, trouble: _Trouble) -> Figure:
    return Figure(key, title, unit, None, trouble.why, trouble.instead)
