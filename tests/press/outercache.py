"""A cache in front of the paper that notes what it is told to drop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FakeCache:
    """Answers every order with `status`, once `hold` is set."""

    port: int
    status: int = 200
    orders: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, keys
    hold: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def keys_told(self) -> set[str]:
        return {key for _, _, keys in self.orders for key in keys.split()}

    def paths_told(self) -> set[str]:
        return {path for method, path, _ in self.orders if method == "PURGE"}


@contextmanager
def fake_cache(port: int = 0) -> Iterator[FakeCache]:
    made: list[FakeCache] = []

    class Handler(BaseHTTPRequestHandler):
        def _obey(self) -> None:
            cache = made[0]
            cache.hold.wait(20)
            cache.orders.append((self.command, self.path, self.headers.get("surrogate-key", "")))
            self.send_response(cache.status)
            self.send_header("content-length", "0")
            self.end_headers()

        do_BAN = do_PURGE = _obey  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    cache = FakeCache(server.server_port)
    cache.hold.set()
    made.append(cache)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield cache
    finally:
        cache.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
