"""The printer: applies changes to this node's store and prints what they touched.

A burst of changes is applied as one. Its core set is rendered in one snapshot of the database and
put in place in one switch; everything else it touched is marked stale in the same transaction and
printed in short batches while nothing is pending. Takedowns do not wait for any print: the store is
switched first. A page that fails is set aside (see alarms.py) and blocks nothing.
"""

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from stoppress.edge.editions import EPOCH_PREFIX, Edition
from stoppress.edge.store import Store
from stoppress.press import lineage
from stoppress.press.alarms import Setbacks
from stoppress.press.errors import NotPublic, PageNotFound
from stoppress.press.models import Change, Receipt
from stoppress.press.receipts import Printed, draft_receipt, report
from stoppress.press.render import find_public_view, render_edition
from stoppress.press.snapshot import snapshot

log = structlog.get_logger("press.printing")

CORE_SET = 50  # editions in one switch
BURST = 1000  # changes applied as one
STALE_BATCH = 20
STALE_SECONDS = 0.05  # a batch of stale pages is no longer, so that a publish never waits for it
UNRANKED = 1_000_000


@dataclass(slots=True)
class Batch:
    """What became of some pages in one snapshot."""

    seen: int
    editions: list[Edition] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


class Printer:
    """The one printer of a node."""

    def __init__(self, store: Store, node: str) -> None:
        self.store = store
        self.node = node
        self.setbacks = Setbacks(node)
        self._receipts: list[Receipt] = []

    def work(self) -> bool:
        """Do the next thing there is to do; return False if there is nothing."""
        return self.apply_changes() or self.print_stale()

    def apply_changes(self) -> bool:
        """Apply the changes above the last one applied. Return False if there are none."""
        with snapshot() as seen:
            why = lineage.why_not_trusted(self.store)
            changes = [] if why else self._pending()
            batch = self._switch(changes, seen) if changes else None
        if why:
            log.warning("store not trusted", why=why)
            lineage.start_over(self.store)
            return True
        if batch is not None:
            self._settle(batch)
        self._write_receipts()
        return batch is not None

    def print_stale(self) -> bool:
        """Print some of the editions that wait. Return False if none is due."""
        waiting = self.setbacks.waiting()
        paths = self.store.stale_paths(STALE_BATCH, skip=waiting)
        if not paths:
            return False
        with snapshot() as seen:
            batch = render_batch(paths, seen, seconds=STALE_SECONDS)
        self.store.put_all(batch.editions)
        self._settle(batch)
        return True

    def _pending(self) -> list[Change]:
        above = Change.objects.filter(number__gt=self.store.applied())
        return list(above.order_by("number")[:BURST])

    def _switch(self, changes: list[Change], seen: int) -> Batch:
        """Apply a burst, with its core set; return what was printed."""
        after, last = self.store.applied(), changes[-1]
        touched = {tag for change in changes for tag in change.touched}
        gone = {tag for change in changes for tag in change.gone}
        core = core_set(self.store, changes, skip=self.setbacks.waiting())
        lineage.write_mark(self.store.directory, last)
        if gone:
            self.store.apply(_number(last), touched=touched, gone=gone)
            batch = render_batch(core, seen)
            self.store.put_all(batch.editions)
        else:
            batch = render_batch(core, seen)
            self.store.apply(_number(last), touched=touched, gone=(), fresh=batch.editions)
        self._receipts.append(
            draft_receipt(
                self.node,
                after=after,
                change=_number(last),
                printed=batch.printed,
                oldest=changes[0].written_at,
            )
        )
        return batch

    def _settle(self, batch: Batch) -> None:
        """Drop the pages that are no more, and keep account of those that fail."""
        for path in batch.missing:
            self.store.remove(path, batch.seen)
            self.setbacks.clear(path)
        for edition in batch.editions:
            self.setbacks.clear(edition.path)
        for path, error in batch.failed:
            self.setbacks.note(path, error)

    def _write_receipts(self) -> None:
        """Save receipts; those that can't be saved now are saved with the next."""
        if self._receipts:
            with transaction.atomic():
                Receipt.objects.bulk_create(self._receipts)
                report(self.node, self.store.applied())
            self._receipts.clear()


def _number(change: Change) -> int:
    if change.number is None:  # the log is only read by number
        raise ValueError(change.pk)
    return change.number


def core_set(store: Store, changes: Iterable[Change], skip: Iterable[str] = ()) -> list[str]:
    """Return what a burst prints in its switch: pages it names, then stored ones by rank."""
    named = [path for change in changes for path in change.first]
    tags = {tag for change in changes for tag in (*change.touched, *change.gone)}
    indexed = [tag for tag in tags if not tag.startswith(EPOCH_PREFIX)]
    stored = sorted(store.paths_tagged(indexed), key=lambda path: (rank(path), path))
    skipped = set(skip)
    chosen = [path for path in dict.fromkeys([*named, *stored]) if path not in skipped]
    return chosen[:CORE_SET]


def rank(path: str) -> int:
    """Return how early a page is printed, as its view declares."""
    try:
        return int(find_public_view(path).func.press.rank)  # type: ignore[attr-defined]
    except (PageNotFound, NotPublic):
        return UNRANKED


def render_batch(paths: Iterable[str], seen: int, seconds: float = float("inf")) -> Batch:
    """Render pages in the open snapshot until the time is up."""
    batch = Batch(seen)
    started = time.monotonic()
    for path in paths:
        began = time.monotonic()
        if began - started > seconds:
            break
        try:
            batch.editions.append(render_edition(path, seen))
        except (PageNotFound, NotPublic):
            batch.missing.append(path)
        except Exception as error:
            if database_is_away(error):
                raise
            batch.failed.append((path, error))
            if isinstance(error, DatabaseError) or connection.needs_rollback:
                break  # the rest of this snapshot is refused
        else:
            batch.printed.append(Printed(path, (time.monotonic() - began) * 1000))
    return batch


def database_is_away(error: Exception) -> bool:
    """Tell whether an error is the database's, not the page's."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor == "sqlite":  # which says "operational" of bad SQL, too
        return getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return connection.connection is None or connection.connection.closed
