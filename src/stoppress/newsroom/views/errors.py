"""Pages for what is not there, no more there, or broken."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stoppress.newsroom.head import bare_head
from stoppress.newsroom.languages import direction_of
from stoppress.newsroom.messages import message
from stoppress.newsroom.reading.paper import read_paper
from stoppress.press.editions import public
from stoppress.theme import render, shapes

NOT_FOUND_ADDRESS = "/-/not-found/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there never was a page here."""
    return _error_page(404, "not_found", read_paper())


@public(rank=9)
def printed_not_found(request: HttpRequest) -> HttpResponse:
    """The same as an edition, which is sent for every address without a page."""
    return _error_page(404, "not_found", read_paper(), answered=200)


def gone(request: HttpRequest) -> HttpResponse:
    """410: what stood here was taken back."""
    return _error_page(410, "gone", read_paper())


def broken(request: HttpRequest) -> HttpResponse:
    """500: something failed; this page asks nothing of the database."""
    paper = shapes.Paper(
        name=settings.PAPER_NAME,
        tagline=settings.PAPER_TAGLINE,
        origin=settings.ORIGIN,
        language=settings.LANGUAGE_CODE,
        direction=direction_of(settings.LANGUAGE_CODE),
        time_zone=settings.PAPER_TIME_ZONE,
        navigation=(),
    )
    return _error_page(500, "broken", paper)


def _error_page(
    status: int, what: str, paper: shapes.Paper, *, answered: int | None = None
) -> HttpResponse:
    page = shapes.ErrorPage(status, message(f"{what}_title"), message(f"{what}_text"))
    head = bare_head(page.title, paper)
    return HttpResponse(
        render("pages/error.html", paper=paper, head=head, page=page), status=answered or status
    )
