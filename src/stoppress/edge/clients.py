"""Clients: who they are to limits, and how many connections each has open."""

from __future__ import annotations

import ipaddress
from collections import Counter

from stoppress.edge.asgi import Scope
from stoppress.edge.proxies import Proxies, read_address

IPV6_HOUSEHOLD_BITS = 64  # what one subscriber is given (RFC 6177): its addresses are one client
# A front proxy on this machine speaks for many readers, named or not.
_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})


class Clients:
    """The open connections of each client."""

    def __init__(self, most_connections: int, proxies: Proxies) -> None:
        self._most = most_connections
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def come(self, address: str) -> bool:
        """Count a connection; whether the client may have it."""
        client = client_at(address)
        self._open[client] += 1
        is_one = client not in _THIS_MACHINE and not self._proxies.has(address)
        return not is_one or self._open[client] <= self._most

    def go(self, address: str) -> None:
        """Count a connection that is closed."""
        client = client_at(address)
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]


def client_of(scope: Scope) -> str:
    """Who asks, after Proxies has had its say."""
    return client_at(scope["client"][0]) if scope["client"] else ""


def client_at(address: str) -> str:
    """The client behind an address: for IPv6, its network of 64 bits."""
    read = read_address(address)
    if isinstance(read, ipaddress.IPv6Address) and not read.is_loopback:
        return str(ipaddress.ip_network((read, IPV6_HOUSEHOLD_BITS), strict=False))
    return address if read is None else str(read)
