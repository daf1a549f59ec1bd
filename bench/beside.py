"""What views cost the pages of their worker: pages alone, and beside views, in turn.

The other CPU has wrk, whoever reports views, and the journal's writer: more than it can do while
the worker has a CPU to itself. A worker that waits for them is no measure: the fewer ask at once,
the more a page costs. So a process that does nothing takes a part of the worker's CPU. Requests
then wait for the worker at all times, alone and beside views, and how much processor time it spends
on a page is told by nothing but its work.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.servers import Server, on_cpu
from bench.viewers import Told
from bench.wrk import Measured, measure, one_page_script

CONNECTIONS = 256  # so that the worker seldom waits: to be woken costs more than a page
ROUNDS, SECONDS = 15, 2  # short ones: other machines on the same host come and go
STARTING_SECONDS = 1.0  # until views come in
WORKER_CPU = 0
_BUSY_SECONDS, _PERIOD_SECONDS = 0.0025, 0.005  # beside a busy worker that comes to a third
_SPIN = (
    "import time\n"
    "while True:\n"
    f"    ends = time.thread_time() + {_BUSY_SECONDS}\n"
    "    while time.thread_time() < ends: pass\n"
    f"    time.sleep({_PERIOD_SECONDS - _BUSY_SECONDS})\n"
)

Started = Callable[[float], contextlib.AbstractContextManager[subprocess.Popen[str]]]
"""Starts views for so many seconds."""


@dataclass
class Beside:
    """Runs of pages, alone before and after each run beside views, and what these views saw."""

    alone: list[Measured] = field(default_factory=list)
    views: list[Measured] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    @property
    def losses(self) -> list[float]:
        """The share of a processor that views take from pages, by round; sorted."""
        return sorted(
            (beside.cost - (before.cost + after.cost) / 2) * beside.rate / 1e6
            for beside, (before, after) in zip(
                self.views, itertools.pairwise(self.alone), strict=True
            )
        )


def measure_beside(
    edge: Server,
    start_views: Started,
    told_by: Callable[[subprocess.Popen[str]], Told],
    folder: Path,
    path: str,
) -> Beside:
    """Ask for one page again and again, in turn alone and beside views."""
    script = one_page_script(folder / "page.lua", path)
    found = Beside()

    def pages() -> Measured:
        return measure(script, edge, SECONDS, connections=CONNECTIONS)

    with part_taken_of(WORKER_CPU):
        pages()
        found.alone.append(pages())
        for _ in range(ROUNDS):
            with start_views(SECONDS + 2 * STARTING_SECONDS) as process:
                time.sleep(STARTING_SECONDS)
                found.views.append(pages())
                found.told.append(told_by(process))
            found.alone.append(pages())
    return found


@contextlib.contextmanager
def part_taken_of(cpu: int) -> Iterator[None]:
    """A process that takes a part of a CPU and does nothing with it."""
    with subprocess.Popen(on_cpu(cpu, [sys.executable, "-c", _SPIN])) as process:
        try:
            yield
        finally:
            process.kill()


def page_rows(found: Beside, views_a_second: int) -> Sequence[Sequence[object]]:
    """The table's lines: pages a second, microseconds of the worker a page."""
    return [
        [
            name,
            statistics.median(run.rate for run in runs),
            statistics.median(run.cost for run in runs),
        ]
        for name, runs in (
            ("alone", found.alone),
            (f"beside {views_a_second:,} views a second", found.views),
        )
    ]
