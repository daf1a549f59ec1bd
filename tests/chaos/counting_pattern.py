"""Who reports which views, and when: known readers in a known pattern, the same for a seed.

The night of 24 to 25 October 2026: in Berlin the clock is set back from three to two, at 1:00 UTC.
Later the machine's own clock leaps forward and back, for a moment and for a while. Nobody repeats
across a leap: what the repeat rule knew before may be forgotten after it, as the docs say.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from stoppress.edge.views import Kind
from tests.counting import DAY, HOUR, Report

ZONE = "Europe/Berlin"
MIDNIGHT = datetime(2026, 10, 25, tzinfo=UTC).timestamp()
WINTER_TIME = MIDNIGHT + HOUR
EVENING = MIDNIGHT - 2 * HOUR - 600  # ten minutes before midnight in Berlin
LEAPING = WINTER_TIME + 1800
STEPS_OF_AN_ACT = 10
PAUSES = (1, 3, 7, 11, 13, 19, 29, 30, 31, 47)  # seconds, around the repeat rule's thirty
SHORT = (1, 3, 7, 11, 13, 19, 29)  # after which a report may be sent again
LATER = (100, 601, 1100)  # and now and then a longer one
ACROSS = (29, 21, 11, 8, 5, 8, 9, 12, 25, 29)  # from 70 seconds before an hour to 60 after it
LEAP, LEAPS = 2 * HOUR, (4, 7)  # steps at which the clock is wrong for a moment
ACTS = (  # when each begins
    EVENING,
    MIDNIGHT - 70,
    WINTER_TIME - 70,
    LEAPING,
    WINTER_TIME + 6 * HOUR,  # the clock is wrong
    WINTER_TIME + HOUR,  # and set back
    MIDNIGHT + DAY - 70,
    MIDNIGHT + 2 * DAY + 2 * HOUR,  # visits of the first day are forgotten
)
CROSSINGS = (MIDNIGHT - 70, WINTER_TIME - 70, MIDNIGHT + DAY - 70)
STEPS = len(ACTS) * STEPS_OF_AN_ACT
WIRES = ("", "", "news.example", "search.example", "quay.example")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OTHER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0"
ROBOT = "Mozilla/5.0 (compatible; Examplebot/2.1; +https://example.com/bot)"


@dataclass(frozen=True, slots=True)
class Sending:
    """A report, and the reader's side of it."""

    report: Report
    address: str
    agent: str
    is_cut: bool = False  # the connection is closed before the answer: it may count, or not


@dataclass(slots=True)
class Step:
    """What is sent while the clock stands at one moment."""

    at: float
    sendings: list[Sending] = field(default_factory=list)


