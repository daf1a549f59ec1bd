"""Absences: addresses that the app has just said are nowhere.

A 404 is never stored: an address may be published any moment. But who asks for the same missing
page again and again need not cost a render each time. What is remembered holds for the change that
was applied when the app was asked, and for some seconds at most, since the database may be ahead of
a printer that is down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stoppress.edge.upstream import Fetched

HELD_SECONDS = 10.0
MOST_PATHS = 4096
LONGEST_PATH_CHARACTERS = 512
MOST_BODY_BYTES = 256 * 1024  # one body: "not found" pages are alike, so it is kept once


class Absences:
    """What is known to be missing."""

    def __init__(self, applied: Callable[[], int]) -> None:
        self._applied = applied
        self._at = -1
        self._page: Fetched | None = None
        self._until: dict[str, float] = {}

    def applied(self) -> int:
        """The change that an answer asked for now is remembered by. Raises StoreUnavailable."""
        return self._applied()

    def find(self, path: str) -> Fetched | None:
        """The "not found" page, if the path is known to be missing now. Raises StoreUnavailable."""
        if time.monotonic() >= self._until.get(path, 0.0) or self._applied() != self._at:
            return None
        return self._page

    def note(self, path: str, page: Fetched, applied: int) -> None:
        """Remember that a path was missing, as asked when a change was the last applied."""
        if len(path) > LONGEST_PATH_CHARACTERS or len(page.body) > MOST_BODY_BYTES:
            return
        if applied != self._at or self._page is None or self._page.body != page.body:
            self._until.clear()
            self._at, self._page = applied, page
        if len(self._until) >= MOST_PATHS:
            self._until.clear()
        self._until[path] = time.monotonic() + HELD_SECONDS
