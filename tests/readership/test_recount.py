"""Recount: the totals held against the batches they were shipped from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import F

from stoppress.edge.journal import Journal
from stoppress.edge.views import Kind, View
from stoppress.readership import totals
from stoppress.readership.models import (
    AppliedBatch,
    ArticleHour,
    CountToCheck,
    NodeTotal,
    SourceDay,
)
from stoppress.readership.recount import Difference, compare, mend
from stoppress.readership.shipping import ship
from tests.journals import append
from tests.readership.conftest import opened

pytestmark = pytest.mark.usefixtures("database")

NOON = 1_800_000_000 // 3600 * 3600.0
HOUR = 3600.0
DAY = 24 * HOUR


def read(journal: Journal, article: int, *readers: int, at: float = NOON, **more: object) -> None:
    """Let readers view an article, and have it shipped."""
    append(journal, *(View(article, at, reader, **more) for reader in readers))
    ship(journal)


@pytest.fixture
def shipped(journal: Journal) -> Journal:
    """Two articles in three hours: readers from somewhere, a robot, staff, a repeat that moved."""
    read(journal, 7, 1, 2, 3, referrer="news.example")
    read(journal, 7, 4, kind=Kind.ROBOT)
    read(journal, 8, 1, at=NOON + HOUR - 10)
    read(journal, 8, 1, at=NOON + HOUR + 5)
    read(journal, 8, 5, at=NOON + 2 * HOUR, kind=Kind.STAFF)
    return journal


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Journal]:
    """Another machine's journal."""
    with opened(tmp_path / "other") as journal:
        yield journal


def told(found: list[Difference]) -> set[tuple[int, str, int, int]]:
    return {(one.article, one.what, one.has, one.due) for one in found}


def everything() -> list[tuple[object, ...]]:
    """All totals, without what may differ when nothing is wrong."""
    hours = ArticleHour.objects.order_by("article_id", "hour").values_list()
    sources = SourceDay.objects.order_by("article_id", "day", "kind", "name").values_list()
    nodes = NodeTotal.objects.order_by("article_id", "node").values_list("article_id", "views")
    return [*(row[1:] for row in (*hours, *sources)), *nodes]


def test_totals_that_are_right_agree(shipped):
    found = compare([shipped])
    assert found.agrees
    assert (found.absent, found.not_proven, found.proven_from) == ([], 0, None)
    assert found.compared > 6
    (account,) = found.accounts
    assert (account.oldest, account.newest, account.applied, account.unshipped) == (1, 5, 5, 0)


def test_nothing_counted_yet_agrees(journal):
    assert compare([journal]).agrees


def test_each_number_that_is_wrong_is_told_and_mended(shipped):
    right = everything()
    ArticleHour.objects.filter(article_id=7).update(views=F("views") + 2, robots=0)
    ArticleHour.objects.filter(article_id=8, staff=1).delete()
    SourceDay.objects.update(views=1)
    NodeTotal.objects.filter(article_id=8).update(views=40)
    ArticleHour.objects.create(article_id=9, hour=ArticleHour.objects.first().hour, views=6)
    CountToCheck.objects.all().delete()
    due = {
        (7, "views", 5, 3),
        (7, "robots", 0, 1),
        (8, "staff", 0, 1),
        (9, "views", 6, 0),
        (7, "referrer news.example", 1, 3),
        (8, "views", 40, 1),
    }
    before = everything()
    found = compare([shipped])
    assert told(found.differences) == due
    assert everything() == before
    assert told(mend([shipped]).differences) == due
    assert compare([shipped]).agrees
    ArticleHour.objects.filter(article_id=9, views=0).delete()  # a row of nothing is left
    assert everything() == right
    assert list(CountToCheck.objects.values_list("article_id", flat=True)) == [8]


def test_a_difference_names_its_hour_and_its_machine(shipped):
    ArticleHour.objects.filter(article_id=8, views=1).update(views=2)
    NodeTotal.objects.filter(article_id=8).update(views=2)
    assert [one.where for one in compare([shipped]).differences] == [
        "2027-01-15 09:00 UTC",
        f"machine {shipped.node}",
    ]


def test_what_waits_to_be_shipped_is_no_difference(shipped):
    append(shipped, View(7, NOON, 20))
    found = compare([shipped])
    assert found.agrees
    assert not found.accounts[0].is_sealed
    shipped.seal()
    found = compare([shipped])
    assert found.agrees
    assert found.accounts[0].unshipped == 1


def test_hours_of_dropped_batches_stay_as_they_are(shipped):
    """The machine's total is proven all the same: the journal keeps it for the live number."""
    shipped.forget(3)  # the move of article 8 into the second hour is the fourth batch
    ArticleHour.objects.filter(article_id=7).update(views=99)
    ArticleHour.objects.filter(staff=1).update(staff=5)
    NodeTotal.objects.filter(article_id=7).update(views=99)
    found = mend([shipped])
    assert told(found.differences) == {(8, "staff", 5, 1), (7, "views", 99, 3)}
    assert f"{found.proven_from:%H:%M}" == "09:00"
    assert ArticleHour.objects.get(article_id=7).views == 99
    assert NodeTotal.objects.get(article_id=7).views == 3


def test_hours_that_an_older_version_dropped_unnoted_stay_as_they_are(shipped):
    shipped.forget(3)
    with shipped._transaction(write=True) as txn:
        txn.drop(shipped._db["forgotten"], delete=False)
    ArticleHour.objects.update(views=99)
    assert {one.where for one in compare([shipped]).differences} == {"2027-01-15 10:00 UTC"}


def test_several_machines_add_up(shipped, other):
    read(other, 7, 31, 32)
    assert compare([shipped, other]).agrees
    ArticleHour.objects.filter(article_id=7).update(views=4)
    assert told(compare([shipped, other]).differences) == {(7, "views", 4, 5)}


def test_what_a_machine_adds_whose_journal_is_not_at_hand_is_left_and_told(shipped, other):
    read(other, 7, 31, 32)
    read(other, 8, 33, kind=Kind.ROBOT)  # of article 8 it has counted no views
    ArticleHour.objects.update(views=99, robots=99)
    NodeTotal.objects.filter(node=other.node).update(views=99)
    found = compare([shipped])
    assert found.absent == [other.node]
    assert {one.article for one in found.differences} == {0, 8}
    assert {one.what for one in found.differences} == {"views"}
    assert found.not_proven > 0


def test_a_journal_put_back_from_a_backup_is_told(shipped):
    AppliedBatch.objects.update(number=50)
    found = compare([shipped])
    assert not found.agrees
    assert "put back from a backup" in found.faults[0]
    assert not found.differences


def test_views_of_batches_that_were_lost_are_told(journal):
    """A database restored from too old a backup: the hours can't be mended, the total can."""
    read(journal, 7, 1)
    read(journal, 7, 2)
    ArticleHour.objects.all().delete()
    NodeTotal.objects.all().delete()
    AppliedBatch.objects.all().delete()
    journal.forget(1)
    ship(journal)  # it goes on after the gap
    assert told(compare([journal]).differences) == {(7, "views", 1, 2)}
    mend([journal])
    assert totals.views(7) == 2


def test_mending_moves_the_live_numbers_of_other_machines(shipped, other):
    ship(other)
    NodeTotal.objects.filter(article_id=7).update(views=90)
    mend([shipped])
    ship(other)
    assert other.counts(7) == 3
