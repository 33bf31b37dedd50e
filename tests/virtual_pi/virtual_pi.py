"""A Raspberry Pi without the Pi: boots the root that `make_root` made, and looks at it from outside."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from focuscam.simulation.camera import Simulated

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
CHECKOUT = "/home/ada/focuscam"
"""Where the user of the Pi has the repository."""
LED = 17

SIZE = (1296, 972)
STEPS = 30
IMAGES_AT_REST = 75
FRAMES_AN_IMAGE = 4
"""libcamera's virtual camera shows each image for so many frames."""


@dataclass(frozen=True)
class Change:
    """The pin was given a level."""

    time: float
    """CLOCK_MONOTONIC, s; the same inside and outside."""
    level: float | None
    """0 to 1; None when the pin was made an input, which turns an LED off as well."""

    @property
    def lit(self) -> bool:
        return bool(self.level)


@dataclass(frozen=True)
class Footprint:
    """What a process takes up."""

    memory_kb: int
    threads: int
    files: tuple[str, ...]
    """What its open files are."""


class VirtualPi:
    """One Pi, from power on to power off. Its disk is thrown away at the end."""

    def __init__(self, root: Path) -> None:
        """root: as `make_root` leaves it; it is not written to."""
        self._folder = Path(tempfile.mkdtemp(prefix="virtual-pi-"))
        self.disk = self._folder / "disk"
        for name in ("disk", "written", "work"):
            (self._folder / name).mkdir()
        layers = f"lowerdir={root},upperdir={self._folder}/written,workdir={self._folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.disk], check=True)
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._changed = False
        self.blur = self._make_sweep()
        """Diameter of the circle of confusion of each image on show, px of the fine luma."""
        self._put_in()

    # ---- what is in it ----

    def _make_sweep(self) -> list[float]:
        """Images of a simulated lens, from near to far and back, so that the camera can play them in a circle."""
        there_and_back = [*range(STEPS), *range(STEPS - 2, 0, -1)]
        lens = Simulated(seed=3, size=SIZE, paced=False, fps=1)
        # The ring's scale is not even; equal steps of it around the best are what a hand does.
        lens.hand = lambda second: float(np.clip(lens.best + (second - STEPS // 2) / STEPS * 0.4, 0, 1))
        folder = self.disk / "srv/sweep"
        folder.mkdir(parents=True)
        pictures = []
        for number, step in enumerate(there_and_back):
            pictures.append(Image.fromarray(lens.frame(step).fine).convert("RGB"))
            pictures[-1].save(folder / f"{number}.jpg", quality=95)
        blur = [lens.blur_at(step) for step in there_and_back]
        self._make_rest(pictures, blur.index(min(blur)))
        return blur

    def _make_rest(self, pictures: list[Image.Image], best: int) -> None:
        """Small images: the best for some seconds, and then the hand goes to the end of the ring and comes back."""
        folder = self.disk / "srv/rest"
        folder.mkdir()
        order = [best] * IMAGES_AT_REST + [*range(best, STEPS), *range(STEPS - 1, best, -1)]
        for number, image in enumerate(order):
            pictures[image].resize((648, 486)).save(folder / f"{number}.jpg", quality=95)

    def _put_in(self) -> None:
        tools = self.disk / "usr/local/lib/virtual_pi"
        tools.mkdir(parents=True)
        for name in ("sitecustomize.py", "pigpiod.py"):
            shutil.copy(HERE / "inside" / name, tools)
        gcc = [
            "gcc",
            "-shared",
            "-fPIC",
            "-O2",
            "-Wall",
            "-o",
            tools / "virtual_camera.so",
            HERE / "inside/virtual_camera.c",
        ]
        subprocess.run(gcc, check=True)
        [wheel] = (self.disk / "var/cache/wheels").glob("pigpio-*.whl")
        shutil.unpack_archive(wheel, tools, "zip")
        self.camera_is_there(True)
        units = self.disk / "etc/systemd/system"
        (units / "focuscam.service.d").mkdir(parents=True)
        shutil.copy(HERE / "inside/virtual.conf", units / "focuscam.service.d")
        shutil.copy(HERE / "inside/pigpiod.service", units)
        (units / "multi-user.target.wants").mkdir(exist_ok=True)
        (units / "multi-user.target.wants/pigpiod.service").symlink_to("../pigpiod.service")
        self.check_out()

    def check_out(self, version: str | None = None) -> None:
        """Give the user the repository as it is now; version: as if it were that one."""
        checkout = self.disk / CHECKOUT[1:]
        shutil.rmtree(checkout, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__", "scratch")
        for name in ("focuscam", "models", "deploy"):
            shutil.copytree(REPOSITORY / name, checkout / name, symlinks=True, ignore=ignored)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(REPOSITORY / name, checkout)
        if version:
            (checkout / "focuscam/__init__.py").write_text(f'"""An older focuscam."""\n\n__version__ = "{version}"\n')

    # ---- power ----

    def boot(self) -> None:
        """Power on, and wait until systemd has started everything."""
        log = (self._folder / "console.log").open("wb")
        # Without CAP_NET_ADMIN systemd could not give the service a network of its own (PrivateNetwork=).
        how = ["--boot", "--register=no", "--keep-unit", "--console=pipe", "--capability=CAP_NET_ADMIN"]
        self._nspawn = subprocess.Popen(
            ["systemd-nspawn", "--directory", self.disk, *how],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        until(self._find_leader, 20, "systemd as PID 1")
        until(
            lambda: self.run("systemctl is-system-running", check=False).strip() in ("running", "degraded"), 60, "boot"
        )
        # Where a camera has its device, of the group that udev gives it.
        self.run("mkdir -p /run/virtual_camera; install -m 660 -g video /dev/null /dev/media0")

    def _find_leader(self) -> bool:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended:\n{(self._folder / 'console.log').read_text()[-3000:]}")
        parents = {str(self._nspawn.pid)}
        for _ in range(3):  # nspawn forks twice before it starts systemd
            found = subprocess.run(["pgrep", "-P", ",".join(parents)], capture_output=True, text=True).stdout.split()
            for pid in found:
                with contextlib.suppress(FileNotFoundError):  # it was one of those that go again at once
                    if Path(f"/proc/{pid}/comm").read_text().strip() == "systemd":
                        self._leader = int(pid)
                        return True
            parents = set(found) or parents
        return False

    def power_off(self) -> None:
        """Pull the plug."""
        if self._nspawn is not None:
            # The end of PID 1 is the end of all.
            os.kill(self._leader or self._nspawn.pid, signal.SIGKILL)
            self._nspawn.wait(20)
            self._nspawn = None

    def throw_away(self) -> None:
        self.power_off()
        subprocess.run(["umount", "--lazy", self.disk], check=True)
        shutil.rmtree(self._folder)

    # ---- what one can do to it ----

    def run(self, command: str, user: str = "root", check: bool = True, timeout: float = 300) -> str:
        """What a shell command says inside, stdout and stderr together."""
        return self.ended(command, user, check, timeout)[1]

    def ended(self, command: str, user: str = "root", check: bool = False, timeout: float = 300) -> tuple[int, str]:
        """(exit status, stdout and stderr) of a shell command inside, in a fresh login of `user`."""
        done = subprocess.run(
            self.login(command, user),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0 or not check, f"{command}: status {done.returncode}\n{done.stdout}"
        return done.returncode, done.stdout

    def login(self, command: str, user: str = "root") -> list[str]:
        """The words that run a shell command inside, in a fresh login of `user`."""
        enter = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-p", "-n", "-r", "-w"]
        login = ["env", "-i", "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin", "LC_ALL=C.UTF-8", "PAGER=cat"]
        change = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"] if user != "root" else []
        home = f"export HOME=$(getent passwd {user} | cut -d: -f6); cd; "
        return [*enter, *login, *change, "bash", "-c", home + command]

    def camera_is_there(self, there: bool, film: str = "sweep") -> None:
        """Plug the camera in, or pull it out; seen by whoever opens it next.

        film: what it shows, again and again: "sweep", "rest": ten seconds of the best image before each, or "bars",
        which take no memory.
        """
        file = self.disk / "usr/share/libcamera/pipeline/virtual/virtual.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        if there:
            text = (HERE / "inside/virtual.yaml").read_text()
            if film == "rest":
                text = text.replace("/srv/sweep/", "/srv/rest/").replace("1296", "648").replace("972", "486")
                self._changed = True
            if film == "bars":
                text = text.replace("frames:", "test_pattern: bars").replace('    path: "/srv/sweep/"\n', "")
                self._changed = True
            file.write_text(text)
            # Whoever is not in the group video sees no camera, as where the devices can't be opened.
            os.chown(file, 0, self._group("video"))
            file.chmod(0o640)
        else:
            file.unlink()

    def _group(self, name: str) -> int:
        lines = (self.disk / "etc/group").read_text().splitlines()
        return next(int(line.split(":")[2]) for line in lines if line.startswith(f"{name}:"))

    def camera(self, what: str, on: bool) -> None:
        """frozen: it delivers nothing any more. free: it delivers as fast as it can."""
        self.run(f"touch /run/virtual_camera/{what}" if on else f"rm -f /run/virtual_camera/{what}")

    def settings(self, text: str | None = None) -> None:
        """Put the user's settings in place; None: those that are shipped."""
        self._changed = self._changed or text is not None
        shipped = REPOSITORY / "deploy/focuscam.toml"
        (self.disk / "etc/focuscam/focuscam.toml").write_text(shipped.read_text() if text is None else text)

    def install(self, options: str = "") -> str:
        """What deploy/install.sh says to ada, who runs it with sudo."""
        return self.run(f"SUDO_USER=ada {CHECKOUT}/deploy/install.sh {options}")

    def mend(self) -> None:
        """Put right what a test may have broken, and wait for the first frame to be scored."""
        self.camera_is_there(True)
        self.camera("frozen", False)
        self.camera("free", False)
        if not (self.disk / "etc/systemd/system/focuscam.service").exists():
            self.install()
        self.settings()
        if self.service("ActiveState") != "active" or self._changed:
            self.run("systemctl reset-failed focuscam; systemctl restart focuscam", check=False)
        self._changed = False
        self.wait_for("active")

    def as_the_service(self, arguments: str) -> str:
        """The command line that runs focuscam as the service does, but by hand: its user, its camera, no pins."""
        environment = self.run("systemctl show --value --property Environment focuscam").strip()
        environment = environment.replace("GPIOZERO_PIN_FACTORY=pigpio", "GPIOZERO_PIN_FACTORY=lgpio")
        return (
            f"cd /tmp; setpriv --reuid focuscam --regid focuscam --init-groups env {environment} focuscam {arguments}"
        )

    # ---- what one can see from outside ----

    def led(self, since: float = 0.0, pin: int = LED) -> list[Change]:
        """The history of the pin, as its stand-in wrote it down."""
        log = self.disk / "var/log/pins"
        lines = []
        for line in log.read_text().splitlines() if log.exists() else []:
            try:
                lines.append(json.loads(line))
            except ValueError:  # whoever wrote it was killed meanwhile
                continue
        return [Change(line["time"], line["level"]) for line in lines if line["pin"] == pin and line["time"] >= since]

    def lit(self) -> bool:
        """Whether the LED is lit now."""
        history = self.led()
        return bool(history) and history[-1].lit

    def wait_for_light(self) -> None:
        """Wait until the LED has just come on, so that there is time for something to happen while it is lit."""
        until(lambda: not self.lit(), 30, "the LED is off", self.journal)
        until(self.lit, 30, "the LED is lit", self.journal)

    def steady(self, since: float, until: float | None = None, longer_than: float = 0.25) -> list[tuple[float, float]]:
        """When the LED was lit, (from, to), for longer than a blip or a blink lasts."""
        end = time.monotonic() if until is None else until
        spans, began = [], None
        for change in self.led():
            if change.lit and began is None:
                began = change.time
            elif not change.lit and began is not None:
                spans.append((began, change.time))
                began = None
        if began is not None:
            spans.append((began, end))
        spans = [(max(a, since), min(b, end)) for a, b in spans]
        return [(a, b) for a, b in spans if b - a > longer_than]

    def green_again(self, since: float, seconds: float = 40) -> float:
        """Wait for a steady light that began after `since`; returns when it did, time.monotonic()."""
        until(lambda: any(a > since for a, _ in self.steady(since)), seconds, "a steady light", self.journal)
        return next(a for a, _ in self.steady(since) if a > since)

    def image_on_show(self, frame: int) -> int:
        """Which image of the sweep a frame of the camera shows."""
        return frame // FRAMES_AN_IMAGE % len(self.blur)

    def frames(self) -> np.ndarray:
        """When each frame of the running service was on show, CLOCK_MONOTONIC, s."""
        path = Path(f"/proc/{self._leader}/root/run/focuscam/frames")
        return np.fromfile(path) if path.exists() else np.empty(0)

    def service(self, key: str, unit: str = "focuscam") -> str:
        """A property of the service, as `systemctl show` names them."""
        return self.run(f"systemctl show --value --property {key} {unit}").strip()

    def main_pid(self) -> int:
        return int(self.service("MainPID"))

    def cpu_seconds(self, pid: int) -> float:
        """Processor time that a process has had, s."""
        fields = self.run(f"cat /proc/{pid}/stat").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def footprint(self, pid: int) -> Footprint:
        """What a process takes up, once it has noticed who has just hung up."""
        time.sleep(1)
        status = dict(
            line.split(":\t", 1) for line in self.run(f"cat /proc/{pid}/status").splitlines() if ":\t" in line
        )
        files = self.run(f"for fd in /proc/{pid}/fd/*; do readlink $fd; done").splitlines()
        return Footprint(int(status["VmRSS"].split()[0]), int(status["Threads"]), tuple(sorted(files)))

    def journal(self, since: float = 0.0) -> str:
        """What the service and systemd said about it, from a time.monotonic() on."""
        ago = time.monotonic() - since
        return self.run(
            f"journalctl -o cat -u focuscam --since=-{ago:.0f}s" if since else "journalctl -o cat -u focuscam"
        )

    def wait_for(self, state: str, seconds: float = 30) -> None:
        """Wait until the service is in a state, such as "active" or "failed"."""
        until(lambda: self.service("ActiveState") == state, seconds, f"the service is {state}", self.journal)


def until(condition: Callable[[], bool], seconds: float, what: str, explain: Callable[[], str] = lambda: "") -> float:
    """Wait for a condition; returns when it came true, time.monotonic(). Fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}\n{explain()[-4000:]}"
        time.sleep(0.1)
    return time.monotonic()
