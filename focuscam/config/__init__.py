"""What a user may set: one dataclass for each table of the TOML file, and what is said when a file is wrong.

deploy/focuscam.toml documents every key. Files are read one over the other: the user's, then the one
that focuscam itself keeps in its state directory.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from focuscam.config import toml_file
from focuscam.config.checks import (
    Check,
    a_path,
    a_pin,
    a_region,
    a_sha256,
    an_address,
    as_toml,
    number,
    one_of,
    some_pins,
    whole,
)
from focuscam.config.kept import own_file as own_file
from focuscam.config.kept import set_aside
from focuscam.errors import ConfigurationError
from focuscam.region import Region, parse
from focuscam.system.files import atomic_write, contents
from focuscam.system.saying import shortened

USER_FILE = Path("/etc/focuscam/focuscam.toml")
"""Read where it exists and no other file is named."""


def _setting(default: Any, check: Check) -> Any:  # noqa: ANN401 - dataclasses.field is typed the same way
    return field(default=default, metadata={"check": check})


_switch = one_of(True, False)


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """[camera]"""

    index: int = _setting(0, whole(0, 9))
    rotation: int = _setting(0, one_of(0, 180))
    """Degrees. The ISP turns a picture upside down, but not on its side."""
    hflip: bool = _setting(False, _switch)
    vflip: bool = _setting(False, _switch)
    exposure: float | None = _setting(None, number(0.00001, 200, " seconds"))
    """Seconds; None: automatic."""
    gain: float | None = _setting(None, number(1, 64, " times"))
    """Times; None: automatic."""
    fps: float = _setting(30.0, number(0.005, 120, " frames a second"))
    idle_fps: float = _setting(5.0, number(2, 120, " frames a second"))
    """While nothing changes; as many as `fps` or more: never slower. With fewer than two the light would take a frame
    for missing."""
    hold_exposure: bool = _setting(False, _switch)
    """Whether the automatic exposure holds still while the ring turns."""


@dataclass(frozen=True, slots=True)
class FocusSettings:
    """[focus]"""

    region: Region = _setting(parse("spot"), a_region)  # noqa: RUF009 - it makes a dataclass field
    threshold: float | None = _setting(None, number(0, 1))
    """Score at which the light comes on; None: the model's own."""
    threshold_model: str | None = _setting(None, a_sha256)
    """SHA-256 of the model that the threshold is for; None: for any."""
    hold_s: float = _setting(0.3, number(0, 10, " seconds"))
    """The least time between two switches of the light, s."""
    model: Path | None = _setting(None, a_path)  # noqa: RUF009 - it makes a dataclass field
    """A .tflite file with its .json beside it; None: the one that is shipped."""

    def threshold_for(self, sha256: str) -> float | None:
        """The threshold, where it is for any model or for the one with this SHA-256; else None."""
        return self.threshold if self.threshold_model in (None, sha256) else None


@dataclass(frozen=True, slots=True)
class LedSettings:
    """[led]"""

    pin: int | None = _setting(17, a_pin)
    active_high: bool = _setting(True, _switch)
    required: bool | Literal["auto"] = _setting("auto", one_of("auto", True, False))
    """Whether to end where the pins can't be had; "auto": on a Raspberry Pi only."""
    mode: Literal["threshold", "bright", "blink"] = _setting("threshold", one_of("threshold", "bright", "blink"))
    brightness: float = _setting(1.0, number(0.01, 1))
    """Of full."""
    red: int | None = _setting(None, a_pin)
    """The red half of an LED of two or three colours; its green half is on `pin`."""


@dataclass(frozen=True, slots=True)
class BuzzerSettings:
    """[buzzer]"""

    pin: int | None = _setting(None, a_pin)
    active_high: bool = _setting(True, _switch)
    mode: Literal["chirp", "beep", "tone"] = _setting("chirp", one_of("chirp", "beep", "tone"))


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """[buttons]: pins of buttons to ground."""

    forget: int | None = _setting(None, a_pin)
    lock: int | None = _setting(None, a_pin)
    mute: int | None = _setting(None, a_pin)
    release: int | None = _setting(None, a_pin)
    shutdown: int | None = _setting(None, a_pin)
    capture: int | None = _setting(None, a_pin)


