"""The journal: durable before acknowledged, the repeat rule, batches, and what kill -9 leaves."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import lmdb
import pytest

from stoppress.edge.errors import JournalVersionMismatch
from stoppress.edge.journal import Journal, Kind, View

NOON = 1_764_936_000.0  # 2025-12-05 12:00 UTC, the start of an hour and of a slot


def append(journal: Journal, *views: View) -> list[int]:
    async def together() -> list[int]:
        return list(await asyncio.gather(*map(journal.append, views)))

    return asyncio.run(together())


def views_at(*times: float, article: int = 7, reader: int = 1) -> list[View]:
    return [View(article, NOON + time, reader) for time in times]


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
    assert batch.rows == ((7, int(NOON), 1, 1, 1),)
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
    assert first.rows == ((7, int(NOON), 1, 0, 0), (7, int(NOON) + 3600, 1, 0, 0))
    assert list(journal.batches_after(0)) == [first, second]
    assert list(journal.batches_after(1)) == [second]
    assert (first.node, first.number, second.number) == (journal.node, 1, 2)
    journal.forget(1)
    assert list(journal.batches_after(0)) == [second]
    append(journal, *views_at(9000))
    assert journal.seal().number == 3  # type: ignore[union-attr]
    assert journal.counts(7) == 4


def test_old_reports_are_forgotten(journal: Journal) -> None:
    append(journal, *(View(7, NOON, reader) for reader in range(500)))
    for minute in range(1, 12):
        append(journal, View(7, NOON + 60 * minute, 1))
    with journal._transaction(write=False) as txn:
        assert txn.stat(journal._db["recent"])["entries"] < 5


def test_a_readers_number_is_keyed_and_changes_daily(journal: Journal, folder: Path) -> None:
    number = journal.reader("203.0.113.9", "Mozilla/5.0", NOON)
    assert number == journal.reader("203.0.113.9", "Mozilla/5.0", NOON + 3600)
    assert number != journal.reader("203.0.113.9", "Mozilla/5.0", NOON + 86400)
    assert number != journal.reader("203.0.113.8", "Mozilla/5.0", NOON)
    other = Journal.open(folder / "other", reader_key=b"\xcd" * 32)
    assert number != other.reader("203.0.113.9", "Mozilla/5.0", NOON)
    other.close()


def test_a_journal_of_another_format_is_left_alone(folder: Path) -> None:
    with lmdb.open(str(folder / "journal"), max_dbs=8) as environment:
        meta = environment.open_db(b"meta")
        with environment.begin(write=True) as txn:
            txn.put(b"format", b"99", db=meta)
    with pytest.raises(JournalVersionMismatch, match="ship them"):
        Journal.open(folder / "journal")


WRITER = """
import asyncio, sys
from pathlib import Path
from stoppress.edge.journal import Journal, View

async def write(first):
    journal = Journal.open(Path(sys.argv[1]))
    number = first
    while True:
        views = [View(7, 1_764_936_000.0, number + n) for n in range(20)]
        await asyncio.gather(*map(journal.append, views))
        number += 20
        print(number, flush=True)

asyncio.run(write(int(sys.argv[2])))
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
