"""Ends: who asks a newsroom to end tears no answer, and who kills a clock stops no schedule."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import httpx
import pytest

from tests.cli.conftest import environment
from tests.cli.test_serve import ENDING_SECONDS, RESTARTING_SECONDS, Served
from tests.waiting import until

READERS = 6
LONG_FILE, LONG_BYTES = "long.jpg", 24 * 2**20  # far more than the kernel holds for a connection
DUE_AFTER_SECONDS = 4
SOON_SECONDS = 20  # a bound for a loaded machine: a clock starts in two or three
SCHEDULE = """
from datetime import timedelta
from stoppress.cli.opening import open_newsroom
open_newsroom()
from django.utils import timezone
from stoppress.newsroom.actions import create_section, publish_new
create_section("World")
at = timezone.now() + timedelta(seconds={seconds})
print(publish_new(section="world", headline="Late tide", go_live_at=at).pk)
"""


@pytest.fixture
def served(newsroom):
    served = Served(newsroom)
    yield served
    served.end()


class Reader(threading.Thread):
    """Asks for the front again and again on one connection, then on the next, until refused."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.whole = 0
        self.torn: list[bytes] = []

    def run(self) -> None:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
                    while self._ask(connection):
                        self.whole += 1
            except ConnectionRefusedError:
                return
            except OSError:
                continue  # cut before an answer began: nothing is torn

    def _ask(self, connection: socket.socket) -> bool:
        """One request; False if the connection ended before an answer began."""
        request = f"GET / HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n"
        connection.sendall(request.encode())
        answer = connection.recv(65_536)
        if not answer:
            return False
        try:
            while not _is_whole(answer):
                more = connection.recv(65_536)
                if not more:
                    self.torn.append(answer)
                    return False
                answer += more
        except OSError:
            self.torn.append(answer)
            return False
        return True


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(found) and length is not None and len(body) == int(length[1])


def test_who_is_being_answered_when_it_ends_gets_the_whole_answer(served):
    (served.home / "media" / LONG_FILE).write_bytes(bytes(LONG_BYTES))
    served.wait_until_ready()
    until(lambda: served.get("/").is_success, "the front page", seconds=RESTARTING_SECONDS)
    readers = [Reader(served.port) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.whole > 50 for reader in readers), "everybody to be reading")
    live = httpx.stream("GET", served.address("/-/live"), timeout=30, trust_env=False)
    with live as stream, socket.create_connection(("127.0.0.1", served.port), timeout=30) as slow:
        slow.sendall(f"GET /media/{LONG_FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        answer = slow.recv(65_536)
        served.process.send_signal(signal.SIGTERM)
        stream.read()  # its end is the first thing that readers notice
        while not _is_whole(answer) and (more := slow.recv(2**20)):
            answer += more
        assert _is_whole(answer), f"{len(answer)} bytes of {LONG_BYTES}"
    assert served.process.wait(ENDING_SECONDS) == 0
    for reader in readers:
        reader.join(ENDING_SECONDS)
        assert not reader.is_alive()
        assert reader.torn == []


def test_a_clock_that_is_killed_publishes_what_is_due_once(served):
    served.wait_until_ready()
    clock = until(lambda: served.pid_of("clock"), "the clock", seconds=RESTARTING_SECONDS)
    scheduled = subprocess.run(
        [sys.executable, "-c", SCHEDULE.format(seconds=DUE_AFTER_SECONDS)],
        env=environment(served.home),
        capture_output=True,
        text=True,
        check=True,
    )
    story = int(scheduled.stdout.split()[-1])
    os.kill(clock, signal.SIGKILL)  # before it is due
    again = until(
        lambda: (pid := served.pid_of("clock")) != clock and pid,
        "the clock's return",
        seconds=RESTARTING_SECONDS,
    )
    os.kill(again, signal.SIGKILL)  # while it is, or nearly
    until(lambda: "Late tide" in served.get("/").text, "the story", seconds=SOON_SECONDS)
    until(lambda: served.pid_of("clock") not in {None, clock, again}, "the third clock")
    assert times_published(served, story) == 1
    addresses = re.findall(r'href="(/world/\d{4}/[^"]*late[^"]*)"', served.get("/world/").text)
    assert len(set(addresses)) == 1


def times_published(served: Served, story: int) -> int:
    file = served.home / "data" / "newsroom.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        changes = database.execute("SELECT touched FROM press_change WHERE what LIKE 'scheduled %'")
        return sum(f'"article:{story}"' in touched for (touched,) in changes)
