"""What views cost the pages of their worker: pages alone, beside views, and beside idle work.

Views keep the other CPU busy as well, with the journal's writer and whoever reports them. That
leaves less of it for whoever asks for pages, and a page costs a worker more the fewer are asked for
at once, and the more its CPU's twin computes. None of this is what a worker spends on views. So it
is compared with pages beside a process that takes just as much of the other CPU and does nothing.
"""

from __future__ import annotations

import contextlib
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
ROUNDS, SECONDS = 9, 2  # short ones, in turn: other machines on the same host come and go
STARTING_SECONDS = 1.0  # until views come in
_IDLE_WORK = (
    "import time\n"
    "while True:\n"
    "    ends = time.thread_time() + {share} * {period}\n"
    "    while time.thread_time() < ends: pass\n"
    "    time.sleep((1 - {share}) * {period})\n"
)
_PERIOD_SECONDS = 0.005

Started = Callable[[float], contextlib.AbstractContextManager[subprocess.Popen[str]]]
"""Starts views for so many seconds."""


@dataclass
class Beside:
    """Rounds of pages, each in three ways, and what views beside them saw."""

    alone: list[Measured] = field(default_factory=list)
    idle_work: list[Measured] = field(default_factory=list)
    views: list[Measured] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)  # of the other CPU, taken by views

    @property
    def losses(self) -> list[float]:
        """The share of the worker's processor that views take from pages, by round; sorted."""
        return sorted(
            (beside.cost - without.cost) * beside.rate / 1e6
            for beside, without in zip(self.views, self.idle_work, strict=True)
        )


@dataclass(frozen=True)
class Reported:
    """A worker that views can be reported to, and its journal writer."""

    edge: Server
    writer: Server
    start_views: Started
    told_by: Callable[[subprocess.Popen[str]], Told]


def measure_beside(worker: Reported, folder: Path, path: str, *, cpu: int) -> Beside:
    """Ask for one page again and again, in turn alone, beside views and beside idle work."""
    script = one_page_script(folder / "page.lua", path)
    found = Beside()

    def pages() -> Measured:
        return measure(script, worker.edge, SECONDS, connections=CONNECTIONS)

    pages()
    for _ in range(ROUNDS):
        found.alone.append(pages())
        with worker.start_views(SECONDS + 2 * STARTING_SECONDS) as process:
            time.sleep(STARTING_SECONDS)
            began, written = time.perf_counter(), worker.writer.cpu_seconds()
            found.views.append(pages())
            written = worker.writer.cpu_seconds() - written
            took = time.perf_counter() - began
            told = worker.told_by(process)
        found.told.append(told)
        found.shares.append(min(0.9, told.busy + written / took))
        with idle_work(cpu, found.shares[-1]):
            found.idle_work.append(pages())
    return found


@contextlib.contextmanager
def idle_work(cpu: int, share: float) -> Iterator[None]:
    """A process that takes a share of a CPU and does nothing with it."""
    code = _IDLE_WORK.format(share=share, period=_PERIOD_SECONDS)
    with subprocess.Popen(on_cpu(cpu, [sys.executable, "-c", code])) as process:
        try:
            yield
        finally:
            process.kill()


def page_rows(found: Beside, views_a_second: int) -> Sequence[Sequence[object]]:
    """The table's lines: pages a second, p99, microseconds of the worker a page."""
    share = 100 * statistics.median(found.shares)
    return [
        [
            name,
            statistics.median(run.rate for run in runs),
            statistics.median(run.p99 for run in runs),
            statistics.median(run.cost for run in runs),
        ]
        for name, runs in (
            ("alone", found.alone),
            (f"the other CPU busy to {share:.0f} % with nothing", found.idle_work),
            (f"beside {views_a_second:,} views a second, which take as much of it", found.views),
        )
    ]
