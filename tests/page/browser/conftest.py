"""A real daemon on the simulated lens, a real `focuscam page`, and Debian's Chromium with fingers."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from focuscam.ipc.client import Link, join

try:
    from playwright.sync_api import sync_playwright
except ModuleNotFoundError:
    sync_playwright = None

SIZES = {"portrait": (390, 844), "landscape": (844, 390), "small": (320, 568)}


def until(true, seconds=20.0, what="it"):
    """What is waited for, once it is there."""
    deadline = time.monotonic() + seconds
    while not (came := true()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.05)
    return came


class Stand:
    """The daemon and the page, as two processes."""

    def __init__(self, folder, settings):
        self.folder = folder
        (folder / "page").mkdir()
        (folder / "page" / "settings.toml").write_text(settings)
        environment = {name: value for name, value in os.environ.items() if name != "FOCUSCAM_SOCKET"}
        self.environment = environment | {
            "XDG_RUNTIME_DIR": str(folder),
            "GPIOZERO_PIN_FACTORY": "mock",
            "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
            "OMP_NUM_THREADS": "1",
        }
        self.daemon = self.page = None

    def start(self):
        self.start_daemon()
        self.page = self._run("page", state="page")
        line = ""
        while "The page is at" not in line:
            line = self.page.stderr.readline()
            assert line, "the page did not come up"
        self.address = re.search(r"http://localhost:\d+/", line)[0]
        self.key = (self.folder / "page" / "key").read_text().strip()

    def start_daemon(self):
        (self.folder / "daemon").mkdir(exist_ok=True)
        self.daemon = self._run("--source", "sim", state="daemon")
        until(lambda: self.status().get("light"), 30, "the daemon's first reading")

    def _run(self, *arguments, state):
        environment = self.environment | {"STATE_DIRECTORY": str(self.folder / state)}
        command = [sys.executable, "-m", "focuscam", *arguments]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    def kill_daemon(self):
        self.daemon.kill()
        self.daemon.communicate()

    def status(self):
        link = join([self.folder / "focuscam.sock"])
        if link is None:
            return {}
        with link:
            assert isinstance(link, Link)
            return link.ask("status")

    def end(self):
        for process in (self.page, self.daemon):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=20)


@pytest.fixture(scope="module")
def make_stand(tmp_path_factory):
    stands = []

    def make(settings):
        stands.append(Stand(tmp_path_factory.mktemp("stand"), settings))
        stands[-1].start()
        return stands[-1]

    yield make
    for each in stands:
        each.end()


@pytest.fixture(scope="module")
def stand(make_stand):
    return make_stand("[page]\nport = 18017\n")


@pytest.fixture(scope="module")  # it keeps a loop of asyncio running in this thread, where others want their own
def chromium():
    program = shutil.which("chromium")
    if sync_playwright is None or program is None:
        pytest.skip("SKIPPED: the page was not tried in a browser: `apt install chromium`, and playwright from PyPI.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        )
        yield browser
        browser.close()


class Phone:
    """A page in a browser with a touch screen."""

    def __init__(self, context, stand):
        self.stand = stand
        self.context = context
        self.page = context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self._asked(request.url))
        self.elsewhere = []
        self.page.goto(f"{stand.address}#{stand.key}")
        self.touch = context.new_cdp_session(self.page)
        self.page.wait_for_selector("#picture", timeout=20_000)  # the way in has none
        self.page.wait_for_selector("#veil", state="hidden", timeout=20_000)

    def _said(self, message):
        if message.type == "error" and "401" not in message.text and "ERR_CONNECTION" not in message.text:
            self.errors.append(message.text)

    def _asked(self, url):
        if not url.startswith((self.stand.address, "blob:")):
            self.elsewhere.append(url)

    def text(self, selector):
        return self.page.locator(selector).inner_text()

    def tap(self, selector):
        """Touch a control; the page is moved so that it can be reached, as a thumb would."""
        self.page.locator(selector).scroll_into_view_if_needed()
        self.page.locator(selector).tap(force=True)  # also one that is grey

    def pressed(self, selector):
        return self.page.locator(selector).get_attribute("aria-pressed") == "true"

    def place(self, x, y):
        """Where a place of the picture, in fractions of what is seen, is on the screen, px."""
        self.page.locator("#picture").scroll_into_view_if_needed()
        box = self.page.locator("#picture").bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def fingers(self, kind, *places):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def seen(self):
        """The part of the frame that the picture shows, as the page says on the slider."""
        return float(self.page.locator("#magnify").input_value())


@pytest.fixture
def phone(chromium, stand):
    with contextlib.ExitStack() as stack:

        def open_one(size="portrait", scheme="dark", at=None, **more):
            width, height = SIZES[size]
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                has_touch=True, is_mobile=True, device_scale_factor=2, color_scheme=scheme, **more,
            )  # fmt: skip
            stack.callback(context.close)
            return Phone(context, at or stand)

        yield open_one
