"""A thin lens on a focusing ring: which distance is sharp, and how large a point at another becomes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThinLens:
    """A lens whose helicoid moves it as a whole, in proportion to the angle of the ring.

    Focus breathing, field curvature and aberrations are left out.
    """

    focal_mm: float = 16.0
    f_number: float = 2.8
    nearest_m: float = 0.3
    """Distance that is sharp at ring position 1, from the lens; at position 0 it is infinity."""

    def dioptres(self, ring: float) -> float:
        """1 / (distance in m) of what is sharp at a ring position, 0 (infinity) to 1 (nearest).

        From the thin lens equation, 1/f = 1/s + 1/(f + x), where x is the extension: s - f = f^2 / x.
        """
        extension = ring * self._extension(self.nearest_m)
        return 1000 / (self.focal_mm + self.focal_mm**2 / extension) if extension > 0 else 0.0

    def ring(self, distance_m: float) -> float:
        """The ring position at which a distance is sharp; over 1 for what is too near."""
        return self._extension(distance_m) / self._extension(self.nearest_m)

    def circle_of_confusion(self, distance_m: float, ring: float) -> float:
        """Diameter in mm, on the sensor, of the disc that a point at that distance becomes.

        c = A * f / (s - f) * |d - s| / d, with the aperture A = f / N, the focus distance s and the
        distance d of the point (geometrical optics; see "circle of confusion" in any textbook of
        photographic optics). Written with the extension x = f^2 / (s - f), so that s may be infinite:
        c = A * |x - x_d| / (f + x_d).
        """
        aperture = self.focal_mm / self.f_number
        extension = ring * self._extension(self.nearest_m)
        sharp = self._extension(distance_m)
        return aperture * abs(extension - sharp) / (self.focal_mm + sharp)

    def _extension(self, distance_m: float) -> float:
        """How far, in mm, the lens stands out from its place for infinity to make a distance sharp."""
        return self.focal_mm**2 / (distance_m * 1000 - self.focal_mm)
