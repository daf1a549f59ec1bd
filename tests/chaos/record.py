"""What was read, killed, published and receipted during a run, and what must not be in it."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

NEAR_SECONDS = 0.25  # a kill breaks what its victim had accepted, and the log may note it later
SHOWN_AT_LEAST = 10  # stories in the shortest of the lists, the rail
LISTS = ("/", "/latest/", "/world/", "/feed/", "/-/parts/latest/")
CONTEXT = 12  # lines of the timeline before a fault


@dataclass(frozen=True, slots=True)
class Read:
    """One request of a reader on a connection of its own. Times are of the monotonic clock."""

    path: str
    began: float
    ended: float
    status: int
    fault: str  # why there is no answer; empty if there is one
    stories: list[int]  # the numbers of the stories it shows

    @property
    def newest(self) -> int:
        """The newest story shown."""
        return max(self.stories, default=0)

    def __str__(self) -> str:
        shown = f"{min(self.stories)}–{self.newest}" if self.stories else "none"
        took = (self.ended - self.began) * 1000
        return f"GET {self.path} {self.status or self.fault} in {took:.0f} ms, stories {shown}"


@dataclass(slots=True)
class Record:
    """A whole run."""

    kills: list[tuple[float, str]] = field(default_factory=list)  # when, whom
    published: list[tuple[float, int, int]] = field(default_factory=list)  # when, number, change
    receipts: list[tuple[float, int]] = field(default_factory=list)  # when seen, up to which change
    reads: list[Read] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Everything that no reader may see, each with what happened before it."""
        found = [*self.broken(), *self.wrong_answers(), *self.torn(), *self.backward(), *self.old()]
        return [f"{why}\n{self.timeline(read.ended)}" for why, read in found]

    def report(self) -> str:
        """How many faults there are of each kind, and the first of each with its story."""
        told = []
        for check in (self.broken, self.wrong_answers, self.torn, self.backward, self.old):
            found = sorted(check(), key=lambda fault: fault[1].began)
            if found:
                why, read = found[0]
                told.append(f"{len(found)} × {check.__name__}, first:\n{why}\n")
                told.append(self.timeline(read.ended))
        return "\n".join([self.summary(), *told])

    def broken(self) -> Iterator[tuple[str, Read]]:
        """Connections refused, unanswered, or broken though no edge worker was killed."""
        edges = [at for at, who in self.kills if who.startswith("edge")]
        for read in self.reads:
            in_flight = any(
                read.began - NEAR_SECONDS <= at <= read.ended + NEAR_SECONDS for at in edges
            )
            if read.fault and not (read.fault.startswith("broken") and in_flight):
                yield f"a reader's new connection failed: {read}", read

    def wrong_answers(self) -> Iterator[tuple[str, Read]]:
        """Errors, and links of lists that lead nowhere."""
        for read in self.reads:
            if not read.fault and read.status != 200:
                yield f"a page that a list leads to is not there: {read}", read

    def torn(self) -> Iterator[tuple[str, Read]]:
        """Lists with a gap: a story is missing between two that are shown."""
        for read in self.answered(LISTS):
            if read.newest == 0:
                continue
            whole = list(range(read.newest - len(read.stories) + 1, read.newest + 1))
            if read.stories != whole or len(whole) < min(SHOWN_AT_LEAST, read.newest):
                yield f"a list has a gap: {read}: {read.stories}", read

    def backward(self) -> Iterator[tuple[str, Read]]:
        """Any list older than what some list showed before the reader asked: they disagree."""
        ended = sorted((read.ended, read.newest) for read in self.answered())
        newest_until, newest = [], 0
        for _, shown in ended:
            newest = max(newest, shown)
            newest_until.append(newest)
        times = [at for at, _ in ended]
        for read in self.answered():
            before = bisect_left(times, read.began)
            if before and read.newest < newest_until[before - 1]:
                yield f"lists disagree, {newest_until[before - 1]} was out already: {read}", read

    def old(self) -> Iterator[tuple[str, Read]]:
        """Pages that lack a story though the receipt of its publish was there."""
        proven = sorted(
            (at, number)
            for number, at in ((number, self.receipted_at(c)) for _, number, c in self.published)
            if at is not None
        )
        times, newest, newest_until = [at for at, _ in proven], 0, []
        for _, number in proven:
            newest = max(newest, number)
            newest_until.append(newest)
        for read in self.answered(LISTS):
            before = bisect_left(times, read.began)
            if before and read.newest < newest_until[before - 1]:
                yield f"story {newest_until[before - 1]} had its receipt: {read}", read

    def receipted_at(self, change: int) -> float | None:
        """When the receipt of a change was first seen."""
        return next((at for at, up_to in self.receipts if up_to >= change), None)

    def answered(self, paths: Iterable[str] = ()) -> list[Read]:
        """The reads that got a page."""
        wanted = frozenset(paths)
        found = (read for read in self.reads if not read.fault and read.status == 200)
        return [read for read in found if not wanted or read.path in wanted]

    def timeline(self, until: float) -> str:
        """What happened last before a moment."""
        happened = [(at, f"killed {who}") for at, who in self.kills]
        happened += [(at, f"published {n} as change {c}") for at, n, c in self.published]
        happened += [(at, f"receipt up to change {c}") for at, c in self.receipts]
        happened += [(read.began, str(read)) for read in self.reads]
        began = min((at for at, _ in happened), default=0.0)
        last = sorted(entry for entry in happened if entry[0] <= until)[-CONTEXT:]
        return "\n".join(f"  {at - began:8.3f} s  {what}" for at, what in last)

    def summary(self) -> str:
        """One line that says what the run was like."""
        whom = ", ".join(who for _, who in self.kills)
        return (
            f"{len(self.published)} published, {len(self.reads)} read, "
            f"{len(self.kills)} killed ({whom}), {len(self.receipts)} receipts"
        )


def load_reads(log: Path) -> list[Read]:
    """Read the log of the readers."""
    return [Read(**json.loads(line)) for line in log.read_text("utf-8").splitlines()]
