"""Stills of a Raspberry Pi camera: of the frame at hand as it is, or of all the sensor's pixels by another mode.

picamera2's own `switch_mode_and_capture_request` goes back before the picture is copied, and so needs the contiguous
memory of both modes at once, of which a Pi has little; here the large picture is copied and given back first.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from focuscam.cameras.camera_controls import told
from focuscam.cameras.scales import two_scales
from focuscam.cameras.sensor_mode import stream_size
from focuscam.messages import Frame, Luma, Still

RED_AND_BLUE = {"Rec601": (0.299, 0.114), "Rec709": (0.2126, 0.0722), "Rec2020": (0.2627, 0.0593)}
"""Shares of red and of blue in luma, by libcamera's name of the encoding: ITU-R BT.601, BT.709, BT.2020."""

EXPOSURE = ("ExposureTime", "AnalogueGain")
"""What a still has in common with the frames before it; automatic exposure goes on by itself."""


def of_frame(picam2: Any, request: Any, frame: Frame) -> Still:  # noqa: ANN401 - picamera2 is not typed
    """The main stream of the request at hand, in colour, copied."""
    return replace(_copied(picam2, request, frame.metadata), taken=frame.taken)


def of_sensor(
    picam2: Any,  # noqa: ANN401
    mode: Mapping[str, Any],
    *,
    raw: bool,
    controls: Mapping[str, Any],
    wait_s: float,
    frame: Frame,
) -> Still:
    """A still in a mode of the sensor, of a stopped camera, which is stopped again: it has to be configured anew.

    raw: whether the sensor's own picture is kept as well. controls: those that the frames had when they started.
    frame: the last one.
    Raises TimeoutError where no picture came within wait_s, and whatever picamera2 raises where it can't be.
    """
    wanted = {name: controls[name] for name in EXPOSURE if name in controls}
    if "Sharpness" in picam2.camera_controls:  # off for the score; a picture to look at has the camera's own
        wanted["Sharpness"] = picam2.camera_controls["Sharpness"][2]
    picam2.configure(
        picam2.create_still_configuration(
            main={"format": "YUV420", "size": stream_size(mode["size"], max(mode["size"]))},
            raw={"size": tuple(mode["size"])} if raw else None,
            sensor={"output_size": mode["size"], "bit_depth": mode["bit_depth"]},
            transform=picam2.camera_configuration()["transform"],
            controls=wanted,
        )
    )
    picam2.start()
    try:
        request = picam2.capture_request(wait=wait_s)
        try:
            still = _copied(picam2, request, told(request.get_metadata()), raw)
        finally:
            request.release()
    except TimeoutError:
        raise  # stopping a camera that is silent may never end
    except BaseException:
        picam2.stop()
        raise
    picam2.stop()
    fine, coarse = two_scales(still.luma)
    judged = Frame(frame.number, frame.time, fine, coarse, taken=still.taken, metadata=still.metadata)
    return replace(still, frame=judged)


def _copied(
    picam2: Any,  # noqa: ANN401
    request: Any,  # noqa: ANN401
    metadata: Mapping[str, float],
    raw: bool = False,
) -> Still:
    configuration = picam2.camera_configuration()
    luma, chroma = planes(request.make_buffer("main"), configuration["main"])
    return Still(
        luma,
        chroma,
        to_jpeg(configuration.get("colour_space")),
        metadata,
        str(picam2.camera_properties.get("Model", "")),
        time.monotonic(),
        dng=_dng(picam2, request, configuration["raw"]) if raw and configuration.get("raw") else None,
    )


def _dng(picam2: Any, request: Any, stream: Mapping[str, Any]) -> Callable[[], bytes]:  # noqa: ANN401
    """Copies now what can be developed later, when the camera has long gone on."""
    buffer, metadata, stream = request.make_buffer("raw"), request.get_metadata(), dict(stream)

    def developed() -> bytes:
        out = io.BytesIO()  # given a name, picamera2 would open it by that, whatever it leads to by then
        picam2.helpers.save_dng(buffer, metadata, stream, out)
        return out.getvalue()

    return developed


def planes(buffer: npt.NDArray[np.uint8], stream: Mapping[str, Any]) -> tuple[Luma, tuple[Luma, Luma]]:
    """Luma, and (Cb, Cr) at half its size, as views of a whole buffer of YUV420, YVU420, NV12 or NV21 (1-D).

    stream: `size` (width, height) in px, `stride` of the luma in bytes, `format`.
    """
    width, height = stream["size"]
    stride = stream["stride"]
    luma = buffer[: stride * height].reshape(height, stride)[:, :width]
    rest = buffer[stride * height :]
    high, wide = height // 2, width // 2
    if stream["format"] in ("NV12", "NV21"):
        pairs = rest[: stride * high].reshape(high, stride)
        first, second = pairs[:, : 2 * wide : 2], pairs[:, 1 : 2 * wide : 2]
    else:
        each = stride // 2 * high
        first, second = (rest[start : start + each].reshape(high, stride // 2)[:, :wide] for start in (0, each))
    return luma, (first, second) if stream["format"] in ("YUV420", "NV12") else (second, first)


def to_jpeg(space: Any) -> npt.NDArray[np.float64] | None:  # noqa: ANN401 - a libcamera.ColorSpace, or None
    """The matrix of Still.to_jpeg for libcamera's colour space; None where it is JPEG's own, or is not told.

    JPEG's is that of JFIF 1.02: BT.601 in full range.
    """
    encoding = getattr(getattr(space, "ycbcrEncoding", None), "name", None)
    limited = getattr(getattr(space, "range", None), "name", None) == "Limited"
    if encoding not in RED_AND_BLUE or (encoding == "Rec601" and not limited):
        return None
    # Grey levels of the camera, to Y from 0 to 255 and Cb, Cr from -127.5 to 127.5; a row that keeps the 1.
    black, of_luma, of_chroma = (16, 255 / 219, 255 / 224) if limited else (0, 1.0, 1.0)
    even = np.array(
        [
            [of_luma, 0, 0, -of_luma * black],
            [0, of_chroma, 0, -of_chroma * 128],
            [0, 0, of_chroma, -of_chroma * 128],
        ]
    )
    jpeg = _from_rgb(*RED_AND_BLUE["Rec601"]) @ np.linalg.inv(_from_rgb(*RED_AND_BLUE[encoding])) @ even
    jpeg[1:, 3] += 128
    return np.asarray(jpeg, np.float64)


def _from_rgb(red: float, blue: float) -> npt.NDArray[np.float64]:
    """(3, 3): R, G, B to Y, Cb, Cr around 0, by the shares of red and blue in luma (ITU-T H.273, 8.3)."""
    luma = np.array([red, 1 - red - blue, blue])
    return np.array(
        [luma, (np.array([0, 0, 1]) - luma) / (2 * (1 - blue)), (np.array([1, 0, 0]) - luma) / (2 * (1 - red))]
    )
