"""Where frames come from. One small protocol; each kind of source in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from focuscam.messages import Frame, Still


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

    @property
    def frame_s(self) -> float:
        """How long a frame takes at most, s, by the exposure and the frame rate that are set: so long one speaks."""
        ...

    def controls(self) -> Mapping[str, Any]:
        """What can be set, in libcamera's names: (least, most, default). Empty for most sources."""
        ...

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """Set those of the controls that there are; returns the names of the others."""
        ...

    @property
    def still_delay(self) -> float:
        """How long after it was asked for a finer still is exposed, s; 0 where it is the frame at hand."""
        ...

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:
        """A picture to keep; frame: the last that newest() gave, whose pixels still hold.

        It is that very frame, unless `finer` is wanted and the sensor has more pixels than the frame: then it is
        another exposure, made at once, and the next frame comes later, with the pixels of `frame` gone.
        raw: wanted as well, where it can be had with `finer`.
        Raises CameraError where a finer one can't be had, once: from then on the frame itself is taken. The frames
        go on. Raises FocuscamError where the camera has fallen silent.
        """
        ...


class Fixed:
    """For sources in which nothing can be set and which are never silent for long."""

    deadline = 2.0
    frame_s = 0.0
    still_delay = 0.0
    longest_gap = float("inf")
    """How long, s, a frame may be waited for where files are shown at their own pace."""

    def controls(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def set(self, controls: Mapping[str, Any]) -> set[str]:
        """All are returned: there is none to set."""
        return set(controls)

    def still(self, frame: Frame, finer: bool = True, raw: bool = False) -> Still:  # noqa: ARG002
        """The frame itself, grey."""
        return grey(frame)


def grey(frame: Frame, model: str = "") -> Still:
    """A still of all that a source of luma has."""
    return Still(frame.fine.copy(), metadata=frame.metadata, model=model, taken=frame.taken)
