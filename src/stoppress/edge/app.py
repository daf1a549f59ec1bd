"""The edge's ASGI app: everything the lane does not answer, and the same answers where it does."""

from __future__ import annotations

import asyncio
from collections import Counter
from http import HTTPStatus

import structlog

from stoppress.edge import encodings
from stoppress.edge.answers import Answer
from stoppress.edge.asgi import (
    NO_STORE,
    Receive,
    Scope,
    Send,
    headers_of,
    respond,
    respond_as_is,
    respond_json,
)
from stoppress.edge.clients import client_of
from stoppress.edge.editions import part_path
from stoppress.edge.errors import (
    AppUnavailable,
    BadTarget,
    BodyTooLarge,
    EdgeBusy,
    StoreDamaged,
    StoreUnavailable,
)
from stoppress.edge.metrics import CONTENT_TYPE
from stoppress.edge.negotiation import (
    IDENTITY,
    accepted_codings,
    match_holds,
    none_match_holds,
)
from stoppress.edge.notices import send_notice
from stoppress.edge.requestids import request_id
from stoppress.edge.room import Room
from stoppress.edge.targets import decode_path
from stoppress.edge.upstream import Fetched

log = structlog.get_logger("stoppress.edge")

PART_SECONDS = 1.0  # how long a page waits for a part that nobody has printed

_READ_ONLY = [(b"allow", b"GET, HEAD, OPTIONS")]


