"""Live updates: told at once, resumed by id, started over when too old, dropped when too slow."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from stoppress.edge.store import Store
from tests.edge.conftest import House
from tests.edge.loops import a_worker, in_a_loop
from tests.edge.newsroom import Worker, edge_worker, eventually


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
        assert event["id"].partition("-")[0] == str(data["change"])
        self.last_id = event["id"]
        return data["change"], data["tags"]

    def close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)  # though a file of it is still open
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
    assert reader.first["retry"] == "2000"
    assert reader.first["id"].startswith("5-")
    reader.close()


def apply_three(store: Store) -> str:
    """Three changes; the id of the first."""
    for number in (1, 2, 3):
        store.apply(number, touched=[f"article:{number}"], gone=[])
    return f"1-{live_mark(store)}"


def live_mark(store: Store) -> str:
    return hashlib.blake2b(store.lineage().encode(), digest_size=4).hexdigest()


def test_a_reader_resumes_after_the_last_change_it_heard_of(edge: Worker, store: Store) -> None:
    reader = Reader(edge, last_event_id=apply_three(store))
    assert reader.next_change() == (2, ["article:2"])
    assert reader.next_change() == (3, ["article:3"])
    store.apply(4, touched=["article:4"], gone=[])
    assert reader.next_change() == (4, ["article:4"])
    reader.close()


def test_a_reader_resumes_at_another_worker_and_after_a_restart(house: House, edge: Worker) -> None:
    store = house.store
    store.apply(1, touched=["a"], gone=[])
    first = Reader(edge)
    store.apply(2, touched=["b"], gone=[])
    assert first.next_change() == (2, ["b"])
    first.close()
    store.apply(3, touched=["c"], gone=[])
    for _ in range(2):  # two workers that were not there before
        with edge_worker(house.folder) as other:
            again = Reader(other, last_event_id=first.last_id)
            assert again.next_change() == (3, ["c"])
            again.close()


@pytest.mark.parametrize(
    "last", ["99999999-MARK", "-3-MARK", "2", "nonsense", f"{'9' * 30}-MARK", "2-00000000"]
)
def test_a_reader_we_can_not_resume_starts_over(edge: Worker, store: Store, last: str) -> None:
    apply_three(store)
    reader = Reader(edge, last_event_id=last.replace("MARK", live_mark(store)))
    assert reader.next()["event"] == "reset"
    reader.close()


def test_everybody_starts_over_when_the_store_is_discarded(edge: Worker, store: Store) -> None:
    """Even if the new one has come as far as the old before anybody looked."""
    apply_three(store)
    reader = Reader(edge)
    store.discard("another lineage")
    assert reader.next()["event"] == "reset"
    store.apply(1, touched=["new"], gone=[])
    assert reader.next_change() == (1, ["new"])
    reader.close()


def test_a_change_that_touches_too_much_to_tell_starts_everybody_over(
    edge: Worker, store: Store
) -> None:
    reader = Reader(edge)
    store.apply(1, touched=[f"article:{number}" for number in range(5000)], gone=[])
    assert reader.next()["event"] == "reset"
    reader.close()


def test_a_reader_who_takes_nothing_is_dropped_and_the_others_hear(
    edge: Worker, store: Store
) -> None:
    tags = [f"topic:{number}:{'x' * 400}" for number in range(100)]
    prompt = Reader(edge)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", edge.port))
    slow.sendall(b"GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n")
    eventually(lambda: open_streams(edge) == 2)
    number = store.applied()
    while open_streams(edge) == 2:
        number += 1
        assert number < 50  # some 40 KB each
        store.apply(number, touched=tags, gone=[])
        assert prompt.next_change()[0] == number
    assert open_streams(edge) == 1
    slow.close()
    store.apply(number + 1, touched=["a"], gone=[])
    assert prompt.next_change() == (number + 1, ["a"])
    prompt.close()
    eventually(lambda: open_streams(edge) == 0)


def test_a_quiet_stream_shows_that_it_is_alive(folder: Path) -> None:
    async def story() -> None:
        async with a_worker(folder) as worker:
            reader, writer = await worker.open(b"GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b"\n\n\r\n")
            now = asyncio.get_running_loop().time()
            worker.room.live.beat(now + 14)
            worker.room.live.beat(now + 16)
            worker.room.live.beat(now + 17)
            worker.room.live.beat(now + 32)
            assert await reader.readexactly(16) == b"3\r\n:\n\n\r\n" * 2
            writer.close()

    in_a_loop(story())


def test_many_streams_are_told_of_every_change_in_order(folder: Path) -> None:
    """More than are told between two looks at the sockets, faster than they are told."""

    async def story() -> None:
        async with a_worker(folder) as worker:
            asked = b"GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n"
            streams = [await worker.open(asked) for _ in range(300)]
            for reader, _ in streams:
                await reader.readuntil(b"\n\n\r\n")
            for number in range(1, 4):
                worker.disk.apply(number, touched=["a"], gone=[])
                worker.room.live.poll()
                await asyncio.sleep(0)
            for reader, _ in streams:
                heard = [(await reader.readuntil(b"\n\n\r\n")) for _ in range(3)]
                assert [re.search(rb"id: (\d)", event)[1] for event in heard] == [b"1", b"2", b"3"]

    in_a_loop(story())


def open_streams(edge: Worker) -> int:
    with edge.client() as client:
        for line in client.get("/metrics").text.splitlines():
            if line.startswith("stoppress_edge_state") and 'state="streams"' in line:
                return int(float(line.split()[-1]))
    return 0


def test_only_get_opens_a_stream(edge: Worker) -> None:
    with edge.client() as client:
        assert client.post("/-/live").status_code == 405
