"""The desk's writes: each unsafe request under /desk/ is one change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from stoppress.press.changes import changing

DESK = "/desk/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class DeskChanges:
    """Run POSTs of the desk inside changing(): all of a request happens, or nothing.

    Place it after the session's middleware, so that the session is saved whatever becomes of the
    change. GETs never get a transaction: on SQLite each would queue for the one writer's place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; an answer of 400 or more (Django makes one of an exception) undoes the change."""
        if request.method in SAFE_METHODS or not request.path.startswith(DESK):
            return self.get_response(request)
        with changing(f"{request.method} {request.path}") as change:
            response = self.get_response(request)
            if response.status_code >= 400:
                change.abandon()
        return response
