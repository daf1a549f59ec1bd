"""Feeds, sitemaps and robots.txt: editions like any page."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stoppress.newsroom import tags
from stoppress.newsroom.reading.authors import read_author
from stoppress.newsroom.reading.bodies import read_bodies, read_openings
from stoppress.newsroom.reading.inventory import (
    read_day_items,
    read_standing_items,
    read_story_days,
)
from stoppress.newsroom.reading.lists import read_newest
from stoppress.newsroom.reading.paper import (
    Tree,
    lists_below,
    read_description,
    read_paper,
    read_tree,
)
from stoppress.newsroom.views.errors import gone
from stoppress.newsroom.views.people import author_at, elsewhere
from stoppress.newsroom.views.sections import read_section_address
from stoppress.press.editions import public
from stoppress.syndication import sitemaps
from stoppress.syndication.atom import CONTENT_TYPE, Entry, FeedHead, atom
from stoppress.syndication.markup import html_of

SUMMARIES = 30
FULL_TEXTS = 20
SUMMARY_MAX_CHARACTERS = 300
FEED = "feed/"
FULL_FEED = "feed/full/"


@public(rank=5)
def paper_feed(request: HttpRequest, *, full: bool = False) -> HttpResponse:
    """The newest of the whole paper."""
    tree = read_tree()
    paper = read_paper(tree)
    return _feed([tags.LATEST], paper.name, paper.tagline, "/", tree, full=full)


@public(rank=5)
def section_feed(request: HttpRequest, path: str, *, full: bool = False) -> HttpResponse:
    """The newest of a section and all inside it."""
    found = read_section_address(path)
    tree = read_tree()
    if found is None:
        raise Http404
    if found.id not in tree or not tree[found.id].is_live:
        return gone(request)
    node = tree[found.id]
    if not found.is_current:
        return HttpResponsePermanentRedirect(node.url + (FULL_FEED if full else FEED))
    title = f"{read_paper(tree).name}: {node.name}"
    description = read_description(node.id)
    return _feed(lists_below(node.id, tree), title, description, node.url, tree, full=full)


@public(rank=6)
def author_feed(request: HttpRequest, slug: str, *, full: bool = False) -> HttpResponse:
    """The newest of an author."""
    tree = read_tree()
    found = author_at(slug)
    page = read_author(found.id, tree) if found.is_current else None
    if page is None:
        return elsewhere(request, found, FULL_FEED if full else FEED)
    title = f"{read_paper(tree).name}: {page.person.name}"
    lists = [tags.author_list(found.id)]
    return _feed(lists, title, page.person.role, page.person.url, tree, full=full)


@public(rank=7)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps there are: one for the standing pages, one for each day of stories."""
    origin = read_paper(read_tree()).origin
    return _xml(sitemaps.index(origin, read_story_days()))


@public(rank=7)
def day_sitemap(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The stories of a day."""
    try:
        asked = date(year, month, day)
    except ValueError:
        raise Http404 from None
    tree = read_tree()
    items = read_day_items(asked, tree)
    if not items:
        raise Http404
    return _xml(sitemaps.urls(read_paper(tree).origin, items))


@public(rank=8)
def pages_sitemap(request: HttpRequest) -> HttpResponse:
    """The front, the sections, the authors."""
    tree = read_tree()
    return _xml(sitemaps.urls(read_paper(tree).origin, read_standing_items(tree)))


@public(rank=9)
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may fetch."""
    paper = read_paper(read_tree())
    return HttpResponse(sitemaps.robots(paper.origin), "text/plain; charset=utf-8")


def _feed(
    lists: Sequence[str], title: str, subtitle: str, page_url: str, tree: Tree, *, full: bool
) -> HttpResponse:
    paper = read_paper(tree)
    cards = read_newest(tuple(lists), FULL_TEXTS if full else SUMMARIES, tree)
    bare = [card.id for card in cards if not card.standfirst]
    openings = read_openings(bare, SUMMARY_MAX_CHARACTERS)
    bodies = read_bodies([card.id for card in cards], tree) if full else {}
    entries = [
        Entry(
            card,
            card.standfirst or openings.get(card.id, ""),
            html_of(bodies.get(card.id, ()), paper.origin),
        )
        for card in cards
    ]
    head = FeedHead(title, subtitle, page_url, page_url + (FULL_FEED if full else FEED))
    return HttpResponse(atom(head, entries, paper), CONTENT_TYPE)


def _xml(body: bytes) -> HttpResponse:
    return HttpResponse(body, "application/xml; charset=utf-8")
