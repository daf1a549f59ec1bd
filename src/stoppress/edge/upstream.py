"""The way to the app: HTTP/1.1 over its Unix socket.

Readers' pages, the desk and what else is private have a pool each, so that none can use up
another's.
A connection that can't be made is tried again for a moment: the app may be starting again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from stoppress.edge.asgi import Receive, Scope, Send, headers_of
from stoppress.edge.editions import Headers
from stoppress.edge.errors import AppUnavailable, BodyTooLarge
from stoppress.edge.requestids import REQUEST_ID_HEADER
from stoppress.edge.targets import decode_path, encode_target

RESTART_SECONDS = 5.0  # how long a request waits for an app that is starting
RETRY_SECONDS = 0.1
READY_SECONDS = 1.0
PAGE_TIMEOUT = httpx.Timeout(20.0, connect=2.0, pool=10.0)
PRIVATE_TIMEOUT = httpx.Timeout(300.0, connect=2.0, pool=30.0)
MOST_PAGE_CONNECTIONS = 32
MOST_DESK_CONNECTIONS = 128
MOST_OPEN_CONNECTIONS = 32  # search and the like: open to everybody, so kept apart from the desk
DESK_PREFIX = "/desk/"
IDLE_CONNECTION_SECONDS = 3.0  # below uvicorn's five, so that we close first
MAX_PAGE_BYTES = 32 * 2**20
FATE_HEADER = b"x-press-edition"

log = structlog.get_logger("stoppress.edge")

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization"}
    | {b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
_SAID_BY_US = frozenset({b"forwarded", b"x-real-ip", REQUEST_ID_HEADER})


@dataclass(frozen=True, slots=True)
class Fetched:
    """The app's answer for a reader's page. `fate` is what became of it: stored, unstored, gone."""

    status: int
    headers: Headers
    body: bytes
    fate: str


class Upstream:
    """The app, seen from the edge."""

    def __init__(self, socket: Path, *, origin: str, max_body_bytes: int) -> None:
        self._socket = socket
        self._origin = urlsplit(origin)
        self._max_body_bytes = max_body_bytes
        self._outage = _Outage()
        self._pages = _pool(socket, MOST_PAGE_CONNECTIONS)
        self._desk = _pool(socket, MOST_DESK_CONNECTIONS)
        self._open = _pool(socket, MOST_OPEN_CONNECTIONS)

    async def close(self) -> None:
        """Close the pools."""
        await self._pages.aclose()
        await self._desk.aclose()
        await self._open.aclose()

    async def is_listening(self) -> bool:
        """Whether anybody answers at the socket at all."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                _, writer = await asyncio.open_unix_connection(self._socket)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    async def fetch(self, path: str, request_id: bytes) -> Fetched:
        """Have the app render a reader's page, from a request without anything of the visitor.

        Raises AppUnavailable.
        """
        headers = [
            (b"host", self._origin.netloc.encode()),
            (b"x-forwarded-proto", self._origin.scheme.encode()),
            (b"accept-encoding", b"identity"),
            (b"user-agent", b"stoppress-edge"),
            (REQUEST_ID_HEADER, request_id),
        ]

        def request() -> httpx.Request:
            return _request("GET", encode_target(path), headers, PAGE_TIMEOUT)

        response = await self._send(self._pages, request)
        try:
            body = b"".join([chunk async for chunk in _at_most(response, MAX_PAGE_BYTES)])
        except httpx.TransportError as error:
            raise _unavailable(error) from error
        finally:
            await response.aclose()
        headers = [(name.lower(), value) for name, value in response.headers.raw]
        fate = dict(headers).get(FATE_HEADER, b"unstored").decode("latin-1")
        return Fetched(response.status_code, tuple(headers), body, fate)

    async def pass_through(
        self, scope: Scope, receive: Receive, send: Send, request_id: bytes
    ) -> None:
        """Hand a private request to the app whole, and its answer back, both as streams.

        Raises AppUnavailable and BodyTooLarge only before an answer has begun.
        """
        headers = self._private_headers(scope, request_id)
        given = dict(headers)
        has_body = b"content-length" in given or b"transfer-encoding" in headers_of(scope)
        if int(given.get(b"content-length", b"0")) > self._max_body_bytes:
            raise BodyTooLarge(self._max_body_bytes)
        body = _body(receive, self._max_body_bytes) if has_body else None
        target = scope["raw_path"] + (
            b"?" + scope["query_string"] if scope["query_string"] else b""
        )

        def request() -> httpx.Request:
            return _request(scope["method"], target, headers, PRIVATE_TIMEOUT, body)

        pool = self._desk if decode_path(scope["raw_path"]).startswith(DESK_PREFIX) else self._open
        response = await self._send(pool, request)
        try:
            await _relay(response, send)
        except httpx.TransportError as error:  # half an answer is out: only the end can tell
            log.warning("the app broke off an answer", why=str(error), request=request_id.decode())
            scope["state"]["transport"].abort()
        finally:
            await response.aclose()

    async def _send(
        self, pool: httpx.AsyncHTTPTransport, request: Callable[[], httpx.Request]
    ) -> httpx.Response:
        """Send a request; while nobody listens, or a kept connection was just closed, try again."""
        retries = 1
        while True:
            sent = request()
            try:
                response = await pool.handle_async_request(sent)
            except httpx.ConnectError as error:
                if self._outage.lasts():
                    raise _unavailable(error) from error
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                retries -= 1
                if retries < 0 or sent.method not in ("GET", "HEAD"):
                    raise _unavailable(error) from error
            except httpx.TransportError as error:
                raise _unavailable(error) from error
            else:
                return response
            await asyncio.sleep(RETRY_SECONDS)

    def _private_headers(self, scope: Scope, request_id: bytes) -> list[tuple[bytes, bytes]]:
        """The client's headers, without what belongs to its connection, with who it is."""
        given = headers_of(scope)
        dropped = _HOP_BY_HOP | _SAID_BY_US
        dropped |= {name.strip().lower() for name in given.get(b"connection", b"").split(b",")}
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if name not in dropped and not name.startswith((b"x-forwarded-", b"x-press-"))
        ]
        client = scope["client"][0] if scope["client"] else ""
        return [
            *headers,
            (b"x-forwarded-for", client.encode("latin-1")),
            (b"x-forwarded-proto", scope["scheme"].encode()),
            (b"x-forwarded-host", given.get(b"host", self._origin.netloc.encode())),
            (REQUEST_ID_HEADER, request_id),
        ]


