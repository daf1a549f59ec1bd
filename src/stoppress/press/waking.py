"""Waking: how the printer hears at once that something was committed.

SQLite: `PRAGMA data_version` moves with every commit of another connection; asking costs a few
microseconds, so we ask every 20 ms. PostgreSQL: the trigger that numbers a change notifies us.
"""

import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

POLL_SECONDS = 0.02
LISTEN_SECONDS = 0.25  # how long we sleep before we look whether to stop
LOOK_SECONDS = 0.01

_TAKEDOWN = (
    "SELECT 1 FROM press_change WHERE number > %s AND CAST(gone AS text) <> '[]' "  # as stored
    "ORDER BY number LIMIT 1"
)


class Wakeups:
    """A connection of its own that tells when the database has changed."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self._version = -1

    def close(self) -> None:
        """Drop the connection; the next wait opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wait(self, stop: threading.Event, seconds: float, also: Sequence[Connection] = ()) -> bool:
        """Wait until something is committed, and return True; False on stop, or when time is up.

        What was committed since the last return counts. So does anything to be read from one of
        the connections `also`.
        """
        if self._connection is None:  # what was committed while nobody listened counts as news
            self._connection = _listening_connection()
            return True
        if self._connection.vendor == "sqlite":
            return self._poll(self._connection, stop, seconds, also)
        return self._listen(self._connection, stop, seconds, also)

    def _poll(
        self, connection: Any, stop: threading.Event, seconds: float, also: Sequence[Connection]
    ) -> bool:
        deadline = time.monotonic() + seconds
        while not stop.is_set():
            version = data_version(connection)
            if version != self._version:
                self._version = version
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if also and wait_for(also, min(left, POLL_SECONDS)):
                return True
            if not also:
                stop.wait(POLL_SECONDS)
        return False

    def _listen(
        self, connection: Any, stop: threading.Event, seconds: float, also: Sequence[Connection]
    ) -> bool:
        deadline = time.monotonic() + seconds
        database = connection.connection
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            ready = wait_for([database, *also], min(left, LISTEN_SECONDS))
            if any(one in ready for one in also):
                return True
            if ready and list(database.notifies(timeout=0, stop_after=1)):
                return True
        return False


class Lookout:
    """A connection of its own that sees takedowns while a snapshot is open."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self._version = -1
        self._looked_at = float("-inf")
        self._answer = False

    def close(self) -> None:
        """Drop the connection; the next look opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def takedown_above(self, number: int) -> bool:
        """Tell whether a takedown with a higher number is in the log, as of some 10 ms ago."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._answer = self._look(number)
        return self._answer

    def _look(self, number: int) -> bool:
        connection = self._connection
        if connection is None:
            connection = self._connection = _listening_connection()
            connection.inc_thread_sharing()  # the printer's thread, whichever that is
            self._version = -1 if connection.vendor != "sqlite" else data_version(connection)
        elif not self._has_news(connection) and not self._answer:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_TAKEDOWN, [number])
            return cursor.fetchone() is not None

    def _has_news(self, connection: Any) -> bool:
        """Tell whether anything was committed since the last look, without asking the database."""
        if connection.vendor == "sqlite":
            before, self._version = self._version, data_version(connection)
            return before != self._version
        with connection.wrap_database_errors:
            return bool(list(connection.connection.notifies(timeout=0)))


def _listening_connection() -> BaseDatabaseWrapper:
    """Open a connection that hears of changes from now on."""
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("LISTEN press_change")
    return connection


def data_version(connection: Any) -> int:
    """Return a number that moves when another connection has committed to this SQLite database."""
    connection.ensure_connection()
    (version,) = connection.connection.execute("PRAGMA data_version").fetchone()
    return int(version)
