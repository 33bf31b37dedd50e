"""One file to send: answers, what was seen, versions, the doctor's lines, the journal, a sweep with a few pictures."""

from __future__ import annotations

import io
import platform
import tarfile
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path

from focuscam.doctor.finding import asked
from focuscam.errors import FocuscamError
from focuscam.first_run.notes import give_to_who_asked
from focuscam.system.files import Draft, contents

PICTURES = 40
"""So many of a sweep go into the archive, evenly chosen: all of them are too much to send."""
_PATIENCE_S = 30.0
_MOST_BYTES = 1_000_000
"""Of a file of the system."""

_ASKED: Mapping[str, tuple[str, ...]] = {
    "cameras.txt": ("rpicam-hello", "--list-cameras"),
    "packages.txt": ("dpkg-query", "--show", "*libcamera*", "*picamera2*", "*lgpio*", "*numpy*", "rpicam*", "systemd"),
    "firmware.txt": ("vcgencmd", "version"),
    "service.txt": ("systemctl", "show", "focuscam", "--no-pager"),
    "journal.txt": ("journalctl", "-u", "focuscam", "-b", "-n", "5000", "-o", "short-precise", "--no-pager"),
}  # fmt: skip
_READ = ("/proc/meminfo", "/proc/cmdline", "/proc/device-tree/model", "/etc/os-release", "/boot/firmware/config.txt")


def packed(folder: Path, examine: Callable[[], object]) -> Path:
    """The archive beside a walk's folder. examine: prints what the doctor says. Raises FocuscamError."""
    final = folder.parent / f"{folder.name}.tar.gz"
    doctor = io.StringIO()
    with redirect_stdout(doctor):
        examine()
    texts = {"doctor.txt": doctor.getvalue(), "machine.txt": "\n".join(platform.uname()) + "\n"}
    texts |= {name: asked(*command, patience_s=_PATIENCE_S)[1] + "\n" for name, command in _ASKED.items()}
    texts |= {Path(each).name: _read(Path(each)) for each in _READ}
    try:
        with Draft(final) as draft:
            with tarfile.open(fileobj=draft.file, mode="w:gz") as archive:
                for name, text in texts.items():
                    _put(archive, f"{folder.name}/{name}", text)
                for file in _wanted(folder):
                    archive.add(file, f"{folder.name}/{file.relative_to(folder)}", recursive=False)
            draft.sync()
            draft.publish(replace=True)
    except OSError as error:
        raise FocuscamError(
            f"{final} can't be written ({error.strerror}): make room there, and type the same again; "
            f"the answers are kept in {folder}."
        ) from None
    give_to_who_asked(final)
    return final


def _wanted(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    pictures = [path for path in files if path.suffix == ".png"]
    chosen = {pictures[at * len(pictures) // PICTURES] for at in range(PICTURES)} if pictures else set()
    return [path for path in files if path.suffix != ".png" or path in chosen]


def _read(file: Path) -> str:
    try:
        return contents(file, most=_MOST_BYTES, follow=True).decode(errors="replace")
    except OSError as error:
        return f"{file}: {error.strerror}\n"


def _put(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(data), int(time.time())
    archive.addfile(entry, io.BytesIO(data))
