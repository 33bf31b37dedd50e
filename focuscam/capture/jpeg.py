"""A still as a JPEG, with what is known of it in its EXIF."""

from __future__ import annotations

import io
import json
import time
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from PIL import ExifTags, Image, TiffImagePlugin

from focuscam import __version__
from focuscam.messages import Still

QUALITY = 95
ISO_AT_GAIN_1 = 100
"""As picamera2 and rpicam-apps write it: the sensor's sensitivity proper is not told."""


def encoded(still: Still, facts: dict[str, Any]) -> bytes:
    """The bytes of a whole JPEG file. facts: as `facts_of` makes them."""
    out = io.BytesIO()
    picture(still).save(out, "JPEG", quality=QUALITY, subsampling="4:2:0", exif=exif(still, facts))
    return out.getvalue()


def picture(still: Still) -> Image.Image:
    """As Pillow has it: grey, or YCbCr as JPEG has it."""
    if still.chroma is None:
        return Image.fromarray(np.ascontiguousarray(still.luma), "L")
    size = still.luma.shape[1], still.luma.shape[0]
    chroma = [cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_LINEAR) for plane in still.chroma]
    merged = cv2.merge([np.ascontiguousarray(still.luma), *chroma])
    if still.to_jpeg is not None:
        merged = cv2.transform(merged, still.to_jpeg)
    return Image.fromarray(np.asarray(merged, np.uint8), "YCbCr")


def exif(still: Still, facts: dict[str, Any]) -> Image.Exif:
    """EXIF 2.32: what photographers' programs show, and the facts as a sentence and, in UserComment, as JSON."""
    tags, base = Image.Exif(), ExifTags.Base
    moment = time.time() - max(time.monotonic() - still.taken, 0.0) if still.taken else time.time()
    local = time.localtime(moment)
    date = time.strftime("%Y:%m:%d %H:%M:%S", local)
    zone = time.strftime("%z", local)
    tags[base.Software] = f"focuscam {__version__}"
    tags[base.DateTime] = date
    tags[base.ImageDescription] = _description(facts)
    if still.model:
        tags[base.Model] = still.model
    more = tags.get_ifd(ExifTags.IFD.Exif)
    more[base.DateTimeOriginal] = date
    more[base.SubsecTimeOriginal] = f"{int(moment % 1 * 1000):03d}"
    more[base.OffsetTimeOriginal] = f"{zone[:3]}:{zone[3:5]}"
    more[base.UserComment] = b"ASCII\0\0\0" + json.dumps(facts).encode("ascii")
    exposure, gain = still.metadata.get("ExposureTime"), still.metadata.get("AnalogueGain")
    if exposure is not None and exposure > 0:
        more[base.ExposureTime] = _rational(exposure / 1e6)
    if gain is not None:
        more[base.ISOSpeedRatings] = min(max(round(gain * ISO_AT_GAIN_1), 1), 65535)
    dioptres = still.metadata.get("LensPosition")
    if dioptres is not None:
        # 0xFFFFFFFF / 1 is infinity.
        more[base.SubjectDistance] = (
            _rational(1 / dioptres) if dioptres > 1e-3 else TiffImagePlugin.IFDRational(0xFFFFFFFF, 1)
        )
    return tags


def _rational(value: float) -> TiffImagePlugin.IFDRational:
    part = Fraction(value).limit_denominator(1_000_000)
    return TiffImagePlugin.IFDRational(part.numerator, part.denominator)


def _description(facts: dict[str, Any]) -> str:
    score, lens = facts.get("score"), facts.get("lens_position")
    if facts.get("in_focus"):
        words = ["in focus"]
    elif score is None:
        words = ["can't tell"]
    else:  # the sharpest one may be from just before the light came on
        words = ["as it came into focus" if facts.get("by") == "sharpest" else "not in focus"]
    words.append(f"score {'none' if score is None else format(score, '.2f')}")
    if facts.get("hint"):
        words.append(f"hint {facts['hint']}")
    if lens is not None:
        words.append(f"lens at {lens:.2f} dioptres")
    return ", ".join(words)
