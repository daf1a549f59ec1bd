"""Totals: every batch counts once, however often it is sent and whoever sends it."""

import threading
from datetime import UTC, datetime, timedelta
from queue import Queue

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.edge.views import COUNTED, Batch, Counts
from stoppress.readership import totals
from stoppress.readership.errors import BadCount, BatchOutOfOrder
from stoppress.readership.minutes import forget_old
from stoppress.readership.models import (
    ArticleHour,
    ArticleMinute,
    HourToSum,
    NodeTotal,
    OpeningBalance,
    PrintedCount,
    SourceDay,
)

pytestmark = pytest.mark.usefixtures("database")

HOUR = 1_800_000_000 // 3600 * 3600
RETRIEVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def batch(number: int, *rows: tuple[int, ...], node: str = "a", sources: tuple = ()) -> Batch:
    """A batch; rows may leave out the counts that are zero at their end."""
    filled = (row + (0,) * (2 + len(COUNTED) - len(row)) for row in rows)
    return Batch(node, number, tuple(filled), sources)


def test_a_batch_sent_twice_counts_once():
    once = batch(1, (7, HOUR, 3, 2, 1))
    assert totals.add(once)
    assert not totals.add(once)
    assert totals.views(7) == 3


def test_robots_and_staff_are_counted_apart():
    totals.add(batch(1, (7, HOUR, 3, 2, 1), (8, HOUR, 0, 5, 0)))
    hour = ArticleHour.objects.get(article_id=7)
    assert (hour.views, hour.robots, hour.staff) == (3, 2, 1)
    assert totals.views_of([7, 8]) == {7: 3, 8: 0}


def test_everything_that_is_counted_adds_up_and_may_be_taken_back():
    first, second = Counts(*range(10, 20)), Counts(*([-1] * len(COUNTED)))
    totals.add(batch(1, (7, HOUR, *first)))
    totals.add(batch(2, (7, HOUR, *second)))
    hour = ArticleHour.objects.get(article_id=7)
    assert [getattr(hour, name) for name in COUNTED] == [number - 1 for number in range(10, 20)]
    assert totals.views(7) == 9


def test_sources_add_up_by_day():
    came = (7, HOUR, "referrer", "news.example", 2)
    later = (7, HOUR + 3600, "referrer", "news.example", 3)
    totals.add(batch(1, sources=(came, later, (7, HOUR, "country", "NO", 1))))
    totals.add(batch(2, sources=(came,)))
    found = {(row.kind, row.name): row.views for row in SourceDay.objects.all()}
    assert found == {("referrer", "news.example"): 7, ("country", "NO"): 1}


def test_sources_are_of_the_papers_day(settings):
    settings.PAPER_TIME_ZONE = "Asia/Kathmandu"  # 5 h 45 min ahead
    late = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    totals.add(batch(1, sources=((7, int(late.timestamp()), "referrer", "news.example", 2),)))
    assert SourceDay.objects.get().day == datetime(2026, 11, 25, tzinfo=UTC).date()


def test_what_arrives_is_news_of_this_minute_and_the_papers_sum():
    now = datetime.now(UTC)
    hour = int(now.replace(minute=0, second=0, microsecond=0).timestamp())
    rows = ((0, hour, 0, 0, 0, 0, 4), (7, hour, 3, 1, 0, 0, 3), (8, hour, 2, 0, 0, 0, 2))
    totals.add(batch(1, *rows))
    totals.add(batch(2, (7, hour - 2 * 3600, 50)))  # counted while this node could not ship
    found = {row.article_id: row for row in ArticleMinute.objects.all()}
    assert {article: row.views for article, row in found.items()} == {0: 5, 7: 3, 8: 2}
    assert (found[0].readers, found[0].robots) == (4, 1)
    assert abs(found[7].minute - now) < timedelta(minutes=2)


def test_old_minutes_are_forgotten():
    now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    for hours in (1, 4):
        ArticleMinute.objects.create(article_id=7, minute=now - timedelta(hours=hours), views=1)
    assert forget_old(now) == 1
    assert ArticleMinute.objects.get().minute == now - timedelta(hours=1)


