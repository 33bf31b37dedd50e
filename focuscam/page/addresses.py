"""By which names and addresses this machine is reached, without asking anybody."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct

_ASK_ADDRESS = 0x8915
"""SIOCGIFADDR: the IPv4 address of a network interface."""


def names() -> set[str]:
    """What this machine may be called in a Host: its own name, alone and as mDNS has it."""
    own = socket.gethostname().split(".")[0] or "localhost"
    return {"localhost", own, f"{own}.local"}


def own() -> list[str]:
    """Its IPv4 addresses, but for the one that is only itself."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asked, _ASK_ADDRESS, struct.pack("256s", name.encode()[:15]))
            except OSError:  # it has none
                continue
            address = ipaddress.IPv4Address(answer[20:24])
            if not address.is_loopback:
                found.append(str(address))
    return list(dict.fromkeys(found))


def reached_at(listen: str) -> list[str]:
    """Where others find what listens at this address; nowhere, where that is this machine alone."""
    address = ipaddress.ip_address(listen)
    if address.is_loopback:
        return []
    return (own() or [f"{socket.gethostname()}.local"]) if address.is_unspecified else [listen]


def link(host: str, port: int, key: str | None = None) -> str:
    """An address to open. The key stands behind a #: a browser tells that to nobody."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"#{key}" if key else "")
