"""Readers' browsers as one process: reports of views, as pages send them, over kept connections.

Each connection is a household with an address of its own (127.x.y.1), in which many browsers are
used; each report is a new visit to an article at random. With `--rate` reports are sent by the
clock, and each is timed from the moment it was due, so that a server that stalls can't hide it;
without, each connection sends its next when it has an answer. Prints what came of it as JSON, for
bench/readership.py.
"""

from __future__ import annotations

import argparse
import json
import random
import select
import socket
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.wrk import HEADERS

CHROME_MAJORS = range(120, 142)
SYSTEMS = ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7")
REFERRERS = ("", "www.search.example", "social.example")
FRAMED = 4096  # bytes of an answer that are read at once
# Readers by the clock look for answers so often, and are not woken by each: on one machine it is
# the server who wakes them, and spends some microseconds on what readers elsewhere do not cost.
LOOK_SECONDS = 0.001

Ways = list[tuple[bytes, bytes]]  # what comes before a visit's number, and what after it


@dataclass(frozen=True)
class Told:
    """What the readers saw."""

    count: int
    seconds: float
    p50: float  # milliseconds
    p99: float
    worst: float
    busy: float  # share of a CPU that this process took

    @property
    def rate(self) -> float:
        """Views a second."""
        return self.count / self.seconds


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--port", type=int, required=True)
    made.add_argument("--articles", type=Path, required=True, help="a file: number, path a line")
    made.add_argument("--connections", type=int, default=256)
    made.add_argument("--seconds", type=float, default=5)
    made.add_argument("--rate", type=float, default=0, help="views a second; 0: all it takes")
    made.add_argument("--seed", type=int, default=1, help="another one for each run")
    return made


def main() -> None:
    """Read for some seconds."""
    options = parser().parse_args()
    ways = browsers(options.articles)
    households = [household(options.port, number) for number in range(options.connections)]
    crowd = Crowd(households, ways, options.seed)
    told = (
        crowd.keep_time(options.seconds, options.rate)
        if options.rate
        else crowd.press_on(options.seconds)
    )
    print(json.dumps(asdict(told)))


def browsers(articles: Path) -> Ways:
    """Each browser's report of each article, up to its visit's number."""
    ways = []
    for line in articles.read_text().splitlines():
        number, path = line.split()
        for major in CHROME_MAJORS:
            for system in SYSTEMS:
                referrer = REFERRERS[major % len(REFERRERS)]
                before = f'{{"version":2,"article":{number},"visit":"'
                after = f'","referrer":"{referrer}"}}'
                told = head(major, system, path, len(before) + 16 + len(after))
                ways.append((told + before.encode(), after.encode()))
    return ways


def head(major: int, system: str, path: str, length: int) -> bytes:
    """What a browser says with a report: its sixteen headers."""
    agent = (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 "
        "Safari/537.36"
    )
    hints = {
        "Sec-CH-UA": HEADERS["Sec-CH-UA"].replace("141", str(major)),
        "Sec-CH-UA-Platform": '"Linux"'
        if "Linux" in system
        else '"Windows"'
        if "Win" in system
        else '"macOS"',
    }
    pairs = {
        "Host": "paper.example",
        "Connection": "keep-alive",
        "Content-Length": str(length),
        "Sec-CH-UA": hints["Sec-CH-UA"],
        "Sec-CH-UA-Platform": hints["Sec-CH-UA-Platform"],
        "Sec-CH-UA-Mobile": "?0",
        "User-Agent": agent,
        "Content-Type": "application/json",
        "Accept": "*/*",
        "Origin": "http://paper.example",
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Dest": "empty",
        "Referer": f"http://paper.example{path}",
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Accept-Language": "en-GB,en;q=0.9",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in pairs.items())
    return f"POST /-/reads HTTP/1.1\r\n{lines}\r\n".encode()


def household(port: int, number: int) -> socket.socket:
    """A connection from an address, and a network, of its own."""
    address = f"127.{16 + number // 250}.{number % 250 + 1}.1"
    made = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class Crowd:
    """All connections, and what is under way on each."""

    def __init__(self, households: list[socket.socket], ways: Ways, seed: int) -> None:
        self._chance = random.Random(seed)
        self._ways = ways
        self._visit = self._chance.getrandbits(62) << 1 | 1
        self._sockets = {each.fileno(): each for each in households}
        self._begun: dict[int, float] = {}
        self._took: list[float] = []
        self._poll = select.epoll()
        for number in self._sockets:
            self._poll.register(number, select.EPOLLIN)

    def press_on(self, seconds: float) -> Told:
        """Send the next as soon as the last is answered."""
        begun, busy = time.perf_counter(), time.process_time()
        end = begun + seconds
        for number in self._sockets:
            self._send(number, begun)
        while self._begun:
            for number, _ in self._poll.poll():
                now = self._receive(number)
                if now < end:
                    self._send(number, now)
        return self._told(begun, busy)

    def keep_time(self, seconds: float, rate: float) -> Told:
        """Send so many a second, whatever the server does."""
        begun, busy = time.perf_counter(), time.process_time()
        free = deque(self._sockets)
        total, sent = int(seconds * rate), 0
        while sent < total or self._begun:
            now = time.perf_counter()
            while sent < total and free and begun + sent / rate <= now:
                self._send(free.popleft(), begun + sent / rate)
                sent += 1
            for number, _ in self._poll.poll(0):
                self._receive(number)
                free.append(number)
            time.sleep(LOOK_SECONDS)
        return self._told(begun, busy)

    def _send(self, number: int, due: float) -> None:
        before, after = self._ways[int(self._chance.random() * len(self._ways))]
        self._visit += 0x9E3779B97F4A7C15  # steps that look random and meet nothing twice
        self._begun[number] = due
        self._sockets[number].send(b"%b%016x%b" % (before, self._visit % 2**64, after))

    def _receive(self, number: int) -> float:
        answer = self._sockets[number].recv(FRAMED)
        if not answer.startswith(b"HTTP/1.1 200") or not answer.endswith(b"}\n"):
            raise SystemExit(f"A view was not counted: {answer!r}")
        now = time.perf_counter()
        self._took.append(now - self._begun.pop(number))
        return now

    def _told(self, begun: float, busy: float) -> Told:
        seconds, took = time.perf_counter() - begun, sorted(self._took)
        return Told(
            count=len(took),
            seconds=seconds,
            p50=took[len(took) // 2] * 1000,
            p99=took[int(len(took) * 0.99)] * 1000,
            worst=took[-1] * 1000,
            busy=(time.process_time() - busy) / seconds,
        )
