"""Metrics: what the workers count, in Prometheus' text form.

Workers share a listening socket, so a scrape reaches any one of them. Each writes its numbers down
once a second, and whoever is asked answers for all that are alive.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

CONTENT_TYPE = CONTENT_TYPE_LATEST.encode()


class Metrics:
    """This worker's numbers, and a view of the others'."""

    def __init__(
        self, directory: Path, counted: Counter[str], gauges: Callable[[], Mapping[str, float]]
    ) -> None:
        self._directory = directory
        self._counted = counted
        self._gauges = gauges
        self._file = directory / f"{os.getpid()}.json"
        directory.mkdir(parents=True, exist_ok=True)

    def write(self) -> None:
        """Write this worker's numbers down, for whichever worker is asked."""
        numbers = {"counted": dict(self._counted), "gauges": dict(self._gauges())}
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(numbers))
        aside.replace(self._file)

    def close(self) -> None:
        """Take this worker's numbers away."""
        self._file.unlink(missing_ok=True)

    def expose(self) -> bytes:
        """All workers' numbers, as Prometheus reads them."""
        self.write()
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """The families, as prometheus_client asks for them."""
        events = CounterMetricFamily(
            "stoppress_edge_events", "What edge workers did.", labels=["event", "worker"]
        )
        states = GaugeMetricFamily(
            "stoppress_edge_state", "How edge workers are.", labels=["state", "worker"]
        )
        for worker, numbers in self._alive():
            for name, value in sorted(numbers["counted"].items()):
                events.add_metric([name, worker], value)
            for name, value in sorted(numbers["gauges"].items()):
                states.add_metric([name, worker], value)
        yield events
        yield states

    def _alive(self) -> Iterator[tuple[str, dict[str, dict[str, float]]]]:
        for file in sorted(self._directory.glob("*.json")):
            if not Path("/proc", file.stem).exists() and file != self._file:
                file.unlink(missing_ok=True)
                continue
            with contextlib.suppress(OSError, ValueError):
                yield file.stem, json.loads(file.read_text())
