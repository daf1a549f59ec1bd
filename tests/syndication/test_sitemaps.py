"""Sitemaps and robots.txt."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from stoppress.newsroom.actions import unpublish
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from stoppress.press.models import Change
from tests.newsroom.paper import story

MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def places(path: str) -> list[str]:
    return etree.fromstring(print_page(path).body).xpath("//s:loc/text()", namespaces=MAP)


def test_the_index_names_the_days_that_have_stories(paper):
    story("March")
    gone = story("May", at=datetime(2026, 5, 2, tzinfo=UTC))
    assert places("/sitemap.xml") == [
        "https://paper.example/sitemap/pages.xml",
        "https://paper.example/sitemap/2026-05-02.xml",
        "https://paper.example/sitemap/2026-03-14.xml",
    ]
    unpublish(gone)
    assert "https://paper.example/sitemap/2026-05-02.xml" not in places("/sitemap.xml")
    with pytest.raises(PageNotFound):
        print_page("/sitemap/2026-05-02.xml")


def test_a_day_holds_its_stories_with_their_last_change(paper):
    story("March", updates=[("correction", datetime(2026, 3, 20, tzinfo=UTC), "Fixed.")])
    body = print_page("/sitemap/2026-03-14.xml").body.decode()
    assert "<loc>https://paper.example/world/2026/03/14/march/</loc>" in body
    assert "<lastmod>2026-03-20T00:00:00+00:00</lastmod>" in body


def test_a_publish_touches_the_sitemap_of_its_day_alone(paper):
    story("May", at=datetime(2026, 5, 2, tzinfo=UTC))
    may, index = print_page("/sitemap/2026-05-02.xml"), print_page("/sitemap.xml")
    story("March")
    story("March again")
    last = set(Change.objects.order_by("pk").last().touched)
    assert not may.tags & last
    assert not index.tags & last
    assert print_page("/sitemap/2026-03-14.xml").tags & last


def test_the_standing_pages_have_a_sitemap(paper):
    found = places("/sitemap/pages.xml")
    for url in ("/", "/world/", "/world/islands/", "/authors/mira-lund/"):
        assert f"https://paper.example{url}" in found


def test_robots_are_kept_from_the_desk_and_shown_the_sitemap(paper):
    text = print_page("/robots.txt").body.decode()
    assert "Disallow: /desk/" in text
    assert "Sitemap: https://paper.example/sitemap.xml" in text
