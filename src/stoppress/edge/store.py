"""The store: every edition of the newsroom, and what each depends on, in one LMDB folder.

What must hold: an edition is only ever replaced by one that saw at least as much; a put whose
render began before one of its tags changed is refused; `apply` moves the whole store from one
change to the next in one transaction; a wrong byte is a miss, never a page.

    meta        format, lineage, applied, floor, epoch (touched), epoch-gone
    editions    path -> record (see records.py)
    tagged      tag -> paths (duplicates), without epochs
    last        tag -> the last change that touched it
    stale       path -> the change that made it stale
    seen        change its render saw -> paths: epochs and eviction walk it from the oldest
    tombstones  path -> the hard change that took it down
    changes     applied change -> its tags: for live updates, and the horizon of `last`
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lmdb

from stoppress.edge import records
from stoppress.edge.editions import EPOCH_PREFIX, Edition, StoredEdition
from stoppress.edge.environments import close_environment, open_environment
from stoppress.edge.errors import (
    ChangeOutOfOrder,
    StaleEdition,
    StoreFull,
    StoreUnavailable,
    StoreVersionMismatch,
)

FORMAT = "1"
KEPT_CHANGES = 4096  # live streams resume, and renders may be in flight, across so many changes
FULL_SHARE = 0.8  # of the map: above it the oldest prints make room
EVICTED_AT_ONCE = 256

_DATABASES = ("meta", "editions", "tagged", "last", "stale", "seen", "tombstones", "changes")
_WITH_DUPLICATES = {"tagged", "seen"}
_NUMBER = struct.Struct(">Q")
_LONGEST_KEY_BYTES = 480

if TYPE_CHECKING:
    Write = lmdb.Transaction[memoryview]


class Store:
    """One newsroom's editions on this node, shared by all its processes."""

    def __init__(self, directory: Path, environment: lmdb.Environment, max_bytes: int) -> None:
        self.directory = directory
        self.max_bytes = max_bytes
        self._environment = environment
        self._db = {
            name: environment.open_db(name.encode(), dupsort=name in _WITH_DUPLICATES)
            for name in _DATABASES
        }

    @classmethod
    def open(cls, directory: Path, *, max_bytes: int) -> Self:
        """Open or make the folder. Raises StoreUnavailable, StoreVersionMismatch."""
        try:
            environment = open_environment(
                directory, map_bytes=max_bytes, databases=len(_DATABASES), metasync=False
            )
        except (lmdb.Error, OSError) as error:
            raise StoreUnavailable(
                f"The store {directory} can't be opened ({error}). Grant this user read and "
                "write access, or remove the folder: it is refilled by itself."
            ) from error
        try:
            store = cls(directory, environment, max_bytes)
            store._agree_on_format()
        except (lmdb.Error, StoreVersionMismatch) as error:
            close_environment(directory)
            if isinstance(error, lmdb.Error):
                raise StoreUnavailable(f"The store {directory} is damaged ({error}).") from error
            raise
        return store

    def close(self) -> None:
        """Give the folder back."""
        close_environment(self.directory)

    # Reading

    def find(self, path: str) -> StoredEdition | None:
        """The edition at a path; None if there is none, it is damaged, or it was taken down."""
        key = _key(path)
        with self._reading() as txn:
            record = txn.get(key, db=self._db["editions"])
            if record is None:
                return None
            change = records.change_of(record)
            if change < self._number(txn, b"epoch-gone"):
                return None
            stale = txn.get(key, db=self._db["stale"]) is not None
            return records.unpack(
                bytes(record), is_stale=stale or change < self._number(txn, b"epoch")
            )

    def stamp(self, path: str) -> bytes | None:
        """The name of the print now at a path: cheap, to see whether a kept copy still holds."""
        with self._reading() as txn:
            record = txn.get(_key(path), db=self._db["editions"])
            return None if record is None else records.stamp_of(record)

    def generation(self) -> int:
        """A number that moves with every commit by anyone. Costs half a microsecond."""
        with self._environment.begin() as txn:
            return txn.id()

    def is_gone(self, path: str) -> bool:
        """Whether the path was taken down and nothing was put there since."""
        with self._reading() as txn:
            return txn.get(_key(path), db=self._db["tombstones"]) is not None

    def has_tag(self, tag: str) -> bool:
        """Whether any edition in the store carries the tag. Epochs are not indexed."""
        with self._reading() as txn:
            return txn.get(_key(tag), db=self._db["tagged"]) is not None

    def paths_tagged(self, tags: Collection[str]) -> list[str]:
        """The paths of all editions that carry any of the tags. Epochs are not indexed."""
        with self._reading() as txn:
            keys = {bytes(key) for tag in tags for key in self._keys_tagged(txn, tag)}
            return sorted(self._paths(txn, keys))

    def stale_paths(self, limit: int, *, skip: Collection[str] = ()) -> list[str]:
        """Editions that wait to be printed again: those marked, then those behind an epoch."""
        keys: dict[bytes, None] = {}
        skipped = {_key(path) for path in skip}
        with self._reading() as txn:
            epoch = self._number(txn, b"epoch")
            marked = (bytes(key) for key, _ in txn.cursor(self._db["stale"]))
            older = takewhile(lambda seen: seen[0] < epoch, self._oldest_first(txn))
            for key in chain(marked, (key for _, key in older)):
                if len(keys) >= limit:
                    break
                if key not in skipped:
                    keys[key] = None
            return list(self._paths(txn, keys))

    def applied(self) -> int:
        """The last change applied."""
        with self._reading() as txn:
            return self._number(txn, b"applied")

    def lineage(self) -> str:
        """The database these editions were printed from; empty in a new store."""
        with self._reading() as txn:
            return bytes(txn.get(b"lineage", b"", db=self._db["meta"])).decode()

    def changes_after(self, number: int, limit: int) -> list[tuple[int, tuple[str, ...]]]:
        """The applied changes above a number, oldest first."""
        with self._reading() as txn:
            cursor = txn.cursor(self._db["changes"])
            if not cursor.set_range(_NUMBER.pack(number + 1)):
                return []
            found = []
            for key, tags in cursor:
                found.append((_NUMBER.unpack(key)[0], tuple(json.loads(bytes(tags)))))
                if len(found) >= limit:
                    break
            return found

    def floor(self) -> int:
        """The last change that has left the log; renders that saw less are refused."""
        with self._reading() as txn:
            return self._number(txn, b"floor")

    # Writing

    def put(self, edition: Edition) -> None:
        """Store an edition unless something it depends on changed since its render began.

        Raises StaleEdition; the caller renders again. Raises StoreFull, StoreUnavailable.
        """
        record = records.pack(edition)
        with self._writing() as txn:
            self._make_room(txn)
            self._refuse_unless_fresh(txn, edition)
            self._write(txn, edition, record)

    def put_all(self, editions: Collection[Edition]) -> list[str]:
        """Store several editions at once; return the paths of those that were not fresh any more.

        Raises StoreFull, StoreUnavailable.
        """
        packed = [(edition, records.pack(edition)) for edition in editions]
        with self._writing() as txn:
            self._make_room(txn)
            return self._write_fresh(txn, packed)

    def remove(self, path: str, change: int) -> None:
        """Drop an edition whose page was no more at a change, unless a later print is there."""
        key = _key(path)
        with self._writing() as txn:
            record = txn.get(key, db=self._db["editions"])
            if record is not None and records.change_of(record) <= change:
                self._remove(txn, key)

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
        with self._writing() as txn:
            applied = self._number(txn, b"applied")
            if number <= applied:
                raise ChangeOutOfOrder(number, applied)
            self._make_room(txn)
            for tag in {*touched, *gone}:
                txn.put(_key(tag), _NUMBER.pack(number), db=self._db["last"])
            self._raise_epochs(txn, number, touched, gone)
            for tag in gone:
                self._take_down(txn, tag, number)
            for tag in touched:
                self._mark_stale(txn, tag, number)
            refused = self._write_fresh(txn, packed)
            self._log(txn, number, sorted({*touched, *gone}))
            self._set(txn, b"applied", number)
        return refused

    def discard(self, lineage: str) -> None:
        """Empty the store for another database, or for one that was restored."""
        with self._writing() as txn:
            for database in self._db.values():
                txn.drop(database, delete=False)
            txn.put(b"format", FORMAT.encode(), db=self._db["meta"])
            txn.put(b"lineage", lineage.encode(), db=self._db["meta"])

    def clear_dead_readers(self) -> int:
        """Free the pages that killed processes still hold. Call every minute."""
        return self._environment.reader_check()

    # The rules

    def _refuse_unless_fresh(self, txn: Write, edition: Edition) -> None:
        """The freshness rule: all that an edition depends on, it has seen."""

        def refuse_if_above(cause: str, changed_at: int) -> None:
            if changed_at > edition.change:
                raise StaleEdition(edition.path, edition.change, cause, changed_at)

        key = _key(edition.path)
        for tag in edition.tags:
            refuse_if_above(tag, _unpack(txn.get(_key(tag), db=self._db["last"])))
        refuse_if_above("an epoch", self._number(txn, b"epoch"))
        refuse_if_above("the store's horizon", self._number(txn, b"floor"))
        refuse_if_above("its takedown", _unpack(txn.get(key, db=self._db["tombstones"])))
        stored = txn.get(key, db=self._db["editions"])
        if stored is not None:
            refuse_if_above("the stored print", records.change_of(stored))

    def _take_down(self, txn: Write, tag: str, number: int) -> None:
        for key in list(self._older_keys_tagged(txn, tag, number)):
            self._remove(txn, key)
            txn.put(key, _NUMBER.pack(number), db=self._db["tombstones"])

    def _mark_stale(self, txn: Write, tag: str, number: int) -> None:
        for key in list(self._older_keys_tagged(txn, tag, number)):
            txn.put(key, _NUMBER.pack(number), overwrite=False, db=self._db["stale"])

    def _raise_epochs(
        self, txn: Write, number: int, touched: Collection[str], gone: Collection[str]
    ) -> None:
        if any(map(_is_epoch, [*touched, *gone])):
            self._set(txn, b"epoch", number)
        if any(map(_is_epoch, gone)):
            self._set(txn, b"epoch-gone", number)

    def _log(self, txn: Write, number: int, tags: list[str]) -> None:
        """Add to the log. What leaves it raises the floor and takes its `last` along.

        A render that saw the floor has seen the forgotten tag too; one that did not is refused.
        """
        changes = self._db["changes"]
        txn.put(_NUMBER.pack(number), json.dumps(tags).encode(), db=changes)
        while txn.stat(changes)["entries"] > KEPT_CHANGES:
            cursor = txn.cursor(changes)
            cursor.first()
            oldest, forgotten = bytes(cursor.key()), json.loads(bytes(cursor.value()))
            cursor.delete()
            for tag in forgotten:
                if _unpack(txn.get(_key(tag), db=self._db["last"])) == _unpack(oldest):
                    txn.delete(_key(tag), db=self._db["last"])
            self._set(txn, b"floor", _NUMBER.unpack(oldest)[0])

    def _make_room(self, txn: Write) -> None:
        """Above the full share, let the oldest prints go: they can be printed again."""
        pages = sum(
            stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
            for stat in map(txn.stat, self._db.values())
        )
        if pages * txn.stat(self._db["meta"])["psize"] <= self.max_bytes * FULL_SHARE:
            return
        for _, key in list(islice(self._oldest_first(txn), EVICTED_AT_ONCE)):
            self._remove(txn, key)

    # The tables

    def _write_fresh(self, txn: Write, packed: Iterable[tuple[Edition, bytes]]) -> list[str]:
        refused = []
        for edition, record in packed:
            try:
                self._refuse_unless_fresh(txn, edition)
            except StaleEdition:
                refused.append(edition.path)
            else:
                self._write(txn, edition, record)
        return refused

    def _write(self, txn: Write, edition: Edition, record: bytes) -> None:
        key = _key(edition.path)
        self._remove(txn, key)
        txn.put(key, record, db=self._db["editions"])
        txn.put(_NUMBER.pack(edition.change), key, db=self._db["seen"])
        txn.delete(key, db=self._db["tombstones"])
        for tag in edition.tags:
            if not _is_epoch(tag):
                txn.put(_key(tag), key, db=self._db["tagged"])

    def _remove(self, txn: Write, key: bytes) -> None:
        record = txn.get(key, db=self._db["editions"])
        if record is None:
            return
        seen, tags = _NUMBER.pack(records.change_of(record)), records.tags_of(record)
        txn.delete(seen, key, db=self._db["seen"])
        for tag in tags:
            txn.delete(_key(tag), key, db=self._db["tagged"])
        txn.delete(key, db=self._db["stale"])
        txn.delete(key, db=self._db["editions"])

    def _keys_tagged(self, txn: Write, tag: str) -> Iterator[memoryview]:
        cursor = txn.cursor(self._db["tagged"])
        if cursor.set_key(_key(tag)):
            yield from cursor.iternext_dup()

    def _older_keys_tagged(self, txn: Write, tag: str, number: int) -> Iterator[bytes]:
        for key in self._keys_tagged(txn, tag):
            record = txn.get(key, db=self._db["editions"])
            if record is not None and records.change_of(record) < number:
                yield bytes(key)

    def _oldest_first(self, txn: Write) -> Iterator[tuple[int, bytes]]:
        for seen, key in txn.cursor(self._db["seen"]):
            yield _unpack(seen), bytes(key)

    def _paths(self, txn: Write, keys: Iterable[bytes]) -> Iterator[str]:
        for key in keys:
            record = txn.get(key, db=self._db["editions"])
            if record is not None and (path := records.path_of(record)):
                yield path

    def _number(self, txn: Write, name: bytes) -> int:
        return _unpack(txn.get(name, db=self._db["meta"]))

    def _set(self, txn: Write, name: bytes, number: int) -> None:
        txn.put(name, _NUMBER.pack(number), db=self._db["meta"])

    def _agree_on_format(self) -> None:
        meta = self._db["meta"]
        with self._environment.begin(write=True) as txn:
            found = txn.get(b"format", db=meta)
            if found is None:
                txn.put(b"format", FORMAT.encode(), db=meta)
            elif found != FORMAT.encode():
                raise StoreVersionMismatch(self.directory, found.decode("utf-8", "replace"), FORMAT)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Write]:
        try:
            with self._environment.begin(buffers=True) as txn:
                yield txn
        except lmdb.Error as error:
            raise StoreUnavailable(
                f"The store {self.directory} can't be read ({error})."
            ) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Write]:
        try:
            with self._environment.begin(write=True, buffers=True) as txn:
                yield txn
        except lmdb.MapFullError as error:
            raise StoreFull(self.directory, self.max_bytes) from error
        except lmdb.Error as error:
            raise StoreUnavailable(
                f"The store {self.directory} can't be written ({error}). Check that its disk has "
                "room and that this user may write; what it holds is still served."
            ) from error


def _key(name: str) -> bytes:
    """A path or tag as LMDB takes it: at most 511 bytes, so long ones are hashed."""
    key = name.encode()
    if len(key) <= _LONGEST_KEY_BYTES:
        return key
    return b"#" + hashlib.blake2b(key, digest_size=32).digest()


def _is_epoch(tag: str) -> bool:
    return tag.startswith(EPOCH_PREFIX)


def _unpack(number: bytes | memoryview | None) -> int:
    return 0 if number is None else int(_NUMBER.unpack(number)[0])
