"""Recording the own loop: every frame that was scored, none passed over.

A thread makes the PNG of one frame while the loop scores the next; then the loop waits for it. So the recording sets
the pace, and whatever ends the program, no more than the picture of the last frame is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from tqdm import tqdm

from focuscam.cameras.scales import two_scales
from focuscam.errors import FocuscamError
from focuscam.messages import Event, Light, Luma
from focuscam.pixels import as_png, checksum
from focuscam.preview.report import scored
from focuscam.recorder.folder import Enough, Folder, ending
from focuscam.recorder.guide import SweepGuide
from focuscam.region import Region
from focuscam.session import LocalSession, Seen

log = logging.getLogger(__name__)


class Recorder:
    """Writes what a loop sees. Usable in a `with`, which the loop must be inside of.

    Where the recording can't go on, it ends the loop: with FocuscamError where writing failed, else quietly.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Callable[[], Mapping[str, object]],
        quiet: bool = False,
        light: Light = Light.OFF,
    ) -> None:
        """recipe: what a recording begins with. quiet: no progress on stderr. light: what it says before the
        first frame.

        Raises UsageError where nothing can be recorded in `folder`.
        """
        self.folder = Folder(folder)
        self._recipe = recipe
        self._light = light
        self.why: str | None = None
        """Why it ended, where that is no error and the source goes on."""
        self._storing: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, "recording")
        # Not before there is something to count: the guide of a sweep speaks first.
        self._bar: Any = None
        self._open_bar = partial(tqdm, desc="recording", unit=" frames", disable=True if quiet else None, leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._thread.shutdown(wait=True)
        if self._bar is not None:
            self._bar.close()
        if not isinstance(error, Enough):
            try:
                self._wait()
            except Enough as failed:  # the very last picture
                error = failed
        self.folder.end(self.why or ending(error))
        return conclude(self.folder, error, self.why)

    def add(self, event: Event) -> None:
        """Keep this frame. Raises Enough where that can't be."""
        self._wait()
        frame, status = event.frame, event.status
        sequence = self.folder.frames
        if not sequence:
            self._bar = self._open_bar()
            region = Region(str(event.facts["region_name"]), status.reading.region)
            self.folder.begin(self._light.value, region.text, status.threshold, self._recipe())
        self.folder.add(scored(event) | {"seq": sequence})
        fine = frame.fine.copy()
        coarse = fine if frame.coarse is frame.fine else frame.coarse.copy()
        try:
            self._storing = self._thread.submit(self._store, sequence, fine, coarse)
        except RuntimeError as error:
            raise Enough(f"the system gives no thread to write with ({error})", failed=True) from None
        self._bar.set_postfix_str(f"{self.folder.bytes / 1e6:.0f} MB, {status.light.value}", refresh=False)
        self._bar.update()

    def _wait(self) -> None:
        storing, self._storing = self._storing, None
        if storing is not None:
            storing.result()

    def _store(self, sequence: int, fine: Luma, coarse: Luma) -> None:
        # A camera's ISP makes the coarse luma in its own way; ours can be made again.
        same = np.array_equal(two_scales(fine)[1], coarse)
        self.folder.picture(
            sequence,
            as_png(fine),
            checksum(fine),
            None if same else as_png(coarse),
            None if same else checksum(coarse),
        )


def recorded(
    stack: ExitStack, session: LocalSession, folder: Path, sweep: bool = False, quiet: bool = False
) -> Iterator[Seen]:
    """Keep the frames of an own loop, as they go by, until the stack is left.

    sweep: guide through one turn of the ring, and end with it. quiet: no progress on stderr. Raises UsageError where
    nothing can be recorded in `folder`.
    """
    loop = session.loop
    recorder = stack.enter_context(Recorder(folder, lambda: loop.recipe, quiet, loop.light))
    guide = SweepGuide() if sweep else None
    if guide is not None:
        guide.begin()

    def kept() -> Iterator[Seen]:
        for seen in session.events():
            assert seen.event is not None
            recorder.add(seen.event)
            yield seen
            if guide is not None and guide.over(seen.told):
                recorder.why = "the sweep is over"
                return

    return kept()


def conclude(folder: Folder, error: BaseException | None, why: str | None = None) -> bool:
    """Say what was recorded, and why it ended; True where the end is no error.

    Raises FocuscamError where writing failed.
    """
    kept = f"{folder.frames} frames, {folder.pictures} of them with their pictures, {folder.bytes / 1e6:.0f} MB"
    play = f"`focuscam --source {folder.path}` plays them"
    if isinstance(error, Enough) and error.failed:
        raise FocuscamError(
            f"The recording in {folder.path} has ended, {error.why}: {kept}, were kept; {play}."
        ) from None
    if folder.frames:
        end = why or (ending(error) if error else "")
        log.info("Recorded in %s: %s%s; %s.", folder.path, kept, f" ({end})" if end else "", play)
    return isinstance(error, Enough)
