"""What live updates are compared with: the least a Python process can do, and the usual way.

Both send the event that `POST /publish` carries to every open stream.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
import uvloop

HEARTBEAT_SECONDS = 15
_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    b"9\r\nid: 0\n\n\n\r\n"
)


class _Bare(asyncio.Protocol):
    """No HTTP: whatever does not ask to publish is a stream."""

    streams: set[asyncio.Transport] = set()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not data.startswith(b"POST /publish"):
            self.transport.write(_STREAM)
            self.streams.add(self.transport)
            return
        event = data.partition(b"\r\n\r\n")[2]
        chunk = b"%x\r\n%s\r\n" % (len(event), event)
        for stream in self.streams:
            stream.write(chunk)
        self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.streams.discard(self.transport)


def bare(fd: int) -> None:
    """Broadcast the bytes from a loop over transports: the limit."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Bare, sock=socket.socket(fileno=fd), backlog=4096)
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def asgi(fd: int) -> None:
    """An ASGI app on uvicorn with a queue and a heartbeat for each stream: the usual way."""
    queues: set[asyncio.Queue[bytes]] = set()

    async def stream(receive: Any, send: Any) -> None:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        queues.add(queue)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        event = b"id: 0\n\n\n"
        gone = asyncio.create_task(_wait_until_gone(receive))
        try:
            while not gone.done():
                await send({"type": "http.response.body", "body": event, "more_body": True})
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        event = await queue.get()
                except TimeoutError:
                    event = b":\n\n"
        finally:
            queues.discard(queue)
            gone.cancel()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/publish":
            await stream(receive, send)
            return
        event = (await receive())["body"]
        for queue in queues:
            queue.put_nowait(event)
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    uvicorn.run(app, fd=fd, loop="uvloop", http="httptools", lifespan="off", log_config=None)


async def _wait_until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
