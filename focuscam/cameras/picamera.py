"""The camera of a Raspberry Pi, through picamera2: the newest frame, where the ISP wrote it, at both scales.

Whatever libcamera really configured is what is read: one stream or two, YUV420 or NV12, padded or not.
Every control and every piece of metadata is optional; no two cameras offer the same.
"""

from __future__ import annotations

import gc
import logging
import math
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from focuscam.cameras import still
from focuscam.cameras.acquired import acquired
from focuscam.cameras.camera_controls import at_start, told
from focuscam.cameras.camera_memory import LUMA_FIRST, CameraMemory
from focuscam.cameras.contiguous import account, is_short
from focuscam.cameras.fallen_silent import end_without_closing as _end_without_closing
from focuscam.cameras.holders import camera_devices, forbidden
from focuscam.cameras.loading import INSTEAD, sentence
from focuscam.cameras.scales import not_enlarged, two_scales
from focuscam.cameras.sensor_mode import chosen, finest, stream_size
from focuscam.errors import CameraError, ConfigurationError, FocuscamError
from focuscam.messages import COARSE_SIDE, FINE_SIDE, Frame, Luma, Still

log = logging.getLogger(__name__)

SILENCE_S = 2.0
SILENCE_FRAMES = 4
"""A camera is given up after so many seconds and so many frame durations without a frame."""

SWITCH_S = 0.3
"""From one mode of a sensor to another, s, beside the frames that it takes; nobody has measured it on a Pi yet."""

BUFFERS = 4
"""One is being scored, one waits, two are being filled. Each takes 4.6 MB of the Pi's scarce contiguous memory."""