@dataclass(frozen=True, slots=True)
class CaptureSettings:
    """[capture]: stills."""

    trap: Literal["off", "light", "sharpest"] = _setting("off", one_of("off", "light", "sharpest"))
    """When one is taken by itself."""
    folder: Path | None = _setting(None, a_path)  # noqa: RUF009 - it makes a dataclass field
    """None: `stills` in the state directory of the service; where there is none, the folder that one is in."""
    interval_s: float = _setting(5.0, number(0, 86400, " seconds"))
    """From one that was taken by itself to the next, at least, s."""
    most: int = _setting(1000, whole(1, 100_000))
    """Stills in the folder."""
    most_mb: int = _setting(2000, whole(1, 10_000_000))
    """Megabytes (1e6 bytes) of them in the folder."""
    raw: bool = _setting(False, _switch)
    """Whether DNG is saved as well, where the camera gives raw."""


@dataclass(frozen=True, slots=True)
class LensSettings:
    """[lens]: what turns the focusing ring."""

    driver: Literal["camera", "uln2003", "stepdir", "none"] = _setting(
        "camera", one_of("camera", "uln2003", "stepdir", "none")
    )
    """"camera": the lens that the camera moves itself, where it has one."""
    pins: tuple[int, ...] | None = _setting(None, some_pins)
    """IN1 to IN4; or STEP, DIR and, where it is connected, ENABLE."""
    travel: int | None = _setting(None, whole(10, 1_000_000))
    """Steps from one end of the ring to the other."""
    backlash: int = _setting(40, whole(0, 10_000))
    """Steps, at least what it has."""
    speed: float = _setting(400.0, number(1, 2000, " steps a second"))
    start: Literal["find", "here"] = _setting("find", one_of("find", "here"))
    """Whether the ring is turned against its lower end first, or stands there already."""


@dataclass(frozen=True, slots=True)
class SocketSettings:
    """[socket]"""

    path: Path | None = _setting(None, a_path)  # noqa: RUF009 - it makes a dataclass field
    """None: in the runtime directory of the service or of the user."""
    commands: bool = _setting(True, _switch)
    """Whether those who look may change anything."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """[page]"""

    listen: str = _setting("127.0.0.1", an_address)
    """The address at which it can be reached; "0.0.0.0": at all that the machine has."""
    port: int = _setting(8017, whole(1, 65535))
    commands: bool = _setting(True, _switch)
    """Whether those who look at the page may change anything."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is in force."""

    camera: CameraSettings = CameraSettings()
    focus: FocusSettings = FocusSettings()
    led: LedSettings = LedSettings()
    buzzer: BuzzerSettings = BuzzerSettings()
    buttons: ButtonSettings = ButtonSettings()
    lens: LensSettings = LensSettings()
    socket: SocketSettings = SocketSettings()
    capture: CaptureSettings = CaptureSettings()
    page: PageSettings = PageSettings()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where a setting comes from, by "table.key"; what is absent has its default."""

    def with_changes(self, origin: str, **tables: Mapping[str, object]) -> Settings:
        """Settings with `tables` (name: {key: value}) over these. Raises ConfigurationError, which names `origin`."""
        return _over(self, tables, origin)

    def each(self) -> Iterable[tuple[str, object, str]]:
        """Every setting as ("table.key", value, where it comes from)."""
        for table in _tables():
            part = getattr(self, table.name)
            for key in fields(part):
                name = f"{table.name}.{key.name}"
                yield name, getattr(part, key.name), self.origins.get(name, "default")

    def differences(self, other: Settings) -> set[str]:
        """The names, "table.key", of the settings that differ."""
        theirs = {name: value for name, value, _ in other.each()}
        return {name for name, value, _ in self.each() if value != theirs[name]}


def load(file: Path | None = None) -> Settings:
    """Read the settings in force: `file`, or USER_FILE where it exists, and the program's own file over it.

    An own file that is wrong is set aside and passed over, with an error in the log. For the user's it
    raises ConfigurationError, which names the file, the key, what was found and what is allowed.
    """
    settings = Settings()
    if file is not None or _there(USER_FILE):
        settings = _read(settings, file or USER_FILE)
    _refuse_a_pin_used_twice(settings)
    own = own_file()
    if own is not None and os.path.lexists(own):
        try:
            over = _read(settings, own, follow=False)
            _refuse_a_pin_used_twice(over)
            return over
        except ConfigurationError as error:
            set_aside(own, error)
    return settings


def _there(file: Path) -> bool:
    """Whether there is a file; one that can't be looked at is there, and says why when it is read."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def keep(tables: Mapping[str, Mapping[str, object]]) -> Path:
    """Write settings, {table: {key: value}}, into the program's own file, over what it holds; returns where it is.

    Where it holds that already nothing is written; what can't be read any more is set aside. Raises ConfigurationError
    where there is no state directory, or it can't be written.
    """
    file = own_file()
    if file is None:
        raise ConfigurationError("There is no state directory to keep settings in: only the service has one.")
    kept: dict[str, Any] = {}
    if os.path.lexists(file):
        try:
            kept = _toml_of(file, follow=False)
            _over(Settings(), kept, str(file))
        except ConfigurationError as error:
            set_aside(file, error)
            kept = {}
    changed = kept | {name: {**kept.get(name, {}), **keys} for name, keys in tables.items()}
    if changed == kept:
        return file
    _over(Settings(), changed, str(file))
    text = "# Written by focuscam; read over the user's own settings.\n"
    for name, keys in changed.items():
        text += f"\n[{name}]\n" + "".join(f"{key} = {as_toml(value)}\n" for key, value in keys.items())
    try:
        atomic_write(file, text.encode())
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be written ({error.strerror}).") from None
    return file


