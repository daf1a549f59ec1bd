"""Shipping: from the edge's journal to the totals and back, exactly."""

from pathlib import Path

import pytest

from stoppress.edge.journal import Journal
from stoppress.edge.views import Kind, View
from stoppress.readership import shipping, totals
from stoppress.readership.models import AppliedBatch
from stoppress.readership.shipping import ship
from tests.journals import append
from tests.readership.conftest import opened
from tests.readership.test_totals import RETRIEVED

pytestmark = pytest.mark.usefixtures("database")

NOON = 1_800_000_000.0


def read(
    journal: Journal, article: int, readers: int, kind: Kind = Kind.VIEW, start: int = 0
) -> int:
    """Let so many readers view an article; return the count the last one was told."""
    views = (View(article, NOON, reader=start + n + 1, kind=kind) for n in range(readers))
    return append(journal, *views)[-1]


def test_what_the_edge_counted_is_in_the_totals(journal):
    assert read(journal, 7, 5) == 5
    read(journal, 7, 2, Kind.ROBOT, start=100)
    assert ship(journal) == 1
    assert totals.views(7) == 5
    (hour,) = totals.views_by_hour(7)
    assert (hour.views, hour.robots) == (5, 2)


def test_shipping_again_adds_nothing(journal):
    read(journal, 7, 5)
    assert ship(journal) == 1
    assert ship(journal) == 0
    assert totals.views(7) == 5


def test_a_crash_between_totals_and_journal_adds_nothing_twice(journal):
    read(journal, 7, 5)
    batch = journal.seal()
    totals.add(batch)  # and here the clock dies, before the journal hears of it
    read(journal, 7, 3, start=50)
    assert ship(journal) == 1
    assert totals.views(7) == 8


def test_the_live_number_has_the_opening_balance(journal):
    totals.set_opening_balance(7, 737, "seed page", RETRIEVED)
    ship(journal)
    assert journal.counts(7) == 737
    assert read(journal, 7, 1) == 738
    ship(journal)
    assert journal.counts(7) == totals.views(7) == 738


def test_each_node_shows_what_all_have_counted(tmp_path: Path):
    with opened(tmp_path / "a") as one, opened(tmp_path / "b") as other:
        read(one, 7, 4)
        read(other, 7, 2)
        for journal in (one, other, one):
            ship(journal)
        assert one.counts(7) == other.counts(7) == totals.views(7) == 6
        read(other, 7, 1, start=50)
        ship(other)
        ship(one)
        assert one.counts(7) == 7


def test_a_database_restored_from_a_backup_gets_its_batches_again(journal):
    for turn in range(4):
        read(journal, 7, 1, start=turn * 10)
        ship(journal)
    backup = 2  # the backup was made after the second batch
    totals.NodeTotal.objects.update(views=backup)
    totals.ArticleHour.objects.update(views=backup)
    AppliedBatch.objects.update(number=backup)
    assert ship(journal) == 2
    assert totals.views(7) == 4


def test_batches_the_journal_has_dropped_are_told_and_passed_over(journal, caplog):
    for turn in range(3):
        read(journal, 7, 1, start=turn * 10)
        journal.seal()
    journal.forget(2)
    assert ship(journal) == 1
    assert totals.views(7) == 1
    assert totals.last_batch(journal.node) == 3


def test_old_batches_leave_the_journal(journal, monkeypatch):
    monkeypatch.setattr(shipping, "KEPT_BATCHES", 2)
    for turn in range(5):
        read(journal, 7, 1, start=turn * 10)
        ship(journal)
    assert [batch.number for batch in journal.batches_after(0)] == [4, 5]
    assert totals.views(7) == 5
