"""Rendering an edition: a view called with a canonical request, while what it reads is recorded.

The request has no cookies, no visitor's host, no middleware; language and time zone are the
paper's. So an answer depends on the address and the database alone, and may be kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.response import SimpleTemplateResponse
from django.urls import ResolverMatch, resolve
from django.utils import timezone, translation

from stoppress.edge.editions import Edition, StoredEdition
from stoppress.press.changes import ALL
from stoppress.press.errors import (
    NotPublic,
    PageFailed,
    PageNotFound,
    PrivateAnswer,
    UnrecordedRead,
)
from stoppress.press.guard import guard_raises
from stoppress.press.recording import recording

STORED_STATUSES = frozenset({200, 301, 308, 410})
NOT_OF_THE_EDITION = frozenset({"content-length", "date", "vary", "etag"})  # the edge makes these


class CanonicalRequest(HttpRequest):
    """The request an edition is rendered from."""

    def __init__(self, path: str) -> None:
        super().__init__()
        address, _, query = path.partition("?")
        origin = urlsplit(settings.ORIGIN)
        self.method = "GET"
        self.path = self.path_info = address
        self.GET = QueryDict(query)
        self.META = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": origin.hostname or "localhost",
            "SERVER_PORT": str(origin.port or (443 if origin.scheme == "https" else 80)),
            "HTTP_HOST": origin.netloc,
        }
        self._scheme = origin.scheme

    def _get_scheme(self) -> str | None:
        return self._scheme


def find_public_view(path: str) -> ResolverMatch:
    """Return the public view of an address. Raises PageNotFound or NotPublic."""
    try:
        match = resolve(path.partition("?")[0])
    except Http404:
        raise PageNotFound(path) from None
    if not hasattr(match.func, "press"):
        raise NotPublic(path)
    return match


def render_edition(path: str, seen: int) -> Edition:
    """Render one address inside an open snapshot.

    Raises PageNotFound, PageFailed, PrivateAnswer, NotPublic, UnrecordedRead, or whatever the
    view raises.
    """
    edition, unrecorded = render_recorded(path, seen)
    if unrecorded:
        raise UnrecordedRead(path, unrecorded)
    return edition


def render_recorded(path: str, seen: int) -> tuple[Edition, list[str]]:
    """Render one address and return it with the SQL that nobody recorded (tests raise for it)."""
    match = find_public_view(path)
    with _canonical(), recording() as made:
        made.seen = seen
        made.tags.add(ALL)
        try:
            response = call(match, path)
        except Http404:
            raise PageNotFound(path) from None
    if response.status_code == 404:
        raise PageNotFound(path)
    if response.status_code not in STORED_STATUSES:
        raise PageFailed(path, response.status_code)
    if made.unrecorded and guard_raises():
        raise UnrecordedRead(path, made.unrecorded)
    return edition_of(path, response, frozenset(made.tags), seen), made.unrecorded


def render_unstored(
    page: Callable[[HttpRequest], HttpResponse], path: str, seen: int
) -> HttpResponse:
    """Render a page that no address owns, as for "not found", under the same rules."""
    with _canonical(), recording() as made:
        made.seen = seen
        response = finished(path, page(CanonicalRequest(path)))
    if made.unrecorded and guard_raises():
        raise UnrecordedRead(path, made.unrecorded)
    return response


def call(match: ResolverMatch, path: str) -> HttpResponse:
    """Call a public view for an address and finish its answer."""
    view = match.func.press.view  # type: ignore[attr-defined]
    request = CanonicalRequest(path)
    request.resolver_match = match
    return finished(path, view(request, *match.args, **match.kwargs))


def finished(path: str, response: HttpResponseBase) -> HttpResponse:
    """Return the answer with its body made. Raises PrivateAnswer for one that can't be kept."""
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    if response.streaming:
        raise PrivateAnswer(path, "is a stream")
    if response.cookies:
        raise PrivateAnswer(path, "sets a cookie")
    said = response.get("Cache-Control", "").lower()
    if "private" in said or "no-store" in said:
        raise PrivateAnswer(path, "says that it may not be stored")
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    if varies & {"*", "cookie", "authorization"}:
        raise PrivateAnswer(path, "depends on who asks")
    return cast(HttpResponse, response)


def edition_of(path: str, response: HttpResponse, tags: frozenset[str], seen: int) -> Edition:
    """Make an edition of a finished answer."""
    headers = tuple(
        (name.lower().encode("ascii"), value.encode("latin-1"))
        for name, value in response.items()
        if name.lower() not in NOT_OF_THE_EDITION
    )
    return Edition(
        path=path,
        status=response.status_code,
        headers=headers,
        body=response.content,
        tags=tags,
        change=seen,
    )


@contextmanager
def _canonical() -> Iterator[None]:
    with translation.override(settings.LANGUAGE_CODE), timezone.override("UTC"):
        yield


def answer_of(edition: Edition | StoredEdition) -> HttpResponse:
    """Make the answer that carries an edition to the edge."""
    response = HttpResponse(edition.body, status=edition.status)
    del response["Content-Type"]
    for name, value in edition.headers:
        response[name.decode("ascii")] = value.decode("latin-1")
    return response
