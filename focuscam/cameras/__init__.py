"""Where frames come from. One small protocol; each kind of source in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from focuscam.frame import Frame


class Camera(Protocol):
    """A source of frames, usable in a `with`: entering opens it, leaving closes it."""

    live: bool
    """True where frames pass by whether we look or not; False for files, of which none is dropped."""
    description: str
    """For people: what this source is, such as "imx477 2028x1520" or "41 images in sweep"."""

    def __enter__(self) -> Self:
        """Open the source. Raises UsageError, CameraError."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it. The pixels of the last frame are gone."""
        ...

    def newest(self) -> Frame | None:
        """Wait for a frame that nobody has seen; None when the source has ended (files only).

        Raises FocuscamError (status 1) when the source has fallen silent past its deadline.
        """
        ...

    @property
    def deadline(self) -> float:
        """How long newest() may take before it gives up, s: a watchdog has to be more patient than that."""
        ...

    def controls(self) -> Mapping[str, Any]:
        """What can be set, in libcamera's names: (least, most, default). Empty for most sources."""
        ...

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """Set those of the controls that there are; returns the names of the others."""
        ...


class Fixed:
    """For sources in which nothing can be set and which are never silent for long."""

    deadline = 2.0

    def controls(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """All are returned: there is none to set."""
        return set(controls)
