"""The fast lane: a hit is answered where its bytes arrive, without ASGI, tasks or a second parse.

The lane is uvicorn's own protocol with one thing put before it: a chunk that is exactly one
complete, bodyless request for an edition in the store, on a connection that has nothing in flight,
is answered at once. Every other byte, always from a message boundary, goes to uvicorn's parser and
the ASGI app, which give the same answer (a test compares them). When that answer is out, the lane
takes over again. A slow client's answers pile up nowhere: while its buffer is full the lane hands
over, and uvicorn waits for it.

Limits that uvicorn leaves to others are here: size of the head, one Host, time for a head and a
body, idle and stalled connections, how many connections.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from typing import Any, NoReturn, Protocol

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from stoppress.edge.answers import Answer, serialize
from stoppress.edge.asgi import JSON_HEADERS
from stoppress.edge.clients import Clients
from stoppress.edge.errors import StoreUnavailable
from stoppress.edge.heads import Heads, Line, Rest, is_host
from stoppress.edge.negotiation import none_match_holds
from stoppress.edge.reads import Reads
from stoppress.edge.reportheads import START as REPORT_START
from stoppress.edge.reportheads import ReportHeads

MAX_HEAD_BYTES = 32 * 1024
MAX_TARGET_BYTES = 8 * 1024
MAX_PIPELINED = 64
HEAD_SECONDS = 10  # from a message's first byte to the end of its head; also for the first message
BODY_SECONDS = 30  # between two pieces of a body, and for all of it, plus what it takes at …
SLOWEST_BODY_BYTES = 2000  # … so many bytes a second
IDLE_SECONDS = 65
STALLED_SECONDS = 30  # a client that takes nothing of what we send


class Room(Protocol):
    """What the lane needs of the edge."""

    heads: Heads
    report_heads: ReportHeads
    reads: Reads
    counted: Counter[str]
    max_connections: int
    clients: Clients

    def find_answer(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer for a reader's page, if the store has it now."""

    def refresh(self, path: str) -> None:
        """Have a stale page printed soon."""


_REPORT_HEADERS = serialize(JSON_HEADERS).removesuffix(b"\r\n")

# A method that the parser does not know but RFC 9110 allows: not implemented, rather than bad.
_METHOD = re.compile(rb"[A-Z][A-Z0-9!#$%&'*+.^_`|~-]{0,30} ")


class _Refused(Exception):
    """Ends the parsing of a message that must not reach the app."""


class Lane(HttpToolsProtocol):
    """One connection."""

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
        self.is_reporting = False  # a report is on its way to the disk
        self.held = b""  # what came meanwhile
        self.is_leaving = False  # closes when the report is answered

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
        """Answer a hit at once; hand everything else to uvicorn."""
        if self.transport.is_closing():
            return
        if self.is_reporting:
            self.held += data
            self.flow.pause_reading()  # so that this is all
            return
        if self.is_between and self._is_free() and self._answered(data):
            self._wait(IDLE_SECONDS)
            return
        self._hand_over(data)

    def _is_free(self) -> bool:
        """Whether nothing is in flight and the client takes what we send."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _answered(self, data: bytes) -> bool:
        if data.startswith(REPORT_START):
            return self._reported(data)
        heads = self.room.heads
        if (known := heads.recall(data)) is not None:
            return self._answer(*known)
        if (parsed := heads.parse(data)) is not None and self._answer(*parsed):
            heads.remember(data, *parsed)
            return True
        return False

    def _answer(self, line: Line, rest: Rest) -> bool:
        accepted, none_match = rest.accepted, rest.none_match
        try:
            answer = self.room.find_answer(line.path, accepted)
        except StoreUnavailable:
            return False
        if answer is None or answer.missing or not accepted:
            return False
        if answer.is_stale:
            self.room.refresh(line.path)
        self._unset_keepalive_if_required()
        date = serialize_date(self.server_state.default_headers)
        if answer.dated is not date:
            answer.date(date)
        counted = self.room.counted
        if (
            none_match is not None
            and answer.status == 200
            and not none_match_holds(none_match, answer.etag)
        ):
            counted["lane_not_modified"] += 1
            self.transport.write(answer.not_modified_message)
            return True
        counted["lane_hits"] += 1
        message = answer.message
        self.transport.write(message[: answer.head_bytes] if line.is_head else message)
        return True

    def _reported(self, data: bytes) -> bool:
        """Take a report; it is answered when it is on disk, and nothing else before it."""
        reported = self.room.report_heads.read(data, self.client, self.scheme or "http")
        if reported is None:
            return False
        self._unset_keepalive_if_required()
        self.is_reporting = True
        try:
            self.room.reads.take(
                reported.sender, reported.address, reported.body, self._answer_report
            )
        except StoreUnavailable:
            self.is_reporting = False
            return False
        return True

    def _answer_report(self, status: int, body: bytes) -> None:
        self.is_reporting = False
        if self.transport.is_closing():
            return
        self.transport.write(
            b"%b%b%bcontent-length: %d\r\n\r\n%b"
            % (
                STATUS_LINE[status],
                serialize_date(self.server_state.default_headers),
                _REPORT_HEADERS,
                len(body),
                body,
            )
        )
        self._wait(IDLE_SECONDS)
        if self.is_leaving:
            self.transport.close()
        elif self.held:
            held, self.held = self.held, b""
            self.flow.resume_reading()
            self.data_received(held)

    def shutdown(self) -> None:
        """Close, but not before a report on its way to the disk is answered."""
        if self.is_reporting:
            self.is_leaving = True
        else:
            super().shutdown()

    def _hand_over(self, data: bytes) -> None:
        was_in_head = self.is_in_head
        if self.is_between:
            self.first_bytes = data[:32]
        super().data_received(data)
        self.head_bytes = self.head_bytes + len(data) if was_in_head else 0
        if self.is_in_head and self.head_bytes > MAX_HEAD_BYTES:
            self.refused_with = 431
            self.send_400_response("The request's head is too large.")
        elif not self.is_in_head and not self.is_between:
            self._wait(BODY_SECONDS)

    # Messages, as uvicorn's parser tells of them

    def on_message_begin(self) -> None:
        """Start the clock for a head."""
        super().on_message_begin()
        self.is_between, self.is_in_head = False, True
        self._wait(HEAD_SECONDS)
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
        self._wait(IDLE_SECONDS)

    def on_response_complete(self) -> None:
        """Start the idle clock."""
        super().on_response_complete()
        self._wait(IDLE_SECONDS)

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
            now - self.waits_since > self.patience and self._waits_for_client()
        ):
            self.transport.close()

    def abort(self) -> None:
        """End the connection now, whatever is still to be sent."""
        self.transport.abort()

    def _body_patience(self) -> float:
        """How long a body may take so far: a byte now and then would hold a place for hours."""
        return BODY_SECONDS + self.body_bytes / SLOWEST_BODY_BYTES

    def _waits_for_client(self) -> bool:
        if self.flow.read_paused or self.is_reporting:
            return False
        return not self.is_between or self.cycle is None or self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self.waits_since, self.patience = self.loop.time(), seconds


_dated: tuple[list[tuple[bytes, bytes]] | None, bytes] = (None, b"")


def serialize_date(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The Date line of uvicorn's default headers, which it replaces once a second."""
    global _dated
    if _dated[0] is not headers:
        _dated = (headers, b"".join(b"%s: %s\r\n" % pair for pair in headers))
    return _dated[1]
