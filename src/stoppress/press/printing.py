"""The printer: applies changes to this node's store and prints what they touched.

A burst of changes is applied as one. Its core set is rendered in one snapshot of the database and
put in place in one switch; everything else it touched is marked stale in the same transaction and
printed in short batches while nothing is pending. Takedowns do not wait for any print: the store is
switched first. A page that fails is set aside (see alarms.py) and blocks nothing.
"""

from collections.abc import Iterable

import structlog
from django.db import transaction

from stoppress.edge.editions import EPOCH_PREFIX
from stoppress.edge.store import Store
from stoppress.press import lineage
from stoppress.press.alarms import Setbacks
from stoppress.press.batches import Batch, render_batch
from stoppress.press.errors import NotPublic, PageNotFound
from stoppress.press.models import Change, Receipt
from stoppress.press.numbers import count_prints, counted, metrics
from stoppress.press.receipts import draft_receipt, report
from stoppress.press.render import find_public_view
from stoppress.press.snapshot import snapshot

log = structlog.get_logger("press.printing")

CORE_SET = 50  # editions in one switch
BURST = 1000  # changes applied as one
STALE_BATCH = 20
STALE_SECONDS = 0.05  # a batch of stale pages is no longer, so that a publish never waits for it
UNRANKED = 1_000_000


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
            lineage.start_over(self.store)
            tell = log.info if why == lineage.NEW else log.warning
            tell("store discarded", why=why, store=str(self.store.directory))
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
        count_prints("reprinted", (page.ms for page in batch.printed))
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
        taken_down = self.store.paths_tagged(indexed(gone)) if gone else []
        if gone:
            self.store.apply(_number(last), touched=touched, gone=gone)
            batch = render_batch(core, seen)
            self.store.put_all(batch.editions)
        else:
            batch = render_batch(core, seen)
            self.store.apply(_number(last), touched=touched, gone=(), fresh=batch.editions)
        receipt = draft_receipt(
            self.node,
            after=after,
            change=_number(last),
            printed=batch.printed,
            gone=batch.gone_of(taken_down),
            oldest=changes[0].written_at,
        )
        self._receipts.append(receipt)
        _count_switch(receipt)
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


def _count_switch(receipt: Receipt) -> None:
    counted["switches"] += 1
    metrics().time("switch", receipt.ms / 1000)
    count_prints("printed", (page["ms"] for page in receipt.printed))
    log.info(
        "switched",
        after=receipt.after,
        change=receipt.change,
        printed=len(receipt.printed),
        gone=receipt.gone_count,
        ms=receipt.ms,
    )


def _number(change: Change) -> int:
    if change.number is None:  # the log is only read by number
        raise ValueError(change.pk)
    return change.number


def indexed(tags: Iterable[str]) -> list[str]:
    """Return the tags that the store can look up: all but epochs."""
    return [tag for tag in tags if not tag.startswith(EPOCH_PREFIX)]


def core_set(store: Store, changes: Iterable[Change], skip: Iterable[str] = ()) -> list[str]:
    """Return what a burst prints in its switch: pages it names, then stored ones by rank."""
    named = [path for change in changes for path in change.first]
    tags = {tag for change in changes for tag in (*change.touched, *change.gone)}
    stored = sorted(store.paths_tagged(indexed(tags)), key=lambda path: (rank(path), path))
    skipped = set(skip)
    chosen = [path for path in dict.fromkeys([*named, *stored]) if path not in skipped]
    return chosen[:CORE_SET]


def rank(path: str) -> int:
    """Return how early a page is printed, as its view declares."""
    try:
        return int(find_public_view(path).func.press.rank)  # type: ignore[attr-defined]
    except (PageNotFound, NotPublic):
        return UNRANKED
