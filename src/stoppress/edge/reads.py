"""The journal's door: an open page reports that its article was read and learns the count.

The answer leaves only when the report is on disk. What is not ours is refused: another site's
report, an article that no page in the store shows, a visit that was reported before, a body that is
not one we know. Nothing that names a reader goes further than this module: an address becomes a
number under the day's key (see readerkeys.py).

The lane and the ASGI app come through the same door: who asks is judged by the head of the request,
which the lane remembers, and the report is taken with what may differ each time.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from stoppress.edge.asgi import (
    JSON_HEADERS,
    Receive,
    Scope,
    Send,
    headers_of,
    read_body,
    respond_as_is,
)
from stoppress.edge.countries import Countries
from stoppress.edge.errors import EdgeError, JournalUnavailable, ReplayedVisit, ReportRefused
from stoppress.edge.groups import Groups
from stoppress.edge.journal import Answer, Report
from stoppress.edge.readerkeys import Address, ReaderKeys, fingerprint
from stoppress.edge.reports import MAX_BODY_BYTES, BadReport, SeenReport, StayReport, parse
from stoppress.edge.robots import is_robot
from stoppress.edge.store import Store
from stoppress.edge.views import Kind, Refusals, Stay, View

PATH = "/-/reads"
STAFF_COOKIE = "stoppress_staff"  # set by the desk for the whole site; says nothing but that
CONTENT_TYPES = frozenset({b"application/json", b"text/plain"})  # the latter from sendBeacon
REFUSED_PACE_SECONDS = 2.0  # between two writes of what was refused
MOST_PUBLISHED = 10_000  # articles remembered as published
LOOK_SECONDS = 0.1  # between two looks whether the store has changed, and an article is gone

Respond = Callable[[int, bytes], None]  # status and body, once


class _Refused(EdgeError):
    def __init__(self, status: int, why: str, reason: str = "malformed") -> None:
        super().__init__(why)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sender:
    """Who reports, as far as a request's head tells: the same for all readers with one browser."""

    agent: bytes  # the fingerprint of what the browser calls itself
    kind: int
    is_private: bool
    refusal: _Refused | None


