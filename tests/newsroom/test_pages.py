"""Readers' pages, printed as the printer prints them: every read must be recorded."""

import pytest

from stoppress.newsroom.actions import unpublish
from stoppress.newsroom.models import Author
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from tests.newsroom.paper import story


def text_of(path: str) -> str:
    return print_page(path).body.decode()


def test_a_published_story_stands_on_every_page_that_lists_it(paper):
    mira = Author.objects.get(name="Mira Lund")
    live = story(
        "Ferry returns", section="world/islands", byline=[mira], topics=["medtop:20000003"]
    )
    assert live.url == "/world/islands/2026/03/14/ferry-returns/"
    for path in (
        live.url,
        "/",
        "/world/",
        "/world/islands/",
        "/world/2026/03/",
        "/2026/03/",
        "/authors/mira-lund/",
        "/authors/mira-lund/2026/03/",
        "/topics/animation/",
        "/topics/arts-and-entertainment/",
        "/latest/",
        "/-/parts/latest/",
    ):
        assert "Ferry returns" in text_of(path), path


def test_an_unpublished_story_answers_410_and_stands_nowhere(paper):
    live = story()
    url = live.url
    unpublish(live)
    assert print_page(url).status == 410
    for path in ("/", "/world/", "/latest/", "/-/parts/latest/"):
        assert "Ferry returns" not in text_of(path), path
    with pytest.raises(PageNotFound):
        print_page("/world/2026/03/")
