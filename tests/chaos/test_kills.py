"""Processes are killed while stories are published and read: no reader may notice.

`CHAOS_PUBLISHES` (200; of them 60 where no database is killed) makes a longer run, `CHAOS_SEED`
(1) another one. See docs/explanation/proofs.md.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.record import LISTS, Record, load_reads
from tests.cli.conftest import environment
from tests.cli.test_serve import Served
from tests.waiting import until

PUBLISHES = int(os.environ.get("CHAOS_PUBLISHES", "200"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
BETWEEN_KILLS = 9  # stories
LONGEST_SECONDS = 60 + PUBLISHES  # a bound for a slow machine, not a promise
CATCHING_UP_SECONDS = 60

Kill = Callable[[], None]


def kill_schedule(victims: list[str], publishes: int) -> dict[int, str]:
    """Whom to kill after which story: the same for a seed, everyone in turn, in random order."""
    choose, rounds = random.Random(SEED), []
    while len(rounds) * BETWEEN_KILLS < publishes:
        rounds += choose.sample(victims, len(victims))
    at = range(BETWEEN_KILLS, publishes - BETWEEN_KILLS, BETWEEN_KILLS)
    return dict(zip(at, rounds, strict=False))


class Run:
    """One run: readers and an editor at work, and a killer at their heels."""

    def __init__(
        self,
        served: Served,
        folder: Path,
        publishes: int,
        kills: dict[str, Kill],
        **settings: str,
    ):
        self.served = served
        self.folder = folder
        self.publishes = publishes
        self.kills = kills
        self.environment = environment(served.home, **settings)
        self.record = Record()

    def go(self) -> Record:
        """Publish, read and kill until all is out; returns what happened."""
        subprocess.run([*_module("publisher"), "0"], env=self.environment, check=True)
        for path in LISTS:  # what was never asked for is not in the store
            until(lambda path=path: self.served.get(path).is_success, path, seconds=30)
        with self.readers(), self.receipts_watched():
            self.publish_and_kill()
            self.wait_until_caught_up()
        self.record.reads = load_reads(self.log)
        return self.record

    @property
    def log(self) -> Path:
        return self.folder / "reads.jsonl"

    @contextmanager
    def readers(self) -> Iterator[None]:
        process = subprocess.Popen(
            [*_module("readers"), str(self.served.port), str(SEED), str(self.log)],
            env=self.environment,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0

    def publish_and_kill(self) -> None:
        schedule = kill_schedule(sorted(self.kills), self.publishes)
        editor = subprocess.Popen(
            [*_module("publisher"), str(self.publishes)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "publisher.log").open("wb"),
            text=True,
        )
        watchdog = threading.Timer(LONGEST_SECONDS, editor.kill)
        watchdog.start()
        assert editor.stdout is not None
        try:
            for line in editor.stdout:
                if line.startswith("{"):
                    out = json.loads(line)
                    self.record.published.append((out["at"], out["number"], out["change"]))
                    if victim := schedule.get(out["number"]):
                        self.kill(victim)
            assert editor.wait() == 0, (self.folder / "publisher.log").read_text()[-2000:]
        finally:
            watchdog.cancel()
            editor.kill()
            editor.wait()

    def kill(self, victim: str) -> None:
        self.record.kills.append((time.monotonic(), victim))
        self.kills[victim]()

    @contextmanager
    def receipts_watched(self) -> Iterator[None]:
        """Note when the receipt of each publish is there, as the desk would see it."""
        end = threading.Event()
        watcher = threading.Thread(target=self._watch_receipts, args=(end,))
        watcher.start()
        try:
            yield
        finally:
            end.set()
            watcher.join()

    def _watch_receipts(self, end: threading.Event) -> None:
        newest = 0
        with receipts_of(self.served, self.environment) as newest_receipt:
            while not end.is_set():
                found = newest_receipt()
                if found is not None and found > newest:
                    newest = found
                    self.record.receipts.append((time.monotonic(), newest))
                end.wait(0.02)

    def wait_until_caught_up(self) -> None:
        last = self.record.published[-1]
        until(
            lambda: self.record.receipted_at(last[2]) is not None,
            "the receipt of the last story",
            seconds=CATCHING_UP_SECONDS,
        )
        for path in LISTS:
            until(
                lambda path=path: f"Barge {self.publishes:05d} sails" in self.served.get(path).text,
                f"the last story on {path}",
                seconds=CATCHING_UP_SECONDS,
            )


@contextmanager
def receipts_of(served: Served, given: dict[str, str]) -> Iterator[Callable[[], int | None]]:
    """A function that asks the database up to which change there are receipts; None if away."""
    statement = "SELECT max(change) FROM press_receipt"
    if address := given.get("STOPPRESS_DATABASE"):
        import psycopg

        # Kept while it can be: a new one for each question costs as much as all that is published.
        kept: list[psycopg.Connection] = []

        def ask_postgresql() -> int | None:
            try:
                if not kept:
                    kept.append(psycopg.connect(address, connect_timeout=2, autocommit=True))
                return kept[0].execute(statement).fetchone()[0]
            except psycopg.Error:
                hang_up()
                return None

        def hang_up() -> None:
            while kept:
                kept.pop().close()

        yield ask_postgresql
        hang_up()
        return
    import sqlite3

    file = served.home / "data" / "newsroom.sqlite3"

    def ask_sqlite() -> int | None:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return connection.execute(statement).fetchone()[0]
        finally:
            connection.close()

    yield ask_sqlite


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", f"tests.chaos.{name}"]


def process_kills(served: Served) -> dict[str, Kill]:
    """How to kill each process of a newsroom: at once, one worker only while the other lives."""

    def kill(name: str) -> Kill:
        other = {"edge-1": "edge-2", "edge-2": "edge-1"}.get(name)

        def act() -> None:
            pid = until(
                lambda: (other is None or served.pid_of(other)) and served.pid_of(name),
                f"{name} to be running, and the worker beside it",
                seconds=60,
            )
            os.kill(int(pid), signal.SIGKILL)

        return act

    return {name: kill(name) for name in ("printer", "app", "edge-1", "edge-2")}


def check_all_are_there(served: Served, publishes: int) -> None:
    """Every story is on its month's page, in the day's sitemap and at its address."""
    front = served.get("/").text
    day = re.search(r'href="[^"]*/world/(\d{4})/(\d\d)/(\d\d)/barge-', front)
    assert day is not None
    year, month, day_of_month = day.groups()
    pages = (f"/world/{year}/{month}/", f"/sitemap/{year}-{month}-{day_of_month}.xml")
    for page in pages:  # nobody has asked for them yet, and the app may have been killed last
        until(lambda page=page: served.get(page).is_success, page, seconds=CATCHING_UP_SECONDS)
        text = served.get(page).text.lower()
        missing = [n for n in range(1, publishes + 1) if f"barge-{n:05d}-sails" not in text]
        assert not missing, f"{page} lacks {missing}"
    links = re.findall(r'href="(/world/[^"]+/barge-\d{5}-sails/)"', served.get(pages[0]).text)
    assert len(set(links)) == publishes
    assert {served.get(link).status_code for link in set(links)} == {200}


def check(run: Run) -> None:
    record = run.go()
    assert not record.faults(), record.report()
    assert len(record.kills) >= len(run.kills)
    assert len(record.answered()) > run.publishes
    check_all_are_there(run.served, run.publishes)


@pytest.mark.long
def test_no_reader_notices_a_kill(on_sqlite, tmp_path):
    check(Run(on_sqlite, tmp_path, PUBLISHES * 3 // 10, process_kills(on_sqlite)))


@pytest.mark.long
@pytest.mark.postgresql
def test_no_reader_notices_a_kill_even_of_the_database(on_postgresql, own_cluster, tmp_path):
    kills = process_kills(on_postgresql) | {"database": own_cluster.kill_and_restart}
    address = own_cluster.address("chaos")
    check(Run(on_postgresql, tmp_path, PUBLISHES, kills, STOPPRESS_DATABASE=address))
