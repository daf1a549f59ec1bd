"""Live updates: told at once, resumed by id, started over when too old, dropped when too slow."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from stoppress.edge.store import Store
from tests.edge.newsroom import Worker, eventually


class Reader:
    """One open stream, read event by event."""

    def __init__(self, edge: Worker, last_event_id: str | None = None) -> None:
        self.connection = edge.connect()
        asked = "GET /-/live HTTP/1.1\r\nHost: x\r\n"
        if last_event_id is not None:
            asked += f"Last-Event-ID: {last_event_id}\r\n"
        self.connection.sendall(asked.encode() + b"\r\n")
        self.lines = self._lines()
        self.first = self.next()

    def _lines(self) -> Iterator[str]:
        with self.connection.makefile("rb") as file:
            while file.readline() not in (b"\r\n", b""):
                pass
            while size := int(file.readline() or b"0", 16):
                yield from file.read(size).decode().splitlines()
                file.readline()

    def next(self) -> dict[str, str]:
        event: dict[str, str] = {}
        for line in self.lines:
            if not line and event:
                return event
            name, _, value = line.partition(": ")
            if name:
                event[name] = value
        return event

    def next_change(self) -> tuple[int, list[str]]:
        event = self.next()
        data = json.loads(event["data"])
        assert event["event"] == "change"
        assert event["id"] == str(data["change"])
        return data["change"], data["tags"]

    def close(self) -> None:
        self.connection.close()


def test_a_change_is_told_to_everyone(edge: Worker, store: Store) -> None:
    store.apply(1, touched=["old"], gone=[])
    readers = [Reader(edge) for _ in range(3)]
    store.apply(41, touched=["list:latest", "article:7"], gone=[])
    for reader in readers:
        assert reader.next_change() == (41, ["article:7", "list:latest"])
        reader.close()


def test_a_new_stream_learns_where_it_is(edge: Worker, store: Store) -> None:
    store.apply(5, touched=["a"], gone=[])
    reader = Reader(edge)
    assert reader.first == {"retry": "2000", "id": "5"}
    reader.close()


def test_a_reader_resumes_after_the_last_change_it_heard_of(edge: Worker, store: Store) -> None:
    for number in (1, 2, 3):
        store.apply(number, touched=[f"article:{number}"], gone=[])
    reader = Reader(edge, last_event_id="1")
    assert reader.next_change() == (2, ["article:2"])
    assert reader.next_change() == (3, ["article:3"])
    reader.close()


@pytest.mark.parametrize("last", ["99999999", "-3", "nonsense", "9" * 30])
def test_a_reader_we_can_not_resume_starts_over(edge: Worker, store: Store, last: str) -> None:
    reader = Reader(edge, last_event_id=last)
    assert reader.next()["event"] == "reset"
    reader.close()


def test_a_reader_who_takes_nothing_is_dropped(edge: Worker, store: Store) -> None:
    tags = [f"topic:{number}:{'x' * 400}" for number in range(1000)]
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", edge.port))
    slow.sendall(b"GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n")
    eventually(lambda: open_streams(edge) >= 1)
    number = store.applied()
    while open_streams(edge) >= 1:
        assert number < 2000
        for _ in range(30):
            number += 1
            store.apply(number, touched=tags, gone=[])
    slow.close()


def open_streams(edge: Worker) -> int:
    with edge.client() as client:
        for line in client.get("/metrics").text.splitlines():
            if line.startswith("stoppress_edge_state") and 'state="streams"' in line:
                return int(float(line.split()[-1]))
    return 0


def test_only_get_opens_a_stream(edge: Worker) -> None:
    with edge.client() as client:
        assert client.post("/-/live").status_code == 405
