"""Waking: how the printer hears at once that something was committed.

SQLite: `PRAGMA data_version` moves with every commit of another connection; asking costs a few
microseconds, so we ask every 20 ms. PostgreSQL: the trigger that numbers a change notifies us.
"""

import threading
import time
from types import TracebackType
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

POLL_SECONDS = 0.02
LISTEN_SECONDS = 0.25  # how long psycopg holds us before we look whether to stop


class Wakeups:
    """A connection of its own that tells when the database has changed."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self._version = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection; the next wait opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Return when something was committed since the last return, on stop, or in time."""
        if self._connection is None:  # what was committed while nobody listened counts as news
            self._connection = self._open()
            return
        if self._connection.vendor == "sqlite":
            self._poll(self._connection, stop, seconds)
        else:
            self._listen(self._connection, stop, seconds)

    def _open(self) -> BaseDatabaseWrapper:
        connection = connections.create_connection(DEFAULT_DB_ALIAS)
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("LISTEN press_change")
        return connection

    def _poll(self, connection: Any, stop: threading.Event, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not stop.is_set():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()[0]
            if version != self._version:
                self._version = version
                return
            if time.monotonic() >= deadline:
                return
            stop.wait(POLL_SECONDS)

    def _listen(self, connection: Any, stop: threading.Event, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            heard = connection.connection.notifies(timeout=min(left, LISTEN_SECONDS), stop_after=1)
            if list(heard):
                return
