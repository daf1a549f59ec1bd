"""Authors and topics."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import Found
from stoppress.newsroom.head import Subject, list_head
from stoppress.newsroom.reading.authors import read_author, read_author_address
from stoppress.newsroom.reading.lists import ListOf, read_topic
from stoppress.newsroom.reading.paper import Tree, read_paper, read_tree
from stoppress.newsroom.views.errors import gone
from stoppress.newsroom.views.sections import day_of, day_page, first_of, month_page
from stoppress.press.editions import public
from stoppress.theme import render, shapes


@public(rank=4)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author and their newest stories; lead from a slug they once had."""
    tree = read_tree()
    found = author_at(slug)
    page = _page(found, tree)
    if page is None:
        return elsewhere(request, found)
    paper = read_paper(tree)
    head = list_head(Subject("author", page.person.name, page.person.url), paper)
    return HttpResponse(render("pages/author.html", paper=paper, head=head, page=page))


@public(rank=8)
def author_month(request: HttpRequest, slug: str, year: int, month: int) -> HttpResponse:
    """Show a month of an author's stories."""
    first_day = first_of(year, month)
    found = author_at(slug)
    page = _page(found, read_tree())
    if page is None:
        return elsewhere(request, found, f"{first_day:%Y/%m}/")
    of = ListOf((tags.author_list(found.id),), page.person.url)
    return month_page(of, first_day, page.person.name)


@public(rank=9)
def author_day(request: HttpRequest, slug: str, year: int, month: int, day: int) -> HttpResponse:
    """Show a day of an author's stories."""
    of_day = day_of(year, month, day)
    found = author_at(slug)
    page = _page(found, read_tree())
    if page is None:
        return elsewhere(request, found, f"{of_day:%Y/%m/%d}/")
    of = ListOf((tags.author_list(found.id),), page.person.url)
    return day_page(of, of_day, page.person.name)


@public(rank=6)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic and the newest stories about it. A topic keeps its first slug for good."""
    tree = read_tree()
    page = read_topic(slug, tree)
    if page is None:
        raise Http404
    paper = read_paper(tree)
    subject = Subject("topic", page.topic.name, page.topic.url)
    head = list_head(subject, paper, description=page.definition)
    return HttpResponse(render("pages/topic.html", paper=paper, head=head, page=page))


def author_at(slug: str) -> Found:
    """The author who has or had a slug; Http404 if none ever had."""
    found = read_author_address(slug)
    if found is None:
        raise Http404
    return found


def elsewhere(request: HttpRequest, found: Found, below: str = "") -> HttpResponse:
    """Lead to where an author's page is now, or to what is below it; 410 if there is none."""
    return HttpResponsePermanentRedirect(found.url + below) if found.url else gone(request)


def _page(found: Found, tree: Tree) -> shapes.AuthorPage | None:
    return read_author(found.id, tree) if found.is_current else None
