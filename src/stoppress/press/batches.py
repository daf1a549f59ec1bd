"""Batches: pages rendered one after the other in one snapshot, sharing what they read.

Rooms above know what pages are made of. They register a function that is given a batch's paths
before its first render and may read ahead, many rows with one query:

    read_ahead_with(stories_of)

A batch is done with each page on its own: one that fails, never ends or breaks the transaction is
noted and leaves the others as they would be alone.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from stoppress.edge.editions import Edition
from stoppress.press.errors import NotPublic, PageNotFound
from stoppress.press.limits import limited
from stoppress.press.receipts import Printed
from stoppress.press.render import render_edition

log = structlog.get_logger("press.batches")

ReadAhead = Callable[[Sequence[str]], None]
_readers: list[ReadAhead] = []
_PAGES_OWN_FAULTS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERRUPT}


@dataclass(slots=True)
class Batch:
    """What became of some pages in one snapshot."""

    seen: int
    editions: list[Edition] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many pages were tried."""
        return len(self.printed) + len(self.missing) + len(self.failed)

    def has_tried(self, path: str) -> bool:
        """Whether a page was rendered, whatever became of it."""
        tried = {page.path for page in self.printed} | {path for path, _ in self.failed}
        return path in tried or path in self.missing

    def add(self, other: "Batch") -> None:
        """Take in what became of other pages in the same snapshot."""
        self.editions += other.editions
        self.printed += other.printed
        self.missing += other.missing
        self.failed += other.failed

    def gone_of(self, taken_down: Iterable[str]) -> set[str]:
        """Return the pages that are gone: no print is in their place, or one that says 410."""
        notices = {e.path for e in self.editions if e.status == HTTPStatus.GONE}
        return notices | (set(taken_down) - {e.path for e in self.editions})


def read_ahead_with(reader: ReadAhead) -> ReadAhead:
    """Have a function read ahead for batches from now on; it gets their paths."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def render_batch(
    paths: Sequence[str],
    seen: int,
    *,
    seconds: float = float("inf"),
    is_wanted_elsewhere: Callable[[], bool] = lambda: False,
    begins: Callable[[str], None] = lambda _: None,
) -> Batch:
    """Render pages in the open snapshot until the time is up or something else must come first.

    One page at least is tried, unless something else comes first. `begins` is told of each page
    before its render.
    """
    batch = Batch(seen)
    if not paths:
        return batch
    started = time.monotonic()
    with _savepoint() as undo:
        _read_ahead(paths, undo)
        for path in paths:
            is_over = batch.count and time.monotonic() - started > seconds
            if is_over or is_wanted_elsewhere():
                break
            begins(path)
            _render(path, batch, undo)
    return batch


def database_is_away(error: Exception) -> bool:
    """Tell whether an error is the database's, not the page's."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor == "sqlite":  # which says "operational" of bad SQL, too
        return getattr(error.__cause__, "sqlite_errorcode", None) not in _PAGES_OWN_FAULTS
    return connection.connection is None or connection.connection.closed


def _render(path: str, batch: Batch, undo: Callable[[], None]) -> None:
    began = time.monotonic()
    try:
        with limited(path):
            edition = render_edition(path, batch.seen)
    except (PageNotFound, NotPublic):
        batch.missing.append(path)
    except Exception as error:
        if database_is_away(error):
            raise
        batch.failed.append((path, error))
        undo()
    else:
        batch.editions.append(edition)
        batch.printed.append(Printed(path, (time.monotonic() - began) * 1000))


def _read_ahead(paths: Sequence[str], undo: Callable[[], None]) -> None:
    """Let rooms read ahead. If one fails, each page reads for itself and shows who is ill."""
    for reader in _readers:
        try:
            with limited("reading ahead"):
                reader(paths)
        except Exception as error:
            if database_is_away(error):
                raise
            log.exception("reading ahead failed", pages=len(paths))
            undo()


@contextmanager
def _savepoint() -> Iterator[Callable[[], None]]:
    """Give a way back to the snapshot as it was, for after an error in it.

    The snapshot itself is older than the savepoint, so what it shows stays the same.
    """
    point = transaction.savepoint()

    def undo() -> None:
        transaction.savepoint_rollback(point)
        connection.needs_rollback = False

    yield undo
    if connection.connection is not None and not connection.needs_rollback:
        transaction.savepoint_commit(point)
