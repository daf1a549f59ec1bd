"""The fast lane: a hit is answered where its bytes arrive, without ASGI, tasks or a second parse.

The lane is uvicorn's own protocol (under limits, see connections.py) with one thing put before it:
a chunk that is exactly one complete, bodyless request for an edition in the store, on a connection
that has nothing in flight, is answered at once. So is what is exactly one report of a view, when it
is on disk. Every other byte, always from a message boundary, goes to uvicorn's parser and the ASGI
app, which give the same answer (a test compares them). When that answer is out, the lane takes over
again. A slow client's answers pile up nowhere: while its buffer is full the lane hands over, and
uvicorn waits for it.
"""

from __future__ import annotations

from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from stoppress.edge import connections
from stoppress.edge.answers import Answer, serialize
from stoppress.edge.asgi import JSON_HEADERS
from stoppress.edge.connections import IDLE_SECONDS, Connection, serialize_date
from stoppress.edge.errors import StoreUnavailable
from stoppress.edge.heads import Heads, Line, Rest
from stoppress.edge.negotiation import none_match_holds
from stoppress.edge.readerkeys import Address
from stoppress.edge.reads import Reads
from stoppress.edge.reportheads import START as REPORT_START
from stoppress.edge.reportheads import ReportHeads

_REPORT_HEADERS = serialize(JSON_HEADERS).removesuffix(b"\r\n") + b"content-length: "


class Room(connections.Room, Protocol):
    """What the lane needs of the edge."""

    heads: Heads
    report_heads: ReportHeads
    reads: Reads

    def find_answer(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer for a reader's page, if the store has it now."""

    def refresh(self, path: str) -> None:
        """Have a stale page printed soon."""


class Lane(Connection):
    """One connection, whose hits and reports are answered without the app."""

    room: Room

    def __init__(self, room: Room, **uvicorn: Any) -> None:
        super().__init__(room, **uvicorn)
        self.reader_address: Address | None = None  # once it has reported
        self.is_reporting = False  # a report is on its way to the disk
        self.held = b""  # what came meanwhile
        self.is_leaving = False  # closes when the report is answered

    def data_received(self, data: bytes) -> None:
        """Answer a hit at once; hand everything else to uvicorn."""
        if self.transport.is_closing():
            return
        if self.is_reporting:
            self.held += data
            self.flow.pause_reading()  # so that this is all
            return
        if self.is_between and self._is_free():
            if data.startswith(REPORT_START):
                if self._reported(data):
                    return
            elif self._answered(data):
                self.wait_for_client(IDLE_SECONDS)
                return
        super().data_received(data)

    def _is_free(self) -> bool:
        """Whether nothing is in flight and the client takes what we send."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _answered(self, data: bytes) -> bool:
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
        if self.reader_address is None:
            self.reader_address = Address(self.address)
        reported = self.room.report_heads.read(data, self.reader_address, self.scheme or "http")
        if reported is None:
            return False
        self._unset_keepalive_if_required()
        self.is_reporting = True
        try:
            self.room.reads.take(*reported, self._answer_report)
        except StoreUnavailable:
            self.is_reporting = False
            return False
        return True

    def _answer_report(self, status: int, body: bytes) -> None:
        self.is_reporting = False
        if self.transport.is_closing():
            return
        head = STATUS_LINE[status] + serialize_date(self.server_state.default_headers)
        self.transport.write(b"%b%b%d\r\n\r\n%b" % (head, _REPORT_HEADERS, len(body), body))
        self.wait_for_client(IDLE_SECONDS)
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

    def waits_for_client(self) -> bool:
        """Whether nothing is under way on our side, a report least of all."""
        return not self.is_reporting and super().waits_for_client()
