"""The counting rules against a slow, obvious model (tests/counting.py).

The journal takes reports one by one, in groups of any size, sealed at any time; the model sees them
all at the end. Readers come back across midnight, hours and days; some reports are sent again.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.edge.errors import ReplayedVisit
from stoppress.edge.journal import MOST_FROM_NETWORK, Journal
from stoppress.edge.readerkeys import ReaderKeys
from stoppress.edge.views import Counts, Kind, View
from tests.counting import DAY, Report, accepted, model

EVENING = 1_764_979_200.0 - 100.0  # 100 seconds before midnight UTC, which ends an hour as well
GAPS = [0, 1, 29, 29.9, 30, 31, 45, 200, 3500, 40_000]


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


def send(journal: Journal, keys: ReaderKeys, reports: list[Report]) -> list[object]:
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
    return journal.write(views)


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
            answers = send(journal, keys, group)
            refused += sum(isinstance(answer, ReplayedVisit) for answer in answers)
            if data.draw(st.booleans()):
                add(journal.seal())
        add(journal.seal())
        live = {article: journal.counts(article) for article in (1, 2)}
        journal.close()
    due = model(history, most_from_network=MOST_FROM_NETWORK)
    assert refused == len(history) - len(accepted(history))
    counted = {key: number for key, number in counts.items() if key[2] != "readers" and number}
    assert counted == due.views
    distinct = Counter()
    for (article, hour, name), number in counts.items():
        distinct[article, hour // DAY] += number if name == "readers" else 0
    assert +distinct == due.readers
    assert live == {
        a: sum(n for (article, _, kind), n in due.views.items() if (article, kind) == (a, "views"))
        for a in (1, 2)
    }
