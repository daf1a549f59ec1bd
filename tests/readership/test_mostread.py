"""Scores: as an obvious slow model has them, whatever moment it is and however ties fall."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.readership.models import ArticleHour
from stoppress.readership.mostread import DAY, HOUR, VIEW, WEEK, WINDOWS, scored, weights

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HALF_PAST = NOON + timedelta(minutes=30)


def read(article: int, hour: datetime, views: int, **counts: int) -> None:
    ArticleHour.objects.create(article_id=article, hour=hour, views=views, **counts)


def scores(window, now) -> dict[int, tuple[int, int]]:
    """The score and the views of each article."""
    asked = scored(window, now)
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.values)
        return {article: (score, views) for article, score, views in cursor.fetchall()}


def slow_weight(hour: datetime, window, now: datetime) -> float:
    """Second by second: those of the hour so far that lie in the window, at their middle's age."""
    if hour == now:
        return 1.0  # what is counted as the hour strikes is of this moment
    seconds = [hour + timedelta(seconds=n) for n in range(3600)]
    passed = [one for one in seconds if one < now]
    inside = [one for one in passed if one >= now - window.length]
    if not inside:
        return 0.0
    middle = inside[0] + (inside[-1] - inside[0] + timedelta(seconds=1)) / 2
    halvings = (now - middle) / (window.length / 4)
    return len(inside) / len(passed) * 0.5**halvings


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(-1, 200)), st.integers(-3, 50), max_size=12
    ),
    seconds=st.integers(0, 7200),
)
def test_scores_are_those_of_a_slow_model(database, window, rows, seconds):
    now = NOON + timedelta(seconds=seconds)
    ArticleHour.objects.all().delete()
    expected: dict[int, list[float]] = {}
    for (article, hours_ago), views in rows.items():
        hour = NOON - timedelta(hours=hours_ago)
        read(article, hour, views)
        weight = round(slow_weight(hour, window, now) * VIEW)
        if article and weight:
            sums = expected.setdefault(article, [0, 0])
            sums[0] += weight * views
            sums[1] += views
    found = scores(window, now)
    slack = 60 * len(rows) or 1  # each weight is rounded
    for article in expected.keys() | found.keys():
        score, views = expected.get(article, (0, 0))
        assert abs(found.get(article, (0, 0))[0] - max(score, 0)) <= slack
        if article in found:
            assert found[article][1] == views


def test_only_views_by_readers_count():
    read(7, NOON, 1, robots=900, staff=900, doubtful=900, readers=900)
    read(8, NOON, 0, robots=900)
    assert {article: views for article, (_, views) in scores(DAY, HALF_PAST).items()} == {7: 1}


def test_the_paper_itself_is_no_story():
    read(0, NOON, 50)
    assert scores(DAY, HALF_PAST) == {}


def test_views_taken_back_leave_no_story_with_less_than_nothing():
    read(7, NOON, -2)
    read(8, NOON, 3)
    assert set(scores(DAY, HALF_PAST)) == {8}


def test_an_hour_that_has_not_begun_counts_nothing():
    """Another node's clock may be ahead."""
    read(7, NOON + timedelta(hours=1), 5)
    assert scores(HOUR, HALF_PAST) == {}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_an_hour_leaves_when_all_of_it_is_older_than_the_window(window):
    read(7, NOON, 1000)
    end = NOON + timedelta(hours=1) + window.length
    assert 7 in scores(window, end - timedelta(minutes=1))
    assert 7 not in scores(window, end)


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_a_view_has_faded_to_a_sixteenth_when_it_leaves(window):
    faint = weights(window, NOON + timedelta(minutes=59))[NOON - window.length]
    assert faint <= VIEW / 16
    full = weights(window, NOON + timedelta(hours=1))[NOON + timedelta(hours=1)]
    assert full == VIEW


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_nothing_jumps_when_the_hour_strikes(window):
    tick = timedelta(milliseconds=1)
    before, after = (weights(window, at) for at in (NOON - tick, NOON))
    for hour in before.keys() | after.keys() - {NOON}:
        assert abs(before.get(hour, 0) - after.get(hour, 0)) <= 2, hour


def test_fresh_reading_outweighs_as_much_of_yesterday():
    read(7, NOON - timedelta(hours=20), 10)
    read(8, NOON, 10)
    found = scores(DAY, HALF_PAST)
    assert found[8][0] > 5 * found[7][0]


def test_it_costs_what_was_read_in_the_window(database):
    """The index of hours is used: nothing outside the window is looked at."""
    if database == "sqlite":
        asked = scored(WEEK, NOON)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + asked.sql, asked.values)
            plan = " / ".join(str(row[3]) for row in cursor.fetchall())
        assert "USING INDEX readership_by_hour (hour=?)" in plan
