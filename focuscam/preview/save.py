"""A frame to keep, with its reading, in the folder that the viewer is in."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def save(picture: Mapping[str, Any], reading: Mapping[str, Any], folder: Path | None = None) -> str:
    """Write `focuscam-DATE-TIME.jpg` and `.json`, never over others; returns a sentence that tells how it went."""
    folder = folder or Path.cwd()
    name = time.strftime("focuscam-%Y%m%d-%H%M%S")
    for count in range(1, 100):
        stem = folder / (name if count == 1 else f"{name}-{count}")
        try:
            with stem.with_suffix(".jpg").open("xb") as file:
                file.write(base64.b64decode(picture["jpeg"]))
            fields = {key: value for key, value in reading.items() if key != "type"}
            stem.with_suffix(".json").write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
        except FileExistsError:
            continue
        except OSError as error:
            return f"{stem}.jpg could not be written: {error.strerror}."
        size = f"{picture.get('width')}x{picture.get('height')}"
        return f"Saved {stem.name}.jpg ({size}) and its reading."
    return "There are too many pictures of this second already."
