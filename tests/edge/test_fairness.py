"""A flood of misses takes nothing from readers, the desk, or the next client.

Each test crawls addresses of its own: what is missing is remembered from one to the next.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from stoppress.edge.misses import MOST_RENDERS, MOST_WAITING
from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edge_worker, edition, eventually, read_answer


@contextmanager
def asking(edge: Worker, app: App, address: str, paths: list[str]) -> Iterator[list[socket.socket]]:
    """One client that asks for many pages at once; at the end all of them are dealt with."""
    connections = [edge.connect(address) for _ in paths]
    for connection, path in zip(connections, paths, strict=True):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    try:
        yield connections
    finally:
        app.hold.set()
        for connection in connections:
            read_answer(connection)
            connection.close()


def test_a_crawler_takes_no_turn_of_a_readers(edge: Worker, app: App):
    app.prints["/reader/"] = edition("/reader/", "for the reader")
    app.hold.clear()
    crawled = [f"/crawled/{number}/" for number in range(MOST_RENDERS + 60)]
    with asking(edge, app, "127.0.0.2", crawled):
        eventually(lambda: len(app.asked) == MOST_RENDERS)
        with asking(edge, app, "127.0.0.3", ["/reader/"]) as (reader,):
            settle(edge)
            app.hold.set()
            assert peek(reader).startswith(b"HTTP/1.1 200")
            place = [path for _, path, _ in app.asked].index("/reader/")
    assert place <= 2 * MOST_RENDERS + 2


def peek(connection: socket.socket) -> bytes:
    """The beginning of an answer, which stays to be read."""
    return connection.recv(15, socket.MSG_PEEK)


def settle(edge: Worker) -> None:
    """Until the edge has read what was sent before: a request after it is answered."""
    with edge.client() as client:
        for _ in range(3):
            assert client.get("/healthz").is_success


def test_a_crawler_that_fills_all_places_makes_room_for_a_reader(edge: Worker, app: App):
    app.prints["/reader/"] = edition("/reader/", "for the reader")
    app.hold.clear()
    crawled = [f"/filling/{number}/" for number in range(MOST_RENDERS + MOST_WAITING + 20)]
    with asking(edge, app, "127.0.0.2", crawled) as connections:
        # Over the bound, the crawler itself is told to come back.
        (refused, *_), _, _ = select.select(connections, [], [], 20)
        assert refused.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 503"
        with asking(edge, app, "127.0.0.3", ["/reader/"]) as (reader,):
            settle(edge)
            app.hold.set()
            assert peek(reader).startswith(b"HTTP/1.1 200")


def test_the_desk_and_stored_pages_are_there_during_a_flood(edge: Worker, app: App, store: Store):
    store.put(edition("/world/", "stored"))
    app.hold.clear()
    crawled = [f"/flooding/{number}/" for number in range(MOST_RENDERS + 50)]
    with asking(edge, app, "127.0.0.2", crawled), edge.client() as client:
        eventually(lambda: len(app.asked) == MOST_RENDERS)
        assert client.get("/world/").text == "stored"
        app.hold.set()
        assert client.get("/desk/").status_code == 200


def test_what_is_missing_is_asked_once_for_a_change(client: httpx.Client, app: App, store: Store):
    app.pages["/absent/"] = (404, {}, b"not here")
    for _ in range(5):
        assert client.get("/absent/?utm_source=x").status_code == 404
    assert app.times_asked("/absent/") == 1
    store.apply(store.applied() + 1, touched=[], gone=[])
    app.prints["/absent/"] = edition("/absent/", "there", change=store.applied())
    assert client.get("/absent/").text == "there"


def test_one_client_has_so_many_connections(folder):
    with edge_worker(folder, "--connections-per-client=3") as worker:
        kept = [worker.connect("127.0.0.2") for _ in range(3)]
        for connection in kept:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        with worker.connect("127.0.0.2") as one_too_many:
            assert one_too_many.recv(65536).startswith(b"HTTP/1.1 429")
        with worker.client() as other:
            assert other.get("/healthz").is_success
        for connection in kept:
            connection.close()

        def may_come_back() -> bool:
            with worker.connect("127.0.0.2") as again:
                again.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return again.recv(65536).startswith(b"HTTP/1.1 200")

        eventually(may_come_back)
