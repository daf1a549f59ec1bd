"""The crew: processes that print stale pages beside the printer, as many as cores can be spared.

The printer alone applies changes and switches; it hands out what a change left stale, if that is
much, or has failed before. A hand renders in a snapshot of its own, compresses, and puts into the
store, whose freshness rule refuses what a change has overtaken. It answers with what became of
each page. What a hand had when it dies is still stale in the store, so nothing is lost with it.
"""

import json
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog

from stoppress.edge.store import Store
from stoppress.press import limits
from stoppress.press.batches import Batch
from stoppress.press.errors import FailedInCrew
from stoppress.press.hand import PLACE
from stoppress.press.receipts import Printed

log = structlog.get_logger("press.crew")

COMMAND = (sys.executable, "-m", "stoppress.press.hand")
MOST_HANDS = 8
JOB = 64  # pages that share their reads; some 0.3 s
JOBS_EACH = 2  # in hand, so that none waits for the printer while it switches
WORTH_A_HAND = 200  # stale pages, a second's work: a hand takes two seconds to start
IDLE_SECONDS = 30.0
START_SECONDS = 120.0
OVERDUE = 2.0  # times the limit of a render: a hand that does not even give up is killed
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
END_SECONDS = 1.0
DAMAGE_SIGNALS = {signal.SIGBUS, signal.SIGSEGV}
CPU_MAX = Path("/sys/fs/cgroup/cpu.max")


@dataclass(slots=True)
class Hand:
    """One process of the crew, as the printer sees it."""

    process: subprocess.Popen[bytes]
    line: Connection
    progress: mmap.mmap  # which page of its job it is at, counted from 1; 0 at none
    is_ready: bool = False
    jobs: deque[list[str]] = field(default_factory=deque)
    since: float = field(default_factory=time.monotonic)  # it started, answered, or went on
    _place: int = 0

    @property
    def page(self) -> str | None:
        """The page under print."""
        (place,) = PLACE.unpack(self.progress[:])
        return self.jobs[0][place - 1] if self.jobs and 0 < place <= len(self.jobs[0]) else None

    def is_overdue(self, now: float) -> bool:
        """Whether it neither prints, nor gives up, nor says anything. To be asked often."""
        (place,) = PLACE.unpack(self.progress[:])
        if place != self._place:
            self._place, self.since = place, now
        if self.is_ready and place == 0:
            return False
        limit = limits.RENDER_SECONDS * OVERDUE if self.is_ready else START_SECONDS
        return now - self.since > limit


