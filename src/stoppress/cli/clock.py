"""The clock: everything in a newsroom that happens at a time rather than at somebody's click.

Each duty runs in a thread of its own with a database connection of its own, so that one that fails
or dawdles holds up no other. A duty of the node runs on every machine; a duty of the newsroom only
where the lease is held. A failing duty is logged and tried again, ever more slowly.
"""

import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from django.db import close_old_connections

from stoppress.cli import duties
from stoppress.cli.lease import Lease, newsroom_lease
from stoppress.edge.metrics import Metrics
from stoppress.press.numbers import numbers_folder

LEASE_SECONDS = 1.0
SLOWEST_RETRY_SECONDS = 60.0
END_SECONDS = 1.0

log = structlog.get_logger("stoppress.clock")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done again and again; `act` says how many seconds until the next time."""

    name: str
    act: Callable[[], float]
    needs_lease: bool


class Clock:
    """Runs duties until it is stopped."""

    def __init__(self, duties: list[Duty], lease: Lease, folder: Path) -> None:
        """Write numbers down in `folder`, for /metrics."""
        self.duties = duties
        self.counted: Counter[str] = Counter()
        self.metrics = Metrics(folder, self.counted, self._state, process="clock")
        self.lease = lease
        self.leading = threading.Event()
        self.stopping = threading.Event()

    def run(self) -> None:
        """Run until `stop` is called, then wait a little for duties under way."""
        threads = [
            threading.Thread(target=self._keep, args=(duty,), name=duty.name, daemon=True)
            for duty in self.duties
        ]
        for thread in threads:
            thread.start()
        while not self.stopping.is_set():
            self._look_after_lease()
            self.metrics.write()
            self.stopping.wait(LEASE_SECONDS)
        for thread in threads:
            thread.join(END_SECONDS / len(threads))
        self.lease.release()
        self.metrics.close()

    def _state(self) -> dict[str, float]:
        return {"leading": float(self.leading.is_set())}

    def stop(self) -> None:
        """End `run`, from a signal or another thread."""
        self.stopping.set()

    def _look_after_lease(self) -> None:
        held = self.lease.hold()
        if held and not self.leading.is_set():
            log.info("this clock holds the lease")
            self.leading.set()
        elif not held and self.leading.is_set():
            log.warning("the lease is lost: another clock may act now")
            self.leading.clear()

    def _keep(self, duty: Duty) -> None:
        failures = 0
        while not self.stopping.is_set():
            if duty.needs_lease and not self.leading.wait(LEASE_SECONDS):
                continue
            try:
                close_old_connections()
                pause = duty.act()
                failures = 0
                self.counted["done"] += 1
            except Exception:  # the outermost loop of a duty: the next try may do better
                failures += 1
                self.counted["failed"] += 1
                pause = min(2.0**failures, SLOWEST_RETRY_SECONDS)
                log.exception("a duty failed", duty=duty.name, failures=failures, pause=pause)
            self.stopping.wait(pause)


def run_clock(*, is_demo: bool) -> None:
    """Run the clock of this newsroom until SIGTERM or SIGINT."""
    clock = Clock(all_duties(is_demo=is_demo), newsroom_lease(), numbers_folder())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: clock.stop())
    clock.run()


def all_duties(*, is_demo: bool) -> list[Duty]:
    """What this newsroom's clock does."""
    listed = [
        Duty("views", duties.ship_views, needs_lease=False),
        Duty("forget reading here", duties.forget_reading_here, needs_lease=False),
        Duty("forget reading", duties.forget_reading, needs_lease=True),
        Duty("printed counts", duties.print_counts, needs_lease=True),
        *(
            Duty(f"most read, {name}", partial(duties.rank_most_read, name), needs_lease=True)
            for name in ("hour", "day", "week")
        ),
        Duty("sums of reading", duties.sum_up_reading, needs_lease=True),
        Duty("spikes", duties.look_for_spikes, needs_lease=True),
        Duty("old numbers", duties.forget_old_numbers, needs_lease=True),
        Duty("schedule", duties.carry_out_schedule, needs_lease=True),
        Duty("housekeeping", duties.clear_sessions, needs_lease=True),
    ]
    if is_demo:
        listed.append(Duty("demo wire", duties.publish_demo_story, needs_lease=True))
        listed.append(Duty("demo readers", duties.read_demo_stories, needs_lease=True))
    return listed
