"""A batch of pages reads together; each page is what it would be alone, tags and all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.models import Author
from stoppress.press.batches import render_batch
from stoppress.press.editions import print_page
from stoppress.press.snapshot import snapshot
from tests.newsroom.paper import NOON, picture, section, story
from tests.newsroom.test_queries import rich_story

QUERIES_OF_A_BATCH = 24  # however many stories: all their rows, the tree, the change seen


def printed_together(paths):
    with snapshot() as seen:
        return render_batch(paths, seen)


def every_kind_of_page() -> list[str]:
    first, second = rich_story(1), rich_story(2)
    tale = story("In pictures", kind="picture-story", gallery=[picture("G", (400, 300))])
    moved = story("Moved on")
    former = moved.url
    moved.move(section("harbour"), pos="last-child")
    withdrawn = story("Withdrawn")
    gone = withdrawn.url
    withdrawn.unpublish()
    return [
        *(first, second, tale.url, former, gone, "/world/2026/03/14/never-was/"),
        *("/", "/world/", "/world/islands/", "/harbour/", "/latest/", "/-/parts/latest/"),
        *("/world/2026/03/", "/2026/03/", "/authors/mira-lund/", "/authors/mira-lund/2026/03/"),
        *("/corrections/", "/corrections/2026/03/", "/feed/", "/feed/full/", "/world/feed/"),
        *("/sitemap.xml", "/sitemap/2026-03-14.xml", "/robots.txt"),
    ]


def alone(path):
    return printed_together([path]).editions


def test_every_kind_of_page_is_the_same_in_a_batch_and_alone(paper):
    paths = every_kind_of_page()
    separately = {edition.path: edition for path in paths for edition in alone(path)}
    for order in (paths, paths[::-1]):
        batch = printed_together(order)
        together = {edition.path: edition for edition in batch.editions}
        assert not batch.failed
        assert together.keys() == separately.keys() == set(order) - set(batch.missing)
        for path, edition in together.items():
            assert edition == separately[path], path
            assert edition.tags == print_page(path).tags, path
    assert batch.missing == ["/world/2026/03/14/never-was/"]


@pytest.mark.parametrize("makes", [rich_story, lambda n: story(f"Plain {n}").url])
def test_a_batch_asks_the_same_queries_at_any_length(paper, makes):
    paths = [makes(n) for n in range(9)]
    printed_together(paths[:1])  # what is cached once per process

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            assert len(printed_together(some).editions) == len(some)
        return len(asked)

    assert queries(paths) == queries(paths[:2]) <= QUERIES_OF_A_BATCH


def test_lists_of_a_batch_share_the_rows_of_their_stories(paper):
    mira = Author.objects.get(name="Mira Lund")
    for n in range(4):
        story(f"Story {n}", byline=[mira], at=NOON - timedelta(days=n))
    lists = ["/", "/world/", "/latest/", "/-/parts/latest/", "/authors/mira-lund/"]
    printed_together(lists)

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            printed_together(some)
        return [entry["sql"] for entry in asked]

    apart = sum(len(queries([path])) for path in lists)
    together = queries(lists)
    assert len(together) < apart / 2
    bylines = [sql for sql in together if 'FROM "newsroom_articlebyline"' in sql]
    assert len(bylines) == 1
