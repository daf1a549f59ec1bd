"""Front proxies: who asks, when a proxy of ours asks for somebody.

A client can write anything into X-Forwarded-For, and each proxy appends whom it speaks for. So the
list is read from its right end: hops that are proxies we were told of are skipped, and the first
other one is the reader. What stands left of it is hearsay. The header of a client that is no
proxy of ours means nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from stoppress.edge.asgi import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDED_FOR = b"x-forwarded-for"
FORWARDED_PROTO = b"x-forwarded-proto"
_SCHEMES = ("http", "https")


class Proxies:
    """The proxies in front of the edge whose word is taken."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take addresses and networks ("10.0.0.0/8"). Raises ValueError for what is neither."""
        self._networks: tuple[Network, ...] = tuple(map(ipaddress.ip_network, networks))
        self.are_any = bool(self._networks)

    def resolve(self, scope: Scope) -> None:
        """Put the reader's address and scheme in the scope, if a proxy of ours vouches for them."""
        if not self._networks or not scope["client"]:
            return
        peer = read_address(scope["client"][0])
        if peer is None or not self._has(peer):
            return
        hops = _listed(scope, FORWARDED_FOR)
        place, reader = self._reader(peer, hops)
        scope["client"] = (str(reader), 0)
        schemes = _listed(scope, FORWARDED_PROTO)
        scheme = schemes[place if len(schemes) == len(hops) else -1] if schemes else ""
        if scheme.lower() in _SCHEMES:
            scope["scheme"] = scheme.lower()

    def has(self, address: str) -> bool:
        """Whether an address is that of a proxy of ours."""
        read = read_address(address)
        return read is not None and self._has(read)

    def _reader(self, peer: Address, hops: list[str]) -> tuple[int, Address]:
        """The rightmost hop that is no proxy of ours, and its place from the right (-1).

        A hop that is no address ends the search: what vouches for the rest is unknown.
        """
        place, nearest = -1, peer
        for index, hop in enumerate(reversed(hops), start=1):
            address = read_address(hop)
            if address is None:
                break
            place, nearest = -index, address
            if not self._has(address):
                break
        return place, nearest

    def _has(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def read_address(text: str) -> Address | None:
    """An address as proxies write it: bare, with a port, in brackets; IPv4 inside IPv6 is IPv4."""
    host = text.strip().partition("%")[0]
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _listed(scope: Scope, name: bytes) -> list[str]:
    """The values of a header that is a list, from all its lines."""
    values = [value.decode("latin-1") for given, value in scope["headers"] if given == name]
    return [item.strip() for value in values for item in value.split(",") if item.strip()]
