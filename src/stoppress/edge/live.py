"""Live updates: open pages hear of each change the store applied, as server-sent events.

Ids are change numbers with a mark of the database they belong to, so a browser that was away
resumes where it was (`Last-Event-ID`), at any worker, from the store's log of changes; if that does
not reach back, it is told to start over (`reset`). A reader who does not take what is sent is
dropped: it comes back by itself and resumes.

A stream costs its connection and one suspended coroutine, no timer. An event is framed once, and
the same bytes are written to one stream after the other, a few hundred between two looks at the
sockets, so that a publish does not hold up the readers of pages.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import socket
from collections import Counter, deque

from stoppress.edge.asgi import NO_STORE, Receive, Scope, Send, headers_of
from stoppress.edge.notices import send_notice
from stoppress.edge.store import Store

HEARTBEAT_SECONDS = 15.0
MOST_STREAMS = 20_000
MOST_UNSENT_BYTES = (
    64 * 1024
)  # in the worker; whoever has more to take at the next event is dropped
SEND_BUFFER_BYTES = 32 * 1024  # in the kernel, which would take megabytes for a reader who is gone
MOST_RESUMED = 256  # changes; whoever missed more starts over
MOST_TAGS = 256  # of one change; if it touched more, everybody starts over
STREAMS_AT_ONCE = 128  # 1 ms
RECONNECT_MILLISECONDS = 2000

_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    NO_STORE,
    (b"x-accel-buffering", b"no"),
)
_EVENT_ID = re.compile(rb"(\d{1,18})-([0-9a-f]{8})")
_LAST_CHUNK = b"0\r\n\r\n"


class _Stream:
    """One reader's open stream."""

    __slots__ = ("heard", "next_beat", "transport")

    def __init__(self, transport: asyncio.Transport, heard: int, next_beat: float) -> None:
        self.transport = transport
        self.heard = heard  # events of this worker
        self.next_beat = next_beat

    def send(self, chunk: bytes) -> bool:
        """Send, or drop who takes nothing."""
        if self.transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            self.transport.abort()
            return False
        if not self.transport.is_closing():
            self.transport.write(chunk)
        return True


