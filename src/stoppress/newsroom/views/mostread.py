"""The most read: the parts that the edge puts into pages, and the lists as data."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stoppress.newsroom.head import absolute
from stoppress.newsroom.reading.mostread import ReadStory, read_most_read, read_most_read_part
from stoppress.newsroom.reading.paper import SectionNode, read_paper, read_tree
from stoppress.newsroom.views.errors import gone
from stoppress.newsroom.views.sections import read_section_address
from stoppress.press.editions import public
from stoppress.readership.mostread import Window
from stoppress.theme import render
from stoppress.theme.dates import iso
from stoppress.theme.shapes import Link, Paper

JSON = "application/json"


@public(rank=4)
def most_read_part(request: HttpRequest, section_id: int | None = None) -> HttpResponse:
    """The part for pages of the paper, or of a section; empty if there is too little to tell."""
    tree = read_tree()
    if section_id is not None and section_id not in tree:
        raise Http404
    shown = read_most_read_part(section_id, tree)
    if shown is None:
        return HttpResponse("")
    return HttpResponse(render("components/most_read.html", paper=read_paper(tree), most=shown))


@public(rank=9)
def most_read(request: HttpRequest, window: Window) -> HttpResponse:
    """The most read of the paper."""
    return _answer(window, None)


@public(rank=9)
def section_most_read(request: HttpRequest, path: str, window: Window) -> HttpResponse:
    """The most read of a section and all inside it; lead from a path it once had."""
    found = read_section_address(path)
    if found is None:
        raise Http404
    tree = read_tree()
    if found.id not in tree or not tree[found.id].is_live:
        return gone(request)
    if not found.is_current:
        return HttpResponsePermanentRedirect(f"/-/most-read{found.url}{window.name}.json")
    return _answer(window, tree[found.id])


def _answer(window: Window, section: SectionNode | None) -> HttpResponse:
    tree = read_tree()
    paper = read_paper(tree)
    found = read_most_read(window, section.id if section else None, tree)
    data = {
        "window": window.name,
        "section": _link(section.link, paper) if section else None,
        "since": _moment(found.since),
        "until": _moment(found.until),
        "stories": [
            {"position": position, **_story(story, paper)}
            for position, story in enumerate(found.stories, start=1)
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
    return HttpResponse(text, JSON, headers={"Access-Control-Allow-Origin": "*"})


def _story(story: ReadStory, paper: Paper) -> dict[str, Any]:
    card = story.card
    return {
        "headline": card.headline,
        "url": absolute(card.url, paper),
        "language": card.language,
        "section": _link(card.section, paper),
        "published_at": iso(card.published_at, card.published_precision, paper.time_zone),
        "score": story.score,
        "views": story.views,
    }


def _link(link: Link, paper: Paper) -> dict[str, str]:
    return {"name": link.name, "url": absolute(link.url, paper)}


def _moment(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
