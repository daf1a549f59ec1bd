"""The journal's door: an open page reports that its article was read and learns the count.

The answer leaves only when the view is on disk. What is not a view of ours is refused: another
site's report, an article that no page in the store shows, a body that is not the one we know.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

import structlog

from stoppress.edge.asgi import Receive, Scope, Send, headers_of, read_body, respond_json
from stoppress.edge.errors import JournalUnavailable
from stoppress.edge.journal import Journal, Kind, View
from stoppress.edge.robots import is_robot
from stoppress.edge.store import Store

VERSION = 1
MAX_BODY_BYTES = 512
LARGEST_ARTICLE = 2**63 - 1
STAFF_COOKIE = "stoppress_staff"  # set by the desk for the whole site; says nothing but that
CONTENT_TYPES = frozenset({b"application/json", b"text/plain"})  # the latter from sendBeacon

log = structlog.get_logger("stoppress.edge")


class _Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Reads:
    """Takes reports of reading."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        counted: Counter[str],
        *,
        origin: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._journal = journal
        self._counted = counted
        self._origin = origin
        self._clock = clock

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one report."""
        headers = headers_of(scope)
        try:
            self._refuse_strangers(scope, headers)
            article = _article(await read_body(receive, at_most=MAX_BODY_BYTES))
            self._refuse_unpublished(article)
            views = await self._journal.append(self._view(scope, headers, article))
        except _Refused as refused:
            self._counted["refused_reads"] += 1
            more = [(b"allow", b"POST")] if refused.status == 405 else []
            await respond_json(scope, send, refused.status, {"error": str(refused)}, *more)
        except JournalUnavailable as error:
            log.warning("a view was not counted", why=str(error))
            self._counted["lost_reads"] += 1
            answer: dict[str, object] = {"error": "Views can't be counted just now."}
            await respond_json(scope, send, 503, answer)
        else:
            self._counted["reads"] += 1
            await respond_json(scope, send, 200, {"article": article, "views": views})

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

    def _view(self, scope: Scope, headers: dict[bytes, bytes], article: int) -> View:
        at = self._clock()
        address = scope["client"][0] if scope["client"] else ""
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        return View(article, at, self._journal.reader(address, agent, at), self._kind(headers))

    def _kind(self, headers: dict[bytes, bytes]) -> Kind:
        is_secure = urlsplit(self._origin).scheme == "https"
        if is_robot(headers, is_secure=is_secure) or b"origin" not in headers:
            return Kind.ROBOT
        return Kind.STAFF if _is_staff(headers.get(b"cookie", b"")) else Kind.VIEW


def _article(body: bytes | None) -> int:
    """The article a report names."""
    if body is None:
        raise _Refused(413, f"A report has at most {MAX_BODY_BYTES} bytes.")
    try:
        report = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Refused(400, "The report is not JSON.") from error
    if not isinstance(report, dict) or report.get("version") != VERSION:
        raise _Refused(400, f"The report is not of version {VERSION}.")
    article = report.get("article")
    if type(article) is not int or not 0 < article <= LARGEST_ARTICLE:
        raise _Refused(400, "The report names no article by its number.")
    return article


def _is_staff(cookie: bytes) -> bool:
    try:
        return STAFF_COOKIE in SimpleCookie(cookie.decode("latin-1"))
    except CookieError:
        return False
