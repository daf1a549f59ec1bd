"""A tiny real newsroom for the edge's tests: an ASGI app on a Unix socket, and an edge worker."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from stoppress.edge.editions import Edition
from stoppress.edge.store import Store

READER_KEY_DAY = 20_000
STORE_MAX_BYTES = 64 * 2**20
PATIENCE_SECONDS = 20
HTML = ((b"content-type", b"text/html; charset=utf-8"),)


def edition(path: str, body: bytes | str = b"", **more: Any) -> Edition:
    text = body.encode() if isinstance(body, str) else body
    fields = {"status": 200, "headers": HTML, "tags": frozenset(), "change": 0} | more
    return Edition(path=path, body=text, **(fields | {"tags": frozenset(fields["tags"])}))


def eventually(condition: Callable[[], Any]) -> Any:
    """Wait for a condition, not for time; what it returned when it held."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < give_up_at, f"never: {condition}"
        threading.Event().wait(0.01)
    return found


@dataclass
class App:
    """The app behind the edge: answers with what a test put in `pages`, echoes the desk."""

    socket: Path
    store: Store
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    prints: dict[str, Edition] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[bytes, bytes]]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    after_print: Callable[[], Any] = lambda: None

    def __post_init__(self) -> None:
        self.hold.set()

    def forget(self) -> None:
        self.pages.clear()
        self.prints.clear()
        self.asked.clear()
        self.hold.set()
        self.after_print = lambda: None

    def times_asked(self, path: str) -> int:
        return sum(target == path for _, target, _ in self.asked)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["raw_path"].decode()
        if scope["query_string"]:
            path += "?" + scope["query_string"].decode()
        self.asked.append((scope["method"], path, dict(scope["headers"])))
        await asyncio.to_thread(self.hold.wait, PATIENCE_SECONDS)
        if path.startswith("/desk/"):
            await self._echo(scope, receive, send)
        elif path in self.prints:
            self.store.put(self.prints[path])
            self.after_print()
            made = self.prints[path]
            await _answer(send, made.status, {"x-press-edition": "stored"}, made.body)
        else:
            status, headers, body = self.pages.get(path, (404, {}, b"no such page"))
            await _answer(send, status, {"x-press-edition": "unstored"} | headers, body)

    async def _echo(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer with the request's size, piece by piece, so that streaming shows."""
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"x-size", b"%d" % size)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"piece ", "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})

    @contextmanager
    def running(self) -> Iterator[None]:
        config = uvicorn.Config(
            self, uds=str(self.socket), log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        eventually(lambda: server.started)
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


async def _answer(send: Any, status: int, headers: dict[str, str], body: bytes) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Worker:
    """An edge worker in a process of its own."""

    port: int
    process: subprocess.Popen[bytes]
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def client(self, **more: Any) -> httpx.Client:
        fixed: dict[str, Any] = {"trust_env": False, "timeout": PATIENCE_SECONDS, "verify": False}
        return httpx.Client(base_url=self.url, **(fixed | more))

    def connect(self, address: str = "127.0.0.1") -> socket.socket:
        """A connection; `address` (127.0.0.2 …) is what the edge sees of the client."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=PATIENCE_SECONDS, source_address=(address, 0)
        )

    def raw(self, request: bytes) -> bytes:
        """Send bytes, say no more, and read until the edge closes."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def read_answer(connection: socket.socket, *, has_body: bool = True) -> bytes:
    """One whole answer with a length from a connection that stays open."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(length[1]) - len(body) if length and has_body else 0
    while left > 0:
        piece = connection.recv(65536)
        assert piece, received
        received += piece
        left -= len(piece)
    return received


@contextmanager
def edge_worker(
    folder: Path,
    *more: str,
    listener: socket.socket | None = None,
    through: tuple[str, ...] = (),
    scheme: str = "http",
) -> Iterator[Worker]:
    """Start a worker on the folder's store and journal, as the supervisor does."""
    shared = listener or socket.create_server(("127.0.0.1", 0))
    command = [
        *(*through, sys.executable, "-m", "stoppress.edge", "--fd", str(shared.fileno())),
        *("--store", folder / "store", "--store-max-bytes", str(STORE_MAX_BYTES)),
        *("--journal", folder / "journal", "--app-socket", folder / "app.sock"),
        *("--static", folder / "static", "--media", folder / "media"),
        *("--origin", "http://paper.example", *more),
    ]
    process = subprocess.Popen(
        [*command, "--reader-key-on-stdin"], pass_fds=[shared.fileno()], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(f"{READER_KEY_DAY} {'ab' * 32}\n".encode())
    process.stdin.close()
    worker = Worker(shared.getsockname()[1], process, scheme)
    try:
        with worker.client() as client:
            assert client.get("/healthz").status_code == 200
        yield worker
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        if listener is None:
            shared.close()