class EdgeApp:
    """Routes a request to the one who answers it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._counted: Counter[str] = room.counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        self._room.proxies.resolve(scope)
        try:
            await self._route(decode_path(scope["raw_path"]), scope, receive, send)
        except BadTarget:
            await send_notice(scope, send, 400)
        except StoreUnavailable as error:
            if isinstance(error, StoreDamaged):
                self._room.damage = error
            log.warning("the store can't be used", why=str(error))
            await send_notice(scope, send, 503)

    async def _route(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        room = self._room
        if path.startswith(room.private_prefixes):
            await self._pass_through(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await self._tell_options(path, scope, send)
        elif path.startswith("/static/"):
            await room.static.serve(scope, send, path.removeprefix("/static/"))
        elif path.startswith("/media/"):
            await room.media.serve(scope, send, path.removeprefix("/media/"))
        elif path == "/-/live":
            await room.live.serve(scope, receive, send)
        elif path == "/-/reads":
            await room.reads.serve(scope, receive, send)
        elif path in ("/healthz", "/readyz"):
            await self._tell_health(scope, send, is_readiness=path == "/readyz")
        elif path == "/metrics":
            await self._tell_metrics(scope, send)
        else:
            await self._page(scope, send)

    async def _tell_options(self, path: str, scope: Scope, send: Send) -> None:
        """What may be done with an address (RFC 9110, 9.3.7)."""
        methods = b"POST, OPTIONS" if path == "/-/reads" else b"GET, HEAD, OPTIONS"
        await respond_as_is(scope, send, 204, ((b"allow", methods), NO_STORE), b"")

    # Readers' pages

    async def _page(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await send_notice(scope, send, 405, _READ_ONLY)
            return
        headers = headers_of(scope)
        accepted = accepted_codings(headers.get(b"accept-encoding"))
        if not accepted:
            await send_notice(scope, send, 406)
            return
        path = self._room.canonical(scope["raw_path"], scope["query_string"])
        answer = await self._find_whole(path, accepted)
        if answer is None:
            await self._miss(scope, send, path, accepted)
            return
        if answer.is_stale:
            self._room.refresh(path)
        self._counted["hits"] += 1
        await self._send(scope, send, answer, accepted)

    async def _find(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        try:
            return await self._room.load_answer(path, accepted)
        except StoreDamaged as error:
            self._room.damage = error
            return None
        except StoreUnavailable as error:
            log.warning("the store can't be read", why=str(error))
            return None

    async def _miss(self, scope: Scope, send: Send, path: str, accepted: tuple[str, ...]) -> None:
        try:
            fetched = await self._room.misses.fetch(path, client_of(scope))
        except EdgeBusy:
            await send_notice(scope, send, 503)
            return
        except AppUnavailable as error:
            await self._tell_unavailable(scope, send, path, error)
            return
        answer = await self._find_whole(path, accepted) if fetched.fate == "stored" else None
        if answer is not None:
            await self._send(scope, send, answer, accepted)
        elif fetched.fate == "stored" and self._is_gone(path):
            await send_notice(scope, send, 410)  # it was taken down while it was on its way
        else:
            await self._send_unstored(scope, send, fetched, accepted)

    async def _find_whole(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer with its missing parts fetched; a part that can't be made leaves a hole."""
        answer = await self._find(path, accepted)
        if answer is None or not answer.missing:
            return answer
        for name in answer.missing:
            try:
                async with asyncio.timeout(PART_SECONDS):
                    await self._room.misses.fetch(part_path(name))
            except (AppUnavailable, EdgeBusy, TimeoutError) as error:
                log.warning("a part is missing", part=name, why=str(error))
        return await self._find(path, accepted)

    async def _send(
        self, scope: Scope, send: Send, answer: Answer, accepted: tuple[str, ...]
    ) -> None:
        """Evaluate the conditions (RFC 9110, 13.2.2) and send the answer, or that it holds."""
        headers = headers_of(scope)
        if answer.coding not in accepted:  # the page has none that is, and "identity" is refused
            await send_notice(scope, send, 406)
            return
        if answer.status == HTTPStatus.OK:
            if_match, none_match = headers.get(b"if-match"), headers.get(b"if-none-match")
            if if_match is not None and not match_holds(if_match, answer.etag):
                await send_notice(scope, send, 412)
                return
            if none_match is not None and not none_match_holds(none_match, answer.etag):
                self._counted["not_modified"] += 1
                await respond_as_is(scope, send, 304, answer.not_modified, b"")
                return
        await respond_as_is(scope, send, answer.status, answer.headers, answer.body)

    async def _send_unstored(
        self, scope: Scope, send: Send, fetched: Fetched, accepted: tuple[str, ...]
    ) -> None:
        """Pass on what the app answered; we keep nothing of it."""
        body = self._room.shelf.fill_holes(fetched.body)
        headers = self._room.policy.headers_unstored(fetched.headers)
        if IDENTITY not in accepted:  # then it has to be coded, short as it may be
            headers += ((b"content-encoding", accepted[0].encode()),)
            body = encodings.in_coding(accepted[0], body)
        await respond(scope, send, fetched.status, headers, body)

    async def _tell_unavailable(
        self, scope: Scope, send: Send, path: str, error: AppUnavailable
    ) -> None:
        if self._is_gone(path):
            await send_notice(scope, send, 410)
        else:
            await send_notice(scope, send, 504 if error.timed_out else 503)

    def _is_gone(self, path: str) -> bool:
        """Whether the page was taken down, under this name or without its query."""
        return any(map(self._room.store.is_gone, {path, path.partition("?")[0]}))

    # The rest

    async def _pass_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._counted["passed"] += 1
        name = request_id(headers_of(scope))
        try:
            await self._room.upstream.pass_through(scope, receive, send, name)
        except BodyTooLarge:
            await send_notice(scope, send, 413, [(b"connection", b"close")])
        except AppUnavailable as error:
            log.warning("the app did not answer", why=str(error), request=name.decode())
            await send_notice(scope, send, 504 if error.timed_out else 503)

    async def _tell_health(self, scope: Scope, send: Send, *, is_readiness: bool) -> None:
        try:
            applied = self._room.store.applied()
        except StoreUnavailable as error:
            await respond_json(scope, send, 503, {"status": "no store", "why": str(error)})
            return
        if is_readiness and not await self._room.upstream.is_listening():
            await respond_json(scope, send, 503, {"status": "no app", "applied": applied})
            return
        told = {"status": "ok", "applied": applied}
        if trouble := self._room.store.trouble():  # readers are served all the same
            told |= {"store": "not written", "since": trouble.since, "why": trouble.why}
        await respond_json(scope, send, 200, told)

    async def _tell_metrics(self, scope: Scope, send: Send) -> None:
        """To this machine only: a proxy in front would have said for whom it asks."""
        if not self._room.is_local(scope):
            await send_notice(scope, send, 404)
            return
        headers = [(b"content-type", CONTENT_TYPE), NO_STORE]
        await respond(scope, send, 200, headers, self._room.metrics.expose())
