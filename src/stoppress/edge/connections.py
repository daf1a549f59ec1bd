"""One connection under limits: what uvicorn leaves to others.

Size of the head and of the target, one Host, one meaning of a message, time for a head and a body,
idle and stalled connections, how many connections.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from typing import Any, NoReturn, Protocol

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from stoppress.edge.answers import serialize
from stoppress.edge.clients import Clients
from stoppress.edge.heads import is_host

MAX_HEAD_BYTES = 32 * 1024
MAX_TARGET_BYTES = 8 * 1024
MAX_PIPELINED = 64
HEAD_SECONDS = 10  # from a message's first byte to the end of its head; also for the first message
BODY_SECONDS = 30  # between two pieces of a body, and for all of it, plus what it takes at …
SLOWEST_BODY_BYTES = 2000  # … so many bytes a second
IDLE_SECONDS = 65
STALLED_SECONDS = 30  # a client that takes nothing of what we send


class Room(Protocol):
    """What a connection needs of the edge."""

    counted: Counter[str]
    max_connections: int
    clients: Clients


# A method that the parser does not know but RFC 9110 allows: not implemented, rather than bad.
_METHOD = re.compile(rb"[A-Z][A-Z0-9!#$%&'*+.^_`|~-]{0,30} ")


class _Refused(Exception):
    """Ends the parsing of a message that must not reach the app."""


class Connection(HttpToolsProtocol):
    """One connection; every byte goes to uvicorn's parser and the ASGI app."""

    def __init__(self, room: Room, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self.room = room
        self.is_between = True  # at a message boundary
        self.is_in_head = False
        self.head_bytes = 0
        self.refused_with = 400
        self.waits_since = self.loop.time()
        self.stalled_since = self.waits_since
        self.patience: float = HEAD_SECONDS
        self.closing_since = 0.0
        self.first_bytes = b""
        self.address = ""
        self.is_in_body = False
        self.body_since = 0.0
        self.body_bytes = 0

    # Bytes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it if there are too many."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self.room.clients.come(self.address):
            self.refused_with = 429
            self.send_400_response("Too many connections of yours.")
        elif len(self.connections) > self.room.max_connections:
            self.refused_with = 503
            self.send_400_response("Too many connections.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection."""
        self.room.clients.go(self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the parser, as long as the head they belong to is not too long."""
        was_in_head = self.is_in_head
        if self.is_between:
            self.first_bytes = data[:32]
        super().data_received(data)
        self.head_bytes = self.head_bytes + len(data) if was_in_head else 0
        if self.is_in_head and self.head_bytes > MAX_HEAD_BYTES:
            self.refused_with = 431
            self.send_400_response("The request's head is too large.")
        elif not self.is_in_head and not self.is_between:
            self.wait_for_client(BODY_SECONDS)

    # Messages, as uvicorn's parser tells of them

    def on_message_begin(self) -> None:
        """Start the clock for a head."""
        super().on_message_begin()
        self.is_between, self.is_in_head = False, True
        self.wait_for_client(HEAD_SECONDS)
        self.scope["state"]["transport"] = self.transport
        if len(self.pipeline) > MAX_PIPELINED:
            self._refuse(429)

    def on_url(self, url: bytes) -> None:
        """Collect the target, up to a limit."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET_BYTES:
            self._refuse(414)

    def on_headers_complete(self) -> None:
        """Refuse what may mean two things to two servers, then let uvicorn start the app."""
        version = self.parser.get_http_version()
        names = [name for name, _ in self.headers]
        hosts = names.count(b"host")
        if hosts > 1 or (hosts == 0 and version == "1.1"):
            self._refuse(400)
        if any(name == b"host" and not is_host(value) for name, value in self.headers):
            self._refuse(400)
        if not self.url.startswith(b"/"):
            self._take_whole_target()
        if b"transfer-encoding" in names and (version == "1.0" or not self._is_chunked()):
            self._refuse(400)
        if sum(len(name) + len(value) + 4 for name, value in self.headers) > MAX_HEAD_BYTES:
            self._refuse(431)
        self.is_in_head = False
        self.is_in_body, self.body_since, self.body_bytes = True, self.loop.time(), 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a body: it must come at some speed, unless it is the app that is slow."""
        super().on_body(body)
        self.body_bytes += len(body)
        if self.flow.read_paused:
            self.body_since = self.loop.time()
            self.body_bytes = 0

    def on_message_complete(self) -> None:
        """Note the boundary: the next byte may be the lane's again."""
        super().on_message_complete()
        self.is_in_body = False
        self.is_between, self.is_in_head = True, False
        self.wait_for_client(IDLE_SECONDS)

    def on_response_complete(self) -> None:
        """Start the idle clock."""
        super().on_response_complete()
        self.wait_for_client(IDLE_SECONDS)

    def _take_whole_target(self) -> None:
        """Take a target in absolute form (its host counts, RFC 9112, 3.2.2) or OPTIONS's star."""
        if self.url == b"*" and self.parser.get_method() == b"OPTIONS":
            self.url = b"/"
            return
        try:
            parsed = httptools.parse_url(self.url)
        except httptools.HttpParserError:
            self._refuse(400)
        if (
            (parsed.schema or b"").lower() not in (b"http", b"https")
            or parsed.userinfo
            or not parsed.host
        ):
            self._refuse(400)
        host = b"[%s]" % parsed.host if b":" in parsed.host else parsed.host
        if parsed.port is not None:
            host += b":%d" % parsed.port
        self.headers[:] = [pair for pair in self.headers if pair[0] != b"host"]
        self.headers.append((b"host", host))
        query = b"" if parsed.query is None else b"?" + parsed.query
        self.url = (parsed.path or b"/") + query

    def _is_chunked(self) -> bool:
        """Whether "chunked" is the one transfer coding: the only one we and the app agree on."""
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        return codings == [b"chunked"]

    def _refuse(self, status: int) -> NoReturn:
        self.refused_with = status
        raise _Refused

    def send_400_response(self, msg: str) -> None:
        """Refuse a message and close; an answer that is on its way is not mixed with it."""
        if isinstance(sys.exc_info()[1], httptools.HttpParserInvalidMethodError):
            self.refused_with = 501 if _METHOD.match(self.first_bytes) else 400
        if self.cycle is None or self.cycle.response_complete:
            self.room.counted["refused"] += 1
            text = f"{msg}\n".encode()
            self.transport.write(
                STATUS_LINE[self.refused_with]
                + serialize_date(self.server_state.default_headers)
                + serialize(
                    (
                        (b"content-type", b"text/plain; charset=utf-8"),
                        (b"content-length", b"%d" % len(text)),
                        (b"connection", b"close"),
                    )
                )
                + text
            )
        self.transport.close()

    # Time

    def pause_writing(self) -> None:
        """Start the clock for a client that takes nothing."""
        super().pause_writing()
        self.stalled_since = self.loop.time()

    def sweep(self, now: float) -> None:
        """Close the connection if it has waited too long for its client. Called every second."""
        if self.transport.is_closing():
            self.closing_since = self.closing_since or now
            if now - self.closing_since > STALLED_SECONDS:
                self.abort()  # it does not take what is left for it
        elif self.flow.write_paused:
            if now - self.stalled_since > STALLED_SECONDS:
                self.abort()
        elif (self.is_in_body and now - self.body_since > self._body_patience()) or (
            now - self.waits_since > self.patience and self.waits_for_client()
        ):
            self.transport.close()

    def abort(self) -> None:
        """End the connection now, whatever is still to be sent."""
        self.transport.abort()

    def _body_patience(self) -> float:
        """How long a body may take so far: a byte now and then would hold a place for hours."""
        return BODY_SECONDS + self.body_bytes / SLOWEST_BODY_BYTES

    def waits_for_client(self) -> bool:
        """Whether nothing is under way on our side."""
        if self.flow.read_paused:
            return False
        return not self.is_between or self.cycle is None or self.cycle.response_complete

    def wait_for_client(self, seconds: float) -> None:
        """Start the clock: the client may take so long until its next byte."""
        self.waits_since, self.patience = self.loop.time(), seconds


_dated: tuple[list[tuple[bytes, bytes]] | None, bytes] = (None, b"")


def serialize_date(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The Date line of uvicorn's default headers, which it replaces once a second."""
    global _dated
    if _dated[0] is not headers:
        _dated = (headers, b"".join(b"%s: %s\r\n" % pair for pair in headers))
    return _dated[1]
