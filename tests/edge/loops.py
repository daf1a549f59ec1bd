"""An edge worker in the test's own process, so that a test can hold its disk and turn its clock."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from stoppress.edge.room import Room, Settings
from stoppress.edge.server import Server
from stoppress.edge.shelf import Shelf
from stoppress.edge.store import Store
from tests.edge.newsroom import PATIENCE_SECONDS, STORE_MAX_BYTES


class ColdDisk(Store):
    """A store whose disk answers when a test lets it."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.found: Counter[str] = Counter()

    def find(self, path: str):  # type: ignore[no-untyped-def]
        assert self.may_answer.wait(PATIENCE_SECONDS)
        self.found[path] += 1
        return super().find(path)


@dataclass
class LoopWorker:
    """A worker that nothing keeps up: it polls and beats when the test says so."""

    room: Room
    disk: ColdDisk
    address: tuple[str, int]

    async def open(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.address)
        writer.write(request)
        return reader, writer

    async def ask(self, path: str) -> bytes:
        reader, writer = await self.open(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.close()
        return head + body


@asynccontextmanager
async def a_worker(folder: Path) -> AsyncIterator[LoopWorker]:
    settings = Settings(
        store=folder / "store",
        store_max_bytes=STORE_MAX_BYTES,
        journal=folder / "journal",
        app_socket=folder / "none.sock",
        static=folder / "static",
        media=folder / "media",
        origin="http://paper.example",
    )
    room = Room(settings)
    disk = ColdDisk.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    room.shelf.close()
    room.shelf = Shelf(disk, room.policy, room.counted, room.uses)
    server = Server(room)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0)
        try:
            yield LoopWorker(room, disk, listener.getsockname())
        finally:
            server.should_exit = True
            await serving
            await room.close()
            disk.close()


def in_a_loop(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(story, PATIENCE_SECONDS))
