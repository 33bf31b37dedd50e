"""A camera, simulated: the lens's blur, light, the sensor's noise, and what its processor does to the picture.

Blur and light are applied to linear light (0 to 1, float32); the rest to encoded luma (0 to 255, float32).

All blurs are measured alike. The `blur` of a point spread function is twice the root of its variance
along its worst axis: for a disc, its radius in px. It adds up in squares, whatever the shapes.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]

OVERSAMPLING = 5
"""Kernels are drawn this many times finer than the pixels, so that a radius of 0.7 px is not one of 1."""


def variances(psf: Grey) -> tuple[float, float]:
    """Largest and smallest variance of a point spread function over all axes, px squared.

    A pixel has an extent of its own, and the picture had it already: the single pixel has none here.
    """
    across, both, down = covariance(psf)
    small, large = np.linalg.eigvalsh(np.array([[across, both], [both, down]]))
    return max(float(large), 0.0), max(float(small), 0.0)


def covariance(psf: Grey) -> tuple[float, float, float]:
    """Variances of a point spread function, px squared: across, across and down together, down."""
    rows, columns = np.mgrid[: psf.shape[0], : psf.shape[1]].astype(np.float64)
    weight = psf / psf.sum()
    y, x = rows - (weight * rows).sum(), columns - (weight * columns).sum()
    return float((weight * x * x).sum()), float((weight * x * y).sum()), float((weight * y * y).sum())


def _pixels(fine: Grey) -> Grey:
    """An oversampled drawing (side a multiple of OVERSAMPLING) summed to pixels, with sum 1."""
    side = fine.shape[0] // OVERSAMPLING
    psf = fine.reshape(side, OVERSAMPLING, side, OVERSAMPLING).sum((1, 3))
    return np.asarray(psf / psf.sum(), np.float32)


def _grid(radius: float) -> tuple[Grey, Grey]:
    """Across and down of the oversampled points, px from the centre, wide enough for `radius`."""
    half = math.ceil(radius) + 1
    axis = (np.arange((2 * half + 1) * OVERSAMPLING, dtype=np.float32) + 0.5) / OVERSAMPLING - half - 0.5
    across, down = np.meshgrid(np.asarray(axis, np.float32), np.asarray(axis, np.float32))
    return across, down


def aperture(radius: float, rng: np.random.Generator) -> Grey:
    """The image of a point out of focus: a disc, as real lenses spoil it, of about `radius` px.

    A full disc four times of ten; else a polygon of 5 to 9 blades, a disc bright or dark in the middle (as
    spherical aberration leaves it), one cut by the barrel, or the ring that a mirror in the way leaves; a
    fourth of them are stretched by astigmatism. Thinner than a tenth of a pixel it is one pixel.
    """
    if radius < 0.1:
        return np.ones((1, 1), np.float32)
    x, y = _grid(radius * 1.3)
    if rng.random() < 0.25:
        # Astigmatism: longer than wide, though not by as much as motion.
        angle, stretch = rng.uniform(0, math.pi), rng.uniform(1.0, 1.25)
        along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
        x, y = np.asarray(along / stretch, np.float32), np.asarray(across * stretch, np.float32)
    distance = np.hypot(x, y)
    disc = np.clip((radius - distance) * OVERSAMPLING + 0.5, 0, 1)
    kind = rng.random()
    if kind < 0.2:
        blades, turn = int(rng.integers(5, 10)), rng.uniform(0, math.pi)
        for k in range(blades):
            angle = turn + 2 * math.pi * k / blades
            side = radius * rng.uniform(0.9, 0.95) - (x * math.cos(angle) + y * math.sin(angle))
            disc = disc * np.clip(side * OVERSAMPLING + 0.5, 0, 1)
    elif kind < 0.4:
        disc = disc * np.maximum(1 + rng.uniform(-0.9, 1.5) * (distance / radius) ** 2, 0.05)
    elif kind < 0.5:
        angle, offset = rng.uniform(0, 2 * math.pi), radius * rng.uniform(0.4, 1.0)
        other = np.hypot(x - offset * math.cos(angle), y - offset * math.sin(angle))
        disc = disc * np.clip((radius * 1.3 - other) * OVERSAMPLING + 0.5, 0, 1)
    elif kind < 0.6:
        disc = disc * np.clip((distance - radius * rng.uniform(0.15, 0.5)) * OVERSAMPLING + 0.5, 0, 1)
    return _pixels(disc.astype(np.float32))


def gaussian(sigma: float) -> Grey:
    """A lens that is soft, or a picture that was enlarged: a Gaussian of `sigma` px."""
    if sigma < 0.05:
        return np.ones((1, 1), np.float32)
    x, y = _grid(3 * sigma)
    return _pixels(np.exp(-(x**2 + y**2) / (2 * sigma**2)).astype(np.float32))


def shake(length: float, rng: np.random.Generator) -> Grey:
    """The path of a point while the camera or the subject moved: about `length` px long.

    A straight line half of the time, else one that bends or trembles, as a hand does.
    """
    points = 200
    heading = np.full(points, rng.uniform(0, 2 * math.pi))
    if rng.random() < 0.5:
        heading += np.linspace(-1, 1, points) * rng.uniform(0, 0.8)
        heading += np.cumsum(rng.normal(0, rng.uniform(0, 0.12), points))
    speed = np.ones(points) if rng.random() < 0.6 else np.abs(1 + np.cumsum(rng.normal(0, 0.15, points))) + 0.1
    step = speed / speed.sum() * length
    return _path(np.cumsum(step * np.cos(heading)), np.cumsum(step * np.sin(heading)))


def tremor(extent: float, rng: np.random.Generator) -> Grey:
    """The path of a point in a hand-held exposure, `extent` px from end to end.

    A hand drifts slowly and trembles at up to twelve times a second; the slower, the farther. A short exposure
    shows a bent line, a long one hooks, loops and places where it dwelt.
    """
    seconds = math.exp(rng.uniform(math.log(0.03), math.log(1.0)))
    time = np.linspace(0, seconds, 300)
    frequency = np.exp(rng.uniform(math.log(0.4), math.log(12), (2, 6, 1)))
    strength = rng.normal(0, 1, (2, 6, 1)) * frequency ** -rng.uniform(0.8, 1.6)
    x, y = (strength * np.sin(2 * math.pi * (frequency * time + rng.random((2, 6, 1))))).sum(1)
    widest = max(float(np.hypot(x - x[0], y - y[0]).max()), float(np.hypot(np.ptp(x), np.ptp(y))), 1e-9)
    return _path(x * (extent / widest), y * (extent / widest))


def _path(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Grey:
    """What a point leaves that moves evenly from one of these places, px, to the next."""
    x, y = x - x.mean(), y - y.mean()
    half = math.ceil(max(np.abs(x).max(), np.abs(y).max())) + 2
    psf = np.zeros((2 * half + 1, 2 * half + 1), np.float64)
    # Each point is shared between its four neighbours: the path is finer than the pixels.
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, down = x - column, y - row
    for dy, wy in ((0, 1 - down), (1, down)):
        for dx, wx in ((0, 1 - right), (1, right)):
            np.add.at(psf, (row + half + dy, column + half + dx), wy * wx)
    return np.asarray(psf / psf.sum(), np.float32)


def through(psf: Grey, light: Grey) -> Grey:
    """The light after a point spread function, same size (the frame's rim is mirrored)."""
    if psf.size == 1:
        return light
    return np.asarray(cv2.filter2D(light, -1, psf[::-1, ::-1], borderType=cv2.BORDER_REFLECT_101), np.float32)


def linear(luma: Grey, gamma: float) -> Grey:
    """Encoded luma, 0 to 255, to light, 0 to 1; lamps that a picture holds as brighter than white stay so."""
    return np.power(np.maximum(luma, 0) / np.float32(255), np.float32(gamma))


def encoded(light: Grey, gamma: float) -> Grey:
    """Light to encoded luma: what is brighter than 1 is clipped, as a sensor does."""
    return np.power(np.clip(light, 0, 1), 1 / gamma, dtype=np.float32) * np.float32(255)


def noisy(luma: Grey, sigma: float, shot: float, grain: float, rng: np.random.Generator) -> Grey:
    """Sensor noise of `sigma` grey levels at middle grey.

    shot: share, 0 to 1, of its variance that grows with the light. grain: sigma, px, of the smoothing
    that demosaicing or denoising gave the noise; its strength is kept.
    """
    if sigma <= 0:
        return luma
    noise = rng.standard_normal(luma.shape, np.float32)
    if grain > 0.2:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), grain), np.float32)
        noise /= max(float(noise.std()), 1e-6)
    variance = (1 - shot) + shot * np.clip(luma, 0, 255) / 128
    result: Grey = luma + np.float32(sigma) * np.sqrt(variance) * noise
    return result


