"""The page as a thread of its own: whoever started it goes on, waits for it, or leaves it."""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from types import TracebackType
from typing import Self

from focuscam.errors import FocuscamError
from focuscam.page.server import Page
from focuscam.system.threads import started


class PortTakenError(FocuscamError):
    """Another program listens there already."""


class Serving:
    """Serves a page while it is entered. Raises PortTakenError, FocuscamError where it can't be served there."""

    def __init__(self, page: Page, listen: str, port: int) -> None:
        """listen: an address of this machine; port: 0: any."""
        self.port = port
        self._page = page
        self._listen = listen
        self._loop: asyncio.AbstractEventLoop | None = None
        self._until: asyncio.Event | None = None
        self._ready = threading.Event()
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        # What strangers send is no fault of ours, and the log no place for it.
        for name in ("aiohttp", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._thread = started(self._work, "page")
        self._ready.wait()
        self._raise()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._until is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._until.set)
            self._thread.join(10.0)

    def wait(self) -> None:
        """Until it ends, which it does by itself only with an error."""
        self._thread.join()
        self._raise()

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._until = asyncio.get_running_loop(), asyncio.Event()
        await self._page.serve(self._listen, self.port, self._until, self._is_ready)

    def _is_ready(self, port: int) -> None:
        self.port = port
        self._ready.set()

    def _raise(self) -> None:
        where = f"{self._listen}, port {self.port}"
        match self._error:
            case None:
                return
            case OSError(errno=errno.EADDRINUSE):
                raise PortTakenError(f"Another program listens at {where}: choose another [page] port.")
            case OSError(errno=errno.EADDRNOTAVAIL):
                raise FocuscamError(f"This machine has no address {self._listen}: see [page] listen in the settings.")
            case OSError(errno=errno.EACCES):
                raise FocuscamError(f"The page may not listen at {where}: choose a [page] port above 1023.")
            case error:
                raise FocuscamError(f"The page can't be served at {where}: {error}.") from error
