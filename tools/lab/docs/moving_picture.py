"""The picture at the top of the README: the view over SSH, and the LED beside it, while a simulated lens is focused.

Nothing in it is drawn by hand. A daemon looks at the simulated lens, the view joins it in a terminal, and the LED is as
bright as the daemon says that its LED is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from tqdm import tqdm

from focuscam.ipc.client import Link, join
from lab.docs.emulator import ANSWERS, FOCUSCAM, Emulator
from lab.docs.screen import drawn

COLUMNS, ROWS = 112, 34
LED_WIDTH = 84
"""Px, of the part with the LED."""


def record(seconds: float, fps: float) -> list[Image.Image]:
    """Play for so long, s, and give so many pictures a second. Raises FocuscamError where the daemon does not run."""
    pictures = []
    with tempfile.TemporaryDirectory() as folder, _daemon(Path(folder) / "focuscam.sock") as (link, socket):
        environment = {"FOCUSCAM_SOCKET": str(socket), "COLORTERM": "truecolor"}
        terminal = Emulator(
            [*FOCUSCAM, "--preview", "--picture=blocks"], COLUMNS, ROWS, answers=ANSWERS, environment=environment
        )
        try:
            terminal.look(30, until="fps")
            terminal.type("z")  # near enough that one sees with one's own eyes what is sharp
            link.ask("watch", readings=True)
            level, began = 0.0, time.monotonic()
            for number in tqdm(range(round(seconds * fps)), desc="frames", disable=None):
                terminal.look(max(began + number / fps - time.monotonic(), 0.0))
                for message in link.receive(0.0):
                    level = float(message["led"]) if message.get("type") == "reading" else level
                pictures.append(beside(drawn(terminal.screen), level))
            terminal.type("q")
            terminal.end()
        finally:
            terminal.close()
    return pictures


def beside(view: Image.Image, level: float) -> Image.Image:
    """A view with an LED at its right. level: how bright that is, 0 to 1."""
    picture = Image.new("RGB", (view.width + LED_WIDTH, view.height), "#101010")
    picture.paste(view)
    x, y = view.width + LED_WIDTH // 2, view.height // 2
    glow = Image.new("RGB", picture.size)
    ImageDraw.Draw(glow).circle((x, y), 26, fill=(round(60 * level), round(230 * level), round(90 * level)))
    around = view.width, 0, *picture.size
    lit = ImageChops.add(picture.crop(around), glow.filter(ImageFilter.GaussianBlur(12)).crop(around))
    picture.paste(lit, around)
    pen = ImageDraw.Draw(picture)
    off, on = (44, 58, 46), (150, 255, 170)
    colour = tuple(round(dark + (bright - dark) * level) for dark, bright in zip(off, on, strict=True))
    pen.rectangle((x - 16, y - 4, x + 16, y + 22), fill=colour)
    pen.pieslice((x - 16, y - 22, x + 16, y + 14), 180, 360, fill=colour)
    pen.rectangle((x - 20, y + 22, x + 20, y + 27), fill=colour)
    for leg in (-8, 8):
        pen.line((x + leg, y + 28, x + leg, y + 70), fill="#909090", width=2)
    return picture


def save(pictures: Sequence[Image.Image], file: Path, fps: float) -> None:
    """As an animated GIF: all frames share the colours of a few of them."""
    some = pictures[:: max(len(pictures) // 8, 1)]
    sheet = Image.new("RGB", (some[0].width, some[0].height * len(some)))
    for row, each in enumerate(some):
        sheet.paste(each, (0, row * each.height))
    palette = sheet.quantize(64)
    first, *rest = (each.quantize(palette=palette, dither=Image.Dither.NONE) for each in pictures)
    first.save(file, save_all=True, append_images=rest, duration=round(1000 / fps), loop=0, optimize=True)


@contextmanager
def _daemon(socket: Path) -> Iterator[tuple[Link, Path]]:
    """A daemon with the simulated lens and pins that are none, and a way to hear it."""
    environment = {
        **os.environ,
        "FOCUSCAM_SOCKET": str(socket),
        "GPIOZERO_PIN_FACTORY": "mock",
        "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
    }
    process = subprocess.Popen([sys.executable, "-m", "focuscam", "--source", "sim"], env=environment)
    try:
        while (link := join([socket])) is None:
            if process.poll() is not None:
                raise RuntimeError("The daemon has ended; its last line says why.")
            time.sleep(0.05)
        with link:
            yield link, socket
    finally:
        process.terminate()
        process.wait()
