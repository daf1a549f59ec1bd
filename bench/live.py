"""How soon do 5,000 open pages hear of a publish? Run: make bench-live. Takes half a minute.

One worker holds the streams, each opened with a browser's request headers; one process reads them
all. A publish is a change applied to the store (with its fsync), ten times; the time of a stream
ends when its reader has the event. Two peers in the same run send the same bytes to as many: the
least a Python process can do (a loop over transports, told by a socket: no store, no HTTP), and
the usual way (an ASGI app on uvicorn, a queue and a timer for each stream). With two CPUs or more
the server has one to itself, and the reader another. Prints the times, the memory of a stream (the
worker's own, without the kernel's buffers) and the ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import results
from bench.results import Report
from bench.servers import (
    PATIENCE_SECONDS,
    STORE_MAX_BYTES,
    Server,
    allow_open_files,
    edge,
    python_server,
    wait_until_listening,
)
from bench.wrk import HEADERS
from stoppress.edge.store import Store

STREAMS = 5000
PUBLISHES = 10
AT_ONCE = 200  # connections being opened
SPARE_FILES = 500
TAGS = ("list:latest", "list:front", "list:world", "article:4711", "author:12", "part:latest")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--streams", type=int, default=STREAMS)
    return made


def main() -> None:
    """Measure one after the other, and report."""
    options = parser().parse_args()
    allow_open_files(options.streams + SPARE_FILES)
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    measured = {
        "edge": measure_edge(options.streams),
        "loop over transports": measure_peer("bench.live_peers.bare", options.streams),
        "uvicorn, a queue each": measure_peer("bench.live_peers.asgi", options.streams),
    }
    report(measured, options.streams, write=options.write)


@dataclass(frozen=True)
class Measured:
    """One server's streams."""

    opened: float  # seconds until all were open
    told: list[float]  # milliseconds, of every stream and publish
    memory: float  # KB a stream
    cost: float  # microseconds of processor time, a stream and publish

    def percentile(self, share: float) -> float:
        """So many of those told were told within as many milliseconds."""
        return sorted(self.told)[int(share * (len(self.told) - 1))]


def measure_edge(count: int) -> Measured:
    """A worker, and a store that changes are applied to."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
        numbers = iter(range(1, 10**6))
        with contextlib.closing(store), edge(folder) as server:
            return measure(server, count, lambda: store.apply(next(numbers), touched=TAGS, gone=[]))


def measure_peer(call: str, count: int) -> Measured:
    """A peer, told by a request of its own; the event has as many bytes as the edge's."""
    tags = ",".join(f'"{tag}"' for tag in TAGS)
    event = f'id: 1-0badcafe\nevent: change\ndata: {{"change":1,"tags":[{tags}]}}\n\n'.encode()
    asked = b"POST /publish HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(event)
    with python_server(call) as server:
        wait_until_listening(server.port)
        with socket.create_connection(("127.0.0.1", server.port)) as control:
            return measure(server, count, lambda: control.sendall(asked + event))


def measure(server: Server, count: int, publish: Callable[[], object]) -> Measured:
    """Open the streams and publish."""
    wait_until_listening(server.port)
    with open_streams(server.port, 1):  # whatever is loaded for the first
        publish()
    before = server.memory_bytes()
    begun = time.perf_counter()
    with open_streams(server.port, count) as streams:
        opened = time.perf_counter() - begun
        memory = (server.memory_bytes() - before) / count / 1024
        used = server.cpu_seconds()
        told: list[float] = []
        for _ in range(PUBLISHES):
            begun = time.perf_counter()
            publish()
            told += [(at - begun) * 1000 for at in times_told(streams)]
        used = server.cpu_seconds() - used
    return Measured(opened, told, memory, used / count / PUBLISHES * 1e6)


@contextlib.contextmanager
def open_streams(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Open streams, some at once, until each has said its first word."""
    head = "".join(
        f"{name}: {value}\r\n"
        for name, value in (HEADERS | {"Accept": "text/event-stream", "Host": "x"}).items()
    )
    with contextlib.ExitStack() as stack:
        streams: list[socket.socket] = []
        for first in range(0, count, AT_ONCE):
            opened = [
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                for _ in range(min(AT_ONCE, count - first))
            ]
            for stream in opened:
                stream.sendall(f"GET /-/live HTTP/1.1\r\n{head}\r\n".encode())
            for stream in opened:
                said = b""
                while not said.endswith(b"\n\n\r\n"):
                    said += stream.recv(4096)
                stream.setblocking(False)
            streams += opened
        yield streams


def times_told(streams: list[socket.socket]) -> list[float]:
    """When each stream had its event."""
    times: list[float] = []
    with selectors.EpollSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ)
        while len(times) < len(streams):
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise SystemExit(f"Only {len(times)} of {len(streams)} streams were told.")
            for key, _ in ready:
                if b"event: change" in key.fileobj.recv(4096):  # type: ignore[union-attr]
                    times.append(time.perf_counter())
                    selector.unregister(key.fileobj)
    return times


def report(measured: dict[str, Measured], count: int, *, write: bool) -> None:
    """What came of it."""
    made = Report("live", "Live updates")
    made.note(
        f"How soon do {count:,} open pages, all on one worker, hear of a publish? From before the "
        f"change is written to the store until a reader has the event, {PUBLISHES} times."
    )
    made.table(
        ["", "p50 ms", "p99 ms", "last ms", "KB a stream", "µs of processor", "opened in s"],
        [
            [
                who,
                each.percentile(0.5),
                each.percentile(0.99),
                max(each.told),
                each.memory,
                each.cost,
                each.opened,
            ]
            for who, each in measured.items()
        ],
    )
    ours, bare, usual = measured.values()
    middle = statistics.median
    made.ratio(ours.percentile(0.99), bare.percentile(0.99), "of the p99 of a loop over transports")
    made.ratio(ours.percentile(0.99), usual.percentile(0.99), "of the p99 of the usual way")
    made.ratio(ours.memory, usual.memory, "of the usual way's memory")
    made.ratio(middle(ours.told), middle(usual.told), "of the usual way's median")
    made.note(
        "The worker looks for changes every 20 ms, and looks after its readers' requests between "
        "128 streams and the next; the peers are told at once and do nothing else."
    )
    made.close(write=write)


if __name__ == "__main__":
    main()
