"""How many views a second does a worker make durable? Run: make bench-readership. Takes 3 minutes.

Readers' browsers report views of real articles through the public port, over kept connections, with
a browser's sixteen headers; each is answered when it is on disk. First as fast as answers come,
then at half the limit by the clock, then beside readers who ask for pages. Peers, on the same disk
in the same run: SQLite with one transaction a view, and rows that are collected for ten seconds and
written then, as GoatCounter does it (what it holds is lost in a crash). Beside them, what one fsync
takes.

With two CPUs or more the worker has one to itself; its journal writer shares the other with
whoever makes the load. Also measured: all of the worker on one CPU. Asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

from bench import beside, newsrooms, results
from bench.beside import Beside, measure_beside, page_rows
from bench.results import Report
from bench.servers import Server, on_cpu
from bench.viewers import Told
from bench.wrk import HEADERS

ARTICLES = 200
CONNECTIONS = 1024
ROUNDS = 3
LIMIT_RATE = 20_000  # views a second
HALF_RATE = LIMIT_RATE // 2
LIMIT_P99_MS = 50.0
BESIDE_RATE = 5000
LIMIT_LOSS = 0.2  # of page serving
FSYNCS = 300
IDLE_LOAD = 1.5  # processes that want a processor, of which we are one
BUFFERED_SECONDS = 10  # GoatCounter's: hits are persisted so often
_ROW = (7, "2026-11-25 12:00:00", 0x1234567890ABCDEF, "search.example", 141, 0)
_seeds = itertools.count(1)


@dataclass(frozen=True)
class Run:
    """One run of readers, and what it took of the processors."""

    told: Told
    worker_cost: float  # microseconds a view
    writer_cost: float


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--seconds", type=int, default=4, help="of each measurement")
    return made


def main() -> None:
    """Make the newsroom, measure, and report."""
    options = parser().parse_args()
    seconds, load = options.seconds, os.getloadavg()[0]
    with newsrooms.newsroom(ARTICLES) as home:
        paths = newsrooms.story_paths(home)
        with newsrooms.app(home, cpu=1), newsrooms.edge(home) as edge:
            articles = home / "articles"
            articles.write_text("\n".join(f"{article_of(edge, path)} {path}" for path in paths))
            writer = writer_of(edge)
            views = Views(edge, writer, articles, seconds)
            views.run(0)  # to warm up
            together = [views.run(0) for _ in range(ROUNDS)]
            writer.use_cpu(last_cpu())
            apart = [views.run(0) for _ in range(ROUNDS)]
            half = [views.run(HALF_RATE) for _ in range(ROUNDS)]
            pages = measure_beside(
                edge,
                partial(views.started, BESIDE_RATE),
                told_by,
                home,
                paths[len(paths) // 2],
            )
        disk = home / "peers"
        disk.mkdir()
        os.sched_setaffinity(0, {0})
        fsyncs = time_fsyncs(disk)
        each = sqlite_rate(disk / "each.db", seconds)
        collected = collected_rate(disk / "collected.db", apart[0].told.rate)
    found = Found(apart, together, half, pages, fsyncs, each, collected, load)
    report(found, write=options.write)


def article_of(edge: Server, path: str) -> int:
    """The number of the article that a page shows; the page is in the store from then on."""
    with urlopen(Request(f"http://127.0.0.1:{edge.port}{path}", headers=HEADERS)) as answer:
        body = answer.read()
    if answer.headers["content-encoding"] == "gzip":
        import gzip

        body = gzip.decompress(body)
    found = re.search(rb"data-article=\"?(\d+)", body)
    if found is None:
        raise SystemExit(f"{path} names no article.")
    return int(found[1])


def last_cpu() -> int:
    """The other CPU, if there is one."""
    return (os.cpu_count() or 1) - 1


@dataclass(frozen=True)
class Writer(Server):
    """The process that writes the worker's journal."""

    def use_cpu(self, number: int) -> None:
        """Keep it to a CPU."""
        os.sched_setaffinity(self.pid, {number})


