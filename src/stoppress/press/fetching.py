"""Fetching pages back through this node's edge, as a reader would get them."""

import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from stoppress.edge.answers import CHANGE_HEADER

FETCH_SECONDS = 5.0
_SAFE_IN_TARGET = "/:@!$&'()*+,;=~?%"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the edge answered: the change its print saw, if it sent a stored page."""

    status: int
    change: int | None


class EdgeAway(Exception):
    """Nobody answers at the edge's address."""


class EdgeReader:
    """A reader of this machine's edge: one connection, kept open for the next page."""

    def __init__(self, address: str, host: str) -> None:
        parts = urlsplit(address)
        self._headers = {"Host": host, "Accept-Encoding": "gzip", "User-Agent": "stoppress-receipt"}
        if parts.scheme == "https":
            # It is this machine, asked by an address that no certificate names.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._connection: HTTPConnection = HTTPSConnection(
                parts.hostname or "", parts.port, timeout=FETCH_SECONDS, context=context
            )
        else:
            self._connection = HTTPConnection(
                parts.hostname or "", parts.port, timeout=FETCH_SECONDS
            )

    def close(self) -> None:
        """Drop the connection."""
        self._connection.close()

    def fetch(self, path: str) -> Fetched:
        """Get a page, its body included. Raises EdgeAway."""
        target = quote(path, safe=_SAFE_IN_TARGET)
        try:
            return self._fetch(target)
        except (HTTPException, OSError):
            self._connection.close()  # the edge may have closed a connection that was idle
        try:
            return self._fetch(target)
        except (HTTPException, OSError) as error:
            self._connection.close()
            raise EdgeAway(str(error) or type(error).__name__) from error

    def _fetch(self, target: str) -> Fetched:
        self._connection.request("GET", target, headers=self._headers)
        with self._connection.getresponse() as response:
            response.read()
            change = response.headers.get(CHANGE_HEADER.decode())
        return Fetched(response.status, int(change) if change and change.isdecimal() else None)
