"""The front, the sections and their months."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import Found, find_section
from stoppress.newsroom.head import Subject, list_head
from stoppress.newsroom.reading.lists import (
    ListOf,
    read_archive,
    read_day,
    read_front,
    read_section,
)
from stoppress.newsroom.reading.paper import lists_below, read_paper, read_tree
from stoppress.newsroom.views.errors import gone
from stoppress.press.editions import public
from stoppress.press.recording import record
from stoppress.press.sharing import reads_once
from stoppress.theme import render


@public(rank=1)
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    tree = read_tree()
    paper = read_paper(tree)
    head = list_head(Subject("front", paper.name, "/"), paper)
    return HttpResponse(render("pages/front.html", paper=paper, head=head, page=read_front(tree)))


@public(rank=3)
def section(request: HttpRequest, path: str) -> HttpResponse:
    """Show a section; lead from a path it once had."""
    found = read_section_address(path)
    if found is None:
        raise Http404
    tree = read_tree()
    if found.id not in tree or not tree[found.id].is_live:
        return gone(request)
    if not found.is_current:
        return HttpResponsePermanentRedirect(found.url)
    page, paper = read_section(found.id, tree), read_paper(tree)
    subject = Subject("section", page.section.name, page.section.url)
    head = list_head(subject, paper, description=page.description)
    return HttpResponse(render("pages/section.html", paper=paper, head=head, page=page))


@public(rank=8)
def section_month(request: HttpRequest, path: str, year: int, month: int) -> HttpResponse:
    """Show a month of a section."""
    found = read_section_address(path)
    tree = read_tree()
    if found is None:
        raise Http404
    first_day = first_of(year, month)
    if found.id not in tree or not tree[found.id].is_live:
        return gone(request)
    if not found.is_current:
        return HttpResponsePermanentRedirect(f"{found.url}{first_day:%Y/%m}/")
    node = tree[found.id]
    return month_page(ListOf(tuple(lists_below(node.id, tree)), node.url), first_day, node.name)


@public(rank=9)
def section_day(request: HttpRequest, path: str, year: int, month: int, day: int) -> HttpResponse:
    """Show a day of a section."""
    found = read_section_address(path)
    tree = read_tree()
    if found is None:
        raise Http404
    of_day = day_of(year, month, day)
    if found.id not in tree or not tree[found.id].is_live:
        return gone(request)
    if not found.is_current:
        return HttpResponsePermanentRedirect(f"{found.url}{of_day:%Y/%m/%d}/")
    node = tree[found.id]
    return day_page(ListOf(tuple(lists_below(node.id, tree)), node.url), of_day, node.name)


@public(rank=9)
def paper_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """Show a day of the whole paper."""
    return day_page(ListOf((tags.LATEST,), "/"), day_of(year, month, day), "")


@public(rank=8)
def paper_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show a month of the whole paper."""
    return month_page(ListOf((tags.LATEST,), "/"), first_of(year, month), "")


def month_page(of: ListOf, first_day: date, name: str) -> HttpResponse:
    """A month's archive of any list; Http404 if it is empty."""
    from stoppress.theme.shapes import Link

    tree = read_tree()
    page = read_archive(of, first_day, Link(name, of.url) if name else None, tree)
    if page is None:
        raise Http404
    paper = read_paper(tree)
    title = f"{name or paper.name}, {first_day:%Y-%m}"
    head = list_head(Subject("other", title, page.month.url), paper)
    return HttpResponse(render("pages/archive.html", paper=paper, head=head, page=page))


def day_page(of: ListOf, day: date, name: str) -> HttpResponse:
    """A day's archive of any list; Http404 if it is empty."""
    from stoppress.theme.shapes import Link

    tree = read_tree()
    page = read_day(of, day, Link(name, of.url) if name else None, tree)
    if page is None:
        raise Http404
    paper = read_paper(tree)
    head = list_head(Subject("other", f"{name or paper.name}, {day:%Y-%m-%d}", page.day.url), paper)
    return HttpResponse(render("pages/day.html", paper=paper, head=head, page=page))


def first_of(year: int, month: int) -> date:
    """The first day of a month; Http404 for what is none."""
    return day_of(year, month, 1)


def day_of(year: int, month: int, day: int) -> date:
    """A day; Http404 for what is none."""
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


@reads_once
def read_section_address(path: str) -> Found | None:
    """Which section has or had a path."""
    record(tags.EPOCH_NAVIGATION)
    found = find_section(path)
    if found:
        record(tags.section(found.id))
    return found
