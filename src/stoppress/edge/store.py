"""The store: every edition of the newsroom on this node, and the rules that keep it right.

What must hold: an edition is only ever replaced by one that saw at least as much; a put whose
render began before one of its tags changed is refused; `apply` moves the whole store from one
change to the next in one transaction; a wrong byte is a miss, never a page.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lmdb

from stoppress.edge import records
from stoppress.edge.editions import Edition, StoredEdition
from stoppress.edge.errors import ChangeOutOfOrder, StaleEdition, StoreUnavailable
from stoppress.edge.tables import FORMAT, Tables, is_epoch, key_of, pack_number, unpack_number

if TYPE_CHECKING:
    from stoppress.edge.tables import Txn

KEPT_CHANGES = 4096  # live streams resume, and renders may be in flight, across so many changes


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
            return records.unpack(bytes(record), is_stale=self._tables.is_stale(txn, key, record))

    def stamps(self, paths: Sequence[str]) -> tuple[tuple[bytes | None, ...], bool]:
        """The names of the prints now at some paths, and whether the first of them is stale.

        Cheap: tells whether what was made of these prints still holds.
        """
        with self._tables.reading() as txn:
            found = tuple(self._tables.servable(txn, key_of(path)) for path in paths)
            stamps = tuple(None if record is None else records.stamp_of(record) for record in found)
            first = found[0]
            return stamps, first is not None and self._tables.is_stale(txn, key_of(paths[0]), first)

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
            return txn.get(key_of(path), db=self._tables.tombstones) is not None

    def has_tag(self, tag: str) -> bool:
        """Whether any edition in the store carries the tag. Epochs are not indexed."""
        with self._tables.reading() as txn:
            return txn.get(key_of(tag), db=self._tables.tagged) is not None

    def paths_tagged(self, tags: Collection[str]) -> list[str]:
        """The paths of all editions that carry any of the tags. Epochs are not indexed."""
        with self._tables.reading() as txn:
            keys = {bytes(key) for tag in tags for key in self._tables.keys_tagged(txn, tag)}
            return sorted(self._tables.paths(txn, keys))

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
        with self._tables.writing() as txn:
            self._tables.make_room(txn)
            self._refuse_unless_fresh(txn, edition)
            self._tables.write(txn, edition, record)

    def put_all(self, editions: Collection[Edition]) -> list[str]:
        """Store several editions at once; return the paths of those that were not fresh any more.

        Raises StoreFull, StoreUnavailable.
        """
        packed = [(edition, records.pack(edition)) for edition in editions]
        with self._tables.writing() as txn:
            self._tables.make_room(txn)
            return self._write_fresh(txn, packed)

    def remove(self, path: str, change: int) -> None:
        """Drop an edition whose page was no more at a change, unless a later print is there."""
        key = key_of(path)
        with self._tables.writing() as txn:
            record = txn.get(key, db=self._tables.editions)
            if record is not None and records.change_of(record) <= change:
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
        with self._tables.writing() as txn:
            applied = self._tables.number(txn, b"applied")
            if number <= applied:
                raise ChangeOutOfOrder(number, applied)
            self._tables.make_room(txn)
            for tag in {*touched, *gone}:
                txn.put(key_of(tag), pack_number(number), db=self._tables.last)
            self._raise_epochs(txn, number, touched, gone)
            for tag in gone:
                self._take_down(txn, tag, number)
            for tag in touched:
                self._mark_stale(txn, tag, number)
            refused = self._write_fresh(txn, packed)
            self._log(txn, number, sorted({*touched, *gone}))
            self._tables.set_number(txn, b"applied", number)
        return refused

    def discard(self, lineage: str) -> None:
        """Empty the store for another database, or for one that was restored."""
        with self._tables.writing() as txn:
            for database in self._tables.all:
                txn.drop(database, delete=False)
            txn.put(b"format", FORMAT, db=self._tables.meta)
            txn.put(b"lineage", lineage.encode(), db=self._tables.meta)

    def clear_dead_readers(self) -> int:
        """Free the pages that killed processes still hold. Call every minute."""
        return self._tables.environment.reader_check()

    # The rules

    def _refuse_unless_fresh(self, txn: Txn, edition: Edition) -> None:
        """The freshness rule: all that an edition depends on, it has seen."""

        def refuse_if_above(cause: str, changed_at: int) -> None:
            if changed_at > edition.change:
                raise StaleEdition(edition.path, edition.change, cause, changed_at)

        key = key_of(edition.path)
        for tag in edition.tags:
            refuse_if_above(tag, unpack_number(txn.get(key_of(tag), db=self._tables.last)))
        refuse_if_above("an epoch", self._tables.number(txn, b"epoch"))
        refuse_if_above("the store's horizon", self._tables.number(txn, b"floor"))
        refuse_if_above("its takedown", unpack_number(txn.get(key, db=self._tables.tombstones)))
        stored = txn.get(key, db=self._tables.editions)
        if stored is not None:
            refuse_if_above("the stored print", records.change_of(stored))

    def _take_down(self, txn: Txn, tag: str, number: int) -> None:
        for key in list(self._tables.older_keys_tagged(txn, tag, number)):
            self._tables.remove(txn, key)
            txn.put(key, pack_number(number), db=self._tables.tombstones)

    def _mark_stale(self, txn: Txn, tag: str, number: int) -> None:
        for key in list(self._tables.older_keys_tagged(txn, tag, number)):
            txn.put(key, pack_number(number), overwrite=False, db=self._tables.stale)

    def _raise_epochs(
        self, txn: Txn, number: int, touched: Collection[str], gone: Collection[str]
    ) -> None:
        if any(map(is_epoch, [*touched, *gone])):
            self._tables.set_number(txn, b"epoch", number)
        if any(map(is_epoch, gone)):
            self._tables.set_number(txn, b"epoch-gone", number)

    def _log(self, txn: Txn, number: int, tags: list[str]) -> None:
        """Add to the log. What leaves it raises the floor and takes its `last` along.

        A render that saw the floor has seen the forgotten tag too; one that did not is refused.
        """
        changes = self._tables.changes
        txn.put(pack_number(number), json.dumps(tags).encode(), db=changes)
        while txn.stat(changes)["entries"] > KEPT_CHANGES:
            cursor = txn.cursor(changes)
            cursor.first()
            oldest, forgotten = bytes(cursor.key()), json.loads(bytes(cursor.value()))
            cursor.delete()
            for tag in forgotten:
                if unpack_number(txn.get(key_of(tag), db=self._tables.last)) == unpack_number(
                    oldest
                ):
                    txn.delete(key_of(tag), db=self._tables.last)
            self._tables.set_number(txn, b"floor", unpack_number(oldest))

    def _write_fresh(self, txn: Txn, packed: Iterable[tuple[Edition, bytes]]) -> list[str]:
        refused = []
        for edition, record in packed:
            try:
                self._refuse_unless_fresh(txn, edition)
            except StaleEdition:
                refused.append(edition.path)
            else:
                self._tables.write(txn, edition, record)
        return refused
