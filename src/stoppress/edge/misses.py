"""Misses: pages the store does not have are rendered by the app once, however many ask.

The flood of a crawler must not starve readers: only so many renders are under way, only so many
more may wait, clients take turns, and what was missing a moment ago is not asked for again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

import structlog

from stoppress.edge.absences import Absences
from stoppress.edge.errors import AppUnavailable, EdgeBusy, StoreUnavailable
from stoppress.edge.requestids import new_request_id
from stoppress.edge.turns import Turns
from stoppress.edge.upstream import Fetched, Upstream

MOST_RENDERS = 16
MOST_WAITING = 256
MOST_REFRESHES = 4
REST_SECONDS = 5.0  # before a page is refreshed again: it may be one that can't be stored
MOST_RESTING = 10_000
OURSELVES = ""  # who asks for parts and refreshes: one more client among the others

log = structlog.get_logger("stoppress.edge")


class Misses:
    """The renders under way on behalf of this worker's readers."""

    def __init__(
        self, upstream: Upstream, counted: Counter[str], applied: Callable[[], int]
    ) -> None:
        self._upstream = upstream
        self._counted = counted
        self._turns = Turns(places=MOST_RENDERS, most_waiting=MOST_WAITING)
        self._absences = Absences(applied)
        self._under_way: dict[str, asyncio.Task[Fetched]] = {}
        self._refreshing: set[asyncio.Task[None]] = set()
        self._rests_until: dict[str, float] = {}

    async def fetch(self, path: str, client: str = OURSELVES) -> Fetched:
        """The app's answer for a page; those who ask while it is made share it.

        Raises AppUnavailable, EdgeBusy, StoreUnavailable.
        """
        if (absent := self._absences.find(path)) is not None:
            self._counted["known_missing"] += 1
            return absent
        task = self._under_way.get(path)
        if task is None:
            task = asyncio.create_task(self._render(path, client))
            self._under_way[path] = task
            task.add_done_callback(lambda done: self._finish(path, done))
        else:
            self._counted["shared_misses"] += 1
        return await asyncio.shield(task)  # one reader who leaves takes the page from nobody

    def refresh(self, path: str) -> None:
        """Have a stale page rendered in the background, unless enough is under way."""
        now = asyncio.get_running_loop().time()
        if len(self._refreshing) >= MOST_REFRESHES or now < self._rests_until.get(path, 0.0):
            return
        if len(self._rests_until) >= MOST_RESTING:
            self._rests_until.clear()
        self._rests_until[path] = now + REST_SECONDS
        task = asyncio.create_task(self._refresh(path))
        self._refreshing.add(task)
        task.add_done_callback(self._refreshing.discard)

    def _finish(self, path: str, done: asyncio.Task[Fetched]) -> None:
        del self._under_way[path]
        if not done.cancelled() and done.exception():
            self._counted["failed_misses"] += 1

    async def _refresh(self, path: str) -> None:
        with contextlib.suppress(AppUnavailable, EdgeBusy, StoreUnavailable):
            await self.fetch(path)

    async def _render(self, path: str, client: str) -> Fetched:
        async with self._turns.place(client):
            self._counted["misses"] += 1
            applied, name = self._absences.applied(), new_request_id()
            try:
                fetched = await self._upstream.fetch(path, name)
            except AppUnavailable as error:
                log.warning(
                    "the app gave no page", path=path, why=str(error), request=name.decode()
                )
                raise
        if fetched.status == HTTPStatus.NOT_FOUND and fetched.fate == "unstored":
            self._absences.note(path, fetched, applied)
        return fetched
