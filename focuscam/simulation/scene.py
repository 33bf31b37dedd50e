"""A scene made by the program: dead leaves, a Siemens star, slanted edges and text, in three planes.

What the middle of the frame looks at is the second plane, a board; behind it is a wall of leaves, and
a few leaves hang into a corner before it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.simulation.defocus import Light, Plane
from focuscam.system.memory import give_back

_Drawing = npt.NDArray[np.uint8]
"""(height, width), grey levels as in a photograph: their 2.2th power is light."""

_OVER = 2
"""Planes are drawn so many times larger and then averaged, so that their edges have no stairs."""

_SOFT = 0.6
"""px of the fine luma, standard deviation: diffraction and aberrations of a lens in focus."""

_LIGHT = np.rint((np.arange(256, dtype=np.uint8) / np.float32(255)) ** np.float32(2.2) * 65535).astype(np.uint16)
"""Of each grey level of a drawing."""

_WORDS = "The quick brown fox jumps over the lazy dog 0123456789 Sphinx of black quartz judge my vow"


def make_scene(random: np.random.Generator, width: int, height: int) -> list[Plane]:
    """The planes from far to near; width and height in px of the fine luma (with its margin)."""
    # First, so that they are the same at every size.
    distances = [random.uniform(*between) for between in ((1.4, 1.9), (0.55, 0.65), (0.38, 0.42))]
    size = width * _OVER, height * _OVER
    # One after the other: a drawing has four times the pixels of what comes of it.
    planes = [
        _plane(distance, *draw(random, *size)) for distance, draw in zip(distances, (_wall, _board, _twig), strict=True)
    ]
    give_back()
    return planes


def _wall(random: np.random.Generator, width: int, height: int) -> tuple[_Drawing, None]:
    return _leaves(random, width, height, smallest=width / 450, largest=width / 8), None


def _plane(distance: float, drawing: _Drawing, cover: _Drawing | None) -> Plane:
    light = _LIGHT[drawing]
    if cover is None:
        return Plane(distance, _seen(light), None)
    covered = cover.astype(np.uint16) * np.uint16(257)
    return Plane(distance, _seen(np.asarray(cv2.multiply(light, covered, scale=1 / 65535), np.uint16)), _seen(covered))


def _seen(drawn: Light) -> Light:
    """Averaged over the pixels, and as soft as the lens is at its sharpest."""
    height, width = drawn.shape
    averaged = cv2.resize(drawn, (width // _OVER, height // _OVER), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(averaged, (0, 0), _SOFT), np.uint16)


def _leaves(random: np.random.Generator, width: int, height: int, smallest: float, largest: float) -> _Drawing:
    """Discs of all sizes that hide one another, each with an even shade: the dead leaves model.

    Lee, Mumford and Huang, "Occlusion models for natural images" (2001): with as many discs of each
    size as its cube is small, edges, shades and detail of every scale come out as in photographs.
    """
    drawing = np.full((height, width), 110, np.uint8)
    smallest = max(smallest, _OVER)  # a radius of 1 px, once it is averaged
    largest = max(largest, 2 * smallest)
    # As many as cover the whole three times; pi * radius^2 has this mean where its density falls so.
    mean_area = 2 * np.pi * np.log(largest / smallest) / (smallest**-2 - largest**-2)
    count = int(3 * width * height / mean_area)
    # By inverting the distribution of radii, whose density falls with the third power.
    radii = (smallest**-2 - random.random(count) * (smallest**-2 - largest**-2)) ** -0.5
    places = random.integers(0, (width, height), (count, 2)).tolist()
    shades = random.integers(25, 235, count).tolist()
    for place, radius, shade in zip(places, np.rint(radii).astype(int).tolist(), shades, strict=True):
        cv2.circle(drawing, place, radius, (shade,), cv2.FILLED)
    return drawing


def _board(random: np.random.Generator, width: int, height: int) -> tuple[_Drawing, _Drawing]:
    """The test board, a few degrees askew, so that all its straight edges are slanted ones."""
    drawing = _leaves(random, width, height, smallest=width / 900, largest=width / 40)
    unit = width / 100
    middle = width / 2, height / 2
    _star(drawing, (middle[0] - 6 * unit, middle[1] - 2 * unit), 7.5 * unit)
    _text(drawing, (middle[0] + 2.5 * unit, middle[1] - 9 * unit), unit)
    for x, y in ((-24, -14), (16, 10), (-3, 8)):
        corner = round(middle[0] + x * unit), round(middle[1] + y * unit)
        cv2.rectangle(drawing, corner, (round(corner[0] + 8 * unit), round(corner[1] + 5 * unit)), (225,), cv2.FILLED)
        inner = round(corner[0] + 2 * unit), round(corner[1] + 1.2 * unit)
        cv2.rectangle(drawing, inner, (round(inner[0] + 4 * unit), round(inner[1] + 2.6 * unit)), (30,), cv2.FILLED)
    cover = np.zeros_like(drawing)
    half = round(0.31 * width), round(0.33 * height)
    centre = round(middle[0]), round(middle[1])
    top_left, bottom_right = (centre[0] - half[0], centre[1] - half[1]), (centre[0] + half[0], centre[1] + half[1])
    cv2.rectangle(cover, top_left, bottom_right, (255,), cv2.FILLED)
    askew = cv2.getRotationMatrix2D(middle, random.choice((-1, 1)) * random.uniform(3, 7), 1.0)

    def turned(each: _Drawing) -> _Drawing:
        return np.asarray(cv2.warpAffine(each, askew, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)

    return turned(drawing), turned(cover)


def _star(drawing: _Drawing, centre: tuple[float, float], radius: float, spokes: int = 36) -> None:
    """A Siemens star: black and white spokes that meet in the middle, finer and finer."""
    cv2.circle(drawing, (round(centre[0]), round(centre[1])), round(radius * 1.08), (230,), cv2.FILLED)
    for spoke in range(spokes):
        angles = (2 * np.pi / spokes) * (spoke + np.array([0.0, 0.25, 0.5]))
        rim = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius + centre
        cv2.fillPoly(drawing, [np.rint(np.vstack([[centre], rim])).astype(np.int32)], (25,))


def _text(drawing: _Drawing, corner: tuple[float, float], unit: float) -> None:
    """Lines of print, smaller and smaller, on white paper."""
    x, y = corner
    cv2.rectangle(drawing, (round(x), round(y)), (round(x + 14 * unit), round(y + 15 * unit)), (235,), cv2.FILLED)
    words = _WORDS.split()
    letter = 1.4 * unit  # height of a capital, px; OpenCV's is 21 px at scale 1
    y += 0.6 * unit
    while y + letter < corner[1] + 14.6 * unit and letter > 3:
        y += letter
        line, scale, weight = "", letter / 21, max(1, round(letter / 8))
        while cv2.getTextSize(f"{line} {words[0]}", cv2.FONT_HERSHEY_SIMPLEX, scale, weight)[0][0] < 13 * unit:
            line = f"{line} {words[0]}"
            words = words[1:] + words[:1]
        place = round(x + 0.2 * unit), round(y)
        cv2.putText(drawing, line, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (20,), weight, cv2.LINE_AA)
        y += 0.7 * letter
        letter *= 0.88


def _twig(random: np.random.Generator, width: int, height: int) -> tuple[_Drawing, _Drawing]:
    """A few leaves with veins, in the lower left corner: near, and well away from the middle."""
    drawing = _leaves(random, width, height, smallest=width / 400, largest=width / 60)
    drawing = np.asarray(drawing // 2 + 20, np.uint8)
    cover = np.zeros_like(drawing)
    for _ in range(6):
        centre = round(random.uniform(0, 0.16) * width), round(random.uniform(0.78, 1.0) * height)
        long = random.uniform(0.07, 0.1) * width
        angle = random.uniform(-70, 20)
        cv2.ellipse(cover, centre, (round(long), round(long * 0.36)), angle, 0, 360, (255,), cv2.FILLED)
        cv2.ellipse(drawing, centre, (round(long), round(long * 0.36)), angle, 0, 360, (15,), max(1, width // 800))
        tip = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * long
        ends = [np.rint(np.array(centre) + sign * tip).astype(int).tolist() for sign in (-1, 1)]
        cv2.line(drawing, ends[0], ends[1], (190,), max(1, width // 700))
    return drawing, cover
