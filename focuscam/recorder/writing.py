"""Recording: a session written into a folder, as it goes by.

A thread makes and stores the picture of one frame while the next is scored; then it is waited for. So of a loop of our
own, whose frames all have one, the recording sets the pace, and whatever ends the program, no more than the picture of
the last frame is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from focuscam.errors import FocuscamError
from focuscam.recorder.folder import Enough, Folder, why_ended
from focuscam.recorder.guide import SweepGuide
from focuscam.recorder.source import Begin, Pictured, Pngs, Scored, source
from focuscam.session import Seen, Session

log = logging.getLogger(__name__)


def recorded(
    stack: ExitStack, session: Session, folder: Path, sweep: bool = False, quiet: bool = False
) -> Iterator[Seen]:
    """Keep the frames of a session, as they go by, until the stack is left.

    sweep: guide through one turn of the ring, and end with it. quiet: no progress on stderr. Raises UsageError where
    nothing can be recorded in `folder`, FocuscamError where the camera fails, the daemon goes or writing failed.
    """
    recorder = stack.enter_context(Recorder(folder, quiet))
    guide = SweepGuide() if sweep else None
    if guide is not None:
        guide.begin(lambda: session.state)  # a daemon lets go of who says nothing

    def kept() -> Iterator[Seen]:
        for item in source(session):
            recorder.take(item)
            if isinstance(item, Scored):
                yield item.seen
                if guide is not None and guide.over(item.seen.told):
                    recorder.why = "the sweep is over"
                    return

    return kept()


class Recorder:
    """Writes what a session gives. Usable in a `with`, which that must be inside of.

    Where the recording can't go on, it ends that: with FocuscamError where writing failed, else quietly.
    """

    def __init__(self, folder: Path, quiet: bool = False) -> None:
        """quiet: no progress on stderr. Raises UsageError where nothing can be recorded in `folder`."""
        self.folder = Folder(folder)
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
        why = None if isinstance(error, Enough) else self.why
        self.folder.end(why or why_ended(error))
        return conclude(self.folder, error, why)

    def take(self, item: Begin | Scored | Pictured) -> None:
        """Keep it. Raises Enough where that can't be."""
        match item:
            case Begin():
                self._bar = self._open_bar()
                self.folder.begin(item.light, item.region, item.threshold, item.header)
            case Scored():
                self._wait()
                self.folder.add(item.fields)
                self._bar.set_postfix_str(f"{self.folder.bytes / 1e6:.0f} MB, {item.fields['light']}", refresh=False)
                self._bar.update()
            case Pictured():
                self._wait()
                try:
                    self._storing = self._thread.submit(self._store, item.sequence, item.make)
                except RuntimeError as error:
                    raise Enough(f"the system gives no thread to write with ({error})", failed=True) from None

    def _wait(self) -> None:
        storing, self._storing = self._storing, None
        if storing is not None:
            storing.result()

    def _store(self, sequence: int, make: Callable[[], Pngs]) -> None:
        self.folder.picture(sequence, *make())


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
        end = why or (why_ended(error) if error else "")
        log.info("Recorded in %s: %s%s; %s.", folder.path, kept, f" ({end})" if end else "", play)
    return isinstance(error, Enough)
