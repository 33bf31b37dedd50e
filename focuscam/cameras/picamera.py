"""The camera of a Raspberry Pi, through picamera2: the newest frame, where the ISP wrote it, at both scales.

Whatever libcamera really configured is what is read: one stream or two, YUV420 or NV12, padded or not.
Every control and every piece of metadata is optional; no two cameras offer the same.
"""

from __future__ import annotations

import atexit
import importlib.metadata
import logging
import math
import os
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Self

from focuscam.cameras.camera_memory import LUMA_FIRST, CameraMemory
from focuscam.cameras.holders import camera_devices, forbidden, holders
from focuscam.cameras.scales import not_enlarged, two_scales
from focuscam.cameras.sensor_mode import chosen, stream_size
from focuscam.errors import CameraError, ConfigurationError, FocuscamError
from focuscam.frame import COARSE_SIDE, FINE_SIDE, Frame, Luma

log = logging.getLogger(__name__)

METADATA = ("ExposureTime", "AnalogueGain", "Lux", "LensPosition", "FocusFoM")
"""What is kept with a frame, in libcamera's names."""

SLOWEST_AUTO_S = 1 / 12
"""The longest frame that automatic exposure may make in the dark: beyond, the light would lag behind the hand."""

SILENCE_S = 2.0
SILENCE_FRAMES = 4
"""A camera is given up after so many seconds and so many frame durations without a frame."""

BUFFERS = 4
"""One is being scored, one waits, two are being filled. Each takes 4.6 MB of the Pi's scarce contiguous memory."""

