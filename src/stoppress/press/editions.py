"""Editions: which views are public, and how one page is printed.

A view is private unless it is marked @public. A public view never sees the visitor's request: it is
called with a canonical one, and its answer goes into this node's store on the way out. The answer
says what became of it in `X-Press-Edition`: "stored", "unstored", or "gone" (do not serve any).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from stoppress.edge.editions import Edition
from stoppress.edge.errors import StaleEdition, StoreUnavailable
from stoppress.press import render
from stoppress.press.errors import PageNotFound
from stoppress.press.models import Change
from stoppress.press.node import store
from stoppress.press.snapshot import snapshot

log = structlog.get_logger("press.editions")

HEADER = "X-Press-Edition"
TRIES = 3  # a render is refused only if a change is applied during it, so twice in a row is rare

View = Callable[..., HttpResponseBase]
NotFoundPage = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Public:
    """What @public declares about a view."""

    view: View
    query: frozenset[str]  # the query parameters that make another edition
    rank: int  # the smaller, the earlier in the switch of a publish


def public(*, query: Collection[str] = (), rank: int = 0) -> Callable[[View], View]:
    """Declare that a view's answers are the same for everyone and may be stored."""

    def declare(view: View) -> View:
        declared = Public(view, frozenset(query), rank)

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return _answer(canonical_path(request, declared.query))

        answer.press = declared  # type: ignore[attr-defined]
        return answer

    return declare


def canonical_path(request: HttpRequest, query: frozenset[str]) -> str:
    """Return the key of the edition a request asks for: unknown parameters are ignored."""
    asked = sorted((name, request.GET[name]) for name in request.GET if name in query)
    return request.path + ("?" + urlencode(asked) if asked else "")


def print_page(path: str) -> Edition:
    """Render an address as of now, as the printer would. Raises PageNotFound and others."""
    with snapshot() as seen:
        return render.render_edition(path, seen)


def _plain_not_found(request: HttpRequest) -> HttpResponse:
    return HttpResponse("There is no page at this address.\n", "text/plain; charset=utf-8", 404)


_not_found_page: NotFoundPage = _plain_not_found
_not_found_address = ""


def set_not_found_page(page: NotFoundPage, address: str = "") -> None:
    """Name the view that shows readers that there is no page; it gets a canonical request.

    Name an address where the same stands as an edition, and that is sent in its place: whoever asks
    for addresses that never were then costs no render.
    """
    global _not_found_page, _not_found_address
    _not_found_page, _not_found_address = page, address


def not_found_page(path: str) -> HttpResponse:
    """Return the answer for an address without a page; it is never stored under that address."""
    response = _printed_not_found() if _not_found_address else None
    if response is None:
        with snapshot() as seen:
            response = render.render_unstored(_not_found_page, path, seen)
    response.status_code = 404
    response[HEADER] = "unstored"
    return response


def _printed_not_found() -> HttpResponse | None:
    """What stands at the address named for it; printed the first time, the printer's from then."""
    try:
        found = store().find(_not_found_address)
        if found is not None:
            return render.answer_of(found)
        response = _print_and_store(_not_found_address)
    except (PageNotFound, StoreUnavailable):
        return None
    return response if response.status_code == 200 else None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for Django's handler404."""
    return not_found_page(request.path)


def _answer(path: str) -> HttpResponse:
    try:
        return _print_and_store(path)
    except PageNotFound:
        return not_found_page(path)


def _print_and_store(path: str) -> HttpResponse:
    for _ in range(TRIES):
        edition, unrecorded = _rendered(path)
        if unrecorded:
            log.warning("unrecorded read", path=path, statement=unrecorded[0][:300])
            return _marked(edition, "unstored")
        try:
            store().put(edition)
        except StaleEdition as refused:
            log.info("render refused", path=path, why=str(refused))
        except StoreUnavailable as error:
            log.warning("store unavailable", path=path, why=str(error))
            return _marked(edition, "unstored")
        else:
            return _marked(edition, "stored")
    return _unavailable() if _taken_down_since(edition) else _marked(edition, "unstored")


def _rendered(path: str) -> tuple[Edition, list[str]]:
    """Render a page as of now; if there is none, none stays in the store. Raises PageNotFound."""
    with snapshot() as seen:
        try:
            return render.render_recorded(path, seen)
        except PageNotFound:
            if store().find(path) is not None:
                store().remove(path, seen)
            raise


def _marked(edition: Edition, fate: str) -> HttpResponse:
    response = render.answer_of(edition)
    response[HEADER] = "gone" if edition.status == 410 and fate == "unstored" else fate
    return response


def _unavailable() -> HttpResponse:
    response = HttpResponse(
        "This page is changing just now. Please try again in a moment.\n",
        "text/plain; charset=utf-8",
        503,
    )
    response["Retry-After"] = "1"
    response[HEADER] = "unstored"
    return response


def _taken_down_since(edition: Edition) -> bool:
    """Tell whether a takedown after the render began concerns what it shows."""
    later = Change.objects.filter(number__gt=edition.change).values_list("gone", flat=True)
    return any(edition.tags.intersection(gone) for gone in later)
