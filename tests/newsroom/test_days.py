"""Days of the archive: a long month lists them, and only what stands on a day changes its page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from stoppress.newsroom import listings, tags
from stoppress.newsroom.actions import unpublish
from stoppress.newsroom.models import Author
from stoppress.newsroom.publicaddresses import public_addresses
from stoppress.newsroom.reading import lists
from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from tests.newsroom.paper import NOON, story, touched

DAY = timedelta(days=1)


def text_of(path: str) -> str:
    return print_page(path).body.decode()


@pytest.fixture
def long_months(monkeypatch):
    """Months are shown by their days from three stories on."""
    monkeypatch.setattr(lists, "MONTH_CARDS", 2)
    monkeypatch.setattr("stoppress.newsroom.publicaddresses.MONTH_CARDS", 2)


def test_a_story_stands_on_its_day_in_all_lists(paper):
    mira = Author.objects.get(name="Mira Lund")
    story("Ferry returns", section="world/islands", byline=[mira])
    for place in ("/world/islands/", "/world/", "/", "/authors/mira-lund/"):
        assert "Ferry returns" in text_of(f"{place}2026/03/14/"), place
        with pytest.raises(PageNotFound):
            print_page(f"{place}2026/03/15/")
    for no_day in ("/world/2026/02/30/", "/2026/13/01/", "/harbour/2026/03/14/"):
        with pytest.raises(PageNotFound):
            print_page(no_day)


def test_a_long_month_lists_its_days_and_they_lead_on(paper, long_months):
    for days_ago in (0, 0, 2, 5):
        story(f"Story {days_ago}", at=NOON - days_ago * DAY)
    month = text_of("/world/2026/03/")
    assert "Story 0" not in month
    for day in ("14", "12", "09"):
        assert f'href="/world/2026/03/{day}/"' in month
    assert '<a href="/world/2026/03/14/">14 March 2026</a> <span class="months__count">2<' in month
    middle = text_of("/world/2026/03/12/")
    assert "Story 2" in middle
    assert "Story 0" not in middle
    assert '<a class="pagination__previous" href="/world/2026/03/09/" rel="prev">' in middle
    assert '<a class="pagination__next" href="/world/2026/03/14/" rel="next">' in middle
    assert '<a href="/world/2026/03/">March 2026</a>' in middle


def test_a_short_month_shows_its_stories(paper):
    story("Ferry returns")
    assert "Ferry returns" in text_of("/world/2026/03/")
    assert "/world/2026/03/14/" not in set(public_addresses())


def test_an_export_takes_the_days_of_long_months(paper, long_months):
    for days_ago in (0, 1, 2):
        story(f"Story {days_ago}", at=NOON - days_ago * DAY)
    addresses = set(public_addresses())
    assert {f"{place}2026/03/{day}/" for place in ("/", "/world/") for day in (12, 13, 14)} <= (
        addresses
    )


def test_a_story_changes_its_day_and_the_nearest_only(paper, long_months):
    for days_ago in (1, 3, 5):
        story(f"Story {days_ago}", at=NOON - days_ago * DAY)
    pages = {day: print_page(f"/world/2026/03/{day:02d}/") for day in (13, 11, 9)}
    late = story("Late", at=NOON)
    assert {day for day, page in pages.items() if page.tags & touched()} == {13}
    assert 'href="/world/2026/03/14/"' in text_of("/world/2026/03/13/")
    pages[13] = print_page("/world/2026/03/13/")
    unpublish(late)
    assert {day for day, page in pages.items() if page.tags & touched()} == {13}
    assert 'href="/world/2026/03/14/"' not in text_of("/world/2026/03/13/")


def test_an_archive_that_is_loaded_changes_the_days_of_its_months(paper):
    story("Ferry returns")
    page = print_page("/world/2026/03/14/")
    assert tags.list_days("latest", date(2026, 3, 1)) not in page.tags
    assert any(tag.endswith(":2026-03:days") for tag in page.tags)


def test_a_story_keeps_its_month_when_the_paper_moves_to_another_zone(paper, settings):
    settings.PAPER_TIME_ZONE = "UTC"
    with changing("list") as change:
        change.touch(*listings.enlist(7, datetime(2026, 3, 31, 23, 30, tzinfo=UTC), ["latest"]))
        change.touch(*listings.enlist(8, datetime(2026, 4, 1, 0, 30, tzinfo=UTC), ["latest"]))
    for zone in ("Asia/Tokyo", "America/Lima"):
        settings.PAPER_TIME_ZONE = zone
        for article_id, day in ((7, date(2026, 3, 31)), (8, date(2026, 4, 1))):
            (place,) = listings.in_day(["latest"], day)
            assert place.article_id == article_id, zone
            assert listings.days([place], day.replace(day=1)) == {day: 1}