class Pattern:
    """Makes the steps. Nobody reports one article twice at one moment: which came last?"""

    def __init__(self, seed: int, articles: list[int], count: int, *, most_from_network: int):
        self._choose = random.Random(seed)
        self._articles = articles
        self._most_from_network = most_from_network
        self._of_a_step = max(10, count // STEPS)
        self._readers = 0
        self._visits = 0
        self._lately: deque[Sending] = deque(maxlen=4 * self._of_a_step)
        self._cut: list[Sending] = []
        self._sent: list[Sending] = []
        self._known: set[int] = set()  # visits that were reported
        self._busy: set[object] = set()  # pairs and visits of this moment

    def steps(self) -> Iterator[Step]:
        """All steps, in the order in which they happen."""
        for start in ACTS:
            at, leaps = start, LEAPS if start == LEAPING else ()
            for number in range(STEPS_OF_AN_ACT):
                if number in leaps or number - 1 in leaps:
                    self._lately.clear()
                yield self._step(at + (LEAP if number in leaps else 0), number)
                pauses = LATER if start == EVENING and number % 3 == 2 else PAUSES
                if start in CROSSINGS:
                    at += ACROSS[number]
                else:
                    at += self._choose.choice(SHORT if self._cut else pauses)
            self._lately.clear()  # between acts the clock jumps

    def _step(self, at: float, number: int) -> Step:
        self._busy.clear()
        step = Step(at)
        step.sendings += [_again(cut, at) for cut in self._cut]
        self._cut = []
        if number == STEPS_OF_AN_ACT // 2:
            self._add_burst(step)
        is_followed = number + 1 < STEPS_OF_AN_ACT and at % HOUR < HOUR - max(SHORT)
        may_cut = is_followed and not {number, number + 1} & {*LEAPS}
        while len(step.sendings) < self._of_a_step:
            self._add(step, self._any(at, may_cut=may_cut))
        return step

    def _add(self, step: Step, sending: Sending) -> None:
        report = sending.report
        marks = {(report.person, report.article), report.visit}
        if marks & self._busy:
            return
        self._busy |= marks
        step.sendings.append(sending)
        if sending.is_cut:
            self._cut.append(sending)
        elif report.visit not in self._known:
            self._known.add(report.visit)
            self._lately.append(sending)
            self._sent.append(sending)

    def _any(self, at: float, *, may_cut: bool) -> Sending:
        kinds = ("new", "repeat", "other story", "replay", "login", "cut")
        kind = self._choose.choices(kinds, (40, 30, 12, 8, 4, 6))[0]
        if kind == "replay" and self._sent:
            return _again(self._choose.choice(self._sent), at)
        if kind == "cut" and may_cut:
            return self._new(at, is_cut=True)
        if kind in ("new", "cut", "replay") or not self._lately:
            return self._new(at)
        known = self._choose.choice(self._lately)
        report = known.report
        is_login = kind == "login" and report.kind is Kind.VIEW
        return Sending(
            Report(
                report.person,
                self._choose.choice(self._articles) if kind == "other story" else report.article,
                at,
                Kind.STAFF if is_login else report.kind,
                self._visit(),
                report.network,
                report.referrer,
                report.is_private,
            ),
            known.address,
            known.agent,
        )

    def _new(self, at: float, *, is_cut: bool = False) -> Sending:
        self._readers += 1
        number = self._readers
        is_v6 = number % 9 == 0
        address, network = _v6(number) if is_v6 else _v4(number)
        robot, staff = number % 13 == 0, number % 17 == 0
        kind = Kind.ROBOT if robot else Kind.STAFF if staff else Kind.VIEW
        agent = ROBOT if robot else OTHER_AGENT if number % 2 else AGENT
        report = Report(
            f"{address} {agent}",
            self._choose.choice(self._articles),
            at,
            kind,
            self._visit(),
            network,
            self._choose.choice(WIRES),
            is_private=number % 11 == 0,
        )
        return Sending(report, address, agent, is_cut)

    def _add_burst(self, step: Step) -> None:
        """One network's many readers, more than one network may add to one article."""
        self._readers += 1
        article = self._choose.choice(self._articles)
        network = f"172.{16 + (self._readers >> 8) % 16}.{self._readers & 255}"
        for host in range(1, self._most_from_network + self._most_from_network // 4):
            address = f"{network}.{host}"
            report = Report(
                f"{address} {AGENT}", article, step.at, Kind.VIEW, self._visit(), network
            )
            if (report.person, article) not in self._busy:
                self._busy.add((report.person, article))
                step.sendings.append(Sending(report, address, AGENT))

    def _visit(self) -> int:
        self._visits += 1
        return self._visits


def _again(sending: Sending, at: float) -> Sending:
    """The very same report, as a script sends it that has had no answer, or one that cheats."""
    return replace(sending, report=replace(sending.report, at=at), is_cut=False)


def _v4(number: int) -> tuple[str, str]:
    network = f"{11 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
    return f"{network}.{1 + number % 200}", network


def _v6(number: int) -> tuple[str, str]:
    network = f"2001:db8:{number >> 8:x}:{number & 255:x}00"
    return f"{network}::{1 + number % 200:x}", network
