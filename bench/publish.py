"""How long until a publish is at the edge, and does the archive matter? Takes some 13 minutes.

Run: make bench-publish. Newsrooms with archives of 1,000 and 100,000 generated stories, on SQLite
and on a private PostgreSQL, are served by `stoppress serve`. A process beside it publishes stories;
the clock runs from the call until article, front, section, author, feed, sitemap and rail show the
story at the public port. Then again with four writers who each save twice a second and publish
every fifth time. Prints medians and p99 beside the limits (300 ms, 500 ms with writers; 1.2 between
the archives).
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import results
from tests.postgres import running_cluster

ROOT = Path(__file__).resolve().parent.parent
IDLE_LIMIT_MS, WRITERS_LIMIT_MS, ARCHIVE_LIMIT = 300, 500, 1.2
WRITERS = 4
ALONE = 0.5  # a machine with more load is shared with somebody
POSTGRESQL = {  # as it is in production; tests spare the disk
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",  # these as docs/how-to/run-in-production.md advises
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
}
READY_SECONDS = 60
EDITOR = ("--name", "Ada Brook", "--email", "ada@news.example", "--password")


def parser() -> ArgumentParser:
    """What can be chosen."""
    made = results.parser(__doc__)
    made.add_argument(
        "--archive", type=int, nargs="+", default=[1_000, 100_000], help="stories, smallest first"
    )
    made.add_argument(
        "--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"]
    )
    made.add_argument("--publishes", type=int, default=100, help="of each measurement")
    return made


@dataclass(frozen=True)
class Measured:
    """The publishes of one newsroom under one load."""

    database: str
    archive: int
    writers: int
    calls: list[float]  # ms, of the publish call alone
    times: list[float]  # ms, until all is new at the edge

    @property
    def median(self) -> float:
        """Until all is new, ms."""
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """The same of all but the slowest in a hundred."""
        return sorted(self.times)[max(0, -(-len(self.times) * 99 // 100) - 1)]


def main() -> None:
    """Measure and report."""
    options = parser().parse_args()
    found: list[Measured] = []
    load_before = os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-publish-")))
        folder.chmod(0o755)
        newsrooms = [
            Newsroom(folder / f"{database}-{size}", database, size, named[size])
            for database in options.database
            for named in [stack.enter_context(addresses(database, options.archive))]
            for size in options.archive
        ]
        rates = [(made.database, made.size, *made.make()) for made in newsrooms]
        for newsroom in newsrooms:
            with newsroom.served():
                for writers in (0, WRITERS):
                    asked = newsroom.publishes(options.publishes, writers)
                    found.append(Measured(newsroom.database, newsroom.size, writers, *asked))
    report(found, rates, load_before, write=options.write)


@contextmanager
def addresses(database: str, sizes: list[int]) -> Iterator[dict[int, str]]:
    """A database for each archive; an empty address is the newsroom's own SQLite file."""
    if database == "sqlite":
        yield dict.fromkeys(sizes, "")
        return
    with running_cluster(**POSTGRESQL) as cluster:
        for size in sizes:
            cluster.run(f"CREATE DATABASE archive_{size}")
        yield {size: cluster.address(f"archive_{size}") for size in sizes}


class Newsroom:
    """A newsroom in a folder, and the processes that work in it."""

    def __init__(self, home: Path, database: str, size: int, address: str) -> None:
        self.home, self.database, self.size = home, database, size
        self.port = free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("STOPPRESS_")}
        self.environment = kept | {
            "STOPPRESS_HOME": str(home),
            "STOPPRESS_LOG_LEVEL": "warning",
            "STOPPRESS_ORIGIN": f"http://localhost:{self.port}",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        if address:
            self.environment["STOPPRESS_DATABASE"] = address

    def make(self) -> tuple[float, float]:
        """Found it and load its archive; returns the stories loaded a second, and indexed."""
        password = secrets.token_urlsafe(12)
        founding = ("init", self.home, "--paper", "The Halvern Packet", *EDITOR, password)
        self.run("-m", "stoppress.cli", *founding)
        said = self.run(*desk("load", self.size)).stdout
        loaded, indexed = json.loads(said.splitlines()[-1])
        return loaded, indexed

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it until the block ends."""
        command = [sys.executable, "-m", "stoppress.cli", "serve", "--port", str(self.port)]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            self.wait_until_ready(process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Return when readers are answered."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("The newsroom was not ready in time.")

    def publishes(self, count: int, writers: int) -> tuple[list[float], list[float]]:
        """Milliseconds of each publish call, and until all was new at the edge."""
        others = [
            subprocess.Popen(
                [sys.executable, *map(str, desk("write", number))],
                env=self.environment,
                stdin=subprocess.PIPE,
            )
            for number in range(writers)
        ]
        try:
            said = self.run(*desk("publish", count, self.port)).stdout
        finally:
            for other in others:
                other.communicate()  # closes its input, at which it ends
        calls, times = json.loads(said.splitlines()[-1])
        return calls, times

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run Python in this newsroom; end with what it said if it fails."""
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{arguments}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done


def desk(*arguments: object) -> list[object]:
    """A command of bench/publish_desk.py, which needs a process in which Django runs."""
    return ["-c", "from bench.publish_desk import main; main()", *arguments]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def report(
    found: list[Measured],
    rates: list[tuple[str, int, float, float]],
    load_before: float,
    *,
    write: bool,
) -> None:
    """Print what came of it."""
    section = results.Report("publish", "A publish, at any archive")
    section.note(
        "From the publish call until article, front, section, author, feed, sitemap and rail are "
        "all new at the public port. The desk is otherwise idle, or has four writers who each save "
        "twice a second and publish every fifth time, all on the same cores. PostgreSQL has fsync "
        "on, and the settings that the guide to production advises."
    )
    busy = f"Load of the machine (mean of a minute) when it began: {load_before:.1f}."
    if load_before > ALONE:
        busy += (
            " **Others worked on these cores meanwhile: the times and the ratios are not those of "
            "a publish alone, and say little.** Measure again on an idle machine."
        )
    section.note(busy)
    section.table(
        ["database", "stories", "writers", "publishes", "call p50 ms", "new p50 ms", "new p99 ms"],
        [
            [
                made.database,
                made.archive,
                made.writers,
                len(made.times),
                statistics.median(made.calls),
                made.median,
                made.p99,
            ]
            for made in found
        ],
    )
    for made in found:
        limit = WRITERS_LIMIT_MS if made.writers else IDLE_LIMIT_MS
        load = f"with {made.writers} writers" if made.writers else "idle"
        meaning = f"of {limit} ms is the p99 on {made.database} at {made.archive:,}, {load}"
        section.ratio(made.p99, limit, meaning)
    for made in found:
        small = next(m for m in found if (m.database, m.writers) == (made.database, made.writers))
        if made is not small and not made.writers:
            section.ratio(
                made.median,
                small.median,
                f"of the median at {small.archive:,} is that at {made.archive:,} on "
                f"{made.database} (limit {ARCHIVE_LIMIT})",
            )
    section.note("Loading such an archive, stories a second:")
    section.table(["database", "stories", "loaded", "search rows"], [list(row) for row in rates])
    section.close(write=write)


if __name__ == "__main__":
    main()
