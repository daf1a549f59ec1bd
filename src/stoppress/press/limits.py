"""A time limit for each render, so that a page that never ends holds up no other.

Three clocks, since no single one stops everything: PostgreSQL cancels a statement by its own
timeout (see snapshot.py), SQLite asks us between the steps of a query, and an alarm signal
interrupts Python code. Signals reach the main thread only; elsewhere Python code is not
interrupted.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import connection

from stoppress.press.errors import RenderTookTooLong

RENDER_SECONDS = 5.0  # a page takes 5 to 50 ms; after five seconds a receipt is an alarm as well
AGAIN_SECONDS = 0.5  # until the next signal, if the page's own code caught the first
SQLITE_STEPS = 100_000  # of its virtual machine, some milliseconds


@contextmanager
def limited(path: str) -> Iterator[None]:
    """Raise RenderTookTooLong inside the block once RENDER_SECONDS are over."""
    seconds = RENDER_SECONDS
    deadline = time.monotonic() + seconds
    with _alarm(path, seconds), _watched_queries(deadline):
        try:
            yield
        except Exception as error:
            if time.monotonic() >= deadline and not isinstance(error, RenderTookTooLong):
                raise RenderTookTooLong(path, seconds) from error  # of an interrupted query
            raise


@contextmanager
def _alarm(path: str, seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        if _query_is_running():  # the server ends it; cut off here, the connection were lost
            return
        raise RenderTookTooLong(path, seconds)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _query_is_running() -> bool:
    database: Any = connection.connection
    if connection.vendor != "postgresql" or database is None:
        return False
    from psycopg.pq import TransactionStatus

    return bool(database.info.transaction_status == TransactionStatus.ACTIVE)


@contextmanager
def _watched_queries(deadline: float) -> Iterator[None]:
    if connection.vendor != "sqlite" or connection.connection is None:
        yield
        return
    database: Any = connection.connection
    database.set_progress_handler(lambda: time.monotonic() >= deadline, SQLITE_STEPS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)