def test_each_batch_marks_the_hours_it_moves():
    totals.add(batch(1, (7, HOUR, 3), (8, HOUR, 1), (7, HOUR + 3600, 1)))
    totals.add(batch(2, (7, HOUR, 1)))
    totals.add(batch(2, (7, HOUR, 1)))
    marks = HourToSum.objects.order_by("hour").values_list("moves", flat=True)
    assert list(marks) == [2, 1]


def test_hours_add_up_over_batches_and_nodes():
    totals.add(batch(1, (7, HOUR, 3, 0, 0), (7, HOUR + 3600, 1, 0, 0)))
    totals.add(batch(2, (7, HOUR, 2, 0, 0)))
    totals.add(batch(1, (7, HOUR, 10, 0, 0), node="b"))
    assert [(h.hour, h.views) for h in totals.views_by_hour(7)] == [
        (datetime.fromtimestamp(HOUR, UTC), 15),
        (datetime.fromtimestamp(HOUR + 3600, UTC), 1),
    ]
    assert totals.views(7) == 16
    assert totals.views_of([7], without_node="a") == {7: 10}


def test_an_older_batch_that_comes_late_adds_nothing():
    for number in (1, 2, 3):
        totals.add(batch(number, (7, HOUR, 1, 0, 0)))
    assert not totals.add(batch(2, (7, HOUR, 1, 0, 0)))
    assert totals.views(7) == 3
    assert totals.last_batch("a") == 3


def test_a_batch_whose_predecessor_is_missing_is_refused():
    totals.add(batch(1, (7, HOUR, 1, 0, 0)))
    with pytest.raises(BatchOutOfOrder, match="from 2"):
        totals.add(batch(3, (7, HOUR, 1, 0, 0)))
    assert totals.views(7) == 1


def test_a_crash_while_adding_leaves_nothing_behind():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        totals.add(batch(1, (7, HOUR, 3, 0, 0)))
        raise ZeroDivisionError
    assert totals.views(7) == 0
    assert totals.add(batch(1, (7, HOUR, 3, 0, 0)))
    assert totals.views(7) == 3


def test_two_senders_of_one_batch_count_it_once():
    barrier, added, errors = threading.Barrier(4), Queue(), Queue()

    def send():
        try:
            barrier.wait(10)
            for number in range(1, 6):
                added.put(totals.add(batch(number, (7, HOUR, 1, 0, 0))))
        except BaseException as error:
            errors.put(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors.empty(), errors.get()
    assert sum(added.queue) == 5
    assert totals.views(7) == 5


def test_an_opening_balance_is_kept_apart_and_shown_at_once():
    totals.add(batch(1, (7, HOUR, 3, 0, 0)))
    totals.set_opening_balance(7, 737, "seed page", RETRIEVED)
    assert totals.views(7) == 740
    assert OpeningBalance.objects.get().source == "seed page"
    assert ArticleHour.objects.get().views == 3
    assert PrintedCount.objects.get().views == 740


def test_an_opening_balance_said_again_replaces_the_first():
    totals.set_opening_balance(7, 737, "seed page", RETRIEVED)
    totals.set_opening_balance(7, 700, "seed page, corrected", RETRIEVED)
    assert totals.views(7) == 700


@pytest.mark.parametrize("views", [-1, 2**63])
def test_an_opening_balance_that_cannot_be_is_refused(views):
    with pytest.raises(BadCount):
        totals.set_opening_balance(7, views, "nowhere", RETRIEVED)


ROWS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from([HOUR, HOUR + 3600]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    unique_by=lambda row: row[:2],
    max_size=4,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from("ab"), ROWS), max_size=6), st.randoms())
def test_totals_are_the_sum_of_distinct_batches(database, sent, random):
    """Against an obvious model: batches in order per node, each resent at random."""
    NodeTotal.objects.all().delete()
    ArticleHour.objects.all().delete()
    totals.AppliedBatch.objects.all().delete()
    numbers, expected, history = {"a": 0, "b": 0}, dict.fromkeys((1, 2, 3), 0), []
    for node, rows in sent:
        numbers[node] += 1
        history.append(batch(numbers[node], *rows, node=node))
        for one in [*random.sample(history[:-1], min(2, len(history) - 1)), history[-1]]:
            totals.add(one)
        for article, _, views, _, _ in rows:
            expected[article] += views
    assert totals.views_of((1, 2, 3)) == expected
    by_hour = {a: sum(h.views for h in totals.views_by_hour(a)) for a in (1, 2, 3)}
    assert by_hour == expected
