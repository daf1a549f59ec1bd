"""What the edge says itself when there is no page to send: short, friendly, self-contained."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from stoppress.edge.asgi import NO_STORE, NOSNIFF, Scope, Send, respond

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<h1>{title}</h1>
<p>{text}</p>
"""
_SAFE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")

NOTICES = {
    400: ("This address can’t be read", "Please check it for stray characters."),
    404: ("There is nothing at this address", "It may have been mistyped."),
    405: ("This page can only be read", "It takes no other kind of request."),
    406: ("No common encoding", "Your program refuses every form in which we can send this page."),
    410: ("This page has been taken down", "It will not come back."),
    412: ("The page has changed", "Your program asked for it only in an earlier form."),
    413: ("That is too large", "Please send less at once."),
    416: ("There is no such part", "The file ends before what your program asked for."),
    502: ("This page could not be made", "We have been told. Please try again in a moment."),
    503: (
        "Back in a moment",
        "The newsroom’s server is starting or very busy. Please try again in a few seconds.",
    ),
    504: ("This page takes too long", "We have been told. Please try again in a moment."),
}
_RETRY_SECONDS = b"5"


async def send_notice(
    scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send one of the edge's own pages."""
    title, text = NOTICES[status]
    page = _PAGE.format(title=escape(title), text=escape(text)).encode()
    more = [(b"retry-after", _RETRY_SECONDS)] if status in (502, 503, 504) else []
    fixed = [(b"content-type", b"text/html; charset=utf-8"), NO_STORE, NOSNIFF, _SAFE]
    await respond(scope, send, status, [*fixed, *more, *headers], page)
