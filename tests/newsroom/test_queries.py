"""Queries are counted: no page and no publish may ask more because there is more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.actions import create_article, publish
from stoppress.newsroom.models import Author
from stoppress.press.batches import render_batch
from stoppress.press.editions import print_page
from stoppress.press.models import Change
from stoppress.press.snapshot import snapshot
from tests.newsroom.paper import NOON, picture, story

ARTICLE_PAGE_QUERIES = 34
LIST_PAGE_QUERIES = 18
CORE_SET_QUERIES = 36
LISTS = ["/", "/world/", "/world/2026/03/", "/latest/", "/-/parts/latest/", "/authors/mira-lund/"]
FEEDS = ["/feed/", "/feed/full/", "/world/feed/", "/sitemap.xml", "/sitemap/2026-03-14.xml"]


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        print_page(path)
    return len(asked)


def rich_story(n: int) -> str:
    mira = Author.objects.get(name="Mira Lund")
    others = [story(f"Other {n}.{m}") for m in range(3)]
    links = "".join(f'<a linktype="page" id="{other.pk}">x</a>' for other in others)
    return story(
        f"Rich {n}",
        byline=[mira, Author.objects.get(kind="agency")],
        topics=["medtop:20000003", "medtop:20000002"],
        lead_picture=picture("Lead", (400, 300)),
        gallery=[picture(f"G{m}", (400, 300)) for m in range(3)],
        updates=[("correction", NOON, "One."), ("update", NOON, "Two.")],
        body=[
            ("text", f"<p>{links}</p>"),
            *[("related_story", other) for other in others],
            *[("picture", {"picture": picture(f"P{m}", (400, 300))}) for m in range(3)],
        ],
    ).url


def test_an_article_page_asks_a_fixed_number_of_queries(paper):
    plain = story().url
    rich = rich_story(1)
    ContentType.objects.clear_cache()
    assert queries(plain) <= ARTICLE_PAGE_QUERIES
    assert queries(rich) <= ARTICLE_PAGE_QUERIES


@pytest.mark.parametrize("path", LISTS + FEEDS)
def test_a_list_asks_the_same_at_any_length(paper, path):
    mira = Author.objects.get(name="Mira Lund")
    story("One", byline=[mira], lead_picture=picture("L", (400, 300)))
    queries(path)  # what is cached once per process
    few = queries(path)
    for n in range(6):
        story(f"More {n}", byline=[mira], lead_picture=picture(f"M{n}", (400, 300)))
    assert queries(path) <= few <= LIST_PAGE_QUERIES


def test_a_sitemap_does_not_look_its_stories_up_among_all_pages(paper):
    story("One")
    with CaptureQueriesContext(connection) as asked:
        print_page("/sitemap/2026-03-14.xml")
    of_stories = [query["sql"] for query in asked if '"newsroom_article"' in query["sql"]]
    assert len(of_stories) == 1
    assert "wagtailcore_page" not in of_stories[0]


def test_the_pages_of_a_publish_share_what_they_read(paper):
    story("One", byline=[Author.objects.get(name="Mira Lund")])
    core = Change.objects.latest("pk").first
    with CaptureQueriesContext(connection) as asked, snapshot() as seen:
        batch = render_batch(core, seen)
    assert {"/world/", "/world/feed/", "/authors/mira-lund/", "/authors/mira-lund/feed/"} < set(
        core
    )
    assert len(batch.editions) == len(core)
    assert len(asked) <= CORE_SET_QUERIES


def test_a_publish_asks_the_same_at_any_archive(paper):
    def cost(name: str) -> int:
        draft = create_article(section="world", headline=name)
        with CaptureQueriesContext(connection) as asked:
            publish(draft, at=datetime(2026, 5, 1, tzinfo=UTC))
        return len(asked)

    story("First")
    cost("Warm")
    few = cost("Few")
    for n in range(12):
        story(f"Archive {n}", at=NOON - timedelta(days=n))
    assert cost("Many") <= few
