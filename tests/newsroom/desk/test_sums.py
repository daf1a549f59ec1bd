"""Sums of reading: those of a slow model, whatever moves meanwhile."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.edge.views import COUNTED, SITE, Batch, Counts
from stoppress.newsroom.actions import create_author
from stoppress.newsroom.clock import paper_day
from stoppress.newsroom.desk.models import ReadingDay, ReadingHour
from stoppress.newsroom.desk.readership import sums
from stoppress.newsroom.desk.readership.sums import (
    forget_old_hours,
    forget_old_sources,
    hours_of,
    mark_all,
    sum_up,
)
from stoppress.newsroom.models import ArticleByline
from stoppress.press.changes import changing
from stoppress.readership import totals
from stoppress.readership.models import ArticleHour, HourToSum
from tests.newsroom.desk.reading import read, some_counts

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def model(stories, rows, key):
    """What an obvious model has for each scope, by `key` of the hour."""
    found: dict[tuple, Counter[str]] = {}
    for pk, hour, counts in rows:
        scopes = [("paper", 0)]
        if pk in stories:
            scopes += [("section", stories[pk]["section"])]
            scopes += [("author", author) for author in stories[pk]["authors"]]
        for scope in scopes:
            sums_of = found.setdefault((key(hour), *scope), Counter())
            for name, number in zip(COUNTED, counts, strict=True):
                if name == "readers" and scope[0] == "paper" and pk != SITE:
                    continue
                sums_of[name] += number
    return {at: {name: some[name] for name in COUNTED} for at, some in found.items()}


def stored(model_class, span):
    return {
        (getattr(row, span), row.scope, row.scope_id): {
            name: getattr(row, name) for name in COUNTED
        }
        for row in model_class.objects.all()
    }


@pytest.fixture
def stories(paper, draft, story):
    """Stories of three sections, by one author, by two, and by one who is named twice."""
    second = create_author("Osk Lund")
    found = {}
    for number in range(4):
        place = [paper.world, paper.islands, paper.harbour][number % 3]
        one = story(f"Story {number}", section=place, user=paper.chief)
        authors = {paper.author.pk}
        with changing("name another") as change:
            change.touch(f"article:{one.pk}")
            if number == 1:
                ArticleByline.objects.create(article=one, author=second)
                authors.add(second.pk)
            if number == 2:
                ArticleByline.objects.create(article=one, author=paper.author, role="pictures")
        found[one.pk] = {"section": place.pk, "authors": authors}
    return found


def test_hours_and_days_are_those_of_a_slow_model(paper, stories):
    chance = random.Random(7)
    rows = [
        (pk, NOW - HOUR * chance.randrange(80), some_counts(chance))
        for pk in [*stories, *stories, SITE, 987_654]  # the last is no story any more
        for _ in range(6)
    ]
    for pk, hour, counts in rows:
        read(pk, hour, counts)
        if chance.random() < 0.3:
            sum_up()
    while sum_up():
        pass
    assert stored(ReadingHour, "hour") == model(stories, rows, lambda hour: hour)
    assert stored(ReadingDay, "day") == model(stories, rows, paper_day)


def test_a_batch_that_comes_while_summing_is_summed_next(paper, stories, monkeypatch):
    pk = next(iter(stories))
    read(pk, NOW, Counts(views=3))
    summed_day = sums._summed_day

    def meanwhile(day):
        found = summed_day(day)
        read(pk, NOW, Counts(views=2))  # after the reading, before the mark is removed
        return found

    monkeypatch.setattr(sums, "_summed_day", meanwhile)
    sum_up()
    monkeypatch.setattr(sums, "_summed_day", summed_day)
    assert HourToSum.objects.count() == 1
    sum_up()
    assert ReadingDay.objects.get(scope="paper").views == 5
    assert sum_up() == 0


def test_a_day_keeps_what_was_read_most_and_where_from(paper, stories, monkeypatch):
    monkeypatch.setattr(sums, "STORIES_OF_A_DAY", 2)
    monkeypatch.setattr(sums, "SOURCES_OF_A_DAY", 2)
    for place, pk in enumerate(stories):
        read(pk, NOW, Counts(views=10 + place), {f"site{n}.example": n + 1 for n in range(4)})
    sum_up()
    day = ReadingDay.objects.get(scope="paper")
    last, before = list(stories)[::-1][:2]
    assert day.stories == [[last, 13], [before, 12]]
    assert day.referrers == [["site3.example", 16], ["site2.example", 12], ["", 12]]
    world = ReadingDay.objects.get(scope="section", scope_id=paper.world.pk)
    assert [pk for pk, _ in world.stories] == [last, next(iter(stories))]
    assert world.referrers == [["site3.example", 8], ["site2.example", 6], ["", 6]]
    assert ReadingDay.objects.get(scope="author", scope_id=paper.author.pk).stories == day.stories


def test_an_hour_belongs_to_the_papers_day_in_which_it_begins(paper, settings):
    settings.PAPER_TIME_ZONE = "Asia/Kathmandu"  # 5 h 45 min ahead
    day = NOW.date()
    hours = list(hours_of(day))
    assert len(hours) == 24
    assert {paper_day(hour) for hour in hours} == {day}
    settings.PAPER_TIME_ZONE = "Europe/Berlin"
    assert len(list(hours_of(datetime(2026, 10, 25, tzinfo=UTC).date()))) == 25


def test_old_hours_go_and_their_days_stay_right(paper, stories):
    old, pk = datetime(2026, 1, 5, 12, 0, tzinfo=UTC), next(iter(stories))
    for hours in (0, 1, 2):
        read(pk, old + HOUR * hours, Counts(views=10))
    sum_up()
    assert forget_old_hours() > 0
    read(pk, old, Counts(views=1))  # from a node that was away for long
    sum_up()
    assert ReadingDay.objects.get(scope="paper").views == 31


def test_everything_can_be_made_anew(paper, stories):
    for pk in stories:
        read(pk, NOW, Counts(views=5))
    sum_up()
    before = stored(ReadingDay, "day")
    ReadingDay.objects.all().delete()
    ReadingHour.objects.all().delete()
    assert mark_all() == 1
    sum_up()
    assert stored(ReadingDay, "day") == before


def test_summing_asks_as_much_of_many_stories_as_of_few(paper, stories):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert sum_up() == 1
        return len(asked)

    read(next(iter(stories)), NOW, Counts(views=5))
    few = queries()
    rows = tuple((1000 + n, int(NOW.timestamp()), *Counts(views=n)) for n in range(400))
    totals.add(Batch("many", 1, rows))
    assert queries() == few
    assert ArticleHour.objects.count() > 400


def test_where_readers_came_from_is_forgotten_and_the_rest_of_the_day_stays(stories, monkeypatch):
    monkeypatch.setattr(sums, "DAYS_AT_ONCE", 2)
    (article, *_) = stories
    for days_ago in (9, 8, 1):
        hour = NOW - timedelta(days=days_ago)
        read(article, hour, Counts(views=3), {"news.example": 3})
    sum_up()
    first_kept = paper_day(NOW - timedelta(days=1))
    while forget_old_sources(first_kept):
        pass
    days = ReadingDay.objects.all()
    assert {day.day for day in days if day.referrers} == {first_kept}
    assert {day.views for day in days} == {3}
    assert len({day.day for day in days}) == 3