def glowing(light: Grey, share: float, sigma: float) -> Grey:
    """The light with a share of it strewn widely, as a lens wide open or of plastic does: soft, and yet in focus."""
    return light * np.float32(1 - share) + np.float32(share) * cv2.GaussianBlur(light, (0, 0), sigma)


def hazy(light: Grey, left: float, veil: float) -> Grey:
    """The light through fog that leaves the share `left` of the contrast and shines with `veil` itself."""
    return light * np.float32(left) + np.float32((1 - left) * veil)


def banded(light: Grey, rng: np.random.Generator) -> Grey:
    """The light of a lamp that is dimmed by switching it, as a rolling shutter sees it: bands along the rows."""
    period, depth = math.exp(rng.uniform(math.log(12), math.log(250))), rng.uniform(0.1, 0.8)
    phase = (np.arange(light.shape[0]) / period + rng.random()) % 1
    # On for some of the time, and as long in between as the exposure lasts.
    on, edge = rng.uniform(0.2, 0.8), rng.uniform(0.03, 0.5)
    lit = np.clip((on / 2 - np.abs(phase - 0.5)) / edge + 0.5, 0, 1)
    result: Grey = light * (1 - np.float32(depth) * (1 - lit[:, None].astype(np.float32)))
    return result


def masked(luma: Grey, rng: np.random.Generator) -> Grey:
    """The picture with a border of one grey over a part of it, sharp however soft the picture is: a mask, a bezel."""
    side = luma.shape[0]
    y, x = np.mgrid[:side, :side].astype(np.float32) - np.float32((side - 1) / 2)
    angle = rng.integers(4) * math.pi / 2 if rng.random() < 0.6 else rng.uniform(0, 2 * math.pi)
    away = x * math.cos(angle) + y * math.sin(angle)
    if rng.random() < 0.3:  # the rim of a round mask
        radius = rng.uniform(1, 6) * side
        away = np.hypot(x + radius * math.cos(angle), y + radius * math.sin(angle)) - radius
    cover = np.clip(away - rng.uniform(-14, 26) + 0.5, 0, 1)
    shade = np.float32(rng.choice([0, rng.uniform(0, 40), rng.uniform(0, 255)]))
    result: Grey = luma * (1 - cover) + shade * cover
    return result


def sharpened(luma: Grey, amount: float, sigma: float) -> Grey:
    """Unsharp masking, as camera processors do it: halos included."""
    return luma + np.float32(amount) * (luma - cv2.GaussianBlur(luma, (0, 0), sigma))


def jpeg(luma: npt.NDArray[np.uint8], quality: int) -> npt.NDArray[np.uint8]:
    """The picture after JPEG compression."""
    _, packed = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