class Reads:
    """Takes reports of reading."""

    def __init__(
        self,
        store: Store,
        groups: Groups,
        keys: ReaderKeys,
        counted: Counter[str],
        *,
        origin: str,
        countries: Countries | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._groups = groups
        self._keys = keys
        self._counted = counted
        self._origin = origin
        self._is_secure = urlsplit(origin).scheme == "https"
        self._countries = countries
        self._clock = clock
        self._refused: Counter[str] = Counter()  # by reason, not yet on their way to the journal
        self._tells_refused = False
        self._published: set[int] = set()
        self._published_in = -1  # the store's generation
        self._looked_at = 0.0

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one report, for ASGI."""
        sender = self.sender(scope["method"], scope["scheme"], headers_of(scope))
        address = Address(scope["client"][0] if scope["client"] else "")
        body = None if sender.refusal else await read_body(receive, at_most=MAX_BODY_BYTES)
        done: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()

        def respond(status: int, answer: bytes) -> None:
            if not done.done():
                done.set_result((status, answer))

        self.take(sender, address, body, respond)
        status, answer = await done
        length = (b"content-length", b"%d" % len(answer))
        allow = [(b"allow", b"POST")] if status == 405 else []
        await respond_as_is(scope, send, status, (*JSON_HEADERS, *allow, length), answer)

    def sender(self, method: str, scheme: str, headers: Mapping[bytes, bytes]) -> Sender:
        """Who sends a report, by method, scheme and (lower-case) headers of a request."""
        refusal = self._refusal_of_strangers(method, scheme, headers)
        agent = fingerprint(headers.get(b"user-agent", b"").decode("latin-1"))
        kind = Kind.VIEW if refusal else self._kind(headers)
        return Sender(agent, int(kind), _wants_privacy(headers), refusal)

    def take(self, sender: Sender, address: Address, body: bytes | None, respond: Respond) -> None:
        """Judge one report and have it written; `body` is None if it is too long.

        `respond` is called once: at once if the report is refused by what it says, later if it is
        on disk or could not be written.
        """
        try:
            if sender.refusal:
                raise sender.refusal
            report = parse(body)
            at = self._clock()
            if abs(at - self._looked_at) >= LOOK_SECONDS:
                self._look_at_store(at)
            if report.article not in self._published:
                self._refuse_unpublished(report.article)
        except (_Refused, BadReport) as refused:
            self._refuse(refused, respond)
            return
        written: Report
        if isinstance(report, StayReport):
            written = Stay(
                report.article, at, report.visit, report.engaged_seconds, report.depth_percent
            )
        else:
            written = self._view(sender, address, report, at)
        self._groups.add(written, partial(self._answer, report.article, respond))

    def _answer(self, article: int, respond: Respond, answer: Answer) -> None:
        if isinstance(answer, int):
            self._counted["reads"] += 1
            respond(200, b'{"article": %d, "views": %d}\n' % (article, answer))
        elif isinstance(answer, ReportRefused):
            self._refuse(answer, respond)
        else:
            self._counted["lost_reads"] += 1
            respond(503, b'{"error": "Views can\'t be counted just now."}\n')

    def _refuse(self, refused: _Refused | BadReport | ReportRefused, respond: Respond) -> None:
        self._counted["refused_reads"] += 1
        self._refused[_reason(refused)] += 1
        self._tell_refused_soon()
        respond(refused.status, json.dumps({"error": str(refused)}).encode() + b"\n")

    def _tell_refused_soon(self) -> None:
        if not self._tells_refused:
            self._tells_refused = True
            asyncio.get_running_loop().call_later(REFUSED_PACE_SECONDS, self._tell_refused)

    def _tell_refused(self) -> None:
        """Have what was refused counted in the journal: by the reason, not one by one.

        A flood of forgeries costs no write each; a worker that is killed forgets some seconds'.
        """
        refused, self._refused, self._tells_refused = self._refused, Counter(), False
        for reason, reports in refused.items():
            told = Refusals(self._clock(), reason, reports)
            self._groups.add(told, partial(self._heard, told))

    def _heard(self, told: Refusals, answer: Answer) -> None:
        if isinstance(answer, JournalUnavailable):
            self._refused[told.reason] += told.reports
            self._tell_refused_soon()

    def _refusal_of_strangers(
        self, method: str, scheme: str, headers: Mapping[bytes, bytes]
    ) -> _Refused | None:
        if method != "POST":
            return _Refused(405, "A view is reported with POST.")
        if not self._is_same_origin(scheme, headers):
            return _Refused(403, "Views are reported by our own pages only.", "foreign")
        content_type = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        if content_type not in CONTENT_TYPES:
            return _Refused(415, "A report is JSON.")
        return None

    def _look_at_store(self, at: float) -> None:
        """Forget what was published, if the store has changed. Raises StoreUnavailable."""
        generation = self._store.generation()
        if generation != self._published_in or len(self._published) > MOST_PUBLISHED:
            self._published, self._published_in = set(), generation
        self._looked_at = at

    def _refuse_unpublished(self, article: int) -> None:
        """Refuse an article that no page shows. Raises StoreUnavailable as well."""
        if not self._store.has_tag(f"article:{article}"):
            raise _Refused(404, f"No article {article} is published here.", "unknown-article")
        self._published.add(article)

    def _is_same_origin(self, scheme: str, headers: Mapping[bytes, bytes]) -> bool:
        """What browsers say of themselves must say "ours"; programs that say nothing are robots."""
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            return False
        origin = headers.get(b"origin")
        if origin is None:
            return True
        host = headers.get(b"host", b"").decode("latin-1").lower()
        return origin.decode("latin-1").lower() in (self._origin, f"{scheme}://{host}")

    def _view(self, sender: Sender, address: Address, report: SeenReport, at: float) -> View:
        reader, before, network = self._keys.numbers(address, sender.agent, at)
        country = ""
        if self._countries and sender.kind == Kind.VIEW and not sender.is_private:
            country = self._countries.of(address.text)
        return View(
            report.article,
            at,
            reader,
            sender.kind,
            before,
            report.visit,
            network,
            report.referrer,
            country,
            sender.is_private,
        )

    def _kind(self, headers: Mapping[bytes, bytes]) -> Kind:
        if is_robot(headers, is_secure=self._is_secure) or b"origin" not in headers:
            return Kind.ROBOT
        return Kind.STAFF if _is_staff(headers.get(b"cookie", b"")) else Kind.VIEW


def _reason(refused: _Refused | BadReport | ReportRefused) -> str:
    """Why, in the words of the totals."""
    if isinstance(refused, _Refused):
        return refused.reason
    if isinstance(refused, BadReport):
        return "malformed"
    return "replayed" if isinstance(refused, ReplayedVisit) else "unknown-visit"


def _wants_privacy(headers: Mapping[bytes, bytes]) -> bool:
    """Do Not Track or Global Privacy Control: the view counts, nothing else is kept of it."""
    return headers.get(b"dnt") == b"1" or headers.get(b"sec-gpc") == b"1"


def _is_staff(cookie: bytes) -> bool:
    try:
        return STAFF_COOKIE in SimpleCookie(cookie.decode("latin-1"))
    except CookieError:
        return False
