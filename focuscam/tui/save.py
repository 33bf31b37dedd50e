"""A frame to keep, with its reading, in the folder that the viewer is in."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from focuscam.system import files


def save(picture: Mapping[str, Any], reading: Mapping[str, Any], folder: Path | None = None) -> str:
    """Write `focuscam-DATE-TIME.jpg` and `.json`, never over others; returns a sentence that tells how it went."""
    folder = folder or Path.cwd()
    try:
        content = base64.b64decode(picture["jpeg"], validate=True)
    except (KeyError, TypeError, ValueError):
        return "The daemon sent no picture: restart it, so that it is of the same version."
    text = json.dumps({key: value for key, value in reading.items() if key != "type"}, indent=1) + "\n"
    name = time.strftime("focuscam-%Y%m%d-%H%M%S")
    for count in range(1, 100):
        stem = folder / (name if count == 1 else f"{name}-{count}")
        jpeg, beside = stem.with_suffix(".jpg"), stem.with_suffix(".json")
        if os.path.lexists(beside):
            continue
        try:
            files.atomic_write(jpeg, content, replace=False, sync=False)
            files.atomic_write(beside, text.encode(), replace=False, sync=False)
        except FileExistsError:
            continue
        except OSError as error:
            return f"{stem}.jpg could not be written: {error.strerror}."
        size = f"{picture.get('width')}x{picture.get('height')}"
        return f"Saved {stem.name}.jpg ({size}) and its reading."
    return "There are too many pictures of this second already."
