"""The web server of the page: its few files, one WebSocket for each page, and nothing for whoever has no key."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from importlib import resources

from aiohttp import web

from focuscam.ipc.client import Link
from focuscam.page import telling
from focuscam.page.connections import Connections
from focuscam.page.doors import Doors
from focuscam.page.stills import Stills
from focuscam.page.visit import Visit
from focuscam.page.wishes import LONGEST

log = logging.getLogger(__name__)

MOST_PAGES = 4
COOKIE = "focuscam-page"
A_YEAR_S = 365 * 24 * 3600
ANSWERED_S = 120.0
"""Whoever takes longer than this, s, to be sent what it asked for is not waited for; a still over a thin line may take
half of it.
"""
PING_S = 5.0
"""A page that does not answer a ping, half of this later, is gone."""

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FOR_ALL = ("enter.js", "page.css", "icon.svg")
"""Files that whoever has no key yet may see: they hold nothing but how it is entered."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def files() -> dict[str, bytes]:
    """The files of the page, by name."""
    return {each.name: each.read_bytes() for each in resources.files("focuscam.page").joinpath("static").iterdir()}


class Page:
    """Serves the page from within a running asyncio loop."""

    def __init__(self, connect: Callable[[], Link], doors: Doors, forbidden: str | None) -> None:
        """connect: reaches the daemon, for one page; raises FocuscamError. forbidden: why pages may change nothing."""
        self._connect = connect
        self._doors = doors
        self._forbidden = forbidden
        self._files = files()
        self._stills = Stills()
        self._pages = 0
        self._connections = Connections()

    async def serve(self, listen: str, port: int, until: asyncio.Event, ready: Callable[[int], object]) -> None:
        """Serve until told. ready: is called with the port. Raises OSError where it can't listen there."""
        app = web.Application(middlewares=[self._answered, self._let_in], client_max_size=LONGEST)
        app.router.add_get("/", self._root)
        app.router.add_post("/enter", self._enter)
        app.router.add_get("/live", self._live)
        app.router.add_get("/stills/{name}", self._still)
        app.router.add_get("/thumbs/{name}", self._thumb)
        app.router.add_get("/{name}", self._file)
        # A log of requests would hold what strangers say, and nothing that helps.
        runner = web.AppRunner(app, access_log=None, keepalive_timeout=15, shutdown_timeout=1)
        await runner.setup()
        try:
            assert runner.server is not None
            door = self._connections.door(runner.server)
            listener = await asyncio.get_running_loop().create_server(door, listen, port, backlog=64)
            try:
                ready(listener.sockets[0].getsockname()[1])
                async with asyncio.TaskGroup() as group:
                    sweeping = group.create_task(self._connections.sweep())
                    await until.wait()
                    sweeping.cancel()
            finally:
                listener.close()
        finally:
            await runner.cleanup()

    # Around every request.

    @web.middleware
    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever happens: an answer in time, and what a browser has to know of it."""
        with self._connections.busy(request):
            try:
                async with asyncio.timeout(None if request.path == "/live" else ANSWERED_S):
                    answer = await handler(request)
            except web.HTTPException as error:
                answer = _text(error.status, error.reason)
            except TimeoutError:
                answer = _text(408, "That took too long.")
            except Exception:
                log.exception("A request of a page failed; going on.")
                answer = _text(500, "That failed; the log says why.")
        if not answer.prepared:
            _protect(answer, request.host)
        return answer

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only by a name of ours, from our own page, with the key; else nothing but the way to enter it."""
        headers = request.headers
        if len(headers.getall("Host", [])) != 1 or not self._doors.knows(headers["Host"]):
            return _text(421, "The page has no such name: open it by its address, as `focuscam page` shows it.")
        ours = self._doors.same_origin(headers.get("Origin"), headers.get("Sec-Fetch-Site"), headers["Host"])
        arriving = request.method == "GET" and request.path == "/"  # a link on another page may lead to the first one
        if not ours and not arriving:
            return _text(403, "Only the page itself may ask that.")
        name = request.path[1:]
        if name in FOR_ALL or request.path == "/enter":
            return await handler(request)
        now, address = time.monotonic(), request.remote or ""
        if (wait := self._doors.wait(address, now)) > 0:
            return _later(wait)
        if self._doors.fits(request.cookies.get(COOKIE), address, now):
            return await handler(request)
        if request.path == "/" and request.method == "GET":
            return self._from("enter.html", 401)
        return _text(401, "The key of the page is missing or another one.")

    # What there is.

    async def _root(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - the shape of a handler
        return self._from("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self._files or name.endswith(".html"):
            raise web.HTTPNotFound
        return self._from(name)

    def _from(self, name: str, status: int = 200) -> web.Response:
        kind = KINDS[name.rpartition(".")[2]]
        return web.Response(body=self._files[name], status=status, content_type=kind, charset="utf-8")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """Take the key as text, and give it back as a cookie that no script sees and no other page sends."""
        address = request.remote or ""
        if request.headers.get("Origin") is None:
            return _text(403, "Only the page itself may ask that.")
        given = (await request.content.read(LONGEST)).decode("utf-8", "replace").strip()
        now = time.monotonic()
        if (wait := self._doors.wait(address, now)) > 0:
            return _later(wait)
        if not self._doors.fits(given, address, now):
            return _text(401, "That is not the key of this page; `sudo focuscam page` shows it.")
        answer = web.Response(status=204)
        answer.set_cookie(COOKIE, given, max_age=A_YEAR_S, httponly=True, samesite="Strict", path="/")
        return answer

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin") is None:
            return _text(403, "Only the page itself may ask that.")
        socket = web.WebSocketResponse(heartbeat=PING_S, max_msg_size=LONGEST, compress=False, timeout=1.0)
        if not socket.can_prepare(request):
            raise web.HTTPBadRequest
        await socket.prepare(request)
        if self._pages >= MOST_PAGES:
            why = f"{MOST_PAGES} pages are open already: close one of them."
            await socket.send_str(telling.line("full", why=why))
            await socket.close()
            return socket
        self._pages += 1
        try:
            await Visit(socket, self._connect, self._stills, self._forbidden).run()
        finally:
            self._pages -= 1
            await socket.close()
        return socket

    async def _still(self, request: web.Request) -> web.StreamResponse:
        return await self._jpeg(self._stills.whole, request)

    async def _thumb(self, request: web.Request) -> web.StreamResponse:
        return await self._jpeg(self._stills.small, request)

    async def _jpeg(self, read: Callable[[str], bytes | None], request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        found = await asyncio.to_thread(read, name) if name.endswith(".jpg") else None
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found, content_type="image/jpeg")


def _text(status: int, words: str) -> web.Response:
    return web.Response(status=status, text=f"{words}\n")


def _later(wait_s: float) -> web.Response:
    answer = _text(429, f"Too many wrong keys: wait for {wait_s:.0f} s.")
    answer.headers["Retry-After"] = f"{wait_s:.0f}"
    return answer


def _protect(answer: web.StreamResponse, host: str) -> None:
    """What a browser is to keep to: nothing from elsewhere, nothing for elsewhere, nothing kept."""
    # Not every browser counts a WebSocket to where the page came from among 'self'. A strange Host got no page.
    live = f" ws://{host}" if answer.content_type == "text/html" else ""
    answer.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
            f"img-src 'self' blob:; connect-src 'self'{live}; media-src 'self' blob:; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Server": "focuscam",
        }
    )
