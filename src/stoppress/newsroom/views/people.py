"""Authors and topics."""

from django.http import Http404, HttpRequest, HttpResponse

from stoppress.newsroom import tags
from stoppress.newsroom.head import Subject, list_head
from stoppress.newsroom.reading.lists import ListOf, read_author, read_author_id, read_topic
from stoppress.newsroom.reading.paper import read_paper, read_tree
from stoppress.newsroom.views.sections import first_of, month_page
from stoppress.press.editions import public
from stoppress.theme import render


@public(rank=4)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author and their newest stories."""
    tree = read_tree()
    page = read_author(slug, tree)
    if page is None:
        raise Http404
    paper = read_paper(tree)
    head = list_head(Subject("author", page.person.name, page.person.url), paper)
    return HttpResponse(render("pages/author.html", paper=paper, head=head, page=page))


@public(rank=8)
def author_month(request: HttpRequest, slug: str, year: int, month: int) -> HttpResponse:
    """Show a month of an author's stories."""
    tree = read_tree()
    author_id, page = read_author_id(slug), read_author(slug, tree)
    if author_id is None or page is None:
        raise Http404
    of = ListOf((tags.author_list(author_id),), page.person.url)
    return month_page(of, first_of(year, month), page.person.name)


@public(rank=6)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic and the newest stories about it."""
    tree = read_tree()
    page = read_topic(slug, tree)
    if page is None:
        raise Http404
    paper = read_paper(tree)
    subject = Subject("topic", page.topic.name, page.topic.url)
    head = list_head(subject, paper, description=page.definition)
    return HttpResponse(render("pages/topic.html", paper=paper, head=head, page=page))
