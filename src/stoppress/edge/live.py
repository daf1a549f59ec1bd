"""Live updates: open pages hear of each change the store applied, as server-sent events.

Ids are change numbers, so a browser that was away resumes where it was (`Last-Event-ID`) from the
store's log of changes; if that no longer reaches back, it is told to start over (`reset`). A reader
who does not take what is sent is dropped: it comes back by itself and resumes.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable

from stoppress.edge.asgi import NO_STORE, Receive, Scope, Send, headers_of
from stoppress.edge.notices import send_notice
from stoppress.edge.store import Store

HEARTBEAT_SECONDS = 15
MOST_STREAMS = 20_000
MOST_UNSENT = 64  # events; whoever is further behind is dropped
MOST_RESUMED = 256  # changes; whoever missed more starts over
RECONNECT_MILLISECONDS = 2000

_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    NO_STORE,
    (b"x-accel-buffering", b"no"),
)


class _Stream:
    """One reader's open stream."""

    def __init__(self, abort: Callable[[], None]) -> None:
        self.abort = abort
        self.unsent: deque[bytes] = deque()
        self.wake = asyncio.Event()

    def tell(self, event: bytes) -> None:
        if len(self.unsent) >= MOST_UNSENT:
            self.abort()
            return
        self.unsent.append(event)
        self.wake.set()


class Live:
    """The open streams of this worker."""

    def __init__(self, store: Store, counted: Counter[str]) -> None:
        self._store = store
        self._counted = counted
        self._streams: set[_Stream] = set()
        self._told = store.applied()
        self._is_closing = False

    def __len__(self) -> int:
        return len(self._streams)

    def poll(self) -> None:
        """Tell every stream what was applied since the last poll. Raises StoreUnavailable."""
        applied = self._store.applied()
        if applied == self._told:
            return
        if applied < self._told:  # the store was discarded: numbers start again
            events = [_reset(applied)]
        else:
            events = [_change(*row) for row in self._store.changes_after(self._told, MOST_RESUMED)]
        self._told = applied
        for stream in self._streams:
            for event in events:
                stream.tell(event)

    def close(self) -> None:
        """End every stream; browsers come back to another worker."""
        self._is_closing = True
        for stream in self._streams:
            stream.wake.set()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for the stream, until it or we go away."""
        if scope["method"] != "GET":
            await send_notice(scope, send, 405, [(b"allow", b"GET")])
            return
        if len(self._streams) >= MOST_STREAMS or self._is_closing:
            await send_notice(scope, send, 503)
            return
        self.poll()  # so that the stream begins at this very moment
        stream = _Stream(scope["state"]["abort"])
        stream.unsent.extend(self._opening(headers_of(scope).get(b"last-event-id")))
        stream.wake.set()
        self._streams.add(stream)
        self._counted["streams"] += 1
        gone = asyncio.create_task(_wait_until_gone(receive, stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._tell_all(stream, send, gone)
        finally:
            self._streams.discard(stream)
            gone.cancel()

    async def _tell_all(self, stream: _Stream, send: Send, gone: asyncio.Task[None]) -> None:
        while not gone.done():
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await stream.wake.wait()
            except TimeoutError:
                stream.unsent.append(b":\n\n")
            stream.wake.clear()
            events = b"".join(stream.unsent)
            stream.unsent.clear()
            is_last = self._is_closing
            await send({"type": "http.response.body", "body": events, "more_body": not is_last})
            if is_last:
                return

    def _opening(self, last_event_id: bytes | None) -> list[bytes]:
        """What a new stream hears first: what it missed, or where it is."""
        start = b"retry: %d\n" % RECONNECT_MILLISECONDS
        if last_event_id is None:
            return [start + b"id: %d\n\n" % self._told]
        try:
            seen = int(last_event_id)
        except ValueError:
            seen = -1
        is_known = self._store.floor() <= seen <= self._told
        missed = self._store.changes_after(seen, MOST_RESUMED + 1) if is_known else []
        if not is_known or len(missed) > MOST_RESUMED:
            return [start + b"\n", _reset(self._told)]
        return [start + b"\n", *(_change(*row) for row in missed)]


async def _wait_until_gone(receive: Receive, stream: _Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.wake.set()


def _change(number: int, tags: tuple[str, ...]) -> bytes:
    return _event("change", number, {"change": number, "tags": tags})


def _reset(number: int) -> bytes:
    return _event("reset", number, {"change": number})


def _event(name: str, number: int, data: dict[str, object]) -> bytes:
    text = json.dumps(data, separators=(",", ":"))
    return f"id: {number}\nevent: {name}\ndata: {text}\n\n".encode()
