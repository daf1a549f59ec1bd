"""The printer: applies changes to this node's store and prints what they touched.

What must hold: a takedown takes effect before anything is printed and waits for one page at most; a
publish waits for no stale page that another process prints; a page that fails blocks nothing. See
docs/explanation/printing.md for the order of things.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import structlog
from django.db import transaction

from stoppress.edge.store import Store
from stoppress.edge.takedowns import Takedown
from stoppress.press import lineage
from stoppress.press.alarms import Setbacks
from stoppress.press.batches import Batch, render_batch
from stoppress.press.bursts import Burst, indexed, pending
from stoppress.press.crew import Crew
from stoppress.press.errors import NotPublic, PageNotFound
from stoppress.press.models import Change, Receipt
from stoppress.press.numbers import count_prints, counted, metrics
from stoppress.press.purgeorders import MOST_PATHS
from stoppress.press.purging import Purger
from stoppress.press.receipts import MOST_GONE, draft_receipt, report
from stoppress.press.render import find_public_view
from stoppress.press.snapshot import snapshot
from stoppress.press.waking import Lookout

log = structlog.get_logger("press.printing")

CORE_SET = 50  # editions in one switch
SWITCH_SECONDS = 1.0  # of rendering for one switch; what is not done by then is stale with the rest
RETURN_SECONDS = 0.1  # of rendering until pages that went down with a story are put back
NO_LIMIT = float("inf")
STALE_BATCH = 20
STALE_SECONDS = 0.05  # a batch of stale pages is no longer, so that a publish never waits for it
UNRANKED = 1_000_000
NOTHING = Takedown(frozenset(), 0)


class Printer:
    """The one printer of a node. With a crew, other processes print what many pages are stale."""

    def __init__(
        self, store: Store, node: str, crew: Crew | None = None, purger: Purger | None = None
    ) -> None:
        self.store = store
        self.node = node
        self.purger = purger or Purger((), store.directory, node)
        self.setbacks = Setbacks(node)
        self.crew = crew
        self.lookout = Lookout()
        self._receipts: list[Receipt] = []
        self._owed: list[str] = []  # pages that changes named and nobody has tried to print yet

    def work(self) -> bool:
        """Do the next thing there is to do; return False if there is nothing."""
        return self.apply_changes() or self.store.tidy() or self.print_stale()

    def is_due(self) -> bool:
        """Tell whether there may be something to do though nothing was changed."""
        return bool(self.setbacks.due() or (self.crew is not None and self.crew.hands))

    def apply_changes(self) -> bool:
        """Apply the changes above the last one applied. Return False if there are none."""
        with snapshot() as seen:
            why = lineage.why_not_trusted(self.store)
            batch = None if why else self._apply(seen)
        if why:
            lineage.start_over(self.store)
            self.purger.purge_everything()
            tell = log.info if why == lineage.NEW else log.warning
            tell("store discarded", why=why, store=str(self.store.directory))
            return True
        if batch is not None:
            self._settle(batch)
        self._write_receipts()
        return batch is not None

    def print_stale(self) -> bool:
        """Print or hand out some of the editions that wait. Return False if there is none to do."""
        due = self.setbacks.due()
        waiting = self.setbacks.waiting()
        if self.crew is not None:
            for done in self.crew.collect():
                self._settle(done)
                count_prints("reprinted", (page.ms for page in done.printed))
            self.crew.hand_out(self.store, due, skip=waiting)
            if self.crew.is_at_work:
                return False  # until one of them answers
            waiting = waiting | self.crew.in_hand | self.setbacks.pages.keys()
            due = []  # what has failed is tried again by the crew alone
        paths = [*due, *self.store.stale_paths(STALE_BATCH, skip={*waiting, *due})]
        if not paths:
            return False
        with snapshot() as seen:
            if seen > self.store.applied():
                return True  # a print must not be ahead of its switch
            batch = self._render(paths, seen, STALE_SECONDS)
        self.store.put_all(batch.editions)
        self._settle(batch)
        count_prints("reprinted", (page.ms for page in batch.printed))
        return True

    def _apply(self, seen: int) -> Batch | None:
        """Apply what is pending, with a core set; return what was printed, None if nothing is."""
        bursts = list(pending(self.store.applied()))
        if not bursts:
            return None
        if any(burst.gone for burst in bursts):
            return self._take_down(bursts, seen)
        return self._switch(bursts[0], seen)

    def _switch(self, burst: Burst, seen: int) -> Batch:
        """Put a burst's core set in place at once, and mark what else it touched.

        If a takedown is written meanwhile nothing is applied: it is for the next round, which
        begins at once.
        """
        named, others = self._core_set([burst])
        batch = self._render(named, seen, NO_LIMIT)
        batch.add(self._render(others, seen, SWITCH_SECONDS))
        if self._takedown_waits():
            return Batch(seen)
        self._owed = []
        after = self.store.applied()
        lineage.write_mark(self.store.directory, burst.last)
        with self._purging(burst):
            self.store.apply(burst.number, touched=burst.touched, gone=(), fresh=batch.editions)
        self._note_receipt([burst], after, batch)
        return batch

    def _take_down(self, bursts: Sequence[Burst], seen: int) -> Batch:
        """Apply bursts without printing; then print what they took down, then their core set.

        Lists that showed a killed story went like its page. They come back in pieces that are put
        at once, so that the first of them are there after a tenth of a second.
        """
        after = self.store.applied()
        named, others = self._core_set(bursts)  # by the tags of what is still there
        gone = {tag: burst.number for burst in bursts for tag in indexed(burst.gone)}
        went = self.store.foresee_takedown(gone, asked=[*named, *others], at_least=MOST_GONE)
        for burst in bursts:
            lineage.write_mark(self.store.directory, burst.last)
            with self._purging(burst):
                self.store.apply(burst.number, touched=burst.touched, gone=burst.gone)
        left = self._unfailing(by_rank(went.paths))[:CORE_SET]
        whole = Batch(seen)
        while left and not self._takedown_waits():
            left = left[self._print_at_once(left, whole, RETURN_SECONDS) :]
        for paths, seconds in ((named, NO_LIMIT), (others, SWITCH_SECONDS)):
            missing = [path for path in paths if path not in went.paths]
            if missing and not self._takedown_waits():
                self._print_at_once(missing, whole, seconds)
        self._owed = [
            path for path in named if path not in went.paths and not whole.has_tried(path)
        ]
        self._note_receipt(bursts, after, whole, went)
        return whole

    def _purging(self, burst: Burst) -> AbstractContextManager[None]:
        """Have outer caches drop what the switch in the block changes, once it is done."""
        if not self.purger.caches:
            return nullcontext()
        first = [path for change in burst.changes for path in change.first]
        more = self._paths_to_purge(burst.touched) if self.purger.wants_paths else []
        return self.purger.switching(
            touched=burst.touched,
            gone=burst.gone,
            touched_paths=[*first, *more],
            gone_paths=self._paths_to_purge(burst.gone),
        )

    def _paths_to_purge(self, tags: Collection[str]) -> list[str]:
        """The addresses that carry any of the tags; of very many, those that are most read.

        No cache is told more (purgeorders.MOST_PATHS), so no more are looked up: a switch must not
        wait until a million are. Caches that know keys drop all by the tag.
        """
        found = self.store.paths_tagged(tags, at_most=MOST_PATHS + 1)
        if len(found) <= MOST_PATHS:
            return found
        log.warning("too many addresses to purge one by one", tags=len(tags), listed=MOST_PATHS)
        return self.store.leading_paths(tags)

    def _core_set(self, bursts: Sequence[Burst]) -> tuple[list[str], list[str]]:
        """Return what to print in a switch: pages it names, and others.

        A page that failed is tried again after the switch. One that is named may never have been
        printed: it must be there once a list leads to it, however many stories a burst has, and
        although the app may be down. So named pages know no limit, and are owed until tried.
        """
        changes = [change for burst in bursts for change in burst.changes]
        named = list(dict.fromkeys([*self._owed, *(path for c in changes for path in c.first)]))
        core = list(dict.fromkeys([*named, *core_set(self.store, changes)]))
        self.setbacks.hurry(core)
        others = core[len(named) : max(CORE_SET, len(named))]
        return self._unfailing(named), self._unfailing(others)

    def _unfailing(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if path not in self.setbacks.pages]

    def _print_at_once(self, paths: Sequence[str], whole: Batch, seconds: float) -> int:
        """Print and put pages until the time is up; return how many it was for."""
        batch = self._render(paths, whole.seen, seconds)
        self.store.put_all(batch.editions)
        whole.add(batch)
        return batch.count

    def _render(self, paths: Sequence[str], seen: int, seconds: float) -> Batch:
        return render_batch(paths, seen, seconds=seconds, is_wanted_elsewhere=self._takedown_waits)

    def _takedown_waits(self) -> bool:
        return self.lookout.takedown_above(self.store.applied())

    def _note_receipt(
        self, bursts: Sequence[Burst], after: int, batch: Batch, went: Takedown = NOTHING
    ) -> None:
        receipt = draft_receipt(
            self.node,
            after=after,
            change=bursts[-1].number,
            printed=batch.printed,
            gone=batch.gone_of(went.paths),
            gone_unnamed=went.count - len(went.paths),  # nothing is printed but what is named
            oldest=bursts[0].oldest,
        )
        self._receipts.append(receipt)
        _count_switch(receipt)

    def _settle(self, batch: Batch) -> None:
        """Drop the pages that are no more, and keep account of those that fail."""
        for path in batch.missing:
            self.store.remove(path, batch.seen)
            self.setbacks.clear(path)
        for printed in batch.printed:
            self.setbacks.clear(printed.path)
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


def core_set(store: Store, changes: Iterable[Change]) -> list[str]:
    """Return what a burst prints in its switch: pages it names, then stored ones by rank."""
    changes = list(changes)
    named = [path for change in changes for path in change.first]
    tags = {tag for change in changes for tag in (*change.touched, *change.gone)}
    stored = by_rank(store.leading_paths(indexed(tags)))
    return list(dict.fromkeys([*named, *stored]))[:CORE_SET]


def by_rank(paths: Iterable[str]) -> list[str]:
    """Return pages in the order in which they are printed."""
    return sorted(paths, key=lambda path: (rank(path), path))


def rank(path: str) -> int:
    """Return how early a page is printed, as its view declares."""
    try:
        return int(find_public_view(path).func.press.rank)  # type: ignore[attr-defined]
    except (PageNotFound, NotPublic):
        return UNRANKED
