"""Spikes: what looks like abuse is flagged, and nothing is taken from a count."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.edge.views import Batch, Counts
from stoppress.readership import totals
from stoppress.readership.models import ArticleHour, SourceDay, SuspectHour
from stoppress.readership.spikes import look, settle

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 25, 12, 40, tzinfo=UTC)
HOUR = NOW.replace(minute=0)
BY_PEOPLE = Counts(views=900, readers=800, engaged_seconds=900 * 40)
BY_A_SCRIPT = Counts(views=900, readers=30, engaged_seconds=900)
_numbers = iter(range(1, 10_000))


def read(article: int, counts: Counts, hours_ago: int = 0, *, source: str = "") -> None:
    seconds = int((HOUR - timedelta(hours=hours_ago)).timestamp())
    came = ((article, seconds, "referrer", source, counts.views),) if source else ()
    node = f"node-{next(_numbers)}"
    totals.add(Batch(node, 1, ((article, seconds, *counts),), came))


def flagged() -> dict[int, list[str]]:
    look(NOW)
    return dict(SuspectHour.objects.values_list("article_id", "signs"))


def test_a_busy_hour_of_people_is_no_spike():
    read(7, BY_PEOPLE)
    assert flagged() == {}


def test_an_hour_of_a_script_is_flagged_and_stays_in_the_count():
    read(7, BY_A_SCRIPT)
    assert flagged() == {7: ["few-readers", "hardly-read"]}
    assert totals.views(7) == 900
    assert SuspectHour.objects.get().views == 900


def test_readers_who_tell_nothing_are_no_spike_unless_they_come_from_one_place():
    """With Do Not Track nothing but the view is told, in whatever hour it comes."""
    read(7, Counts(views=900, readers=800), source="forum.example")
    read(8, Counts(views=900, readers=800))
    assert flagged() == {7: ["hardly-read", "one-source"]}


def test_a_link_that_brings_everybody_is_no_spike():
    read(7, BY_PEOPLE, source="forum.example")
    assert flagged() == {}


@pytest.mark.parametrize(
    ("before", "is_flagged"), [(180, True), (181, False)], ids=["five times", "less than five"]
)
def test_an_hour_must_be_far_above_the_storys_own_past(before, is_flagged):
    read(7, Counts(views=before, readers=before, engaged_seconds=before * 40), hours_ago=100)
    read(7, BY_A_SCRIPT)
    assert bool(flagged()) is is_flagged


def test_what_lies_a_week_back_is_no_past():
    read(7, BY_PEOPLE, hours_ago=24 * 7 + 1)
    read(7, BY_A_SCRIPT)
    assert 7 in flagged()


def test_a_suspect_hour_does_not_excuse_the_next():
    read(7, BY_A_SCRIPT, hours_ago=1)
    read(7, BY_A_SCRIPT)
    look(NOW)
    assert SuspectHour.objects.filter(article_id=7).count() == 2


def test_few_views_are_far_above_nothing():
    read(7, Counts(views=99))
    assert flagged() == {}


@pytest.mark.parametrize(
    ("views", "doubtful", "is_flagged"),
    [(60, 60, True), (60, 59, False), (0, 50, True), (0, 49, False)],
)
def test_as_many_doubtful_reports_as_views_are_flagged(views, doubtful, is_flagged):
    read(7, Counts(views=views, readers=views, engaged_seconds=40 * views, doubtful=doubtful))
    assert flagged() == ({7: ["doubtful"]} if is_flagged else {})


def test_a_suspicion_that_does_not_hold_is_withdrawn():
    """Engaged time is told after the view it belongs to."""
    read(7, Counts(views=900, readers=30), source="forum.example")
    assert 7 in flagged()
    read(7, Counts(readers=700, engaged_seconds=900 * 40))
    assert flagged() == {}


def test_a_settled_suspicion_stays_and_follows_the_numbers():
    read(7, BY_A_SCRIPT)
    look(NOW)
    assert settle(7, "edda", "a script in a classroom") == 1
    assert settle(7, "edda") == 0
    read(7, BY_A_SCRIPT)
    look(NOW)
    kept = SuspectHour.objects.get()
    assert (kept.views, kept.settled_by, kept.note) == (1800, "edda", "a script in a classroom")
    read(7, Counts(readers=1800, engaged_seconds=1800 * 40))
    look(NOW)
    assert SuspectHour.objects.filter(article_id=7).exists()


def test_hours_long_over_are_left_as_they_were_judged():
    read(7, BY_A_SCRIPT, hours_ago=3)
    assert flagged() == {}


def test_looking_asks_as_much_of_many_articles_as_of_few():
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            look(NOW)
        return len(asked)

    read(7, BY_A_SCRIPT)
    few = queries()
    hours = [
        ArticleHour(article_id=100 + n, hour=HOUR - timedelta(hours=n % 3), views=500)
        for n in range(90)
    ]
    ArticleHour.objects.bulk_create(hours)
    SourceDay.objects.bulk_create(
        SourceDay(article_id=100 + n, day=HOUR.date(), kind="referrer", name="a.example", views=9)
        for n in range(90)
    )
    assert queries() <= few + 12  # each of the three hours has now something to look at