class _Outage:
    """How long nobody has listened: those who ask wait for a restart, not for an outage."""

    def __init__(self) -> None:
        self._began = self._last = -RESTART_SECONDS

    def lasts(self) -> bool:
        """Note that nobody listens now; whether that has lasted longer than a restart takes."""
        now = time.monotonic()
        if now - self._last > RESTART_SECONDS:
            self._began = now
        self._last = now
        return now - self._began > RESTART_SECONDS


def _pool(socket: Path, connections: int) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=IDLE_CONNECTION_SECONDS,
    )
    return httpx.AsyncHTTPTransport(uds=str(socket), limits=limits, trust_env=False)


def _request(
    method: str,
    target: bytes,
    headers: list[tuple[bytes, bytes]],
    timeout: httpx.Timeout,
    body: AsyncIterator[bytes] | None = None,
) -> httpx.Request:
    return httpx.Request(
        method,
        "http://app/",
        headers=headers,
        content=body,
        extensions={"timeout": timeout.as_dict(), "target": target},
    )


def _unavailable(error: httpx.TransportError) -> AppUnavailable:
    why = str(error) or type(error).__name__
    return AppUnavailable(why, timed_out=isinstance(error, httpx.TimeoutException))


async def _at_most(response: httpx.Response, size: int) -> AsyncIterator[bytes]:
    async for chunk in response.stream:  # type: ignore[union-attr]
        size -= len(chunk)
        if size < 0:
            raise AppUnavailable("its page is larger than any page should be")
        yield chunk


async def _body(receive: Receive, max_bytes: int) -> AsyncIterator[bytes]:
    read_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise httpx.WriteError("the client went away")
        read_bytes += len(message.get("body", b""))
        if read_bytes > max_bytes:
            raise BodyTooLarge(max_bytes)
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def _relay(response: httpx.Response, send: Send) -> None:
    ours = _HOP_BY_HOP | {b"date", b"server", FATE_HEADER}
    headers = [(n.lower(), v) for n, v in response.headers.raw if n.lower() not in ours]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async for chunk in response.stream:  # type: ignore[union-attr]
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
