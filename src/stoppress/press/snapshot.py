"""Snapshots: one consistent, read-only view of the database for a render or a batch of them.

SQLite: a deferred transaction (our writers use IMMEDIATE; a reader must never queue with them).
PostgreSQL: REPEATABLE READ, READ ONLY. The first query reads the newest change number, so what is
rendered is the database as of exactly that change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from stoppress.press.changes import newest_change
from stoppress.press.errors import RenderInTransaction
from stoppress.press.sharing import shared_reads

STATEMENT_MS = 4000  # below the limit of a render, so that the server gives up first


@contextmanager
def snapshot() -> Iterator[int]:
    """Open a read-only snapshot and yield `seen`, the newest change in it.

    Renders in it share what they read (see sharing.py). Raises RenderInTransaction inside a
    transaction, save for the one that Django's TestCase wraps around each test.
    """
    with _transaction() as seen, shared_reads():
        yield seen


@contextmanager
def frozen_database(statement_ms: int = 0) -> Iterator[None]:
    """One unchanging, read-only view of the database, for as long as the block lasts.

    `statement_ms` bounds each statement (PostgreSQL); 0 for no bound. Not inside a transaction.
    """
    if connection.vendor == "sqlite":
        with _frozen_sqlite():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                f"SET LOCAL statement_timeout = {statement_ms}"
            )
        yield


@contextmanager
def _transaction() -> Iterator[int]:
    if connection.in_atomic_block:
        if not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise RenderInTransaction
        yield newest_change()
    else:
        with frozen_database(STATEMENT_MS):
            yield newest_change()


@contextmanager
def _frozen_sqlite() -> Iterator[None]:
    connection.ensure_connection()  # it is at connecting that Django sets transaction_mode
    sqlite: Any = connection
    mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    block = transaction.atomic()
    try:
        block.__enter__()
    finally:
        sqlite.transaction_mode = mode
    try:
        sqlite.connection.execute("PRAGMA query_only = 1")
        yield
    finally:
        sqlite.connection.execute("PRAGMA query_only = 0")
        block.__exit__(None, None, None)
