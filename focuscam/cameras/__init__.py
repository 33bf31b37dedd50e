"""Where frames come from. One small protocol; each kind of source in a file of its own."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

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
