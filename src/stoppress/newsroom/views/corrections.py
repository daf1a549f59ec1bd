"""The public record of corrections."""

from django.http import Http404, HttpRequest, HttpResponse

from stoppress.newsroom.head import Subject, list_head
from stoppress.newsroom.reading.lists import read_corrections
from stoppress.newsroom.reading.paper import read_paper, read_tree
from stoppress.newsroom.views.sections import first_of
from stoppress.press.editions import public
from stoppress.theme import render
from stoppress.theme.words import words_for

URL = "/corrections/"


@public(rank=5)
def corrections(request: HttpRequest) -> HttpResponse:
    """Show the newest updates, corrections, clarifications and retractions."""
    return _page(URL)


@public(rank=8)
def corrections_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show those of one month."""
    return _page(f"{URL}{first_of(year, month):%Y/%m}/", year, month)


def _page(url: str, year: int = 0, month: int = 0) -> HttpResponse:
    tree = read_tree()
    page = read_corrections(tree, first_of(year, month) if year else None)
    if year and not page.entries:
        raise Http404
    paper = read_paper(tree)
    head = list_head(Subject("other", words_for(paper.language).text("corrections"), url), paper)
    return HttpResponse(render("pages/corrections.html", paper=paper, head=head, page=page))
