"""Drawings for the page, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from focuscam.lens_report.chromatic import Aberration, Cell, Fringes
from focuscam.lens_report.sweep import Swept
from focuscam.lens_report.zones import COLUMNS, ROWS, boxes

Floats = npt.NDArray[np.float64]

WIDTH = 900
"""Of a drawing, in its own units."""
_LOW, _MIDDLE, _HIGH = (33, 102, 172), (247, 247, 247), (178, 67, 24)
"""Blue, white, orange: apart for all kinds of colour vision."""
_CURVES = ("#1b1b1b", "#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Centre and corners: Okabe and Ito's colours."""


def svg(height: float, parts: Sequence[str], label: str, width: float = WIDTH) -> str:
    """A drawing of its parts."""
    box = f'viewBox="0 0 {width:g} {height:g}"'
    return f'<svg {box} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def text(x: float, y: float, words: str, anchor: str = "middle", style: str = "") -> str:
    """A line of text; style: further attributes."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {style}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def heat_map(swept: Swept, unit: str, picture: str) -> str:
    """The position of focus in each zone, over the sharpest frame. picture: its address."""
    scale = WIDTH / swept.width
    height = swept.height * scale
    inside = swept.zones("inside")
    positions = [swept.tops[zone].position for zone in inside]
    middle = (min(positions) + max(positions)) / 2 if positions else 0.0
    reach = max((abs(each - middle) for each in positions), default=1.0) or 1.0
    reach = max(reach, swept.step / 2)  # less is no difference to speak of: it should not look like one
    away = swept.surface.away if swept.surface else frozenset()
    parts = [f'<image href="{picture}" width="{WIDTH}" height="{height:.1f}" preserveAspectRatio="none"/>']
    signs = {"before": "◀", "after": "▶", "flat": "–", "several": "?"}
    digits = max(0, min(3, 1 - math.floor(math.log10(swept.step))))
    for zone, (rows, columns) in enumerate(boxes(swept.height, swept.width)):
        top = swept.tops[zone]
        x, y = columns.start * scale, rows.start * scale
        wide, high = (columns.stop - columns.start) * scale, (rows.stop - rows.start) * scale
        told = top.kind == "inside"
        fill = _colour((top.position - middle) / reach) if told else "#777"
        box = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        parts.append(f'<rect {box} fill="{fill}" fill-opacity="{0.65 if told else 0.5}" stroke="#fff"/>')
        words = f"{top.position:.{digits}f}" if told else signs[top.kind]
        if zone in away:
            words = f"({words})"
        parts.append(text(x + wide / 2, y + high / 2 + 8, words, style='class="zone"'))
    parts.append(_legend(height + 18, middle, reach, digits, unit))
    return svg(height + 70, parts, "Position of focus in each zone")


def _legend(y: float, middle: float, reach: float, digits: int, unit: str) -> str:
    count, left, wide = 60, 250.0, 400.0
    parts = []
    for step in range(count):
        fill = _colour(2 * (step + 0.5) / count - 1)
        parts.append(
            f'<rect x="{left + wide * step / count:.1f}" y="{y:.1f}" width="{wide / count + 0.5:.1f}" height="14" '
            f'fill="{fill}"/>'
        )
    for share in (-1, 0, 1):
        words = f"{middle + share * reach:.{digits}f}"
        parts.append(text(left + wide * (share + 1) / 2, y + 34, words, style='class="tick"'))
    parts.append(text(left - 14, y + 12, f"focus at, {unit}", "end", 'class="tick"'))
    return "".join(parts)


def _colour(share: float) -> str:
    """From -1 to 1: blue over white to orange."""
    share = max(-1.0, min(1.0, share))
    end = _HIGH if share > 0 else _LOW
    red, green, blue = (round(m + (e - m) * abs(share) ** 0.8) for m, e in zip(_MIDDLE, end, strict=True))
    return f"rgb({red},{green},{blue})"


def focus_curves(swept: Swept, unit: str) -> str:
    """Contrast through the sweep in the centre and the corners, each as a share of its best."""
    zones = {
        "centre": ROWS // 2 * COLUMNS + COLUMNS // 2,
        "top left": 0,
        "top right": COLUMNS - 1,
        "bottom left": (ROWS - 1) * COLUMNS,
        "bottom right": ROWS * COLUMNS - 1,
    }
    low, high = swept.ends
    left, right, top, bottom = 60.0, WIDTH - 20.0, 50.0, 350.0
    parts, across, up = _axes(
        (low, high), (0.0, 1.0), (left, right, top, bottom), f"ring, {unit}", "contrast, share of its best"
    )
    order = np.argsort(swept.positions, kind="stable")
    for number, (name, zone) in enumerate(zones.items()):
        colour, found = _CURVES[number], swept.tops[zone]
        shares = swept.contrast[order, zone] / max(float(np.max(swept.contrast[:, zone])), 1e-12)
        points = [(across(p), up(c)) for p, c in zip(swept.positions[order], shares, strict=True)]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        wide = 3.5 if number == 0 else 2
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="{wide}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{wide}" fill="{colour}"/>' for x, y in points]
        if found.kind == "inside":
            x = across(found.position)
            parts.append(line(x, up(1.0) - 4, x, bottom, f'stroke="{colour}" stroke-dasharray="4 5"'))
        place = left + 20 + 165 * number
        parts.append(line(place, 18, place + 26, 18, f'stroke="{colour}" stroke-width="{wide + 0.5}"'))
        parts.append(text(place + 34, 23, name, "start", 'class="tick"'))
    return svg(bottom + 50, parts, "Contrast through the sweep, centre and corners")


def arrows(fringes: Fringes, found: Aberration, cells: list[Cell], colour: str, name: str) -> str:
    """Displacement against green over the field: measured cells thin, the fitted model bold."""
    half = math.hypot(fringes.width, fringes.height) / 2
    scale = WIDTH / fringes.width
    height = fringes.height * scale
    # One scale for both colours, and none that makes much of next to nothing.
    both = [each for each in (fringes.red, fringes.blue) if each is not None]
    longest = max(0.5, *(max(abs(each.corner.value), math.hypot(*each.parameters[:2])) for each in both))
    stretch = 75 / longest
    parts = [f'<rect width="{WIDTH}" height="{height:.1f}" class="field"/>']
    parts.append(
        f'<defs><marker id="{name}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="4" markerHeight="4" '
        f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker></defs>'
    )

    def arrow(x: float, y: float, right: float, down: float, style: str) -> str:
        from_x, from_y = WIDTH / 2 + x * half * scale, height / 2 + y * half * scale
        return line(from_x, from_y, from_x + right * stretch, from_y + down * stretch, style)

    for cell in cells:
        faint = f'stroke="{colour}" stroke-opacity="0.45" stroke-width="1.6"'
        parts.append(arrow(cell.x, cell.y, cell.right, cell.down, faint))
    for y in np.linspace(-0.42, 0.42, 5) * fringes.height / half:
        for x in np.linspace(-0.43, 0.43, 7) * fringes.width / half:
            right, down = found.at(float(x), float(y))
            head = f' marker-end="url(#{name})"' if math.hypot(right, down) * stretch > 4 else ""
            parts.append(arrow(float(x), float(y), right, down, f'stroke="{colour}" stroke-width="4"{head}'))
            at = WIDTH / 2 + x * half * scale, height / 2 + y * half * scale
            parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="4" fill="{colour}"/>')
    unit = _nice(longest / 2)
    parts.append(line(30, height + 30, 30 + unit * stretch, height + 30, f'stroke="{colour}" stroke-width="4"'))
    words = f"{unit:g} px: arrows are {stretch / scale:.0f} times as long as what they show"
    parts.append(text(44 + unit * stretch, height + 37, words, "start", 'class="large"'))
    return svg(height + 56, parts, f"{name} against green by field position")


def radial(fringes: Fringes) -> str:
    """Displacement outwards against the distance from the middle: cells as dots, models as lines."""
    series = [
        (found, cells, colour)
        for found, cells, colour in (
            (fringes.red, fringes.red_cells, "#c62828"),
            (fringes.blue, fringes.blue_cells, "#1e5bc6"),
        )
        if found is not None
    ]
    if not series:
        return ""
    values = [abs(found.corner.value) + found.corner.uncertainty for found, _, _ in series]
    reach = max(*values, 0.25) * 1.25
    frame = 80.0, WIDTH - 20.0, 20.0, 300.0
    parts, across, up = _axes(
        (0.0, 1.0), (-reach, reach), frame, "distance from the middle, 1 = corner", "outwards, px"
    )
    parts.append(line(frame[0], up(0), frame[1], up(0), 'stroke="#333" stroke-width="1.2"'))
    for found, cells, colour in series:
        for cell in cells:
            r = math.hypot(cell.x, cell.y)
            if r < 0.1:
                continue
            # The translation is not the size: without it the model is one line.
            right, down = cell.right - found.parameters[0], cell.down - found.parameters[1]
            out = (right * cell.x + down * cell.y) / r
            if abs(out) < reach:
                parts.append(
                    f'<circle cx="{across(r):.1f}" cy="{up(out):.1f}" r="4" fill="{colour}" fill-opacity="0.5"/>'
                )
        way = " ".join(
            f"{across(r):.1f},{up(found.parameters[2] * r + found.parameters[3] * r**3):.1f}"
            for r in np.linspace(0, 1, 30)
        )
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="3"/>')
        x, low, high = across(1.0), *(up(found.corner.value + s * found.corner.uncertainty) for s in (-1, 1))
        parts.append(line(x, low, x, high, f'stroke="{colour}" stroke-width="3"'))
    return svg(350, parts, "Displacement outwards by distance from the middle")


def _axes(
    x: tuple[float, float], y: tuple[float, float], frame: tuple[float, float, float, float], across: str, up: str
) -> tuple[list[str], Callable[[float], float], Callable[[float], float]]:
    """Frame, ticks and names; and how values become places."""
    left, right, top, bottom = frame

    def place_x(value: float) -> float:
        return left + (value - x[0]) / (x[1] - x[0]) * (right - left)

    def place_y(value: float) -> float:
        return bottom - (value - y[0]) / (y[1] - y[0]) * (bottom - top)

    parts = [f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" class="field"/>']
    for value in _ticks(*x):
        parts.append(line(place_x(value), top, place_x(value), bottom, 'class="grid"'))
        parts.append(text(place_x(value), bottom + 18, f"{value:g}", style='class="tick"'))
    for value in _ticks(*y):
        parts.append(line(left, place_y(value), right, place_y(value), 'class="grid"'))
        parts.append(text(left - 8, place_y(value) + 5, f"{value:g}", "end", 'class="tick"'))
    parts.append(text((left + right) / 2, bottom + 40, across, style='class="tick"'))
    middle = (top + bottom) / 2
    parts.append(text(16, middle, up, style=f'class="tick" transform="rotate(-90 16 {middle})"'))
    return parts, place_x, place_y


def _ticks(low: float, high: float) -> list[float]:
    step = _nice((high - low) / 5)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _nice(value: float) -> float:
    """1, 2 or 5 times a power of ten, about this large."""
    power = 10 ** math.floor(math.log10(value))
    return float(min((1, 2, 5, 10), key=lambda each: abs(math.log(each * power / value))) * power)