def writer_of(edge: Server) -> Writer:
    """The worker's one child."""
    children = Path(f"/proc/{edge.pid}/task/{edge.pid}/children").read_text().split()
    if len(children) != 1:
        raise SystemExit(f"The worker has {len(children)} children and not one.")
    return Writer(0, int(children[0]))


class Views:
    """Readers of one worker's articles."""

    def __init__(self, edge: Server, writer: Writer, articles: Path, seconds: int) -> None:
        self.edge = edge
        self.writer = writer
        self.seconds = seconds
        self._articles = articles

    def run(self, rate: float) -> Run:
        """Read for some seconds, so many views a second; 0 for as many as are answered."""
        before = self.edge.cpu_seconds(), self.writer.cpu_seconds()
        with self.started(rate, self.seconds) as process:
            told = told_by(process)
        costs = (self.edge.cpu_seconds() - before[0], self.writer.cpu_seconds() - before[1])
        return Run(told, *(1e6 * cost / told.count for cost in costs))

    @contextlib.contextmanager
    def started(self, rate: float, seconds: float) -> Iterator[subprocess.Popen[str]]:
        """Readers in a process of their own, on the other CPU."""
        options = [
            *("--port", str(self.edge.port), "--articles", str(self._articles)),
            *("--connections", str(CONNECTIONS), "--seconds", str(seconds)),
            *("--rate", str(rate), "--seed", str(next(_seeds))),
        ]
        code = "from bench.viewers import main; main()"
        command = on_cpu(last_cpu(), [sys.executable, "-c", code, *options])
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            yield process


def told_by(process: subprocess.Popen[str]) -> Told:
    """What readers say when they are done."""
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit("Not every view was counted.")
    return Told(**json.loads(said))


def time_fsyncs(folder: Path) -> list[float]:
    """Milliseconds of a write of 4 KB with its fdatasync, sorted."""
    took = []
    with (folder / "synced").open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


@contextlib.contextmanager
def database(file: Path, synchronous: str) -> Iterator[sqlite3.Connection]:
    """SQLite with a table of views and one of counts."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute(f"PRAGMA synchronous={synchronous}")
        opened.executescript(
            "CREATE TABLE views (id INTEGER PRIMARY KEY, article INT, at TEXT, reader INT, "
            "referrer TEXT, browser INT, bot INT); CREATE INDEX by_time ON views (at, article);"
            "CREATE TABLE counts (article INT, hour TEXT, total INT, PRIMARY KEY (article, hour));"
        )
        yield opened


def add_view(opened: sqlite3.Connection, article: int) -> None:
    """A row for the view, and one more in the count of its hour."""
    opened.execute(
        "INSERT INTO views (article, at, reader, referrer, browser, bot) VALUES (?, ?, ?, ?, ?, ?)",
        (article, *_ROW[1:]),
    )
    opened.execute(
        "INSERT INTO counts VALUES (?, '2026-11-25 12', 1) "
        "ON CONFLICT DO UPDATE SET total = total + 1",
        (article,),
    )


def sqlite_rate(file: Path, seconds: float) -> float:
    """Views a second, one transaction each, durable before it returns."""
    with database(file, "FULL") as opened:
        count, began = 0, time.perf_counter()
        while time.perf_counter() < began + seconds:
            opened.execute("BEGIN IMMEDIATE")
            add_view(opened, count % ARTICLES)
            opened.execute("COMMIT")
            count += 1
        return count / (time.perf_counter() - began)


def collected_rate(file: Path, arriving: float) -> float:
    """Views a second, ten seconds' worth of them in one transaction."""
    count = int(arriving * BUFFERED_SECONDS)
    with database(file, "FULL") as opened:
        began = time.perf_counter()
        opened.execute("BEGIN IMMEDIATE")
        for number in range(count):
            add_view(opened, number % ARTICLES)
        opened.execute("COMMIT")
        return count / (time.perf_counter() - began)


@dataclass(frozen=True)
class Found:
    """All that was measured."""

    apart: list[Run]
    together: list[Run]
    half: list[Run]
    pages: Beside
    fsyncs: list[float]
    each: float
    collected: float
    load: float


