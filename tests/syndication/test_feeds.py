"""Atom feeds: what RFC 4287 asks of them, and what stories they carry."""

from datetime import UTC, datetime

from lxml import etree

from stoppress.newsroom.actions import move, publish
from stoppress.newsroom.models import Author
from stoppress.press.editions import print_page
from tests.newsroom.paper import NOON, picture, section, story

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(path: str) -> etree._Element:
    edition = print_page(path)
    assert (b"content-type", b"application/atom+xml; charset=utf-8") in edition.headers
    return etree.fromstring(edition.body)


def texts(node: etree._Element, path: str) -> list[str]:
    return [
        found if isinstance(found, str) else found.text
        for found in node.xpath(path, namespaces=ATOM)
    ]


def test_a_feed_has_all_that_rfc_4287_requires(paper):
    mira = Author.objects.get(name="Mira Lund")
    story("Ferry “returns” & docks", byline=[mira], language="pt-PT", standfirst="At dusk.")
    root = feed("/feed/")
    for required in ("a:id", "a:title", "a:updated", "a:author/a:name"):
        assert texts(root, required), required
    assert texts(root, "a:link[@rel='self']/@href") == ["https://paper.example/feed/"]
    assert root.get(LANG) == "en"
    (entry,) = root.xpath("a:entry", namespaces=ATOM)
    assert entry.get(LANG) == "pt-PT"
    assert texts(entry, "a:title") == ["Ferry “returns” & docks"]
    assert texts(entry, "a:summary") == ["At dusk."]
    assert texts(entry, "a:published") == ["2026-03-14T12:00:00Z"]
    assert texts(entry, "a:author/a:name") == ["Mira Lund"]
    assert texts(entry, "a:category/@term") == ["world"]
    assert texts(entry, "a:link[@rel='alternate']/@href") == [
        "https://paper.example/world/2026/03/14/ferry-returns-docks/"
    ]


def test_each_section_and_author_has_a_feed_of_its_own(paper):
    mira = Author.objects.get(name="Mira Lund")
    story("Island news", section="world/islands", byline=[mira])
    story("Harbour news", section="harbour")
    assert texts(feed("/world/feed/"), "a:entry/a:title") == ["Island news"]
    assert texts(feed("/harbour/feed/"), "a:entry/a:title") == ["Harbour news"]
    assert texts(feed("/authors/mira-lund/feed/"), "a:entry/a:title") == ["Island news"]


def test_an_entry_keeps_its_id_when_the_story_moves(paper):
    live = story()
    before = texts(feed("/feed/"), "a:entry/a:id")
    move(live, section("harbour"))
    assert texts(feed("/feed/"), "a:entry/a:id") == before


def test_updated_moves_with_a_correction_only(paper):
    live = story()
    live.body[0].value.source += "<p>More.</p>"
    live = publish(live)
    assert texts(feed("/feed/"), "a:entry/a:updated") == ["2026-03-14T12:00:00Z"]
    live.updates.create(
        kind="correction", dated_at=datetime(2026, 3, 15, tzinfo=UTC), text="Fixed."
    )
    publish(live)
    assert texts(feed("/feed/"), "a:entry/a:updated") == ["2026-03-15T00:00:00Z"]


def test_the_full_feed_carries_the_text_with_absolute_addresses(paper):
    quay = picture()
    first = story("First")
    link = f'<p>After <a linktype="page" id="{first.pk}">the first</a>.</p>'
    story("Second", body=[("text", link), ("picture", {"picture": quay})], at=NOON)
    (content, *_) = texts(feed("/feed/full/"), "a:entry[a:title='Second']/a:content")
    assert '<a href="https://paper.example/world/2026/03/14/first/">the first</a>' in content
    assert '<img src="https://paper.example/media/' in content
    assert texts(feed("/feed/"), "a:entry/a:content") == []


def test_an_empty_feed_is_still_a_feed(paper):
    root = feed("/harbour/feed/")
    assert texts(root, "a:updated") == ["1970-01-01T00:00:00Z"]
    assert texts(root, "a:entry") == []
