"""The counting rules against a slow, obvious model: sort, cut into chains, count the last of each.

The journal takes reports one by one, in groups of any size, sealed at any time; the model sees them
all at the end. Readers come back across midnight, hours and days; some reports are sent again.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.edge.errors import ReplayedVisit
from stoppress.edge.journal import Journal
from stoppress.edge.readerkeys import ReaderKeys
from stoppress.edge.views import SITE, Counts, Kind, View

EVENING = 1_764_979_200.0 - 100.0  # 100 seconds before midnight UTC, which ends an hour as well
REPEAT = 30
DAY, HOUR = 86_400, 3600
GAPS = [0, 1, 29, 29.9, 30, 31, 45, 200, 3500, 40_000]


@dataclass(frozen=True)
class Report:
    """One report, as the edge takes it: by a person, whoever they are to the journal."""

    person: str
    article: int
    at: float
    kind: Kind
    visit: int


@st.composite
def histories(draw) -> list[Report]:
    at, reports = EVENING, []
    for number in range(1, draw(st.integers(1, 25)) + 1):
        at += draw(st.sampled_from(GAPS))
        if reports and draw(st.integers(0, 4)) == 0:
            reports.append(replace(draw(st.sampled_from(reports)), at=at))  # sent again
            continue
        person = draw(st.sampled_from(["ada", "bo"]))
        kind = draw(st.sampled_from([Kind.VIEW, Kind.VIEW, Kind.STAFF, Kind.ROBOT]))
        reports.append(Report(person, draw(st.integers(1, 2)), at, kind, number))
    return reports


def accepted(history: list[Report]) -> list[Report]:
    """All but replays: the same visit, half a minute or more after it was first reported.

    A visit is remembered until the next day has ended.
    """
    first: dict[int, float] = {}
    kept = []
    for report in history:
        known = first.get(report.visit)
        if known is None or report.at // DAY - known // DAY > 1:
            first[report.visit] = report.at
        if report.at - first[report.visit] < REPEAT:
            kept.append(report)
    return kept


def chains(history: list[Report]) -> list[list[Report]]:
    """One person's reports of one article, cut where half a minute or more lies between two."""
    found = []
    for key in sorted({(report.person, report.article) for report in history}):
        own = [report for report in history if (report.person, report.article) == key]
        cuts = [n for n, (one, next_) in enumerate(pairwise(own), 1) if next_.at - one.at >= REPEAT]
        edges = [0, *cuts, len(own)]
        found += [own[start:end] for start, end in pairwise(edges)]
    return found


def model(history: list[Report]) -> tuple[Counter, Counter]:
    """Views by article, hour and kind; distinct readers by article and day."""
    views: Counter = Counter()
    readers: set[tuple[int, int, str]] = set()
    for chain in chains(accepted(history)):
        last = chain[-1]
        views[last.article, int(last.at) // HOUR * HOUR, last.kind] += 1
        if chain[0].kind is Kind.VIEW:
            day = int(chain[0].at) // DAY
            readers |= {(last.article, day, last.person), (SITE, day, last.person)}
    return views, Counter((article, day) for article, day, _ in readers)


async def send(journal: Journal, keys: ReaderKeys, reports: list[Report]) -> list[object]:
    views = [
        View(
            report.article,
            report.at,
            keys.reader(report.person, "agent", report.at),
            report.kind,
            keys.reader_before(report.person, "agent", report.at),
            report.visit,
        )
        for report in reports
    ]
    return await asyncio.gather(*map(journal.append, views), return_exceptions=True)


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_the_journal_counts_as_the_model_does(history: list[Report], data: st.DataObject) -> None:
    refused, counts = 0, Counter[tuple[int, int, str]]()
    keys = ReaderKeys.draw(EVENING)

    def add(batch) -> None:
        for article, hour, *numbers in batch.rows if batch else ():
            for name, number in zip(Counts.__dataclass_fields__, numbers, strict=True):
                counts[article, hour, name] += number

    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "journal")
        left = list(history)
        while left:
            size = data.draw(st.integers(1, 6))
            group, left = left[:size], left[size:]
            answers = asyncio.run(send(journal, keys, group))
            refused += sum(isinstance(answer, ReplayedVisit) for answer in answers)
            if data.draw(st.booleans()):
                add(journal.seal())
        add(journal.seal())
        live = {article: journal.counts(article) for article in (1, 2)}
        journal.close()
    views, readers = model(history)
    assert refused == len(history) - len(accepted(history))
    names = {Kind.VIEW: "views", Kind.ROBOT: "robots", Kind.STAFF: "staff"}
    expected = {(a, hour, names[kind]): number for (a, hour, kind), number in views.items()}
    counted = {key: number for key, number in counts.items() if key[2] != "readers" and number}
    assert counted == expected
    distinct = Counter()
    for (article, hour, name), number in counts.items():
        distinct[article, hour // DAY] += number if name == "readers" else 0
    assert +distinct == readers
    assert live == {
        a: sum(number for (article, _, kind), number in views.items() if (article, kind) == (a, 0))
        for a in (1, 2)
    }