def _refuse_a_pin_used_twice(settings: Settings) -> None:
    users: dict[int, str] = {}
    pins = [("led.pin", settings.led.pin)]
    if settings.led.pin is not None:
        pins.append(("led.red", settings.led.red))
    pins.append(("buzzer.pin", settings.buzzer.pin))
    pins += [(f"buttons.{key.name}", getattr(settings.buttons, key.name)) for key in fields(settings.buttons)]
    if settings.lens.driver in ("uln2003", "stepdir"):
        pins += [("lens.pins", pin) for pin in settings.lens.pins or ()]
    for name, pin in pins:
        if pin is None:
            continue
        table, key = name.split(".")
        if pin in users:
            other = users[pin].split(".")
            origin = settings.origins.get(name) or settings.origins.get(users[pin]) or "The settings"
            raise ConfigurationError(
                f"{origin}: [{table}] {key} = {pin}, but [{other[0]}] {other[1]} uses that pin already; choose another."
            )
        users[pin] = name


def _read(settings: Settings, file: Path, follow: bool = True) -> Settings:
    return _over(settings, _toml_of(file, follow), str(file))


def _toml_of(file: Path, follow: bool) -> dict[str, Any]:
    """What the TOML of a file says. follow: whether a link may lead to it. Raises ConfigurationError."""
    name = shortened(str(file))
    try:
        return toml_file.tables(contents(file, most=toml_file.MOST_BYTES, follow=follow))
    except FileNotFoundError:
        raise ConfigurationError(
            f"{name}: there is no such file; leave out --config or name one that exists."
        ) from None
    except PermissionError:
        raise ConfigurationError(
            f"{name}: may not be read: type `sudo chmod a+rX {file.parent} {file}`, or name another with --config."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{name}: cannot be read ({error.strerror}): name another with --config.") from None
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}.") from None


def _over(settings: Settings, tables: Mapping[str, object], origin: str) -> Settings:
    known = {table.name: getattr(settings, table.name) for table in _tables()}
    origins = dict(settings.origins)
    for name, keys in tables.items():
        if name not in known:
            shown = shortened(name)
            raise ConfigurationError(f"{origin}: [{shown}] is not a table of settings; {_nearest(shown, known)}")
        if not isinstance(keys, Mapping):
            shown = shortened(as_toml(keys))
            raise ConfigurationError(f"{origin}: {name} is {shown}, but must be a table: write [{name}].")
        checks = {key.name: key.metadata["check"] for key in fields(known[name])}
        for key, value in keys.items():
            if key not in checks:
                shown = shortened(key)
                raise ConfigurationError(f"{origin}: [{name}] {shown} is not a setting; {_nearest(shown, checks)}")
            try:
                known[name] = replace(known[name], **{key: checks[key](value)})
            except ValueError as error:
                shown = shortened(as_toml(value))
                raise ConfigurationError(f"{origin}: [{name}] {key} is {shown}, but must be {error}.") from None
            origins[f"{name}.{key}"] = origin
    return replace(settings, **known, origins=origins)


def _tables() -> Iterable[Field[Any]]:
    return (each for each in fields(Settings) if each.name != "origins")


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}."
