"""The newest stories: their page, and the rail that stands beside every story."""

from django.http import HttpRequest, HttpResponse

from stoppress.newsroom.head import Subject, list_head
from stoppress.newsroom.reading.lists import read_latest, read_rail
from stoppress.newsroom.reading.paper import read_paper, read_tree
from stoppress.press.editions import public
from stoppress.theme import render
from stoppress.theme.words import words_for


@public(rank=2)
def latest(request: HttpRequest) -> HttpResponse:
    """Show the newest stories of the whole paper."""
    tree = read_tree()
    paper = read_paper(tree)
    title = words_for(paper.language).text("latest")
    head = list_head(Subject("latest", title, "/latest/"), paper)
    return HttpResponse(render("pages/latest.html", paper=paper, head=head, page=read_latest(tree)))


@public(rank=0)
def rail(request: HttpRequest) -> HttpResponse:
    """The part that the edge puts into pages."""
    tree = read_tree()
    return HttpResponse(
        render("components/rail.html", paper=read_paper(tree), cards=read_rail(tree))
    )
