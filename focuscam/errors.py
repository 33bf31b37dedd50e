"""What can end focuscam, each with the exit status that tells systemd and scripts what to do next."""

from __future__ import annotations


class FocuscamError(Exception):
    """One sentence for the user that says what to do, and the exit status that goes with it."""

    status = 1  # failed while running: systemd starts it again


class RefusedError(FocuscamError):
    """What was wished can't be done, as the loop stands."""


class ImpossibleError(RefusedError):
    """What was wished can't be done with this source and these settings: trying again would not help."""

    status = 78


class UsageError(FocuscamError):
    """The command line asks for something that cannot be: a path that is absent, a folder without images."""

    status = 2


class CameraError(FocuscamError):
    """No camera, or it is busy or forbidden (EX_UNAVAILABLE of sysexits.h)."""

    status = 69


class CameraBusyError(CameraError):
    """Another program holds the camera; it may be had later."""


class ConfigurationError(FocuscamError):
    """The settings, the model or the pins are wrong (EX_CONFIG): trying again would not help."""

    status = 78


class NotYetError(ConfigurationError):
    """Pins that can't be had just now, but may come by themselves: the daemon waits for them."""


class NextTimeError(ConfigurationError):
    """Pins that this very process can never have, but the next one may: systemd starts it again."""

    status = 1
