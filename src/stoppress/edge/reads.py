"""The journal's door: an open page reports that its article was read and learns the count.

The answer leaves only when the report is on disk. What is not ours is refused: another site's
report, an article that no page in the store shows, a visit that was reported before, a body that is
not one we know. Nothing that names a reader goes further than this module: an address becomes a
number under the day's key (see readerkeys.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

import structlog

from stoppress.edge.asgi import Receive, Scope, Send, headers_of, read_body, respond_json
from stoppress.edge.errors import EdgeError, JournalUnavailable, ReportRefused
from stoppress.edge.journal import Journal
from stoppress.edge.readerkeys import ReaderKeys
from stoppress.edge.reports import MAX_BODY_BYTES, BadReport, SeenReport, StayReport, parse
from stoppress.edge.robots import is_robot
from stoppress.edge.store import Store
from stoppress.edge.views import Kind, Stay, View

STAFF_COOKIE = "stoppress_staff"  # set by the desk for the whole site; says nothing but that
CONTENT_TYPES = frozenset({b"application/json", b"text/plain"})  # the latter from sendBeacon

log = structlog.get_logger("stoppress.edge")


class _Refused(EdgeError):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Reads:
    """Takes reports of reading."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        keys: ReaderKeys,
        counted: Counter[str],
        *,
        origin: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._journal = journal
        self._keys = keys
        self._counted = counted
        self._origin = origin
        self._is_secure = urlsplit(origin).scheme == "https"
        self._own_domain = (urlsplit(origin).hostname or "").removeprefix("www.")
        self._clock = clock

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one report."""
        headers = headers_of(scope)
        try:
            self._refuse_strangers(scope, headers)
            report = parse(await read_body(receive, at_most=MAX_BODY_BYTES))
            self._refuse_unpublished(report.article)
            if isinstance(report, StayReport):
                views = await self._journal.append(self._stay(report))
            else:
                views = await self._journal.append(self._view(scope, headers, report))
        except (_Refused, BadReport, ReportRefused) as refused:
            await self._refuse(scope, send, refused)
        except JournalUnavailable as error:
            log.warning("a view was not counted", why=str(error))
            self._counted["lost_reads"] += 1
            answer: dict[str, object] = {"error": "Views can't be counted just now."}
            await respond_json(scope, send, 503, answer)
        else:
            self._counted["reads"] += 1
            await respond_json(scope, send, 200, {"article": report.article, "views": views})

    async def _refuse(
        self, scope: Scope, send: Send, refused: _Refused | BadReport | ReportRefused
    ) -> None:
        self._counted["refused_reads"] += 1
        more = [(b"allow", b"POST")] if refused.status == 405 else []
        await respond_json(scope, send, refused.status, {"error": str(refused)}, *more)

    def _refuse_strangers(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        if scope["method"] != "POST":
            raise _Refused(405, "A view is reported with POST.")
        if not self._is_same_origin(scope, headers):
            raise _Refused(403, "Views are reported by our own pages only.")
        content_type = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        if content_type not in CONTENT_TYPES:
            raise _Refused(415, "A report is JSON.")

    def _refuse_unpublished(self, article: int) -> None:
        if not self._store.has_tag(f"article:{article}"):
            raise _Refused(404, f"No article {article} is published here.")

    def _is_same_origin(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        """What browsers say of themselves must say "ours"; programs that say nothing are robots."""
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            return False
        origin = headers.get(b"origin")
        if origin is None:
            return True
        host = headers.get(b"host", b"").decode("latin-1").lower()
        return origin.decode("latin-1").lower() in (self._origin, f"{scope['scheme']}://{host}")

    def _view(self, scope: Scope, headers: dict[bytes, bytes], report: SeenReport) -> View:
        at = self._clock()
        address = scope["client"][0] if scope["client"] else ""
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        return View(
            article=report.article,
            at=at,
            reader=self._keys.reader(address, agent, at),
            kind=self._kind(headers),
            reader_before=self._keys.reader_before(address, agent, at),
            visit=report.visit,
            network=self._keys.network(address, at),
            referrer="" if report.referrer == self._own_domain else report.referrer,
            is_private=_wants_privacy(headers),
        )

    def _stay(self, report: StayReport) -> Stay:
        return Stay(
            report.article,
            self._clock(),
            report.visit,
            report.engaged_seconds,
            report.depth_percent,
        )

    def _kind(self, headers: dict[bytes, bytes]) -> Kind:
        if is_robot(headers, is_secure=self._is_secure) or b"origin" not in headers:
            return Kind.ROBOT
        return Kind.STAFF if _is_staff(headers.get(b"cookie", b"")) else Kind.VIEW


def _wants_privacy(headers: dict[bytes, bytes]) -> bool:
    """Do Not Track or Global Privacy Control: the view counts, nothing else is kept of it."""
    return headers.get(b"dnt") == b"1" or headers.get(b"sec-gpc") == b"1"


def _is_staff(cookie: bytes) -> bool:
    try:
        return STAFF_COOKIE in SimpleCookie(cookie.decode("latin-1"))
    except CookieError:
        return False
