"""Metrics: what a newsroom's processes count on this machine, in Prometheus' text form.

Workers share a listening socket, so a scrape reaches any one of them; printer, app and clock
listen nowhere. Each process writes its numbers down once a second beside the store, and whichever
worker is asked answers for all that are alive. The desk reads the same files.
"""

from __future__ import annotations

import contextlib
import json
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST.encode()
FOLDER = "workers"  # below the store
BUCKETS_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(slots=True)
class Timings:
    """How long something took, each time: a histogram."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_SECONDS) + 1))
    total_seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Count one time."""
        self.buckets[bisect_left(BUCKETS_SECONDS, seconds)] += 1
        self.total_seconds += seconds

    def at_most(self, share: float) -> float | None:
        """The bound that this share of all times kept, such as 0.95; None without any.

        A bucket's upper bound: the true value may be smaller. Infinite above the last.
        """
        wanted = share * sum(self.buckets)
        if not wanted:
            return None
        bounds = (*BUCKETS_SECONDS, float("inf"))
        return next(
            bound
            for bound, so_far in zip(bounds, accumulate(self.buckets), strict=True)
            if so_far >= wanted
        )


@dataclass(slots=True)
class Numbers:
    """What one process counted (since it started), how it is now, and how long things took."""

    process: str  # "edge", "app", "press", "clock"
    worker: str  # its process id
    counted: Counter[str] = field(default_factory=Counter)
    gauges: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, Timings] = field(default_factory=dict)


class Metrics:
    """This process's numbers, and a view of the others'."""

    def __init__(
        self,
        directory: Path,
        counted: Counter[str],
        gauges: Callable[[], Mapping[str, float]],
        *,
        process: str = "edge",
    ) -> None:
        self._directory = directory
        self._gauges = gauges
        self._numbers = Numbers(process, str(os.getpid()), counted)
        self._file = directory / f"{process}-{os.getpid()}.json"

    def time(self, name: str, seconds: float) -> None:
        """Note how long something took."""
        self._numbers.seconds.setdefault(name, Timings()).note(seconds)

    def write(self) -> None:
        """Write this process's numbers down, for whichever worker is asked.

        On a full disk the last ones stand.
        """
        self._numbers.gauges = dict(self._gauges())
        aside = self._file.with_suffix(".new")
        with contextlib.suppress(OSError):
            self._directory.mkdir(parents=True, exist_ok=True)  # a damaged store is set aside whole
            aside.write_text(_to_json(self._numbers))
            aside.replace(self._file)

    def close(self) -> None:
        """Take this process's numbers away."""
        self._file.unlink(missing_ok=True)

    def expose(self) -> bytes:
        """All processes' numbers, as Prometheus reads them."""
        self.write()
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """The families, as prometheus_client asks for them."""
        by_process = {self._numbers.process: [self._numbers]}  # from memory: the disk may be full
        for numbers in read_all(self._directory):
            own = (self._numbers.process, self._numbers.worker)
            if (numbers.process, numbers.worker) != own:
                by_process.setdefault(numbers.process, []).append(numbers)
        for process, workers in sorted(by_process.items()):
            yield from _families(process, workers)


def read_all(directory: Path) -> Iterator[Numbers]:
    """The numbers of every process that is alive; what the dead left is taken away."""
    for file in sorted(directory.glob("*-*.json")):
        process, _, worker = file.stem.rpartition("-")
        if not Path("/proc", worker).exists():
            file.unlink(missing_ok=True)
            continue
        with contextlib.suppress(OSError, ValueError, KeyError):
            yield _from_json(process, worker, file.read_text())


def _families(process: str, workers: list[Numbers]) -> Iterator[Metric]:
    events = CounterMetricFamily(
        f"stoppress_{process}_events", f"What {process} processes did.", labels=["event", "worker"]
    )
    states = GaugeMetricFamily(
        f"stoppress_{process}_state", f"How {process} processes are.", labels=["state", "worker"]
    )
    times = HistogramMetricFamily(
        f"stoppress_{process}_seconds", f"What took {process} how long.", labels=["of", "worker"]
    )
    bounds = [*(str(bound) for bound in BUCKETS_SECONDS), "+Inf"]
    for numbers in workers:
        for name, value in sorted(numbers.counted.items()):
            events.add_metric([name, numbers.worker], value)
        for name, state in sorted(numbers.gauges.items()):
            states.add_metric([name, numbers.worker], state)
        for name, timings in sorted(numbers.seconds.items()):
            buckets = list(zip(bounds, accumulate(map(float, timings.buckets)), strict=True))
            times.add_metric([name, numbers.worker], buckets, timings.total_seconds)
    yield events
    yield states
    if times.samples:
        yield times


def _to_json(numbers: Numbers) -> str:
    return json.dumps(
        {
            "counted": numbers.counted,
            "gauges": numbers.gauges,
            "seconds": {
                name: [timings.buckets, timings.total_seconds]
                for name, timings in numbers.seconds.items()
            },
        }
    )


def _from_json(process: str, worker: str, text: str) -> Numbers:
    read = json.loads(text)
    return Numbers(
        process,
        worker,
        Counter(read["counted"]),
        read["gauges"],
        {name: Timings(buckets, total) for name, (buckets, total) in read["seconds"].items()},
    )