class Crew:
    """The processes that help a printer."""

    def __init__(self, command: Sequence[str] = COMMAND, most: int | None = None) -> None:
        self.command = tuple(command)
        self.most = most or spare_cores()
        self.hands: list[Hand] = []
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._deaths = 0
        self._rest_until = 0.0

    @property
    def lines(self) -> list[Connection]:
        """What to watch for answers."""
        return [hand.line for hand in self.hands]

    @property
    def in_hand(self) -> set[str]:
        """The pages that are with the crew."""
        return {path for hand in self.hands for job in hand.jobs for path in job}

    @property
    def is_at_work(self) -> bool:
        """Whether a hand prints, so that the printer need not."""
        return any(hand.jobs for hand in self.hands)

    def collect(self) -> list[Batch]:
        """Take the answers that are there; bury the dead, kill the overdue."""
        now = time.monotonic()
        self._leaving = [process for process in self._leaving if process.poll() is None]
        batches = []
        for hand in list(self.hands):
            try:
                while hand.line.poll():
                    batches += self._hear(hand, json.loads(hand.line.recv_bytes()))
            except (EOFError, OSError):
                batches += self._bury(hand)
                continue
            if hand.is_overdue(now):
                log.error("a hand is overdue and is killed", page=hand.page)
                hand.process.kill()
                batches += self._bury(hand)
        return batches

    def hand_out(self, store: Store, due: Sequence[str], skip: Collection[str]) -> None:
        """Give stale pages to whoever has room; hire if there are many, let go who idles.

        `due` are pages that failed before: for one of them a hand is hired, too, since it may hang.
        """
        now = time.monotonic()
        if now < self._rest_until:
            return
        in_hand = self.in_hand
        due = [path for path in due if path not in in_hand]
        limit = self.most * JOBS_EACH * JOB + WORTH_A_HAND
        stale = store.stale_paths(limit, skip={*skip, *in_hand, *due})
        if due or len(stale) >= WORTH_A_HAND:
            self._hire(1 + len(stale) // WORTH_A_HAND)
        jobs = [stale[start : start + JOB] for start in range(0, len(stale), JOB)]
        self._give([*jobs, *([path] for path in due)])  # alone: it may take its process along
        for hand in [h for h in self.hands if h.is_ready and not h.jobs]:
            if now - hand.since > IDLE_SECONDS:
                self._let_go(hand)

    def close(self) -> None:
        """End every process. What they had in hand stays stale."""
        for hand in list(self.hands):
            hand.process.terminate()
            self._let_go(hand)
        deadline = time.monotonic() + END_SECONDS
        for process in self._leaving:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._leaving.clear()

    def _hire(self, wanted: int) -> None:
        while len(self.hands) < min(wanted, self.most):
            ours, theirs = Pipe()
            with theirs, tempfile.TemporaryFile() as shared:
                shared.truncate(PLACE.size)
                inherited = (theirs.fileno(), shared.fileno())
                process = subprocess.Popen(  # noqa: S603 - our own program
                    [*self.command, *map(str, inherited)],
                    pass_fds=inherited,
                    stdin=subprocess.DEVNULL,
                )
                progress = mmap.mmap(shared.fileno(), PLACE.size)
            self.hands.append(Hand(process, ours, progress))

    def _give(self, jobs: Iterable[list[str]]) -> None:
        """Spread jobs: each hand gets one before any gets its second."""
        left = deque(jobs)
        for n in range(JOBS_EACH):
            for hand in self.hands:
                if left and hand.is_ready and len(hand.jobs) <= n:
                    try:
                        hand.line.send_bytes(json.dumps(left[0]).encode())
                    except OSError:
                        continue  # it has died; `collect` finds out
                    hand.jobs.append(left.popleft())

    def _hear(self, hand: Hand, said: dict[str, Any]) -> list[Batch]:
        hand.since = time.monotonic()
        if "done" not in said:
            hand.is_ready = True
            return []
        hand.jobs.popleft()
        if fault := said.get("fault"):
            log.warning("a hand could not print", why=fault)
            self._rest()
            return []
        self._deaths = 0
        done = said["done"]
        return [
            Batch(
                seen=done["seen"],
                printed=[Printed(path, ms) for path, ms in done["printed"]],
                missing=done["missing"],
                failed=[(path, FailedInCrew(why)) for path, why in done["failed"]],
            )
        ]

    def _bury(self, hand: Hand) -> list[Batch]:
        """Take note of a process that ended by itself or by force; blame the page it was at."""
        jobs, page = bool(hand.jobs), hand.page
        self._let_go(hand)
        code = hand.process.wait()
        if -code in DAMAGE_SIGNALS:  # the store is damaged: the supervisor, too, is to see that
            signal.raise_signal(signal.Signals(-code))
        if not jobs and code == 0:
            return []
        log.warning("a hand ended", code=code, page=page)
        self._rest()
        if page is None:
            return []
        why = f"The process that printed {page} ended with code {code}."
        return [Batch(seen=0, failed=[(page, FailedInCrew(why))])]

    def _let_go(self, hand: Hand) -> None:
        """Close the line: the process ends when it next looks."""
        self.hands.remove(hand)
        hand.line.close()
        self._leaving.append(hand.process)

    def _rest(self) -> None:
        self._deaths += 1
        pause = min(PAUSE_SECONDS * 2 ** (self._deaths - 1), LONGEST_PAUSE_SECONDS)
        self._rest_until = time.monotonic() + pause


def spare_cores() -> int:
    """Return how many processes to print with: all cores but one, for readers, and one at least."""
    cores = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    try:
        quota, period = CPU_MAX.read_text().split()
        cores = min(cores, int(quota) / int(period))
    except (OSError, ValueError):
        pass  # no quota
    return max(1, min(MOST_HANDS, int(cores) - 1))
