"""Pictures made by the program, sharp to the pixel: what holiday photos lack (print, boards, grids, stars, leaves).

Drawn three times larger than needed and shrunk by area averaging, as a sensor averages.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from lab.training.photos import Grey

SIDE = 768
"""Side of an invented picture, px."""
_OVER = 3
Shade = tuple[int]
_WORDS = [
    "focus",
    "ring",
    "lens",
    "1:2.8",
    "f/11",
    "25 mm",
    "IMX477",
    "R47",
    "C12",
    "U3",
    "GND",
    "3V3",
    "4k7",
    "0123456789",
]


def _grey(rng: np.random.Generator, darkest: int = 0, lightest: int = 256) -> Shade:
    """Any grey up to the lightest, which is not among them, as OpenCV draws with it."""
    return (int(rng.integers(darkest, lightest)),)


def leaves(rng: np.random.Generator) -> Grey:
    """Dead leaves: opaque shapes of all sizes over each other, the statistics of natural scenes."""
    side = SIDE * _OVER
    canvas = np.full((side, side), _grey(rng)[0], np.uint8)
    for _ in range(int(rng.integers(300, 2500))):
        radius = int(6 * (1 - rng.random()) ** (-1 / 1.6))
        radius = min(radius, side // 4)
        x, y = (int(v) for v in rng.integers(0, side, 2))
        if rng.random() < 0.6:
            axes = (radius, max(2, int(radius * rng.uniform(0.3, 1))))
            cv2.ellipse(canvas, (x, y), axes, rng.uniform(0, 180), 0, 360, _grey(rng), -1)
        else:
            box = cv2.boxPoints(((x, y), (2 * radius, radius), rng.uniform(0, 180)))
            cv2.fillConvexPoly(canvas, box.astype(np.int32), _grey(rng))
    return _textured(canvas, rng)


def page(rng: np.random.Generator) -> Grey:
    """Print: lines of words in several sizes, upright or turned, dark on light or the other way."""
    side = SIDE * _OVER
    paper, ink = (int(rng.integers(150, 256)), int(rng.integers(0, 110)))
    if rng.random() < 0.3:
        paper, ink = ink, paper
    canvas = np.full((side, side), paper, np.uint8)
    y = 20
    while y < side + 60:
        size = float(rng.choice([0.9, 1.2, 1.6, 2.2, 3.5])) * rng.uniform(0.9, 1.2)
        font = int(rng.choice([0, 2, 3, 4, 6, 7]))
        words = " ".join(rng.choice(_WORDS) for _ in range(40))
        y += int(36 * size)
        cv2.putText(
            canvas, words, (-int(rng.integers(0, 60)), y), font, size, (ink,), max(1, round(size * rng.uniform(1, 3)))
        )
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-25, 25), 1.3)
    turned = cv2.warpAffine(canvas, turn, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return _textured(turned, rng)


def board(rng: np.random.Generator) -> Grey:
    """A circuit board: tracks, pads with glints, chips with pins and print."""
    side = SIDE * _OVER
    ground = int(rng.integers(20, 150))
    canvas = np.full((side, side), ground, np.uint8)
    track = int(np.clip(ground + rng.integers(-40, 60), 0, 255))
    for _ in range(int(rng.integers(60, 200))):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        width = int(rng.integers(4, 26))
        for _ in range(int(rng.integers(1, 5))):
            dx, dy = [(1, 0), (0, 1), (1, 1), (1, -1)][int(rng.integers(4))]
            length = int(rng.integers(-500, 500))
            cv2.line(canvas, (x, y), (x + dx * length, y + dy * length), (track,), width, cv2.LINE_AA)
            x, y = x + dx * length, y + dy * length
        radius = int(rng.integers(8, 40))
        cv2.circle(canvas, (x, y), radius, _grey(rng, 150), -1)
        cv2.circle(canvas, (x, y), int(radius * 0.4), _grey(rng, 0, 80), -1)
    for _ in range(int(rng.integers(5, 25))):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        width, height = (int(v) for v in rng.integers(60, 500, 2))
        pitch = int(rng.integers(16, 50))
        for pin in range(x, x + width, pitch):
            cv2.rectangle(canvas, (pin, y - 25), (pin + pitch // 2, y + height + 25), _grey(rng, 150), -1)
        cv2.rectangle(canvas, (x, y), (x + width, y + height), _grey(rng, 5, 70), -1)
        size = rng.uniform(0.8, 2.5)
        cv2.putText(canvas, str(rng.choice(_WORDS)), (x + 10, y + height // 2), 0, size, _grey(rng, 120, 230), 3)
    return _textured(canvas, rng)


def grid(rng: np.random.Generator) -> Grey:
    """A chart: a chequerboard, bars or a Siemens star, turned."""
    side = SIDE * _OVER
    y, x = np.mgrid[:side, :side].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    period = rng.uniform(12, 60) * _OVER
    kind = rng.random()
    if kind < 0.4:
        pattern = ((u // period + v // period) % 2) > 0
    elif kind < 0.7:
        pattern = (u % period) < period * rng.uniform(0.15, 0.85)
    else:
        centre = rng.uniform(0.3, 0.7, 2) * side
        spokes = int(rng.integers(8, 40))
        pattern = np.sin(np.arctan2(y - centre[0], x - centre[1]) * spokes) > 0
    dark, light = sorted((_grey(rng)[0], _grey(rng)[0]))
    return _textured(np.where(pattern, max(light, dark + 40), dark).astype(np.uint8), rng)


def sky(rng: np.random.Generator) -> Grey:
    """Stars: points of every brightness, the brightest far brighter than white, and the light of a town below."""
    count = int(np.exp(rng.uniform(np.log(150), np.log(6000))))
    light = np.zeros((SIDE, SIDE), np.float32)
    flux = np.minimum(0.06 * (1 - rng.random(count)) ** (-1 / rng.uniform(0.6, 1.2)), 4000)
    _points(light, rng.uniform(2, SIDE - 3, (2, count)), flux)
    above, below = rng.uniform(0.0, 0.02, 2)
    ground = np.linspace(above, below, SIDE, dtype=np.float32)[:, None]
    return _textured(_encoded(light + ground), rng, 0.3)


def town(rng: np.random.Generator) -> Grey:
    """A town at night: walls hardly lit, windows, and lamps far brighter than white."""
    walls = (leaves(rng) / 255) ** 2.2
    light = np.asarray(walls * np.float32(np.exp(rng.uniform(np.log(0.003), np.log(0.15)))), np.float32)
    for _ in range(int(rng.integers(5, 80))):
        x, y = (int(v) for v in rng.integers(0, SIDE - 40, 2))
        width, height = (int(v) for v in rng.integers(3, 36, 2))
        window = np.full((height, width), rng.uniform(0.05, 1.5), np.float32)
        window[:, :: max(2, width // 2)] *= np.float32(0.3)  # its frame
        window *= rng.uniform(0.5, 1, (height, 1)).astype(np.float32)
        light[y : y + height, x : x + width] = window
    count = int(rng.integers(20, 400))
    _points(light, rng.uniform(2, SIDE - 3, (2, count)), np.exp(rng.normal(1.0, 1.8, count)))
    return _textured(_encoded(light), rng, 0.3)


def screen(rng: np.random.Generator) -> Grey:
    """A screen: print on a grid of dots nearly as fine as the pixels that look at it, so that there is moire."""
    picture = page(rng)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    angle, pitch = rng.normal(0, 0.05), np.exp(rng.uniform(np.log(1.05), np.log(6)))
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    dots = (1 + np.cos(2 * np.pi * u / pitch)) * (1 + np.cos(2 * np.pi * v / pitch)) / 4
    depth = rng.uniform(0.1, 0.7)
    return np.asarray(picture * (1 - depth + depth * dots), np.float32)


def _points(light: Grey, places: npt.NDArray[np.float64], flux: npt.NDArray[np.float64]) -> None:
    """Add points at these places (y and x, px): each as much light as one pixel of white, times its flux."""
    row, column = np.floor(places).astype(int)
    down, right = places - np.floor(places)
    for dy, wy in ((0, 1 - down), (1, down)):
        for dx, wx in ((0, 1 - right), (1, right)):
            np.add.at(light, (row + dy, column + dx), flux * wy * wx)


def _encoded(light: Grey) -> Grey:
    return np.asarray(np.power(np.maximum(light, 0), 1 / 2.2) * 255, np.float32)


def _textured(canvas: MatLike, rng: np.random.Generator, strength: float = 1.0) -> Grey:
    """Shrunk to pixels, with the uneven light and the fine texture that paper, leaf and board have."""
    picture = cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    brighter = np.maximum(picture - 255, 0)
    for scale in (1, 2, 4, 8, 16, 32, 64):
        side = -(-SIDE // scale)
        layer = rng.standard_normal((side, side), np.float32)
        layer = np.asarray(cv2.resize(layer, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)
        picture += layer * np.float32(strength * rng.uniform(0, 2.5) * (scale**0.3))
    result: Grey = np.clip(picture, 0, 255) + brighter
    return result


KINDS = (leaves, page, board, grid, sky, town, screen, sky, town)


def invented(number: int, seed: int) -> Grey:
    """The picture of that number, SIDE x SIDE; the kinds take turns."""
    rng = np.random.default_rng([seed, number, 77])
    return KINDS[number % len(KINDS)](rng)
