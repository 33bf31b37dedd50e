"""The report as text, and as JSON."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from focuscam.lens_report.chromatic import Aberration, Fringes
from focuscam.lens_report.figures import Figure, caution, number, of_photos, of_sweep, reasons, travel
from focuscam.lens_report.statistics import student
from focuscam.lens_report.sweep import FREEDOM, Swept
from focuscam.lens_report.zones import COLUMNS, middles

WIDTH = 100
_SIGN = {"before": "<", "after": ">", "flat": "·", "several": "?"}


def sweep_text(swept: Swept, name: str, unit: str) -> str:
    """The part on a recorded sweep."""
    low, high = swept.ends
    lines = [
        f"{name}: {len(swept.positions)} frames, {swept.width}x{swept.height}, {unit} {low:g} to {high:g}",
        "",
        *_wrapped(travel(swept, unit)),
        "",
        *_lines(of_sweep(swept, unit)),
        "",
        f"Position of focus in each zone, in {unit}:",
        "",
        *zone_rows(swept),
        "",
        *_wrapped(caution(swept)),
    ]
    return "\n".join(lines).rstrip()


def zone_rows(swept: Swept) -> list[str]:
    """The zones as rows of numbers, and a line that explains the signs among them."""
    away = swept.surface.away if swept.surface else frozenset()
    digits = max(0, min(3, 1 - math.floor(math.log10(swept.step))))
    cells = []
    for zone, top in enumerate(swept.tops):
        text = f"{top.position:.{digits}f}" if top.kind == "inside" else _SIGN[top.kind]
        cells.append(f"({text})" if zone in away else f"{text} ")
    width = max(map(len, cells)) + 1
    rows = ["".join(f"{cell:>{width}}" for cell in cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
    signs = {"before": "< at the lowest position or beyond", "after": "> at the highest or beyond"}
    signs |= {"flat": "· nothing to see", "several": "? no single top"}
    told = [text for kind, text in signs.items() if swept.zones(kind)] + (["( ) left out"] if away else [])
    return rows + (["", "  " + ", ".join(told)] if told else [])


def photos_text(fringes: Fringes, names: list[str]) -> str:
    """The part on photos."""
    of = names[0] if len(names) == 1 else f"{len(names)} photos"
    head = f"{of}: lateral chromatic aberration, {fringes.width}x{fringes.height}"
    return "\n".join([head, "", *_lines(of_photos(fringes))])


def _lines(figures: list[Figure]) -> list[str]:
    lines: list[str] = []
    title = max(len(figure.title) for figure in figures)
    for figure in figures:
        if figure.measured is None:
            lines.append(f"  {figure.title:{title}}  not enough to tell")
            continue
        lines.append(f"  {figure.title:{title}}  {number(figure.measured)} {figure.unit}")
        if figure.meaning:
            lines.append(f"  {'':{title}}  {figure.meaning}")
    for reason in reasons(figures):
        lines += ["", *_wrapped(reason)]
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)


def sweep_fields(swept: Swept, name: str, unit: str) -> dict[str, Any]:
    """The part on a recorded sweep, for JSON."""
    away = swept.surface.away if swept.surface else frozenset()
    zones = []
    for zone, (top, place) in enumerate(zip(swept.tops, middles(swept.height, swept.width), strict=True)):
        inside = top.kind == "inside"
        zones.append(
            {
                "row": zone // COLUMNS,
                "column": zone % COLUMNS,
                "x": round(float(place[0]) + 0.5, 4),
                "y": round(float(place[1]) + 0.5, 4),
                "focus": top.kind,
                "position": _round(top.position) if inside else None,
                "uncertainty": _round(student(FREEDOM) * top.error) if inside else None,
                "left_out": zone in away,
            }
        )
    return {
        "name": name,
        "frames": len(swept.positions),
        "width": swept.width,
        "height": swept.height,
        "unit": unit,
        "lowest": swept.ends[0],
        "highest": swept.ends[1],
        "focus_in_travel": swept.travel,
        "travel": travel(swept, unit),
        "flat": swept.flat if swept.surface is not None and swept.travel == "inside" else None,
        "caution": caution(swept),
        "figures": _fields(of_sweep(swept, unit)),
        "zones": zones,
    }


def photos_fields(fringes: Fringes, names: list[str]) -> dict[str, Any]:
    """The part on photos, for JSON. The model gives px right and down, x and y in half diagonals from the middle."""
    fields: dict[str, Any] = {
        "files": names,
        "width": fringes.width,
        "height": fringes.height,
        "figures": _fields(of_photos(fringes)),
    }
    for key, found in (("red", fringes.red), ("blue", fringes.blue)):
        fields[key] = _model(found) if found is not None else None
    return fields


def _model(found: Aberration) -> dict[str, Any]:
    right, down, first, third = (_round(float(value)) for value in found.parameters)
    return {"right": right, "down": down, "r": first, "r3": third, "cells": found.cells}


def _fields(figures: list[Figure]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for figure in figures:
        told = figure.measured
        fields[figure.key] = {
            "title": figure.title,
            "value": None if told is None else _round(told.value),
            "uncertainty": None if told is None else _round(told.uncertainty),
            "unit": figure.unit,
            "meaning": figure.meaning,
        } | ({} if told is not None else {"instead": figure.instead})
    return fields


def _round(value: float) -> float | None:
    """Five digits; JSON has no infinity."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
