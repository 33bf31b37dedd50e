"""Who may come in: the right key, by the right name, from the page itself; and never many tries at once. Pure."""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

FREE_TRIES = 3
"""Wrong keys that cost nothing but the answer: people mistype."""
LONGEST_S = 60.0
"""The wait doubles with each further one up to this, s."""
REMEMBERED = 1000
"""Addresses with wrong keys; of more, the oldest is forgotten."""


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    closed_until: float = 0.0


class Doors:
    """Decides over each request; keeps only count of wrong keys."""

    def __init__(self, key: str, names: Collection[str]) -> None:
        """names: those that this machine answers to, beside its addresses."""
        self._key = key.encode()
        self._names = {name.lower().rstrip(".") for name in names}
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def knows(self, host: str | None) -> bool:
        """Whether a Host is ours: a name of ours or any bare address, whatever the port, which a tunnel may change.

        A page of somebody else's reaches us by a name of its own that it lets point here, never by an address.
        """
        name, _ = _split(host or "")
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    @staticmethod
    def same_origin(origin: str | None, site: str | None, host: str) -> bool:
        """Whether a request comes from our own page, as far as a browser says: its Origin and Sec-Fetch-Site."""
        if site not in (None, "same-origin", "none"):
            return False
        return origin is None or origin.lower() == f"http://{host.lower()}"

    def wait(self, address: str, now: float) -> float:
        """How long this address has to wait before another key of its is looked at, s; 0: not at all."""
        tries = self._tries.get(_neighbourhood(address))
        return max(0.0, tries.closed_until - now) if tries else 0.0

    def fits(self, key: str | None, address: str, now: float) -> bool:
        """Whether this is the key; a wrong one is counted. Ask `wait` before."""
        if key is None:
            return False
        place = _neighbourhood(address)
        if hmac.compare_digest(key.encode("utf-8", "replace"), self._key):
            self._tries.pop(place, None)
            return True
        tries = self._tries.setdefault(place, _Tries())
        self._tries.move_to_end(place)
        tries.wrong += 1
        if tries.wrong > FREE_TRIES:
            tries.closed_until = now + min(2.0 ** min(tries.wrong - FREE_TRIES - 1, 10), LONGEST_S)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        return False


def _split(host: str) -> tuple[str, str]:
    """Name and port of a Host, the name in small letters and without brackets."""
    host = host.lower()
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        return name, port.removeprefix(":")
    name, _, port = host.partition(":")
    return name.rstrip("."), port


def _neighbourhood(address: str) -> str:
    """An address; of IPv6 its network, since whoever has one address there has them all."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
