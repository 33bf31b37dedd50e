"""What is asked of the camera while it is open: its exposure held still, and a part of its field of view magnified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from focuscam.cameras import Camera
from focuscam.config import CameraSettings
from focuscam.daemon import magnifier
from focuscam.daemon.exposure import ExposureHold
from focuscam.errors import CameraError
from focuscam.messages import Status
from focuscam.region import WHOLE, Box, Region, of_box


class OpenCamera:
    """Knows what the camera was set to, and for whom."""

    def __init__(self, settings: CameraSettings) -> None:
        """settings: whether the exposure is automatic, and is to hold still while the ring turns."""
        self.camera: Camera | None = None
        """While it is open."""
        self.controls: Mapping[str, Any] = {}
        """Of the open camera, as it tells them."""
        self.seen = WHOLE
        """The part of the field of view that frames show."""
        self.locked = False
        """Whether the exposure is held still, for whomever."""
        self._automatic = settings.exposure is None and settings.gain is None
        self._hold = ExposureHold() if settings.hold_exposure and self._automatic else None
        self._for_hand = self._for_motor = self._while_turning = False

    def opened(self, camera: Camera) -> None:
        """The camera is open: what was magnified before is so again, and its exposure is automatic."""
        self.camera, self.controls = camera, camera.controls()
        if self.seen != WHOLE:
            self._crop()

    def closed(self) -> None:
        """The camera is closed."""
        self.camera, self.controls = None, {}
        self.locked = self._for_hand = self._for_motor = self._while_turning = False

    @property
    def can(self) -> dict[str, str | None]:
        """`lock` and `zoom`, each with None, or with a sentence that says why it can't be done."""
        name = self.camera.description if self.camera else "The camera, which is closed,"
        lock = None if "AeEnable" in self.controls else f"{name} has no exposure that could be locked."
        if not self._automatic:  # libcamera would forget what was fixed when the lock is let go
            lock = "The settings fix the exposure or the gain of the camera: there is nothing to lock."
        return {
            "lock": lock,
            "zoom": None if "ScalerCrop" in self.controls else f"{name} has no crop that could be changed.",
        }

    def lock(self, locked: bool | None) -> None:
        """Somebody wants the exposure held still, or automatic; None: the other way than now. This goes before all."""
        wanted = not self.locked if locked is None else locked
        self._for_hand = wanted
        if not wanted:
            self._for_motor = self._while_turning = False
            if self._hold:
                self._hold.refuse()
        self._expose()

    def hold_for_motor(self, held: bool) -> None:
        """Hold the exposure still while a motor searches for focus."""
        self._for_motor = held
        self._expose()

    def follow_the_hand(self, status: Status) -> None:
        """Where the settings ask for it: hold the exposure still while the ring turns."""
        if self._hold is not None:
            self._while_turning = self._hold.wanted(status)
            self._expose()

    def zoom(self, times: float, region: Region) -> tuple[str, Region | None] | None:
        """Show what the region looks at so many times as large.

        Returns a sentence that says what came of it, and the region in what is seen now, None where that
        is as it was; None where the camera can't.
        """
        if self.camera is None or self.can["zoom"] is not None:
            return None
        before, self.seen = self.seen, magnifier.part(times, region.box, self.seen)
        trouble = self._crop()
        words = trouble or f"The camera shows what the light looks at {times:g} times as large; the best was forgotten."
        if region.name in ("whole", "best"):
            return words, None
        return words, of_box(magnifier.moved(region.box, before, self.seen))

    def unmagnified(self, region: Region) -> Region:
        """A region for when nothing is magnified: what is magnified now is not so after a restart."""
        return self._elsewhere(region, self.seen, WHOLE)

    def magnified(self, region: Region) -> Region:
        """A region of the settings, which know nothing of what is magnified, in what is seen now."""
        return self._elsewhere(region, WHOLE, self.seen)

    def _elsewhere(self, region: Region, before: Box, now: Box) -> Region:
        if region.name in ("whole", "best") or before == now:
            return region
        return of_box(magnifier.moved(region.box, before, now))

    def _crop(self) -> str | None:
        assert self.camera is not None
        try:
            self.camera.set({"ScalerCrop": magnifier.scaler_crop(self.controls, self.seen)})
        except CameraError as error:  # it can't show more detail
            return str(error)
        return None

    def _expose(self) -> None:
        wanted = self._for_hand or self._for_motor or self._while_turning
        if wanted != self.locked and self.camera is not None and self.can["lock"] is None:
            self.camera.set({"AeEnable": not wanted})
            self.locked = wanted
