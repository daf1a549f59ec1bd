"""Printed counts: they follow the totals by rule, and only with a change."""

from datetime import UTC, datetime, timedelta

import pytest

from stoppress.press.errors import UnguardedWrite
from stoppress.press.models import Change
from stoppress.readership import totals
from stoppress.readership.counts import REST, has_grown, printed_views, refresh_printed_counts
from stoppress.readership.models import CountToCheck, PrintedCount
from tests.readership.test_totals import batch

pytestmark = pytest.mark.usefixtures("database")

HOUR = 1_800_000_000
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
numbers = iter(range(1, 10_000))


@pytest.fixture(autouse=True)
def from_one():
    global numbers
    numbers = iter(range(1, 10_000))


def view(article: int, times: int) -> None:
    totals.add(batch(next(numbers), (article, HOUR, times)))


@pytest.mark.parametrize(
    ("printed", "total", "grown"),
    [
        (0, 0, False),
        (0, 1, True),
        (1, 1, False),
        (1, 2, True),
        (10, 11, True),
        (11, 12, False),
        (11, 13, True),
        (100, 109, False),
        (100, 110, True),
        (737, 810, False),
        (737, 811, True),
        (100, 90, True),
    ],
)
def test_a_count_moves_when_it_has_grown_by_a_tenth(printed, total, grown):
    assert has_grown(printed, total) is grown


def test_an_article_nobody_has_read_shows_nought():
    assert printed_views([7, 8]) == {7: 0, 8: 0}


def test_the_printed_count_follows_and_touches_the_article():
    view(7, 5)
    view(8, 1)
    assert refresh_printed_counts(NOW) == [7, 8]
    assert printed_views([7, 8]) == {7: 5, 8: 1}
    assert Change.objects.latest("pk").touched == ["article:7", "article:8"]


def test_it_rests_for_ten_minutes_and_then_catches_up():
    view(7, 5)
    refresh_printed_counts(NOW)
    view(7, 5)
    assert refresh_printed_counts(NOW + REST - timedelta(seconds=1)) == []
    assert printed_views([7]) == {7: 5}
    assert refresh_printed_counts(NOW + REST) == [7]
    assert printed_views([7]) == {7: 10}


def test_growth_too_small_writes_no_change():
    view(7, 100)
    refresh_printed_counts(NOW)
    before = Change.objects.count()
    view(7, 5)
    assert refresh_printed_counts(NOW + REST) == []
    assert Change.objects.count() == before
    assert not CountToCheck.objects.exists()


def test_small_growths_add_up():
    view(7, 100)
    refresh_printed_counts(NOW)
    view(7, 5)
    refresh_printed_counts(NOW + REST)
    view(7, 5)
    assert refresh_printed_counts(NOW + 2 * REST) == [7]
    assert printed_views([7]) == {7: 110}


def test_robots_alone_move_nothing():
    totals.add(batch(1, (7, HOUR, 0, 50)))
    assert refresh_printed_counts(NOW) == []


def test_the_printed_count_is_guarded():
    with pytest.raises(UnguardedWrite):
        PrintedCount.objects.create(article_id=7, views=1, printed_at=NOW)
