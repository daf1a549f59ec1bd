"""The store: every edition of the newsroom on this node, and the rules that keep it right.

What must hold: an edition is only ever replaced by one that saw at least as much; a put whose
render began before one of its tags changed is refused; `apply` moves the whole store from one
change to the next in one transaction; a wrong byte is a miss, never a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import lmdb
import structlog

from stoppress.edge import records, rules
from stoppress.edge.editions import Edition, StoredEdition
from stoppress.edge.environments import find_old_reader
from stoppress.edge.errors import StoreFull, StoreUnavailable
from stoppress.edge.folders import FORMAT
from stoppress.edge.health import Trouble
from stoppress.edge.tables import Tables, key_of, pack_number, unpack_number
from stoppress.edge.takedowns import Foresight, Takedown

if TYPE_CHECKING:
    from stoppress.edge.tables import Txn

Made = TypeVar("Made")

FULL_SHARE = 0.8  # of the map: above it the printer lets go what is used least
BRIMFUL_SHARE = 0.9  # above it whoever writes must make room first
EVICTED_AT_ONCE = 64
EVICTED_BY_A_PUT = 4  # more than a put brings, so that the store shrinks
TRIES_WHEN_FULL = 5
STEP_SECONDS = 0.01  # of tidying, in which a publish has to wait
NOTED_AT_ONCE = 256
SHARED_BY_MANY = 500  # editions with a tag: above it only the most read are printed at once
MOST_READ = 250

log = structlog.get_logger("stoppress.edge")


class Store:
    """One newsroom's editions on this node, shared by all its processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.directory = tables.directory
        self.max_bytes = tables.max_bytes

    @classmethod
    def open(cls, directory: Path, *, max_bytes: int) -> Self:
        """Open or make the folder. Raises StoreUnavailable, StoreVersionMismatch."""
        return cls(Tables.open(directory, max_bytes=max_bytes))

    def close(self) -> None:
        """Give the folder back."""
        self._tables.close()

    # Reading

    def find(self, path: str) -> StoredEdition | None:
        """The edition at a path; None if there is none, it is damaged, or it was taken down."""
        key = key_of(path)
        with self._tables.reading() as txn:
            record = self._tables.servable(txn, key)
            if record is None:
                return None
            found = records.unpack(bytes(record), is_stale=self._tables.is_stale(txn, key, record))
        if found is None:
            log.error("a stored edition is damaged and counts as a miss", path=path)
        return found

    def stamps(self, paths: Sequence[str]) -> tuple[tuple[bytes | None, ...], bool]:
        """The names of the prints now at some paths, and whether the first of them is stale.

        Cheap: tells whether what was made of these prints still holds.
        """
        with self._tables.reading() as txn:
            found = tuple(self._tables.servable(txn, key_of(path)) for path in paths)
            stamps = tuple(None if record is None else records.stamp_of(record) for record in found)
            first = found[0]
            return stamps, first is not None and self._tables.is_stale(txn, key_of(paths[0]), first)

    def trouble(self) -> Trouble | None:
        """Why the last write by anyone on this node failed; None if it went through."""
        return self._tables.health.trouble()

    def must_reopen(self) -> bool:
        """Whether this handle is of no more use: the folder was replaced, or LMDB gave up."""
        return self._tables.must_reopen or self._tables.is_displaced()

    def used_share(self) -> float:
        """How much of its size the store uses, from 0 to 1."""
        with self._tables.reading() as txn:
            return self._tables.used_share(txn)

    def generation(self) -> int:
        """A number that moves with every commit by anyone. Costs half a microsecond.

        Raises StoreUnavailable.
        """
        try:
            with self._tables.environment.begin() as txn:
                return txn.id()
        except lmdb.Error as error:
            raise StoreUnavailable(
                f"The store {self.directory} can't be read ({error})."
            ) from error

    def is_gone(self, path: str) -> bool:
        """Whether the path was taken down and nothing was put there since."""
        with self._tables.reading() as txn:
            return self._tables.taken_down_at(txn, key_of(path)) > 0

    def has_tag(self, tag: str) -> bool:
        """Whether any edition in the store carries the tag. Epochs are not indexed."""
        with self._tables.reading() as txn:
            return txn.get(key_of(tag), db=self._tables.tagged) is not None

    def paths_tagged(self, tags: Collection[str], *, at_most: int | None = None) -> list[str]:
        """The paths of all editions that carry any of the tags, or so many of them.

        Epochs are not indexed.
        """
        keys: set[bytes] = set()
        with self._tables.reading() as txn:
            for key in chain.from_iterable(self._tables.keys_tagged(txn, tag) for tag in tags):
                keys.add(key)
                if at_most is not None and len(keys) >= at_most:
                    break
            return sorted(self._tables.paths(txn, keys))

    def leading_paths(self, tags: Collection[str]) -> list[str]:
        """The paths that carry any of the tags and are worth printing first.

        All of them for a tag that few carry; of one that very many carry, those that are among the
        most read: a publish must not look at a million pages to choose fifty.
        """
        with self._tables.reading() as txn:
            return sorted(self._tables.paths(txn, self._leading(txn, tags)))

    def _leading(self, txn: Txn, tags: Collection[str]) -> set[bytes]:
        tables = self._tables
        shared, keys = [], set[bytes]()
        for tag in sorted(tags):
            if len(keys) + tables.count_tagged(txn, tag) > SHARED_BY_MANY:
                shared.append(tag)
            else:
                keys.update(tables.keys_tagged(txn, tag))
        for key in islice(tables.ranks.most_used(txn), MOST_READ if shared else 0):
            if any(tables.is_tagged(txn, key, tag) for tag in shared):
                keys.add(key)
        return keys

    def foresee_takedown(
        self, gone: Mapping[str, int], *, asked: Collection[str] = (), at_least: int = 0
    ) -> Takedown:
        """What changes will take down that are not applied yet: tags, each with its last change.

        Named are all leading pages, those of the asked ones that go, and others until there are
        `at_least` so many.
        """
        with self._tables.reading() as txn:
            foresight = Foresight(self._tables, txn, gone)
            keys = foresight.some(self._leading(txn, gone.keys()), asked, at_least)
            return Takedown(frozenset(self._tables.paths(txn, keys)), foresight.count())

    def stale_paths(self, limit: int, *, skip: Collection[str] = ()) -> list[str]:
        """Editions that wait to be printed again: those marked, then those behind an epoch."""
        keys: dict[bytes, None] = {}
        skipped = {key_of(path) for path in skip}
        with self._tables.reading() as txn:
            epoch = self._tables.number(txn, b"epoch")
            marked = (bytes(key) for key, _ in txn.cursor(self._tables.stale))
            older = takewhile(lambda seen: seen[0] < epoch, self._tables.oldest_first(txn))
            for key in chain(marked, (key for _, key in older)):
                if len(keys) >= limit:
                    break
                if key not in skipped:
                    keys[key] = None
            return list(self._tables.paths(txn, keys))

    def stale_count(self) -> int:
        """How many editions are marked to be printed again; those behind an epoch are not."""
        with self._tables.reading() as txn:
            return int(txn.stat(self._tables.stale)["entries"])

    def applied(self) -> int:
        """The last change applied."""
        with self._tables.reading() as txn:
            return self._tables.number(txn, b"applied")

    def lineage(self) -> str:
        """The database these editions were printed from; empty in a new store."""
        with self._tables.reading() as txn:
            return bytes(txn.get(b"lineage", b"", db=self._tables.meta)).decode()

    def changes_after(self, number: int, limit: int) -> list[tuple[int, tuple[str, ...]]]:
        """The applied changes above a number, oldest first."""
        with self._tables.reading() as txn:
            cursor = txn.cursor(self._tables.changes)
            if not cursor.set_range(pack_number(number + 1)):
                return []
            found = []
            for key, tags in cursor:
                found.append((unpack_number(key), tuple(json.loads(bytes(tags)))))
                if len(found) >= limit:
                    break
            return found

    def floor(self) -> int:
        """The last change that has left the log; renders that saw less are refused."""
        with self._tables.reading() as txn:
            return self._tables.number(txn, b"floor")

    # Writing

    def put(self, edition: Edition) -> None:
        """Store an edition unless something it depends on changed since its render began.

        Raises StaleEdition; the caller renders again. Raises StoreFull, StoreUnavailable.
        """
        record = records.pack(edition)

        def write(txn: Txn) -> None:
            rules.refuse_unless_fresh(self._tables, txn, edition)
            self._tables.write(txn, edition, record)

        self._with_room(write)

    def put_all(self, editions: Collection[Edition]) -> list[str]:
        """Store several editions at once; return the paths of those that were not fresh any more.

        Raises StoreFull, StoreUnavailable.
        """
        packed = [(edition, records.pack(edition)) for edition in editions]
        return self._with_room(lambda txn: rules.write_fresh(self._tables, txn, packed))

    def remove(self, path: str, change: int) -> None:
        """Drop an edition whose page was no more at a change, unless a later print is there."""
        key = key_of(path)
        with self._tables.writing() as txn:
            card = self._tables.ranks.card(txn, key)
            if card is not None and card.change <= change:
                self._tables.remove(txn, key)

    def apply(
        self,
        number: int,
        *,
        touched: Collection[str],
        gone: Collection[str],
        fresh: Collection[Edition] = (),
    ) -> list[str]:
        """Move the store to a change: put fresh prints in place, mark or remove all others.

        Returns the paths of prints that were not fresh after all; they wait as stale. Raises
        ChangeOutOfOrder, StoreFull, StoreUnavailable; the store is then as it was.
        """
        packed = [(edition, records.pack(edition)) for edition in fresh]
        return self._with_room(
            lambda txn: rules.switch(self._tables, txn, number, touched, gone, packed)
        )

    def note_uses(self, uses: Mapping[str, int]) -> None:
        """Take in how often pages were read, so that those read least make room first.

        Writes in short transactions: a publish waits for one of them at most.
        """
        left = iter(uses.items())
        while some := list(islice(left, NOTED_AT_ONCE)):
            with self._tables.writing() as txn:
                for path, count in some:
                    self._tables.ranks.note(txn, key_of(path), count)

    def tidy(self) -> bool:
        """Do one short step of what may wait; return False if there is nothing.

        Writes the marks of a change that very many editions share, clears away what was discarded,
        and makes room above the full share. The printer calls it whenever no change is pending.
        """
        tables = self._tables
        with tables.reading() as txn:
            is_full = tables.used_share(txn) > FULL_SHARE
            remains = tables.remains.are_there(txn)
            if not (is_full or remains or tables.sweeps.pending(txn)):
                return False
        with tables.writing() as txn:
            for sweep in tables.sweeps.pending(txn)[:1]:
                tables.sweep(txn, sweep, seconds=STEP_SECONDS)
            if remains:
                tables.remains.clear(txn, seconds=STEP_SECONDS)
            elif is_full:
                tables.evict(txn, count=EVICTED_AT_ONCE, seconds=STEP_SECONDS)
        return True

    def discard(self, lineage: str) -> None:
        """Empty the store for another database, or for one that was restored.

        The records stay on disk for `tidy` to clear away; nobody is served them from this moment.
        """
        tables = self._tables
        with tables.writing() as txn:
            tables.empty(txn, keeping={"editions"})
            tables.remains.leave(txn)
            txn.put(b"format", FORMAT, db=tables.meta)
            txn.put(b"lineage", lineage.encode(), db=tables.meta)

    def clear_dead_readers(self) -> int:
        """Free the pages that killed processes still hold. Call every minute."""
        return self._tables.environment.reader_check()

    # Room

    def _with_room(self, work: Callable[[Txn], Made]) -> Made:
        """Do some work in one write transaction.

        Above the brimful share (the printer, who makes room, is behind or dead) a few editions
        leave first. If the map is full all the same, readers that died may hold its pages, or no
        gap is long enough: the dead are cleared and more room is made, a few times. (LMDB gives a
        page out again two transactions after it was freed.) If a living reader holds what was
        freed, letting go more would only lose it.
        """
        for tries_left in reversed(range(TRIES_WHEN_FULL)):
            try:
                return self._try(work)
            except StoreFull:
                if not tries_left:
                    raise
                self.clear_dead_readers()
                if find_old_reader(self._tables.environment) is None:
                    with self._tables.writing() as txn:
                        self._tables.evict(txn, count=EVICTED_AT_ONCE)
        raise AssertionError

    def _try(self, work: Callable[[Txn], Made]) -> Made:
        with self._tables.writing() as txn:
            if self._tables.used_share(txn) > BRIMFUL_SHARE:
                self._tables.evict(txn, count=EVICTED_BY_A_PUT)
            return work(txn)
