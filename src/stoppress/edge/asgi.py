"""The few ASGI words the edge's doors share."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from stoppress.edge.editions import Headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NO_STORE = (b"cache-control", b"no-store")
NOSNIFF = (b"x-content-type-options", b"nosniff")
JSON_HEADERS = ((b"content-type", b"application/json"), NO_STORE, NOSNIFF)


async def respond(
    scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> None:
    """Send a whole answer; of HEAD, its head. The length is that of the body."""
    with_length = [*headers, (b"content-length", b"%d" % len(body))]
    await respond_as_is(scope, send, status, tuple(with_length), body)


async def respond_as_is(
    scope: Scope, send: Send, status: int, headers: Headers, body: bytes
) -> None:
    """Send an answer whose headers are complete."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def respond_json(
    scope: Scope, send: Send, status: int, answer: dict[str, object], *more: tuple[bytes, bytes]
) -> None:
    """Send a small JSON answer that nobody may keep."""
    await respond(scope, send, status, (*JSON_HEADERS, *more), json.dumps(answer).encode() + b"\n")


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """A request's headers by name; a repeated one is joined with commas (RFC 9110, 5.3)."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = (
            f"{headers[name].decode('latin-1')}, {value.decode('latin-1')}".encode("latin-1")
            if name in headers
            else value
        )
    return headers


async def read_body(receive: Receive, *, at_most: int) -> bytes | None:
    """The request's body; None if it is longer, or the client has gone."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > at_most:
            return None
        if not message.get("more_body", False):
            return body
