"""The store's tables: one LMDB folder, and the walks over it. The rules are in store.py.

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
import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import lmdb

from stoppress.edge import records
from stoppress.edge.editions import EPOCH_PREFIX, Edition
from stoppress.edge.environments import close_environment, open_environment
from stoppress.edge.errors import StoreFull, StoreUnavailable, StoreVersionMismatch

FORMAT = b"1"
FULL_SHARE = 0.8  # of the map: above it the oldest prints make room
EVICTED_AT_ONCE = 256

_NAMES = ("meta", "editions", "tagged", "last", "stale", "seen", "tombstones", "changes")
_WITH_DUPLICATES = {"tagged", "seen"}
_NUMBER = struct.Struct(">Q")
_LONGEST_KEY_BYTES = 480

if TYPE_CHECKING:
    Txn = lmdb.Transaction[memoryview]


class Tables:
    """The folder. Every method that takes a transaction works inside the caller's."""

    def __init__(self, directory: Path, environment: lmdb.Environment, max_bytes: int) -> None:
        self.directory = directory
        self.max_bytes = max_bytes
        self.environment = environment
        self.all = [
            environment.open_db(name.encode(), dupsort=name in _WITH_DUPLICATES) for name in _NAMES
        ]
        (
            self.meta,
            self.editions,
            self.tagged,
            self.last,
            self.stale,
            self.seen,
            self.tombstones,
            self.changes,
        ) = self.all

    @classmethod
    def open(cls, directory: Path, *, max_bytes: int) -> Tables:
        """Open or make the folder. Raises StoreUnavailable, StoreVersionMismatch."""
        try:
            environment = open_environment(
                directory, map_bytes=max_bytes, databases=len(_NAMES), metasync=False
            )
        except (lmdb.Error, OSError) as error:
            raise StoreUnavailable(
                f"The store {directory} can't be opened ({error}). Grant this user read and "
                "write access, or remove the folder: it is refilled by itself."
            ) from error
        try:
            tables = cls(directory, environment, max_bytes)
            tables._agree_on_format()
        except lmdb.Error as error:
            close_environment(directory)
            raise StoreUnavailable(
                f"The store {directory} is damaged ({error}). Remove the folder: it is refilled "
                "by itself."
            ) from error
        except StoreVersionMismatch:
            close_environment(directory)
            raise
        return tables

    def close(self) -> None:
        """Give the folder back."""
        close_environment(self.directory)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Txn]:
        """One consistent view of everything. Raises StoreUnavailable."""
        try:
            with self.environment.begin(buffers=True) as txn:
                yield txn
        except lmdb.Error as error:
            raise StoreUnavailable(
                f"The store {self.directory} can't be read ({error})."
            ) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Txn]:
        """All or nothing, one writer at a time. Raises StoreFull, StoreUnavailable."""
        try:
            with self.environment.begin(write=True, buffers=True) as txn:
                yield txn
        except lmdb.MapFullError as error:
            raise StoreFull(self.directory, self.max_bytes) from error
        except lmdb.Error as error:
            raise StoreUnavailable(
                f"The store {self.directory} can't be written ({error}). Check that its disk has "
                "room and that this user may write; what it holds is still served."
            ) from error

    def make_room(self, txn: Txn) -> None:
        """Above the full share, let the oldest prints go: they can be printed again."""
        pages = sum(
            stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
            for stat in map(txn.stat, self.all)
        )
        if pages * txn.stat(self.meta)["psize"] <= self.max_bytes * FULL_SHARE:
            return
        count = min(EVICTED_AT_ONCE, txn.stat(self.editions)["entries"] // 16 + 1)
        for _, key in list(islice(self.oldest_first(txn), count)):
            self.remove(txn, key)

    def servable(self, txn: Txn, key: bytes) -> memoryview | None:
        """The record at a key, unless an epoch took it down."""
        record = txn.get(key, db=self.editions)
        if record is None or records.change_of(record) < self.number(txn, b"epoch-gone"):
            return None
        return record

    def is_stale(self, txn: Txn, key: bytes, record: memoryview) -> bool:
        """Whether a record waits to be printed again."""
        return txn.get(key, db=self.stale) is not None or records.change_of(record) < self.number(
            txn, b"epoch"
        )

    def write(self, txn: Txn, edition: Edition, record: bytes) -> None:
        """Put a record in place of whatever was at its path."""
        key = key_of(edition.path)
        self.remove(txn, key)
        txn.put(key, record, db=self.editions)
        txn.put(pack_number(edition.change), key, db=self.seen)
        txn.delete(key, db=self.tombstones)
        for tag in edition.tags:
            if not is_epoch(tag):
                txn.put(key_of(tag), key, db=self.tagged)

    def remove(self, txn: Txn, key: bytes) -> None:
        """Take a record out, with all that points to it."""
        record = txn.get(key, db=self.editions)
        if record is None:
            return
        seen, tags = pack_number(records.change_of(record)), records.tags_of(record)
        txn.delete(seen, key, db=self.seen)
        for tag in tags:
            txn.delete(key_of(tag), key, db=self.tagged)
        txn.delete(key, db=self.stale)
        txn.delete(key, db=self.editions)

    def keys_tagged(self, txn: Txn, tag: str) -> Iterator[memoryview]:
        """The keys of editions that carry a tag."""
        cursor = txn.cursor(self.tagged)
        if cursor.set_key(key_of(tag)):
            yield from cursor.iternext_dup()

    def older_keys_tagged(self, txn: Txn, tag: str, number: int) -> Iterator[bytes]:
        """The keys of editions that carry a tag and have not seen a change."""
        for key in self.keys_tagged(txn, tag):
            record = txn.get(key, db=self.editions)
            if record is not None and records.change_of(record) < number:
                yield bytes(key)

    def oldest_first(self, txn: Txn) -> Iterator[tuple[int, bytes]]:
        """Every edition, as what its render saw and its key."""
        for seen, key in txn.cursor(self.seen):
            yield unpack_number(seen), bytes(key)

    def paths(self, txn: Txn, keys: Iterable[bytes]) -> Iterator[str]:
        """The paths behind keys, long ones included."""
        for key in keys:
            record = txn.get(key, db=self.editions)
            if record is not None and (path := records.path_of(record)):
                yield path

    def number(self, txn: Txn, name: bytes) -> int:
        """A number of the meta table; 0 if it was never set."""
        return unpack_number(txn.get(name, db=self.meta))

    def set_number(self, txn: Txn, name: bytes, number: int) -> None:
        """Set a number of the meta table."""
        txn.put(name, pack_number(number), db=self.meta)

    def _agree_on_format(self) -> None:
        meta = self.meta
        with self.environment.begin(write=True) as txn:
            found = txn.get(b"format", db=meta)
            if found is None:
                txn.put(b"format", FORMAT, db=meta)
            elif found != FORMAT:
                raise StoreVersionMismatch(
                    self.directory, found.decode("utf-8", "replace"), FORMAT.decode()
                )


def key_of(name: str) -> bytes:
    """A path or tag as LMDB takes it: at most 511 bytes, so long ones are hashed."""
    key = name.encode()
    if len(key) <= _LONGEST_KEY_BYTES:
        return key
    return b"#" + hashlib.blake2b(key, digest_size=32).digest()


def is_epoch(tag: str) -> bool:
    """Whether every edition carries the tag."""
    return tag.startswith(EPOCH_PREFIX)


def unpack_number(number: bytes | memoryview | None) -> int:
    """What `pack_number` packed; 0 for nothing."""
    return 0 if number is None else int(_NUMBER.unpack(number)[0])


def pack_number(number: int) -> bytes:
    """A change number as key or value, in an order that sorts."""
    return _NUMBER.pack(number)
