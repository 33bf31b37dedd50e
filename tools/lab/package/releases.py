"""The releases of Raspberry Pi OS that focuscam is for, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One of them."""

    name: str
    debian: int
    """Its number."""
    python: str
    """The version of its Python, such as "3.13"."""
    glibc: int
    """2.x of its glibc, which decides what wheels it can use."""
    from_apt: tuple[str, ...] = ()
    """Wheels whose packages apt has in a version that does: the camera stack uses the same, and it is room saved."""

    @property
    def next_python(self) -> str:
        """The first version of Python that is not its own any more."""
        major, minor = self.python.split(".")
        return f"{major}.{int(minor) + 1}"


RELEASES = {
    each.name: each
    for each in (
        # The runtime needs numpy 1.26 or so, and apt's there is 1.24.
        Release("bookworm", 12, "3.11", 36),
        Release("trixie", 13, "3.13", 41, ("numpy",)),
    )
}
MACHINES = {"arm64": "aarch64", "amd64": "x86_64"}
"""Debian's names of architectures, and everybody else's."""
