"""Loads lgpio, through which gpiozero has the pins, in a folder of its own. Takes the standard library alone."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
import tempfile


def load_lgpio() -> None:
    """Load lgpio, where gpiozero is going to.

    As it is loaded it leaves a named pipe in the working directory: in one that can't be written to, "no GPIO" is all
    that is heard of it, and in any other the pipe stays. Where $LG_WD is set, as in our unit, it goes there first, and
    all of the process with it, so that relative paths mean others. So it gets a folder, and we come back from there.
    """
    wanted = os.environ.get("GPIOZERO_PIN_FACTORY", "lgpio") == "lgpio"
    if not wanted or "LG_WD" in os.environ or "lgpio" in sys.modules or importlib.util.find_spec("lgpio") is None:
        return
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(prefix="focuscam-") as folder:
        here = os.open(".", os.O_PATH | os.O_CLOEXEC)
        os.environ["LG_WD"] = folder
        try:
            importlib.import_module("lgpio")
        except Exception:  # gpiozero meets the same, and is asked why
            pass
        finally:
            del os.environ["LG_WD"]
            os.fchdir(here)
            os.close(here)
