"""Lateral chromatic aberration: by how many px red and blue lie further out, or in, than green.

The picture of each colour has a size of its own; where edges are, it shows. Each small window with edges gives the
displacement of red (or blue) against green, across its edges; a radial model is fitted to them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.cameras.colour import Colour
from focuscam.lens_report.statistics import Measured, student
from focuscam.messages import Luma

Floats = npt.NDArray[np.float64]
Plane = npt.NDArray[np.float32]

_WINDOW = 40
"""Side of a window, px: a few edges, and the displacement is the same all over it."""
_SOFT = 2.5
"""Smoothing before comparing, px: JPEG keeps colour at half the size, and a sensor a colour at every second pixel."""
_BAND = 10
"""Rows of windows that are compared at a time."""
_RIM = 16
"""px around them that smoothing reaches into."""
ROUNDS = 4
"""The displacements found are taken out of red and blue and the rest is measured again: no small-shift formula then."""
_CLUSTERS = 8, 6
"""Columns and rows of cells whose errors are taken to be independent of one another."""
_STORED = 0.05
"""Standard deviation, as a share: colour stored at half the size (JPEG 4:2:0) makes displacements look smaller."""
_FINEST = 0.03
"""Standard deviation, px: interpolation, on the sensor and here, goes no further, however many edges there are."""
_CLIPPED = 250
_GREY = 1.0
"""Mean difference of the colours, grey levels, up to which a photo has none."""
_FEWEST = 10
"""So many of the cells must have edges."""
_FAR = 0.75
"""Edges must be seen in so far-out cells, in half diagonals, in three of the four quarters."""
_FOUR = 4


@dataclass(frozen=True, slots=True, eq=False)
class Aberration:
    """How one colour lies against green."""

    corner: Measured
    """Displacement in a corner away from the middle, px: outwards above 0."""
    edge: Measured
    """The same in the middle of the left or right edge."""
    middle: tuple[Measured, Measured]
    """Displacement of the whole, right and down, px: of a lens that stands askew."""
    parameters: Floats
    """Right, down, outwards in proportion to r, and to r^3: (4,), px with r = 1 in a corner."""
    cells: int
    """Cells with edges."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Displacement right and down in px; x and y from the middle in half diagonals."""
        right, down, first, third = (float(value) for value in self.parameters)
        out = first + third * (x**2 + y**2)
        return right + out * x, down + out * y


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What one cell of the field says by itself."""

    x: float
    """In half diagonals from the middle, right."""
    y: float
    right: float
    """Displacement, px."""
    down: float
    error: float
    """Standard deviation of its worse direction."""


@dataclass(frozen=True, slots=True, eq=False)
class Fringes:
    """The lateral chromatic aberration of a lens, from photos of one size; None where there are too few edges."""

    width: int
    height: int
    red: Aberration | None
    blue: Aberration | None
    red_cells: list[Cell]
    blue_cells: list[Cell]


def is_grey(photo: Colour) -> bool:
    """Whether a photo has no colours to compare."""
    some = photo[::4, ::4].astype(np.int16)
    return bool(
        np.abs(some[..., 0] - some[..., 1]).mean() < _GREY and np.abs(some[..., 2] - some[..., 1]).mean() < _GREY
    )


def fringes(photos: Sequence[Colour], done: Callable[[], object] = lambda: None) -> Fringes:
    """Measure photos of one size, taken with one lens, together. done: called at each round of each colour.

    The displacement in a window is that of Lucas and Kanade, "An iterative image registration technique" (1981),
    with a gain and an offset between the colours; the radial model is a translation and r and r^3 terms, as in
    Mallon and Whelan, "Calibration and removal of lateral chromatic aberration in images", Pattern Recognition Letters
    28 (2007). The uncertainty allows for errors that windows near one another share (cluster-robust: Liang and
    Zeger, Biometrika 73, 1986).
    """
    height, width = photos[0].shape[:2]
    results: list[tuple[Aberration | None, list[Cell]]] = []
    for channel in (0, 2):
        parameters = np.zeros(_FOUR)
        solved = None
        for _ in range(ROUNDS):
            done()
            windows = [_windows(photo, channel, parameters) for photo in photos]
            solved = _Solved.of([np.concatenate(parts) for parts in zip(*windows, strict=True)], width, height)
            if solved is None:
                break
            parameters = parameters + solved.step
        results.append((None, []) if solved is None else solved.result(parameters, width, height))
    (red, red_cells), (blue, blue_cells) = results
    return Fringes(width, height, red, blue, red_cells, blue_cells)


def _windows(photo: Colour, channel: int, parameters: Floats) -> list[Floats]:
    """Of each window with edges: its place, information and remaining displacement. See `_Solved`."""
    bands = [_band(photo, channel, parameters, row) for row in range(0, photo.shape[0] // _WINDOW, _BAND)]
    return [np.concatenate(parts) for parts in zip(*bands, strict=True)]


def _band(photo: Colour, channel: int, parameters: Floats, row: int) -> tuple[Floats, Floats, Floats]:
    """The windows of some rows, so that a large photo needs no more memory than a small one."""
    height, width = photo.shape[:2]
    half = math.hypot(width, height) / 2
    size = width // _WINDOW, min(_BAND, height // _WINDOW - row)
    first, last = row * _WINDOW, (row + size[1]) * _WINDOW
    top, bottom = max(0, first - _RIM), min(height, last + _RIM)
    green = _soft(photo[top:bottom, :, 1])
    other = _soft(_moved(photo[..., channel], parameters, half, top, bottom))
    clipped = (photo[top:bottom].max(axis=2) >= _CLIPPED).astype(np.float32)
    right, down = (np.asarray(cv2.Sobel(green, cv2.CV_32F, x, y, scale=1 / 8), np.float32) for x, y in ((1, 0), (0, 1)))

    def mean(values: Plane) -> Floats:
        cut = values[first - top : last - top, : size[0] * _WINDOW]
        return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.float64)

    channels = [green, right, down, other]
    means = [mean(each) for each in channels]
    products = np.empty((size[1], size[0], 4, 4))
    for i, one in enumerate(channels):
        for j in range(i, 4):
            products[..., i, j] = products[..., j, i] = mean(one * channels[j]) - means[i] * means[j]
    inner = products[..., :3, :3] + 1e-9 * np.eye(3)
    solved = np.linalg.solve(inner, products[..., :3, 3:])[..., 0]
    rest = products[..., 3, 3] - np.einsum("...i,...i", solved, products[..., :3, 3])
    gain = solved[..., 0]
    # What the gradients tell beyond the gain: the Schur complement.
    moment = inner[..., 1:, 1:] - inner[..., 1:, :1] * inner[..., :1, 1:] / inner[..., :1, :1]
    # Smoothed pixels hang together: so few of a window count.
    count = _WINDOW**2 / (4 * np.pi * _SOFT**2)
    noise = np.maximum(rest, 1e-3 * products[..., 3, 3] + 1e-9) / count
    information = (gain**2 / noise)[..., None, None] * moment
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = -solved[..., 1:] / gain[..., None]
    like = 1 - rest / np.maximum(products[..., 3, 3], 1e-12)
    strongest = np.linalg.eigvalsh(information)[..., 1]
    fine = (gain > 0.1) & (like > 0.8) & (mean(clipped) == 0) & (strongest > 1 / 0.5**2)
    fine &= np.abs(shift).max(-1) < 4
    y, x = np.nonzero(fine)
    place = np.stack([(x + 0.5) * _WINDOW - width / 2, (y + row + 0.5) * _WINDOW - height / 2], 1) / half
    return place, information[y, x], shift[y, x]


def _soft(channel: Luma) -> Plane:
    light = (channel.astype(np.float32) / 255) ** np.float32(2.2)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), _SOFT), np.float32)


def _moved(channel: Luma, parameters: Floats, half: float, top: int, bottom: int) -> Luma:
    """The rows top to bottom of a channel with the displacement taken out."""
    if not parameters.any():
        return channel[top:bottom]
    height, width = channel.shape
    y, x = np.mgrid[top:bottom, 0:width].astype(np.float32)
    across, along = (x + 0.5 - width / 2) / half, (y + 0.5 - height / 2) / half
    right, down, first, third = (np.float32(value) for value in parameters)
    out = first + third * (across**2 + along**2)
    moved = cv2.remap(
        np.ascontiguousarray(channel),
        x + right + out * across,
        y + down + out * along,
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """The radial model fitted to windows."""

    step: Floats
    """What is to be added to the parameters: (4,)."""
    covariance: Floats
    cells: list[Cell]
    freedom: int

    @staticmethod
    def of(windows: list[Floats], width: int, height: int) -> _Solved | None:
        """windows: places (n, 2) in half diagonals, information (n, 2, 2) and displacements (n, 2) in px."""
        place, information, shift = windows
        half = math.hypot(width, height) / 2
        cell = np.floor((place * half / (width, height) + 0.5) * _CLUSTERS).astype(int) @ np.array((1, _CLUSTERS[0]))
        if not _enough(place, cell):
            return None
        design = np.zeros((len(place), 2, _FOUR))
        design[:, 0, 0] = design[:, 1, 1] = 1
        design[:, :, 2] = place
        design[:, :, 3] = place * np.square(place).sum(1, keepdims=True)
        step, scatter, weights = np.zeros(_FOUR), 0.1, np.ones(len(place))
        # The scatter of colour edges that are not edges of the same thing keeps strong ones from deciding alone.
        for _ in range(12):
            own = np.linalg.inv(np.linalg.inv(information + 1e-6 * np.eye(2)) + scatter**2 * np.eye(2))
            weighted = own * weights[:, None, None]
            normal = np.einsum("nip,nij,njq->pq", design, weighted, design)
            step = np.linalg.solve(normal, np.einsum("nip,nij,nj->p", design, weighted, shift))
            rest = shift - design @ step
            off = np.sqrt(np.maximum(np.einsum("ni,nij,nj->n", rest, own, rest), 1e-12))
            # Huber's weights, and the scatter at which the median is that of chi with one to two degrees of freedom.
            weights = np.minimum(1, 1.5 / off)
            scatter = float(np.clip(scatter * np.median(off) / 0.95, 0.01, 2.0))
        bread = np.linalg.inv(normal)
        scores = np.einsum("nip,nij,nj->np", design, weighted, rest)
        names = np.unique(cell)
        meat = np.zeros((_FOUR, _FOUR))
        for name in names:
            score = scores[cell == name].sum(0)
            meat += np.outer(score, score)
        count = len(names)
        covariance = bread @ meat @ bread * count / (count - _FOUR) + bread
        cells = [_cell(cell == name, place, weighted, shift) for name in names]
        return _Solved(step, covariance, cells, count - _FOUR)

    def result(self, parameters: Floats, width: int, height: int) -> tuple[Aberration, list[Cell]]:
        """Figures from the parameters of all rounds together; self is the last round's."""
        edge = width / math.hypot(width, height)

        def measured(*terms: float) -> Measured:
            row = np.array(terms)
            value = float(row @ parameters)
            error = float(np.sqrt(row @ self.covariance @ row + (_STORED * value) ** 2 + _FINEST**2))
            return Measured(value, student(self.freedom) * error)

        found = Aberration(
            corner=measured(0, 0, 1, 1),
            edge=measured(0, 0, edge, edge**3),
            middle=(measured(1, 0, 0, 0), measured(0, 1, 0, 0)),
            parameters=parameters,
            cells=len(self.cells),
        )
        before = parameters - self.step
        cells = []
        for each in self.cells:  # what earlier rounds took out belongs to it
            out = before[2] + before[3] * (each.x**2 + each.y**2)
            right, down = each.right + before[0] + out * each.x, each.down + before[1] + out * each.y
            cells.append(Cell(each.x, each.y, right, down, each.error))
        return found, cells


def _cell(which: npt.NDArray[np.bool_], place: Floats, weighted: Floats, shift: Floats) -> Cell:
    total = weighted[which].sum(0)
    covariance = np.linalg.inv(total + 1e-9 * np.eye(2))
    right, down = covariance @ np.einsum("nij,nj->i", weighted[which], shift[which])
    x, y = place[which].mean(0)
    return Cell(float(x), float(y), float(right), float(down), float(np.sqrt(np.linalg.eigvalsh(covariance)[-1])))


def _enough(place: Floats, cell: npt.NDArray[np.int_]) -> bool:
    """Whether there are edges in enough cells, and near the corners."""
    if len(np.unique(cell)) < _FEWEST:
        return False
    far = place[np.hypot(*place.T) > _FAR]
    return len({(x > 0, y > 0) for x, y in far}) >= 3