SIDES = (FINE_SIDE, FINE_SIDE * 3 // 4, FINE_SIDE // 2, COARSE_SIDE)
"""Longest sides of a frame, px, that are tried one after the other where contiguous memory is short."""


class PiCamera:
    """The Raspberry Pi camera as a source of frames: `with PiCamera() as camera: camera.newest()`."""

    live = True

    def __init__(
        self,
        *,
        index: int = 0,
        rotation: int = 0,
        hflip: bool = False,
        vflip: bool = False,
        exposure: float | None = None,
        gain: float | None = None,
        fps: float = 30.0,
    ) -> None:
        """index: which camera, from 0. rotation: 0 or 180 degrees (the ISP can't turn a picture on its side).

        exposure: s; gain: times; None for automatic. fps: frames a second, fewer where the exposure is longer.
        """
        if rotation not in (0, 180):
            raise ConfigurationError(f"The camera's rotation is {rotation}, but its ISP can only do 0 and 180.")
        self.description = f"Raspberry Pi camera {index}"
        self.frame_s = max(1 / fps, exposure or 0.0)
        """From frame to frame, s."""
        self._index = index
        turned = rotation == 180
        self._flips = {"hflip": hflip != turned, "vflip": vflip != turned}
        self._exposure = exposure
        self._gain = gain
        self._picam2: Any = None
        self._request: Any = None
        self._memory = CameraMemory()
        self._two_streams = False
        self._side = FINE_SIDE
        """The longest that a frame may have, px: less where memory is short."""
        self._silent = False
        self._modes: list[Mapping[str, Any]] = []
        self._mode: Mapping[str, Any] | None = None
        self._kept: dict[str, Any] = {}
        """What was set since it was opened."""
        self._only_frames = False
        """Whether stills are of the frame at hand, since a finer one could not be had."""
        self._before_first: int | None = None
        """What the stream's own numbers are ahead of ours; None before the first frame of a stream."""
        self._next = 0
        self._began: float | None = None
        """When the very first frame was exposed, CLOCK_BOOTTIME in s."""

    @property
    def deadline(self) -> float:
        """How long newest() waits before it calls the camera silent, s: a watchdog must be slower than that.

        The first frame may take longer: libcamera discards those in which exposure is still settling.
        """
        silence = max(SILENCE_S, SILENCE_FRAMES * self.frame_s)
        return silence if self._before_first is not None else 3 * silence

    def __enter__(self) -> Self:
        """Open the camera and start it. Raises CameraBusyError, CameraError, ConfigurationError."""
        self._picam2 = acquired(self._index)
        try:
            self._start()
        except FocuscamError:
            self._close()
            raise
        except Exception as error:  # picamera2 raises RuntimeError for anything, and what it meets on the way
            self._close()
            hindrance = forbidden(camera_devices())
            if hindrance:
                raise CameraError(f"The camera is forbidden: {hindrance}.") from error
            if is_short(error):
                raise CameraError(f"The camera does not start: {account()}.") from error
            raise CameraError(f"The camera does not start: {sentence(error)}; try again after a reboot.") from error
        return self

    def _start(self) -> None:
        """Start with the largest pictures for which there is memory. Raises what picamera2 raises."""
        mode = self._best_mode()
        for at, self._side in enumerate(SIDES):
            try:
                self._configure(mode)
                self._picam2.start()
            except Exception as error:
                if not is_short(error) or at + 1 == len(SIDES):
                    raise
                log.debug("Not with %d px: %s", self._side, error)
                continue
            if at:
                log.warning("The pictures are smaller than they could be, and so less telling: %s.", account())
            return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the camera back. After it fell silent only the end of the process does that, which then is quick."""
        self._close()

    def newest(self) -> Frame:
        """Wait for the next frame. Raises FocuscamError when none came within `deadline`."""
        self._give_back()
        deadline = self.deadline
        try:
            # With queue=False this waits for a frame that is yet to come, never hands out one that was waiting.
            self._request = self._picam2.capture_request(wait=deadline)
        except TimeoutError:
            raise self._fallen_silent(deadline) from None
        metadata = self._request.get_metadata()
        now = time.monotonic()
        exposed = metadata["SensorTimestamp"] / 1e9 if "SensorTimestamp" in metadata else now + _asleep()
        number = self._request.request.sequence
        if self._before_first is None:  # numbers and time go on after the camera was let go
            self._before_first = number - self._next
        if self._began is None:
            self._began = exposed
        number -= self._before_first
        self._next = number + 1
        fine = self._luma("main")
        fine, coarse = (fine, self._luma("lores")) if self._two_streams else two_scales(fine)
        pixels = self._pixels(metadata)
        fine, coarse = not_enlarged(fine, pixels), not_enlarged(coarse, pixels)
        return Frame(
            number=number,
            time=exposed - self._began,
            fine=fine,
            coarse=coarse,
            taken=min(exposed - _asleep(), now),
            metadata=told(metadata),
        )

    def controls(self) -> Mapping[str, tuple[Any, Any, Any]]:
        """The controls that this camera has, in libcamera's names: (least, most, default)."""
        found: Mapping[str, tuple[Any, Any, Any]] = self._picam2.camera_controls
        return found

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """Set those of the controls that this camera has, a few frames from now; returns the names of the others.

        A ScalerCrop of fewer pixels than the coarse luma has columns is read in the sensor's finest mode, slower as
        that is. Raises CameraError, which says why, where it can't be; the crop is set all the same.
        """
        have = self._picam2.camera_controls
        known = {name: value for name, value in controls.items() if name in have}
        failed = None
        try:
            if "ScalerCrop" in known:
                self._suit_mode(known["ScalerCrop"])
        except CameraError as error:
            failed = error
        self._kept |= known
        # In another mode nothing of what was set before is in force any more.
        self._picam2.set_controls(known if self._before_first is not None else self._kept)
        if failed is not None:
            raise failed
        return set(controls) - set(have)

    @property
    def still_delay(self) -> float:
        """How long after it was asked for a finer still is exposed, s; 0 where it is the frame at hand."""
        mode = self._still_mode(raw=False)
        return 0.0 if mode is None else SWITCH_S + 2 / max(mode.get("fps", 0.0), 0.1)

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:
        """The frame at hand in colour, or another exposure, of the whole field of view, in the sensor's finest mode.

        The mode is changed for it and changed back: the next frame comes a second later or so. See Camera.still.
        """
        mode = self._still_mode(raw) if finer else None
        if mode is None or self._mode is None:
            return still.of_frame(self._picam2, self._request, frame)
        usual = self._mode
        self._give_back()
        self._memory.forget()
        self._before_first = None
        wait = max(self.deadline, 3 * SILENCE_FRAMES / max(mode.get("fps", 0.0), 0.1))
        taken, failed = None, None
        try:
            self._picam2.stop()
            controls = at_start(self._picam2.camera_controls, self.frame_s, self._exposure, self._gain)
            taken = still.of_sensor(self._picam2, mode, raw=raw, controls=controls, wait_s=wait, frame=frame)
        except TimeoutError:
            raise self._fallen_silent(wait) from None
        except Exception as error:  # such as too little contiguous memory for so large a picture
            self._only_frames, failed = True, error
        self._restart(usual)
        if self._kept:  # in another mode nothing of what was set before is in force any more
            self._picam2.set_controls(self._kept)
        if taken is not None:
            return taken
        size, why = "x".join(map(str, mode["size"])), sentence(failed) if failed else "it gave none"
        raise CameraError(f"No still of {size} can be had: {why}. The next ones are as large as the frames.")

    def _still_mode(self, raw: bool) -> Mapping[str, Any] | None:
        """The mode of the sensor that gives more than the frames do; None where there is none, or it can't be had."""
        mode = None if self._only_frames else finest(self._modes)
        shown = max(self._picam2.camera_configuration()["main"]["size"])
        return mode if mode is not None and (raw or max(mode["size"]) > shown) else None

    def _fallen_silent(self, seconds: float) -> FocuscamError:
        # The request that comes late must find nobody waiting, or its buffer would be lost.
        self._picam2.cancel_all_and_flush()
        self._silent = True
        return FocuscamError(
            f"The camera has fallen silent: no frame for {seconds:.0f} s; check its cable, "
            "and reboot if focuscam can't start it again."
        )

    def _suit_mode(self, crop: tuple[int, int, int, int]) -> None:
        """Run the sensor in its finest mode where the usual one has too few pixels for a crop, and back."""
        usual = self._best_mode()
        if usual is None or self._mode is None:
            return
        width = usual["size"][0]
        times = self._picam2.camera_controls["ScalerCrop"][2][2] / max(crop[2], 1)
        wanted = usual
        if width / times < COARSE_SIDE:
            wanted = finest(self._modes) or usual
            if wanted["size"] == usual["size"]:
                raise CameraError(
                    f"This sensor has no finer mode: beyond {width / COARSE_SIDE:.1f} times it shows no more."
                )
        if wanted["size"] != self._mode["size"]:
            self._restart(wanted)

    def _restart(self, mode: Mapping[str, Any]) -> None:
        """Go on in another mode. Raises CameraError where it can't be; the one before goes on then."""
        before = self._mode
        self._give_back()
        self._memory.forget()
        self._before_first = None
        self._picam2.stop()
        try:
            self._configure(mode)
            self._picam2.start()
        except Exception as error:  # such as too little contiguous memory for so large a picture
            try:
                self._picam2.stop()
                self._configure(before)
                self._picam2.start()
            except Exception as again:
                raise FocuscamError(f"The camera does not start again: {sentence(again)}.") from error
            width, height = mode["size"]
            raise CameraError(f"The camera can't be read at {width}x{height}: {sentence(error)}.") from error

    def _best_mode(self) -> Mapping[str, Any] | None:
        # A camera that is not on the Pi's own connector has no sensor modes to choose from.
        on_the_connector = "ColorFilterArrangement" in self._picam2.camera_properties
        if on_the_connector and not self._modes:
            self._modes = self._read_modes()
        return chosen(self._modes, 1 / self.frame_s)

    def _read_modes(self) -> list[Mapping[str, Any]]:
        try:
            return list(self._picam2.sensor_modes)
        except Exception as error:
            if not is_short(error):
                raise
            # To read a mode takes buffers of its size. Those before the one that was too large are kept: ours, mostly.
            modes = list(self._picam2.sensor_modes)
            if not modes:
                raise
            log.warning("The sensor's finest mode can't be had, so magnifying and stills show less: %s.", account())
            return modes

    def _pixels(self, metadata: Mapping[str, Any]) -> float:
        """How many pixels of the sensor's mode lie across what a frame shows: fewer than its columns when magnified."""
        crop, limits = metadata.get("ScalerCrop"), self._picam2.camera_controls.get("ScalerCrop")
        if self._mode is None or not crop or not limits:
            return math.inf
        return float(self._mode["size"][0] * crop[2] / max(limits[2][2], 1))

    def _configure(self, mode: Mapping[str, Any] | None) -> None:
        """Configure both streams in a mode of the sensor; None: of a camera that has none to choose from."""
        import libcamera

        picam2 = self._picam2
        self._mode = mode
        main = stream_size(mode["size"] if mode else (FINE_SIDE, FINE_SIDE * 3 // 4), self._side)
        wanted: dict[str, Any] = {
            "main": {"format": "YUV420", "size": main},
            "transform": libcamera.Transform(**self._flips),
            # All 256 grey levels, as in a photo. picamera2's choice for video leaves out those under 16 and over 235:
            # nothing would ever be too bright.
            "colour_space": libcamera.ColorSpace.Sycc(),
            "buffer_count": BUFFERS,
            "queue": False,
            "display": None,
            "encode": None,
            # The sensor's own picture would be handed out beside ours, four buffers of 4.7 MB that are synchronised
            # with each frame; the mode is pinned without it.
            "raw": None,
            "controls": at_start(picam2.camera_controls, self.frame_s, self._exposure, self._gain),
        }
        if mode:
            wanted["sensor"] = {"output_size": mode["size"], "bit_depth": mode["bit_depth"]}
        lores = {"format": "YUV420", "size": stream_size(main, COARSE_SIDE)}
        self._two_streams = False
        try:
            picam2.configure(picam2.create_video_configuration(lores=lores, **wanted))
            real = picam2.camera_configuration()
            self._two_streams = max(real["main"]["size"]) <= FINE_SIDE and max(real["lores"]["size"]) <= COARSE_SIDE
        except Exception as error:  # cameras without a second stream fail in ways of their own
            if is_short(error) and self._side > SIDES[-1]:
                raise  # two smaller streams rather than one
            log.debug("No second stream: %s", error)
        if not self._two_streams:
            picam2.configure(picam2.create_video_configuration(**wanted))
            real = picam2.camera_configuration()
        wrong = {real[name]["format"] for name in ("main", "lores") if real.get(name)} - LUMA_FIRST
        if wrong:
            raise CameraError(f"The camera gives {' and '.join(wrong)}, but focuscam needs YUV420 or NV12; {INSTEAD}.")
        width, height = real["main"]["size"]
        self.description = f"{picam2.camera_properties.get('Model', 'camera')} {width}x{height}"

    def _luma(self, name: str) -> Luma:
        """The luma of a stream of the request at hand, as it was really configured."""
        stream = self._picam2.camera_configuration()[name]
        plane = self._request.request.buffers[self._picam2.stream_map[name]].planes[0]
        return self._memory.luma(plane.fd, plane.offset, stream["size"], stream["stride"])

    def _give_back(self) -> None:
        # A signal may end the program between these two: it must not be given back twice.
        request, self._request = self._request, None
        if request is not None:
            request.release()

    def _close(self) -> None:
        picam2, self._picam2 = self._picam2, None
        self._memory.forget()
        self._before_first, self._kept, self._only_frames = None, {}, False
        if picam2 is None:
            return
        if self._silent:
            # Stopping a camera whose cable came off can block for ever, and all of Python with it, since
            # libcamera keeps the interpreter's lock meanwhile. The kernel can take the camera from us.
            _end_without_closing(picam2)
            return
        picam2.cancel_all_and_flush()
        self._give_back()
        picam2.close()
        gc.collect()  # its selectors hold themselves, and with them an open file each


def _asleep() -> float:
    """What SensorTimestamp's clock (CLOCK_BOOTTIME) is ahead of time.monotonic(), which leaves out sleep, s."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
