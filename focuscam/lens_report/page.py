"""The report as one page of HTML that needs nothing else: its pictures are within."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np

from focuscam import __version__
from focuscam.cameras.colour import Colour
from focuscam.lens_report.chromatic import Fringes
from focuscam.lens_report.drawings import arrows, focus_curves, heat_map, radial
from focuscam.lens_report.figures import Figure, caution, number, of_photos, of_sweep, reasons, travel
from focuscam.lens_report.sweep import Swept
from focuscam.messages import Luma

_SIDE = 900
"""Longest side of a picture in the page, px."""

_STYLE = """
:root { color-scheme: light }
body { margin: 0; background: #f3f2ee; color: #222; font: 16px/1.5 system-ui, "Segoe UI", sans-serif }
main { max-width: 960px; margin: 0 auto; padding: 28px 20px 60px }
h1 { font-size: 30px; margin: 0 0 4px }
h2 { font-size: 22px; margin: 36px 0 2px }
h3 { font-size: 17px; margin: 0 0 8px }
.sub { color: #666; margin: 0 0 16px }
section { background: #fff; border-radius: 10px; padding: 18px 22px; margin: 14px 0; box-shadow: 0 1px 3px #0002 }
.lead { font-size: 18px; margin-top: 0 }
section p { margin-bottom: 4px }
.note { color: #555; font-size: 14.5px; margin: 8px 0 0 }
table { border-collapse: collapse; width: 100% }
td { padding: 7px 14px 7px 0; border-top: 1px solid #eee; vertical-align: top }
tr:first-child td { border-top: 0 }
td:first-child { width: 33% }
td:last-child { width: 37% }
.value { white-space: nowrap; font-variant-numeric: tabular-nums; font-weight: 600 }
.unit { color: #555; font-weight: 400 }
.meaning { color: #555; font-size: 14.5px }
.unknown { color: #a15c00 }
.caution { border-left: 5px solid #e0a030 }
svg { display: block; width: 100%; height: auto }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 18px }
@media (max-width: 700px) { .pair { grid-template-columns: 1fr } }
img { max-width: 100%; border-radius: 6px; display: block }
.zone { font: 600 22px system-ui, sans-serif; fill: #111; paint-order: stroke; stroke: #fffb; stroke-width: 4px }
.tick { font: 15px system-ui, sans-serif; fill: #444 }
.large { font: 24px system-ui, sans-serif; fill: #444 }
.grid { stroke: #e4e4e4 }
.field { fill: #fafaf8; stroke: #ccc }
footer { color: #777; font-size: 13.5px; margin-top: 24px }
"""


def whole(parts: Sequence[str]) -> str:
    """The page."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Lens report</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>Lens report</h1>\n"
        + "\n".join(parts)
        + f"\n<footer>focuscam {__version__}. After each ± stands half the interval that holds the true value in 95 of "
        "100 cases.</footer></main></body></html>\n"
    )


def sweep_part(swept: Swept, name: str, unit: str, sharpest: Luma) -> str:
    """The part on a recorded sweep. sharpest: the frame to show behind the map."""
    low, high = swept.ends
    head = f"{len(swept.positions)} frames of {swept.width} × {swept.height} px, {unit} {low:g} to {high:g}"
    careful = caution(swept)
    return "\n".join(
        [
            f'<h2>Focus over the field</h2><p class="sub">{escape(name)}: {escape(head)}</p>',
            f'<section><p class="lead">{escape(travel(swept, unit))}</p>{_table(of_sweep(swept, unit))}</section>',
            "<section><h3>Where each zone is in focus</h3>",
            heat_map(swept, unit, _address(sharpest)),
            '<p class="note">◀ at the lowest position or beyond, ▶ at the highest or beyond, – nothing to see, ? no '
            "single top, ( ) off the fitted surface and left out.</p></section>",
            "<section><h3>Through focus: the centre and the corners</h3>",
            focus_curves(swept, unit),
            '<p class="note">Curves side by side: the corners are in focus elsewhere than the centre. Dashed: the top '
            "of the fitted curve.</p></section>",
            f"<section class=caution><h3>Before you turn a screw</h3><p>{escape(careful)}</p></section>"
            if careful
            else "",
        ]
    )


def photos_part(fringes: Fringes, names: Sequence[str], photo: Colour) -> str:
    """The part on photos. photo: the first of them, to be shown."""
    head = f"{', '.join(names[:4])}{' and others' if len(names) > 4 else ''}: {fringes.width} × {fringes.height} px"
    parts = [
        f'<h2>Lateral chromatic aberration</h2><p class="sub">{escape(head)}</p>',
        f"<section>{_table(of_photos(fringes))}</section>",
    ]
    if fringes.red is not None and fringes.blue is not None:
        parts += [
            '<section><h3>By field position</h3><div class="pair"><div>',
            arrows(fringes, fringes.red, fringes.red_cells, "#c62828", "red"),
            '<p class="note">Red against green</p></div><div>',
            arrows(fringes, fringes.blue, fringes.blue_cells, "#1e5bc6", "blue"),
            '<p class="note">Blue against green</p></div></div>',
            '<p class="note">Bold: the radial model. Thin: what the edges near by say themselves.</p></section>',
            "<section><h3>From the middle to the corner</h3>",
            radial(fringes),
            '<p class="note">Dots: cells of the field. The bar at the corner is its uncertainty.</p></section>',
        ]
    parts.append(f'<section><h3>Measured in</h3><img alt="{escape(names[0])}" src="{_address(photo)}"></section>')
    return "\n".join(parts)


def _table(figures: list[Figure]) -> str:
    rows = []
    for figure in figures:
        if figure.measured is None:
            value = '<span class="unknown">not enough to tell</span>'
            meaning = ""
        else:
            told = escape(number(figure.measured)).replace("-", "−")
            value = f'{told} <span class="unit">{escape(figure.unit)}</span>'
            meaning = figure.meaning
        rows.append(
            f'<tr><td>{escape(figure.title)}</td><td class="value">{value}</td>'
            f'<td class="meaning">{escape(meaning)}</td></tr>'
        )
    notes = "".join(f'<p class="note">{escape(reason)}</p>' for reason in reasons(figures))
    return f"<table>{''.join(rows)}</table>{notes}"


def _address(picture: Luma | Colour) -> str:
    """A picture as the data: address of a JPEG, no larger than it is shown."""
    scale = _SIDE / max(picture.shape[:2])
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    turned = picture[..., ::-1] if picture.ndim == 3 else picture  # OpenCV keeps blue first
    _, packed = cv2.imencode(".jpg", np.ascontiguousarray(turned), [cv2.IMWRITE_JPEG_QUALITY, 82])
    return "data:image/jpeg;base64," + base64.b64encode(packed.tobytes()).decode()