def median(runs: Sequence[Run], number: Callable[[Run], float]) -> float:
    """The median of a number over the rounds."""
    return statistics.median(map(number, runs))


def row(name: str, runs: Sequence[Run]) -> list[object]:
    """One line of the table of views."""
    return [
        name,
        median(runs, lambda run: run.told.rate),
        median(runs, lambda run: run.told.p50),
        median(runs, lambda run: run.told.p99),
        median(runs, lambda run: run.worker_cost),
        median(runs, lambda run: run.writer_cost),
        median(runs, lambda run: 100 * run.told.busy),
    ]


def report(found: Found, *, write: bool) -> None:
    """What came of it."""
    made = Report("readership", "Views, on disk before they are acknowledged")
    made.note(
        f"How many views a second does one worker make durable? {ARTICLES} articles, "
        f"{CONNECTIONS} kept connections from as many networks, 63 browsers in each, every view a "
        "new visit through the public port with a browser's sixteen headers, answered with the "
        f"count after fsync; medians of {ROUNDS} rounds. At {HALF_RATE:,} a second each view is "
        "timed from the moment it was due to the millisecond in which its answer is found."
    )
    made.table(
        ["", "views/s", "p50 ms", "p99 ms", "µs of worker", "µs of writer", "% of a CPU for load"],
        [
            row("as fast as answers come", found.apart),
            row("the same, worker and writer on one CPU", found.together),
            row(f"{HALF_RATE:,} a second", found.half),
        ],
    )
    rate = median(found.apart, lambda run: run.told.rate)
    half_p99 = median(found.half, lambda run: run.told.p99)
    made.ratio(rate, LIMIT_RATE, f"of the limit of {LIMIT_RATE:,} views a second and worker")
    made.ratio(half_p99, LIMIT_P99_MS, f"of the limit of {LIMIT_P99_MS:.0f} ms at half that, p99")
    behind = statistics.median(told.p99 for told in found.pages.told)
    made.table(
        ["pages of two thirds of a worker", "pages/s", "µs of worker a page"],
        page_rows(found.pages, BESIDE_RATE),
    )
    least, *_, most = losses = found.pages.losses
    loss = statistics.median(losses)
    made.ratio(
        loss,
        LIMIT_LOSS,
        f"of the limit: of the worker's time for pages, {100 * loss:.0f} % is gone, of at most 20 "
        f"({100 * least:.0f} to {100 * most:.0f} in single rounds)",
    )
    middle, slow = found.fsyncs[FSYNCS // 2], found.fsyncs[int(FSYNCS * 0.99)]
    made.table(
        ["on the same disk", "views/s"],
        [
            ["SQLite, one transaction a view (WAL, FULL)", found.each],
            ["rows collected for ten seconds, then written", found.collected],
        ],
    )
    made.ratio(rate, found.each, "times SQLite's views a second")
    made.ratio(rate, found.collected, "of what is written unacknowledged, ten seconds late")
    made.ratio(rate, 1000 / middle, "times the fsyncs a second that the disk does one by one")
    made.note(
        f"One fsync of 4 KB: {middle:.2f} ms (p50), {slow:.2f} ms (p99). The worker has a CPU to "
        "itself, its journal writer shares the other with whoever makes the load. For pages beside "
        "views that other CPU has too much to do, and a worker that waits for it spends more on "
        "each page. So a third of the worker's CPU was taken by a process that does nothing: "
        f"requests wait for the worker then (one page again and again, {beside.CONNECTIONS} "
        "connections), and what views cost pages is told by its processor time; the median of "
        f"{beside.ROUNDS} rounds, each between two of pages alone. The p99 of a view was "
        f"{behind:.0f} ms there. Neither peer judges repeats, robots or limits, and neither has a "
        "network in front: they are told in loops of their own."
    )
    if found.load > IDLE_LOAD:
        made.note(
            f"The machine was busy with other work: {found.load:.0f} processes wanted a processor "
            "when it began, the disk was shared, and all numbers show it."
        )
    made.close(write=write)


if __name__ == "__main__":
    main()