INSTEAD = "without a camera, `--source sim` shows a simulated lens"


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
        self._silent = False
        self._first: tuple[int, float] | None = None

    @property
    def deadline(self) -> float:
        """How long newest() waits before it calls the camera silent, s: a watchdog must be slower than that.

        The first frame may take longer: libcamera discards those in which exposure is still settling.
        """
        silence = max(SILENCE_S, SILENCE_FRAMES * self.frame_s)
        return silence if self._first else 3 * silence

    def __enter__(self) -> Self:
        """Open the camera and start it. Raises CameraError, ConfigurationError."""
        picamera2 = _picamera2()
        self._picam2 = _opened(picamera2, self._index)
        try:
            self._configure()
            self._picam2.start()
        except FocuscamError:
            self._close()
            raise
        except Exception as error:  # picamera2 raises RuntimeError for anything, and what it meets on the way
            self._close()
            raise CameraError(f"The camera does not start: {_sentence(error)}; try again after a reboot.") from error
        return self

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
            # The request that comes late must find nobody waiting, or its buffer would be lost.
            self._picam2.cancel_all_and_flush()
            self._silent = True
            raise FocuscamError(
                f"The camera has fallen silent: no frame for {deadline:.0f} s; check its cable, "
                "and reboot if focuscam can't start it again."
            ) from None
        metadata = self._request.get_metadata()
        now = time.monotonic()
        exposed = metadata["SensorTimestamp"] / 1e9 if "SensorTimestamp" in metadata else now + _asleep()
        number = self._request.request.sequence
        if self._first is None:
            self._first = number, exposed
        fine = self._luma("main")
        fine, coarse = (fine, self._luma("lores")) if self._two_streams else two_scales(fine)
        pixels = self._pixels(metadata)
        fine, coarse = not_enlarged(fine, pixels), not_enlarged(coarse, pixels)
        return Frame(
            number=number - self._first[0],
            time=exposed - self._first[1],
            fine=fine,
            coarse=coarse,
            taken=min(exposed - _asleep(), now),
            metadata=MappingProxyType({name: float(metadata[name]) for name in METADATA if name in metadata}),
        )

    def controls(self) -> Mapping[str, tuple[Any, Any, Any]]:
        """The controls that this camera has, in libcamera's names: (least, most, default)."""
        found: Mapping[str, tuple[Any, Any, Any]] = self._picam2.camera_controls
        return found

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """Set those of the controls that this camera has, a few frames from now; returns the names of the others."""
        have = self._picam2.camera_controls
        self._picam2.set_controls({name: value for name, value in controls.items() if name in have})
        return set(controls) - set(have)

    def _pixels(self, metadata: Mapping[str, Any]) -> float:
        """How many pixels of the sensor's mode lie across what a frame shows: fewer than its columns when magnified."""
        crop, limits = metadata.get("ScalerCrop"), self._picam2.camera_controls.get("ScalerCrop")
        if self._mode_width is None or not crop or not limits:
            return math.inf
        return float(self._mode_width * crop[2] / max(limits[2][2], 1))

    def _configure(self) -> None:
        import libcamera

        picam2 = self._picam2
        # A camera that is not on the Pi's own connector has no sensor modes to choose from.
        on_the_connector = "ColorFilterArrangement" in picam2.camera_properties
        mode = chosen(picam2.sensor_modes, 1 / self.frame_s) if on_the_connector else None
        self._mode_width = mode["size"][0] if mode else None
        main = stream_size(mode["size"] if mode else (FINE_SIDE, FINE_SIDE * 3 // 4), FINE_SIDE)
        wanted: dict[str, Any] = {
            "main": {"format": "YUV420", "size": main},
            "transform": libcamera.Transform(**self._flips),
            "buffer_count": BUFFERS,
            "queue": False,
            "display": None,
            "encode": None,
            "controls": self._controls(),
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
            log.debug("No second stream: %s", error)
        if not self._two_streams:
            picam2.configure(picam2.create_video_configuration(**wanted))
            real = picam2.camera_configuration()
        wrong = {real[name]["format"] for name in ("main", "lores") if real.get(name)} - LUMA_FIRST
        if wrong:
            raise CameraError(f"The camera gives {' and '.join(wrong)}, but focuscam needs YUV420 or NV12; {INSTEAD}.")
        width, height = real["main"]["size"]
        self.description = f"{picam2.camera_properties.get('Model', 'camera')} {width}x{height}"

    def _controls(self) -> dict[str, Any]:
        have = self._picam2.camera_controls
        frame = round(1e6 * self.frame_s)
        slowest = frame if self._exposure else max(frame, round(1e6 * SLOWEST_AUTO_S))
        wanted: dict[str, Any] = {
            # The score must see what the lens does, not what the ISP makes of it.
            "Sharpness": 0.0,
            "NoiseReductionMode": 0,  # off
            "FrameDurationLimits": (frame, slowest),
        }
        if self._exposure:
            wanted["ExposureTime"] = _within(round(1e6 * self._exposure), have.get("ExposureTime"), "exposure", 1e-6)
        if self._gain:
            wanted["AnalogueGain"] = _within(self._gain, have.get("AnalogueGain"), "gain")
        for name in ("ExposureTime", "AnalogueGain"):
            if name in wanted and name not in have:
                log.warning("This camera has no %s to set: it keeps its own.", name)
        return {name: value for name, value in wanted.items() if name in have}

    def _luma(self, name: str) -> Luma:
        """The luma of a stream of the request at hand, as it was really configured."""
        stream = self._picam2.camera_configuration()[name]
        plane = self._request.request.buffers[self._picam2.stream_map[name]].planes[0]
        return self._memory.luma(plane.fd, plane.offset, stream["size"], stream["stride"])

    def _give_back(self) -> None:
        if self._request is not None:
            self._request.release()
            self._request = None

    def _close(self) -> None:
        picam2, self._picam2 = self._picam2, None
        self._memory.forget()
        self._first = None
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


def check(index: int = 0) -> None:
    """Raises CameraError, which says why, where there is no such camera; does not open it."""
    _found(_picamera2(), index)


def _picamera2() -> Any:  # noqa: ANN401 - picamera2 is not typed
    """The module, with its chatter held down to warnings. Raises CameraError where it can't be used."""
    # libcamera writes to stderr by itself, and reads this when it is loaded.
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    try:
        import picamera2
    except ImportError as error:
        raise CameraError(
            f"No Raspberry Pi camera can be used here ({error}); on a Raspberry Pi type `sudo apt install "
            f"python3-picamera2` and make the virtual environment with --system-site-packages; {INSTEAD}."
        ) from None
    except Exception as error:  # such as a numpy that apt's simplejpeg was not built for
        raise CameraError(
            f"picamera2 is installed but does not load ({_sentence(error)}); its numpy may be another one than apt's: "
            "type `sudo apt install --reinstall python3-picamera2 python3-numpy` and install focuscam again."
        ) from error
    logging.getLogger("picamera2").setLevel(logging.WARNING)
    if not hasattr(picamera2.Picamera2, "cancel_all_and_flush"):
        version = importlib.metadata.version("picamera2")
        raise CameraError(f"picamera2 {version} is too old: type `sudo apt update && sudo apt full-upgrade`.")
    return picamera2


def _found(picamera2: Any, index: int) -> None:  # noqa: ANN401
    count = len(picamera2.Picamera2.global_camera_info())
    if count > index:
        return
    hindrance = forbidden(camera_devices())
    if hindrance:
        raise CameraError(f"The camera is forbidden: {hindrance}.")
    if count:
        raise CameraError(f"There is no camera {index}: the first is 0, the last {count - 1}.")
    raise CameraError(f"No camera was found: check its cable and look at `rpicam-hello --list-cameras`; {INSTEAD}.")


def _opened(picamera2: Any, index: int) -> Any:  # noqa: ANN401
    """The one Picamera2 that this process makes for a camera. Raises CameraError."""
    _found(picamera2, index)
    # Its own words for what went wrong would come before our sentence, and say less.
    logging.getLogger("picamera2").setLevel(logging.CRITICAL)
    try:
        return picamera2.Picamera2(index)
    except Exception as error:
        devices = camera_devices()
        by = " and ".join(holders(devices))
        if by or _is_busy(error):
            raise CameraError(f"The camera is busy: {by or 'another program'} holds it; end that first.") from error
        hindrance = forbidden(devices)
        if hindrance:
            raise CameraError(f"The camera is forbidden: {hindrance}.") from error
        raise CameraError(f"The camera can't be opened: {_sentence(error)}; check its cable, then reboot.") from error
    finally:
        logging.getLogger("picamera2").setLevel(logging.WARNING)


def _is_busy(error: BaseException | None) -> bool:
    while error is not None:
        if "busy" in str(error).lower():  # libcamera's acquire() has only EBUSY's words to say it
            return True
        error = error.__cause__
    return False


def _sentence(error: BaseException) -> str:
    """The innermost reason, without the full stop that some end with."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error) or type(error).__name__).strip().rstrip(".")


def _within(value: float, limits: tuple[Any, Any, Any] | None, key: str, unit: float = 1.0) -> float:
    """value, if it is within a control's (least, most, default), where known. Raises ConfigurationError."""
    least, most, _ = limits or (None, None, None)
    if least is not None and most and not least <= value <= most:
        raise ConfigurationError(
            f"[camera] {key} = {value * unit:g} can't be: this camera can do {least * unit:g} to {most * unit:g}."
        )
    return value


def _asleep() -> float:
    """What SensorTimestamp's clock (CLOCK_BOOTTIME) is ahead of time.monotonic(), which leaves out sleep, s."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


def _end_without_closing(picam2: Any) -> None:  # noqa: ANN401
    """Let the process end with the camera open: neither picamera2 nor libcamera may try to stop it at exit."""
    atexit.unregister(picam2.close)
    _given_up.append(picam2)

    def end() -> None:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(FocuscamError.status)

    atexit.register(end)


_given_up: list[Any] = []
"""Cameras that fell silent, kept so that nothing closes them when they are collected."""
