"""The journal: durable before acknowledged, the repeat rule, batches, and what kill -9 leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lmdb
import pytest

from stoppress.edge.errors import (
    JournalOfAnotherMachine,
    JournalVersionMismatch,
    ReplayedVisit,
    UnknownVisit,
)
from stoppress.edge.journal import TALLIES_ADDED_UP, Journal
from stoppress.edge.machines import MACHINE_FILE
from stoppress.edge.views import Batch, Counts, Kind, Stay, View
from tests.journals import append

NOON = 1_764_936_000.0  # 2025-12-05 12:00 UTC, the start of an hour and of a slot


def views_at(*times: float, article: int = 7, reader: int = 1) -> list[View]:
    return [View(article, NOON + time, reader) for time in times]


def rows_of(batch: Batch | None) -> dict[tuple[int, int], Counts]:
    """What a batch says, by article and seconds since noon."""
    assert batch is not None
    return {(article, hour - int(NOON)): Counts(*counts) for article, hour, *counts in batch.rows}


@pytest.mark.parametrize(
    ("times", "counted"),
    [
        ([0], 1),
        ([0, 29.9], 1),
        ([0, 30], 2),
        ([0, 20, 40, 60], 1),  # each report moves the window
        ([0, 20, 40, 70], 2),
        ([25, 50], 1),  # across the border of two slots
        ([0, 31, 45], 2),
        ([0, -10], 1),  # the clock was set back
        ([0, 3600], 2),
    ],
)
def test_a_repeat_within_thirty_seconds_adds_nothing(
    journal: Journal, times: list[float], counted: int
) -> None:
    for view in views_at(*times):
        append(journal, view)
    assert journal.counts(7) == counted


def test_repeats_are_one_readers_of_one_article(journal: Journal) -> None:
    append(journal, View(7, NOON, 1), View(7, NOON, 2), View(8, NOON, 1))
    assert (journal.counts(7), journal.counts(8)) == (2, 1)


def test_the_rule_holds_within_one_group_too(journal: Journal) -> None:
    assert append(journal, *views_at(0, 0, 0)) == [1, 1, 1]


def test_robots_and_staff_are_counted_apart(journal: Journal) -> None:
    append(journal, View(7, NOON, 1), View(7, NOON, 2, Kind.ROBOT), View(7, NOON, 3, Kind.STAFF))
    batch = journal.seal()
    assert batch is not None
    assert rows_of(batch)[7, 0] == Counts(views=1, robots=1, staff=1, readers=1)
    assert journal.counts(7) == 1


def test_the_live_number_includes_what_was_counted_elsewhere(journal: Journal) -> None:
    journal.set_base(7, 737)
    assert append(journal, *views_at(0)) == [738]
    journal.set_bases({7: 800, 8: 5})
    assert (journal.counts(7), journal.counts(8)) == (801, 5)


def test_batches_are_numbered_by_hour_and_kept_until_forgotten(journal: Journal) -> None:
    assert journal.seal() is None
    append(journal, *views_at(0, 3600))
    first = journal.seal()
    append(journal, *views_at(7200))
    second = journal.seal()
    assert first is not None
    assert second is not None
    assert rows_of(first)[7, 0] == Counts(views=1, readers=1)
    assert rows_of(first)[7, 3600] == Counts(views=1)
    assert list(journal.batches_after(0)) == [first, second]
    assert list(journal.batches_after(1)) == [second]
    assert (first.node, first.number, second.number) == (journal.node, 1, 2)
    journal.forget(1)
    assert list(journal.batches_after(0)) == [second]
    append(journal, *views_at(9000))
    assert journal.seal().number == 3  # type: ignore[union-attr]
    assert journal.counts(7) == 4


def entries(journal: Journal) -> dict[str, int]:
    """How many rows each table has on disk."""
    with journal._transaction(write=False) as txn:
        return {name: txn.stat(database)["entries"] for name, database in journal._db.items()}


def test_old_reports_are_forgotten(journal: Journal) -> None:
    append(journal, *(View(7, NOON, reader, visit=reader + 1) for reader in range(500)))
    append(journal, View(7, NOON + 61, 1))  # folded, but for what no rule asks for any more
    for second in range(62, 72):
        append(journal, View(7, NOON + second, 1))
    found = entries(journal)
    assert sum(found[f"recent{slot}"] for slot in range(4)) <= 1
    assert sum(found[f"visits{slot}"] for slot in range(4)) == 500
    assert found["redo"] <= 11


def test_a_days_readers_are_dropped_when_it_is_over(journal: Journal) -> None:
    append(journal, *(View(7, NOON, reader, visit=reader + 1) for reader in range(500)))
    journal.tidy(NOON + 60)
    found = entries(journal)
    assert sum(found[f"today{slot}"] for slot in range(4)) == 1000
    journal.tidy(NOON + 43_200)  # though nobody reads
    found = entries(journal)
    assert sum(found[f"today{slot}"] for slot in range(4)) == found["redo"] == 0
    assert journal.counts(7) == 500
    with pytest.raises(ReplayedVisit):
        append(journal, View(7, NOON + 43_200, 1, visit=1))


def test_groups_that_nobody_seals_are_summed_up(journal: Journal) -> None:
    groups = TALLIES_ADDED_UP**2 * 2 + 10
    for number in range(groups):
        journal.write([View(7, NOON, number, referrer="news.example")])
    assert entries(journal)["tallies"] < 20
    batch = journal.seal()
    assert batch is not None
    assert rows_of(batch)[7, 0].views == groups
    assert batch.sources == ((7, int(NOON), "referrer", "news.example", groups),)
    assert journal.seal() is None


def test_of_two_the_later_counts_in_its_hour(journal: Journal) -> None:
    append(journal, *views_at(3590))
    journal.seal()
    append(journal, *views_at(3605))
    moved = journal.seal()
    assert rows_of(moved) == {(7, 0): Counts(views=-1), (7, 3600): Counts(views=1)}
    assert journal.counts(7) == 1


def test_a_visit_counts_once_whoever_its_reader_is_by_now(journal: Journal) -> None:
    """As when its answer was lost because the newsroom was started again, with another key."""
    append(journal, View(7, NOON, 1, visit=5), View(7, NOON + 10, 2, visit=5))
    assert rows_of(journal.seal())[7, 0] == Counts(views=1, readers=1)


def test_a_repeat_by_somebody_now_logged_in_is_staffs(journal: Journal) -> None:
    append(journal, View(7, NOON, 1), View(7, NOON + 5, 1, Kind.STAFF))
    assert rows_of(journal.seal())[7, 0] == Counts(staff=1, readers=1)
    assert journal.counts(7) == 0


def test_a_repeat_across_midnight_is_one(journal: Journal) -> None:
    midnight = NOON + 43_200
    append(journal, View(7, midnight - 10, 1), View(7, midnight + 10, 2, reader_before=1))
    append(journal, View(7, midnight + 35, 2, reader_before=1))
    assert journal.counts(7) == 1


def test_readers_are_distinct_by_day(journal: Journal) -> None:
    for at in (0, 60, 43_200, 43_260):  # noon, and the next day
        append(journal, View(7, NOON + at, 1), View(8, NOON + at, 1))
    rows = rows_of(journal.seal())
    assert sum(counts.readers for (article, _), counts in rows.items() if article == 7) == 2
    assert {hour: c.readers for (article, hour), c in rows.items() if article == 0} == {
        0: 1,
        43_200: 1,
    }


def test_a_replayed_visit_is_refused(journal: Journal) -> None:
    append(journal, View(7, NOON, 1, visit=5))
    assert append(journal, View(7, NOON + 1, 1, visit=5)) == [1]  # sent again: no answer had come
    with pytest.raises(ReplayedVisit):
        append(journal, View(7, NOON + 40, 1, visit=5))
    with pytest.raises(ReplayedVisit):
        append(journal, View(8, NOON + 80_000, 2, visit=5))
    assert (journal.counts(7), journal.counts(8)) == (1, 0)


def test_what_one_network_adds_above_the_limit_is_doubtful(folder: Path) -> None:
    journal = Journal.open(folder / "journal", most_from_network=3)
    append(journal, *(View(7, NOON, reader, network=9) for reader in range(1, 6)))
    append(journal, View(7, NOON, 100, network=8), View(8, NOON, 101, network=9))
    append(journal, View(7, NOON + 600, 102, network=9))
    rows = rows_of(journal.seal())
    assert rows[7, 0] == Counts(views=5, doubtful=2, readers=5)
    assert journal.counts(7) == 5
    journal.close()


def test_a_stay_adds_what_is_new_of_it(journal: Journal) -> None:
    append(journal, View(7, NOON, 1, visit=5))
    for seconds, engaged, depth in [(20, 15, 30), (20, 15, 30), (40, 30, 80), (50, 20, 10)]:
        append(journal, Stay(7, NOON + seconds, 5, engaged, depth))
    counts = rows_of(journal.seal())[7, 0]
    assert counts.engaged_seconds == 30
    assert (counts.read_quarter, counts.read_half) == (1, 1)
    assert (counts.read_three_quarters, counts.read_all) == (1, 0)


def test_nobody_stays_longer_than_time_has_passed(journal: Journal) -> None:
    append(journal, View(7, NOON, 1, visit=5))
    append(journal, Stay(7, NOON + 10, 5, 5000, 100))
    assert rows_of(journal.seal())[7, 0].engaged_seconds <= 13
    append(journal, Stay(7, NOON + 40_000, 5, 40_000, 100))
    total = sum(counts.engaged_seconds for counts in rows_of(journal.seal()).values())
    assert total <= 1800


@pytest.mark.parametrize("stay", [Stay(7, NOON, 6, 1, 1), Stay(8, NOON, 5, 1, 1)])
def test_a_stay_without_its_view_is_refused(journal: Journal, stay: Stay) -> None:
    append(journal, View(7, NOON, 1, visit=5))
    with pytest.raises(UnknownVisit):
        append(journal, stay)


def test_a_private_view_counts_and_nothing_else_is_kept(journal: Journal) -> None:
    append(journal, View(7, NOON, 1, visit=5, referrer="news.example", is_private=True))
    append(journal, Stay(7, NOON + 20, 5, 10, 50))
    batch = journal.seal()
    assert rows_of(batch) == {(7, 0): Counts(views=1)}
    assert batch is not None
    assert batch.sources == ()


def test_sources_are_counted_by_name(journal: Journal) -> None:
    append(journal, *(View(7, NOON, n, referrer="news.example", country="NO") for n in (1, 2)))
    append(journal, View(7, NOON, 3))
    batch = journal.seal()
    assert batch is not None
    assert set(batch.sources) == {
        (7, int(NOON), "referrer", "news.example", 2),
        (7, int(NOON), "country", "NO", 2),
    }


def test_one_refused_report_takes_no_other_with_it(journal: Journal) -> None:
    append(journal, View(7, NOON, 1, visit=5))
    first, second, third = journal.write(
        [View(7, NOON + 60, 2), View(7, NOON + 60, 1, visit=5), View(7, NOON + 60, 3)]
    )
    assert isinstance(second, ReplayedVisit)
    assert (first, third) == (3, 3)


def test_a_journal_of_another_format_is_left_alone(folder: Path) -> None:
    with lmdb.open(str(folder / "journal"), max_dbs=8) as environment:
        meta = environment.open_db(b"meta")
        with environment.begin(write=True) as txn:
            txn.put(b"format", b"99", db=meta)
    with pytest.raises(JournalVersionMismatch, match="ship them"):
        Journal.open(folder / "journal")


def test_a_journal_of_another_machine_is_left_alone(folder: Path) -> None:
    Journal.open(folder / "journal").close()
    whose = folder / "journal" / MACHINE_FILE
    if not whose.exists():
        pytest.skip("this system has no machine-id")
    whose.write_text("0123456789abcdef\n")
    with pytest.raises(JournalOfAnotherMachine, match="gone for good, remove"):
        Journal.open(folder / "journal")
    whose.unlink()
    Journal.open(folder / "journal").close()


WRITER = """
import sys
from pathlib import Path
from stoppress.edge.journal import Journal
from stoppress.edge.views import View

journal = Journal.open(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    journal.write([View(7, 1_764_936_000.0, number + n) for n in range(20)])
    number += 20
    print(number, flush=True)
"""


def test_kill_9_loses_no_acknowledged_view_and_doubles_none(folder: Path) -> None:
    acknowledged = 0
    for _ in range(5):
        command = [sys.executable, "-c", WRITER, str(folder / "journal"), str(acknowledged)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(7):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        writer.wait()
        writer.stdout.close()
        journal = Journal.open(folder / "journal")
        counted = journal.counts(7)
        journal.close()
        # The group that was under way when the writer died may be whole on disk; never in part.
        assert counted in (acknowledged, acknowledged + 20)
        acknowledged = counted