class Live:
    """The open streams of this worker."""

    def __init__(self, store: Store, counted: Counter[str]) -> None:
        self._store = store
        self._counted = counted
        self._streams: set[_Stream] = set()
        self._turns: deque[_Stream] = deque()  # by next heartbeat
        self._generation = store.generation()
        self._told = store.applied()
        self._mark = _mark_of(store.lineage())
        self._events: deque[bytes] = deque(maxlen=MOST_RESUMED)
        self._event_count = 0
        self._telling: asyncio.Task[None] | None = None
        self._openings: dict[bytes | None, bytes] = {}  # many resume from the same change
        self._is_closing = False

    def __len__(self) -> int:
        return len(self._streams)

    def poll(self) -> None:
        """Begin to tell every stream what was applied since the last poll.

        Raises StoreUnavailable.
        """
        generation = self._store.generation()
        if generation == self._generation:
            return
        events = self._new_events()
        self._generation = generation
        if not events:
            return
        self._openings.clear()
        self._events.extend(events)
        self._event_count += len(events)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_all())

    def beat(self, now: float) -> None:
        """Show those whose turn it is, by the loop's time, that the stream is alive."""
        for _ in range(min(len(self._turns), STREAMS_AT_ONCE)):
            if self._turns[0].next_beat > now:
                return
            stream = self._turns.popleft()
            if stream in self._streams and self._send(stream, _HEARTBEAT):
                stream.next_beat = now + HEARTBEAT_SECONDS
                self._turns.append(stream)

    def close(self) -> None:
        """End every stream; browsers come back to another worker."""
        self._is_closing = True
        for stream in self._streams:
            stream.send(_LAST_CHUNK)
            stream.transport.close()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for the stream, until it or we go away."""
        if scope["method"] != "GET":
            await send_notice(scope, send, 405, [(b"allow", b"GET")])
            return
        if len(self._streams) >= MOST_STREAMS or self._is_closing:
            await send_notice(scope, send, 503)
            return
        last_event_id = headers_of(scope).get(b"last-event-id")
        scope["headers"].clear()  # two kilobytes that nobody needs, for hours
        self.poll()  # so that the stream begins at this very moment
        opening = self._opening(last_event_id)
        transport: asyncio.Transport = scope["state"]["transport"]
        next_beat = asyncio.get_running_loop().time() + HEARTBEAT_SECONDS
        stream = _Stream(transport, self._event_count, next_beat)
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES
        )
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        stream.send(opening)
        self._streams.add(stream)
        self._turns.append(stream)
        self._counted["streams"] += 1
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._streams.discard(stream)

    # Telling

    def _new_events(self) -> list[bytes]:
        applied, mark = self._store.applied(), _mark_of(self._store.lineage())
        if mark != self._mark or applied < self._told:  # the store was discarded
            self._mark, self._told = mark, applied
            return [_reset(applied, mark)]
        if applied == self._told:
            return []
        missed = self._store.changes_after(self._told, MOST_RESUMED + 1)
        has_gap = not 0 < len(missed) <= MOST_RESUMED or self._told < self._store.floor()
        self._told = max([applied, *(number for number, _ in missed)])
        return [_reset(self._told, mark)] if has_gap else [_change(*row, mark) for row in missed]

    async def _tell_all(self) -> None:
        while behind := [each for each in self._streams if each.heard < self._event_count]:
            for number, stream in enumerate(behind, 1):
                count = self._event_count
                self._send(stream, self._since(stream.heard))
                stream.heard = count
                if number % STREAMS_AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _since(self, heard: int) -> bytes:
        """One chunk of the events after those heard; to start over, if some are forgotten."""
        count = self._event_count - heard
        if count == 1:
            return self._events[-1]
        if count > len(self._events):
            return _reset(self._told, self._mark)
        return b"".join(list(self._events)[-count:])

    def _send(self, stream: _Stream, chunk: bytes) -> bool:
        if stream.send(chunk):
            return True
        self._streams.discard(stream)
        self._counted["streams_dropped"] += 1
        return False

    # Beginning

    def _opening(self, last_event_id: bytes | None) -> bytes:
        """What a new stream hears first: what it missed, or where it is."""
        opening = self._openings.get(last_event_id)
        if opening is None:
            start = b"retry: %d\n" % RECONNECT_MILLISECONDS
            if last_event_id is None:
                opening = _chunk(start + b"id: %d-%s\n\n" % (self._told, self._mark))
            else:
                opening = _chunk(start + b"\n") + b"".join(self._missed(last_event_id))
            if len(self._openings) < MOST_RESUMED:
                self._openings[last_event_id] = opening
        return opening

    def _missed(self, last_event_id: bytes) -> list[bytes]:
        found = _EVENT_ID.fullmatch(last_event_id)
        start_over = [_reset(self._told, self._mark)]
        if found is None or found[2] != self._mark:
            return start_over
        seen = int(found[1])
        if not self._store.floor() <= seen <= self._told:
            return start_over
        missed = self._store.changes_after(seen, MOST_RESUMED + 1)
        if len(missed) > MOST_RESUMED:
            return start_over
        return [_change(*row, self._mark) for row in missed if row[0] <= self._told]


def _mark_of(lineage: str) -> bytes:
    """Short for a database: its numbers mean nothing in another."""
    return hashlib.blake2b(lineage.encode(), digest_size=4).hexdigest().encode()


def _change(number: int, tags: tuple[str, ...], mark: bytes) -> bytes:
    if len(tags) > MOST_TAGS:
        return _reset(number, mark)
    return _event(b"change", number, mark, {"change": number, "tags": tags})


def _reset(number: int, mark: bytes) -> bytes:
    return _event(b"reset", number, mark, {"change": number})


def _event(name: bytes, number: int, mark: bytes, data: dict[str, object]) -> bytes:
    text = json.dumps(data, separators=(",", ":")).encode()
    return _chunk(b"id: %d-%s\nevent: %s\ndata: %s\n\n" % (number, mark, name, text))


def _chunk(data: bytes) -> bytes:
    """Framed for the wire (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(data), data)


_HEARTBEAT = _chunk(b":\n\n")
