"""The settings in force, and where each comes from: files, the command line, and the daemon that runs."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

from focuscam.config import Settings, own_file, toml_file
from focuscam.doctor.daemons import RunningDaemon
from focuscam.doctor.finding import Finding
from focuscam.doctor.service import Unit
from focuscam.errors import ConfigurationError
from focuscam.system.files import contents
from focuscam.system.saying import say

_KEPT = "var/lib/focuscam/settings.toml"
"""What the service itself keeps; it lies in the state directory of the unit."""


def with_kept(settings: Settings, unit: Unit, root: Path) -> tuple[Settings, Finding | None]:
    """These settings with those over them that the service keeps itself, and what there is to say of its file."""
    file = root / _KEPT
    if own_file() is not None or not unit.installed:
        return settings, None
    try:
        tables = toml_file.tables(contents(file, most=toml_file.MOST_BYTES))
        # What the command line says stays above it.
        typed = {name for name, origin in settings.origins.items() if origin.startswith("--")}
        tables = {
            table: {key: value for key, value in keys.items() if f"{table}.{key}" not in typed}
            for table, keys in tables.items()
        }
        return settings.with_changes(str(file), **tables), _set_aside(file)
    except FileNotFoundError:
        return settings, _set_aside(file)
    except PermissionError:
        return settings, Finding(
            "kept settings",
            None,
            f"{file} is over these, and only its owner may read it: `sudo focuscam doctor` shows it",
        )
    except (OSError, ValueError, AttributeError) as error:
        cure = f"type `sudo rm {file}`, and keep them again"
        return settings, Finding("kept settings", False, f"{file} can't be read ({error}): {cure}")
    except ConfigurationError as error:
        return settings, Finding("kept settings", False, f"{error} Or type `sudo rm {file}`, and keep them again.")


def _set_aside(file: Path) -> Finding | None:
    """What there is to say of kept settings that the service could not read."""
    aside = sorted(file.parent.glob(f"{file.name}.unreadable*"))
    if not aside:
        return None
    cure = "keep anew what it held, then type `sudo rm " + " ".join(map(str, aside)) + "`"
    return Finding("kept settings", None, f"{aside[0]} could not be read and was set aside: {cure}")


def with_live(settings: Settings, daemons: Collection[RunningDaemon]) -> Settings:
    """These settings with what those who look have changed in the running daemon since it started."""
    for daemon in daemons:
        region, threshold = daemon.status.get("region_name"), daemon.status.get("threshold")
        live = {}
        with contextlib.suppress(ConfigurationError):
            if region is not None and region != settings.focus.region.name:
                live["region"] = region
            if threshold is not None and threshold != _threshold(settings):
                live["threshold"] = threshold
            return settings.with_changes("the running focuscam, until it ends", focus=live)
    return settings


def _threshold(settings: Settings) -> float:
    from focuscam.focus.model import FocusModel

    model = FocusModel(settings.focus.model)
    own = settings.focus.threshold_for(model.sha256)
    return model.threshold if own is None else own


def show(settings: Settings) -> None:
    """Print every setting, its value, and where it comes from."""
    say("", "Settings in force:")
    for name, value, origin in settings.each():
        shown = "not set" if value is None else value
        say(f"        {name:22} {shown!s:12} ({origin})")
