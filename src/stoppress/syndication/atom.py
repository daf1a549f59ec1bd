"""Atom feeds (RFC 4287), from shapes to bytes.

An entry's id is a tag URI (RFC 4151) of the paper's host and the article's number: it stays when
the headline, the section or the address change. No element has a time of its own making: a feed
printed twice from the same database is the same bytes. RFC 4287 wants whole timestamps, so a time
known only to the day is given with the clock time it is kept with.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from stoppress.theme.shapes import Card, Paper

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without entries
TAGGING_DAY = "2026-01-01"  # RFC 4151 wants a day on which the host was the paper's


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself."""

    title: str
    subtitle: str
    page_url: str  # what it is the feed of, "/world/"
    url: str  # where it is itself


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in a feed: its card, a summary, and its text if the feed carries it."""

    card: Card
    summary: str
    content_html: str = ""


def atom(head: FeedHead, entries: list[Entry], paper: Paper) -> bytes:
    """The feed's document."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set(XML_LANG, paper.language)
    _add(feed, "id", paper.origin + head.url)
    _add(feed, "title", head.title)
    if head.subtitle:
        _add(feed, "subtitle", head.subtitle)
    _add(feed, "updated", _moment(max((_changed(e.card) for e in entries), default=NEVER)))
    _link(feed, "self", paper.origin + head.url, CONTENT_TYPE.split(";")[0])
    _link(feed, "alternate", paper.origin + head.page_url, "text/html")
    _person(feed, paper.name, paper.origin + "/")
    _add(feed, "generator", "Stoppress")
    for entry in entries:
        _entry(feed, entry, paper)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: etree._Element, entry: Entry, paper: Paper) -> None:
    card = entry.card
    node = etree.SubElement(feed, f"{{{ATOM}}}entry")
    node.set(XML_LANG, card.language)
    _add(node, "id", entry_id(card.id, paper.origin))
    _add(node, "title", card.headline)
    _link(node, "alternate", paper.origin + card.url, "text/html")
    _add(node, "published", _moment(card.published_at))
    _add(node, "updated", _moment(_changed(card)))
    for person in card.byline:
        _person(node, person.name, paper.origin + person.url if person.url else "")
    category = _add(node, "category", "")
    category.set("term", card.section.url.strip("/"))
    category.set("scheme", paper.origin + "/")
    category.set("label", card.section.name)
    if entry.summary:
        _add(node, "summary", entry.summary)
    if entry.content_html:
        content = _add(node, "content", entry.content_html)
        content.set("type", "html")


def entry_id(article_id: int, origin: str) -> str:
    """The permanent id of a story in feeds."""
    return f"tag:{urlsplit(origin).hostname},{TAGGING_DAY}:article:{article_id}"


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text:
        node.text = text
    return node


def _link(parent: etree._Element, relation: str, address: str, media_type: str) -> None:
    node = _add(parent, "link", "")
    node.set("rel", relation)
    node.set("href", address)
    node.set("type", media_type)


def _person(parent: etree._Element, name: str, address: str) -> None:
    node = _add(parent, "author", "")
    _add(node, "name", name)
    if address:
        _add(node, "uri", address)


def _changed(card: Card) -> datetime:
    return max(card.published_at, card.updated_at or card.published_at)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
