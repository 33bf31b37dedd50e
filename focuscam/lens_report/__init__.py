"""`focuscam lens-report`: what a recorded sweep and photos say about a lens."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from focuscam.cameras.colour import Colour, read_colour
from focuscam.cameras.recorded import is_folder
from focuscam.errors import FocuscamError, UsageError
from focuscam.lens_report.chromatic import ROUNDS, fringes, is_grey
from focuscam.lens_report.page import photos_part, sweep_part, whole
from focuscam.lens_report.recording import Recording
from focuscam.lens_report.sweep import LEAST_SIDE, Swept, enough, measured, table
from focuscam.lens_report.text import photos_fields, photos_text, sweep_fields, sweep_text
from focuscam.system.files import atomic_write
from focuscam.system.saying import printable, say, say_json

_MOST_MEMORY = 850_000_000
"""Bytes that the photos may take, and what is measured on them."""

_log = logging.getLogger(__name__)


def report(paths: Sequence[Path], as_json: bool, page: Path | None) -> bool:
    """Print the report, and write it as a page where one is wanted; returns whether all that was given could be read.

    paths: recorded sweeps (folders) and photos. Raises UsageError where they make no sense together, FocuscamError
    where nothing of them can be measured or the page cannot be written.
    """
    folders = [path for path in paths if is_folder(path)]
    files = [path for path in paths if path not in folders]
    if len(folders) > 1:
        raise UsageError(f"One recorded sweep at a time: {folders[0]} and {folders[1]} are two.")
    if page is not None and not is_folder(page.absolute().parent):
        raise UsageError(f"{page.absolute().parent} is no folder: choose another place for the page.")
    fields: dict[str, Any] = {"recording": None, "photos": None, "unreadable": []}
    texts: list[str] = []
    parts: list[str] = []
    unreadable: list[str] = fields["unreadable"]
    if folders:
        recording = Recording(folders[0])
        swept = _swept(recording)
        unreadable += recording.unreadable
        name, unit = recording.name, recording.unit
        shown = printable(name)
        texts.append(sweep_text(swept, shown, unit))
        fields["recording"] = sweep_fields(swept, name, unit)
        if page is not None:
            parts.append(sweep_part(swept, shown, unit, recording[swept.sharpest]))
    if files:
        photos, names, wrong = _photos(files)
        unreadable += wrong
        if photos:
            with tqdm(total=2 * ROUNDS, desc="colours", leave=False, disable=None) as bar:
                found = fringes(photos, bar.update)
            shown_names = [printable(each) for each in names]
            texts.append(photos_text(found, shown_names))
            fields["photos"] = photos_fields(found, names)
            if page is not None:
                parts.append(photos_part(found, shown_names, photos[0]))
    if page is not None and parts:
        _write(page, whole(parts))
    if as_json:
        say_json(json.dumps(fields))
    elif texts:
        say(*"\n\n\n".join(texts).split("\n"))
    return not unreadable


def _swept(recording: Recording) -> Swept:
    enough(recording.positions)
    count = len(recording)
    # None: a bar on a terminal only.
    bar = tqdm(recording.readable(), total=count, unit="frame", leave=False, disable=None)
    contrast = table(bar)
    return measured(recording, recording.positions, contrast)


def _photos(files: Sequence[Path]) -> tuple[list[Colour], list[str], list[str]]:
    """The photos that can be used, their names, and what is wrong with the others."""
    photos: list[Colour] = []
    names: list[str] = []
    wrong: list[str] = []
    for file in tqdm(files, unit="photo", leave=False, disable=None if len(files) > 1 else True):
        try:
            photo = read_colour(file)
            height, width = photo.shape[:2]
            if min(height, width) < LEAST_SIDE:
                raise FocuscamError(f"{file.name} has {width}x{height} px: at least {LEAST_SIDE} each way are needed.")
            if is_grey(photo):
                raise FocuscamError(f"{file.name} is in grey: take it in colour.")
        except FocuscamError as error:
            _log.warning("%s", error)
            wrong.append(str(error))
            continue
        if photos and photo.shape != photos[0].shape:
            raise UsageError(
                f"{file.name} is of another size than {names[0]}: photos of one lens, camera and size belong together."
            )
        if (len(photos) + 1) * photo.size + 10 * height * width > _MOST_MEMORY:
            raise UsageError(
                f"{len(photos) + 1} photos of this size take too much memory: give fewer, or smaller ones."
            )
        photos.append(photo)
        names.append(file.name)
    return photos, names, wrong


def _write(page: Path, text: str) -> None:
    if page.is_symlink():  # such as /dev/stdout, which nobody wants replaced
        raise FocuscamError(f"{page} cannot be written, since it is a link: choose another place for the page.")
    try:
        atomic_write(page, text.encode())
    except OSError as error:
        raise FocuscamError(
            f"{page} cannot be written ({error.strerror}): choose another place for the page."
        ) from None
