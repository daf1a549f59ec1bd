"""Retention: the past is known ever less finely, no view is lost, and nobody waits for it."""

from datetime import UTC, datetime, timedelta

import lmdb
import pytest

from stoppress.cli import duties
from stoppress.cli.clock import all_duties
from stoppress.edge.journal import Journal
from stoppress.edge.views import View
from stoppress.readership import retention, totals
from stoppress.readership.models import ArticleHour, SourceDay
from stoppress.readership.recount import compare, mend
from stoppress.readership.shipping import ship
from tests.journals import append

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime.now(UTC).replace(hour=12, minute=30, second=0, microsecond=0)
LONG_AGO = NOW.replace(hour=9) - timedelta(days=500)
A_READER, ANOTHER = 0x1122334455667788, 0x99AABBCCDDEEFF00


def read(journal: Journal, article: int, at: datetime, reader: int = A_READER, **more) -> None:
    """Let a reader view an article."""
    append(journal, View(article, at.timestamp(), reader, **more))


def hours(article: int) -> list[tuple[datetime, int, int]]:
    return [(row.hour, row.views, row.readers) for row in totals.views_by_hour(article)]


def day_of(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0)


@pytest.fixture
def old(journal: Journal) -> Journal:
    """An article read in three hours of a day long ago, and just now."""
    for hour in (0, 9, 23):
        read(journal, 7, LONG_AGO.replace(hour=hour), referrer="news.example")
    read(journal, 7, NOW, referrer="news.example")
    ship(journal)
    return journal


def fold_all() -> None:
    while retention.fold_hours(NOW):
        pass


def test_hours_that_are_no_longer_kept_become_a_day(old):
    fold_all()
    assert hours(7) == [(day_of(LONG_AGO), 3, 1), (NOW.replace(minute=0), 1, 1)]
    assert totals.views(7) == 4


def test_the_last_day_that_is_kept_stays_as_it_is(journal, settings):
    first_kept = retention.hours_kept_from(NOW)
    read(journal, 7, first_kept + timedelta(hours=5))
    read(journal, 7, first_kept - timedelta(hours=5))
    ship(journal)
    fold_all()
    kept = [hour for hour, *_ in hours(7)]
    assert kept == [first_kept - timedelta(days=1), first_kept + timedelta(hours=5)]
    settings.KEEP_HOURS_DAYS -= 1
    fold_all()
    assert [hour for hour, *_ in hours(7)] == [first_kept - timedelta(days=1), first_kept]


@pytest.mark.parametrize(
    ("zone", "first"),
    [("America/New_York", 5), ("Asia/Kolkata", 19), ("Europe/Berlin", 23)],
)
def test_a_day_is_the_papers(journal, settings, zone, first):
    settings.PAPER_TIME_ZONE = zone
    noon = datetime(2025, 1, 15, 12, tzinfo=UTC)
    begins = noon.replace(day=15 if first < 12 else 14, hour=first)
    for hours_after in (-1, 0, 1, 23, 24):
        read(journal, 7, begins + timedelta(hours=hours_after))
    ship(journal)
    fold_all()
    days = [begins + timedelta(days=n) for n in (-1, 0, 1)]
    assert [(hour, views) for hour, views, _ in hours(7)] == list(zip(days, (1, 3, 1), strict=True))


def test_what_comes_late_to_a_day_is_added_to_it(old):
    fold_all()
    read(old, 7, LONG_AGO.replace(hour=12), ANOTHER)
    ship(old)
    assert len(hours(7)) == 3
    fold_all()
    assert hours(7)[0] == (day_of(LONG_AGO), 4, 2)


def test_hours_are_folded_in_steps(journal, monkeypatch):
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 10)
    for article in range(1, 31):
        read(journal, article, LONG_AGO)
    ship(journal)
    rows = ArticleHour.objects.filter(hour=day_of(LONG_AGO))
    folded = []
    while retention.fold_hours(NOW):
        folded.append(rows.count())
    assert folded == [10, 20, 30, 31], "thirty articles, and the paper"


def test_where_readers_came_from_is_deleted(old):
    retention.drop_sources(NOW)
    assert list(SourceDay.objects.values_list("day", "views")) == [(NOW.date(), 1)]


def test_a_recount_still_agrees(old):
    fold_all()
    retention.drop_sources(NOW)
    assert compare([old]).agrees, "though the journal has batches of those hours"
    assert mend([old]).agrees
    while retention.drop_batches(old, NOW):
        pass
    assert compare([old]).agrees


def test_a_journal_drops_batches_that_are_old_and_shipped(journal, monkeypatch):
    monkeypatch.setattr(retention, "BATCHES_AT_ONCE", 2)
    for hour in range(5):
        read(journal, 7, LONG_AGO.replace(hour=hour))
        ship(journal)
    read(journal, 7, LONG_AGO.replace(hour=6))
    unshipped = journal.seal()
    kept = []
    while retention.drop_batches(journal, NOW):
        kept.append([batch.number for batch in journal.batches_after(0)])
    assert kept == [[3, 4, 5, 6], [5, 6]]
    assert [batch.number for batch in journal.batches_after(0)] == [unshipped.number]
    ship(journal)
    assert totals.views(7) == 6


def test_batches_of_the_last_days_are_kept(journal, settings):
    read(journal, 7, NOW - timedelta(days=settings.KEEP_BATCHES_DAYS - 1))
    ship(journal)
    assert not retention.drop_batches(journal, NOW)
    assert [batch.number for batch in journal.batches_after(0)] == [1]


def remembered(folder) -> bytes:
    """All that a journal has in its tables, as bytes."""
    with lmdb.open(str(folder), max_dbs=64, readonly=True, lock=False) as environment:
        with environment.begin() as txn:
            names = [name for name, _ in txn.cursor()]
        found = []
        for name in names:
            table = environment.open_db(name, create=False)
            with environment.begin(db=table) as txn:
                found += [key + value for key, value in txn.cursor()]
    return b"\n".join(found)


def test_of_a_day_that_is_over_no_reader_is_remembered_though_nobody_reads(tmp_path):
    folder = tmp_path / "journal"
    visit, network = 0x0102030405060708, 0x1112131415161718
    journal = Journal.open(folder)
    read(journal, 7, NOW, visit=visit, network=network)
    journal.close()
    numbers = [number.to_bytes(8) for number in (A_READER, visit, network)]
    assert all(number in remembered(folder) for number in numbers)
    journal = Journal.open(folder)
    journal.tidy((NOW + timedelta(days=2)).timestamp())
    journal.close()
    assert not [number for number in numbers if number in remembered(folder)]


def test_the_clock_does_it(old):
    known = {duty.name: duty for duty in all_duties(is_demo=False)}
    assert known["forget reading"].needs_lease
    assert not known["forget reading here"].needs_lease, "each machine has its own journal"
    while known["forget reading"].act() != duties.FORGET_SECONDS:
        pass
    assert hours(7)[0] == (day_of(LONG_AGO), 3, 1)
    assert SourceDay.objects.count() == 1
