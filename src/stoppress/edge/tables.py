"""The store's tables: one LMDB folder, and the walks over it. The rules are in store.py.

meta        format, lineage, applied, floor, epoch (touched), epoch-gone, tide (see ranks.py),
            discarded (see remains.py)
editions    path -> record (see records.py); one without a card was discarded
cards       path -> what is known of an edition without reading it (see ranks.py)
ranks       how much an edition is used -> paths (duplicates)
tagged      tag -> paths (duplicates), without epochs
last        tag -> the last change that touched it
stale       path -> the change that made it stale
sweeps      changes to tags that very many carry, not written to all of them (see sweeps.py)
seen        change its render saw -> paths: epochs walk it from the oldest
tombstones  path -> the hard change that took it down; nothing can print these again
changes     applied change -> its tags: for live updates, and the horizon of `last`
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
import time
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lmdb

from stoppress.edge import records
from stoppress.edge.editions import EPOCH_PREFIX, Edition
from stoppress.edge.environments import (
    close_environment,
    find_old_reader,
    identity_of,
    open_tables,
)
from stoppress.edge.errors import StoreDamaged, StoreFull, StoreUnavailable
from stoppress.edge.folders import DAMAGE, TABLES, open_folder
from stoppress.edge.health import Health
from stoppress.edge.ranks import Ranks
from stoppress.edge.remains import Remains
from stoppress.edge.sweeps import Sweep, Sweeps

SWEEP_STEP = 2000  # editions marked in one step of a sweep

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
        self.health = Health(directory)
        self.must_reopen = False
        self._identity = identity_of(directory)
        self.all = open_tables(environment, TABLES)
        self.meta = self.all["meta"]
        self.editions = self.all["editions"]
        self.tagged = self.all["tagged"]
        self.last = self.all["last"]
        self.stale = self.all["stale"]
        self.seen = self.all["seen"]
        self.tombstones = self.all["tombstones"]
        self.changes = self.all["changes"]
        self.ranks = Ranks(self.all["cards"], self.all["ranks"], self.meta)
        self.sweeps = Sweeps(self.all["sweeps"], self.tagged)
        self.remains = Remains(self.meta, self.editions, self.ranks)

    @classmethod
    def open(cls, directory: Path, *, max_bytes: int) -> Tables:
        """Open or make the folder.

        Raises StoreUnavailable, StoreDamaged, StoreVersionMismatch.
        """
        environment = open_folder(directory, max_bytes=max_bytes)
        return cls(directory, environment, max_bytes)

    def close(self) -> None:
        """Give the folder back."""
        close_environment(self.environment)

    def is_displaced(self) -> bool:
        """Whether the folder was removed, moved or replaced since it was opened."""
        return identity_of(self.directory) != self._identity

    @contextlib.contextmanager
    def reading(self) -> Iterator[Txn]:
        """One consistent view of everything. Raises StoreUnavailable, StoreDamaged."""
        try:
            with self.environment.begin(buffers=True) as txn:
                yield txn
        except DAMAGE as error:
            raise StoreDamaged(self.directory, error) from error
        except lmdb.Error as error:
            self.must_reopen = isinstance(error, lmdb.PanicError)
            raise StoreUnavailable(
                f"The store {self.directory} can't be read ({error})."
            ) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Txn]:
        """All or nothing, one writer at a time. Raises StoreFull, StoreUnavailable, StoreDamaged.

        Whether it went through is told to all processes (see health.py).
        """
        try:
            with self.environment.begin(write=True, buffers=True) as txn:
                yield txn
        except lmdb.MapFullError as error:
            raise self._told(
                StoreFull(self.directory, self.max_bytes, find_old_reader(self.environment))
            ) from error
        except DAMAGE as error:
            raise StoreDamaged(self.directory, error) from error
        except lmdb.Error as error:
            self.must_reopen = isinstance(error, lmdb.PanicError)
            raise self._told(
                StoreUnavailable(
                    f"The store {self.directory} can't be written ({error}). Check that its disk "
                    "has room and that this user may write; what it holds is still served."
                )
            ) from error
        self.health.note_success()

    def _told(self, error: StoreUnavailable) -> StoreUnavailable:
        self.health.note_failure(str(error))
        return error

    def used_share(self, txn: Txn) -> float:
        """How much of the map the tables take, from 0 to 1."""
        pages = sum(
            stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
            for stat in map(txn.stat, self.all.values())
        )
        share: float = pages * txn.stat(self.meta)["psize"] / self.max_bytes
        return share

    def evict(self, txn: Txn, *, count: int, seconds: float = float("inf")) -> int:
        """Let discarded editions go, then those used least, until so many or the time is up."""
        ends_at = time.monotonic() + seconds
        gone = self.remains.clear(txn, count=count, seconds=seconds)
        while gone < count and time.monotonic() < ends_at:
            key = self.ranks.take_least(txn)
            if key is None:
                break
            self.remove(txn, key)
            gone += 1
        return gone

    def servable(self, txn: Txn, key: bytes) -> memoryview | None:
        """The record at a key, unless it was taken down and only awaits being removed."""
        record = txn.get(key, db=self.editions)
        if record is None or self.remains.hold(txn, key):
            return None
        seen = records.change_of(record)
        if seen < self.number(txn, b"epoch-gone"):
            return None
        return None if self.sweeps.next_for(txn, key, seen, is_gone=True) else record

    def is_stale(self, txn: Txn, key: bytes, record: memoryview) -> bool:
        """Whether a record waits to be printed again."""
        if txn.get(key, db=self.stale) is not None:
            return True
        seen = records.change_of(record)
        if seen < self.number(txn, b"epoch"):
            return True
        return self.sweeps.next_for(txn, key, seen, is_gone=False) > 0

    def empty(self, txn: Txn, *, keeping: Collection[str]) -> None:
        """Drop everything in all tables but some."""
        for name, database in self.all.items():
            if name not in keeping:
                txn.drop(database, delete=False)

    def change_of(self, txn: Txn, key: bytes) -> int:
        """The last change that the edition at a key has seen; 0 if there is none."""
        card = self.ranks.card(txn, key)
        return 0 if card is None else card.change

    def taken_down_at(self, txn: Txn, key: bytes) -> int:
        """The hard change that took a path down; 0 if it is not down."""
        if (card := self.ranks.card(txn, key)) is not None:
            return self.sweeps.next_for(txn, key, card.change, is_gone=True)
        return self.unpacked(txn, key, self.tombstones)

    def write(self, txn: Txn, edition: Edition, record: bytes) -> None:
        """Put a record in place of whatever was at its path."""
        key = key_of(edition.path)
        tags = {tag for tag in edition.tags if not is_epoch(tag)}
        old_tags: set[str] = set()
        if (card := self.ranks.card(txn, key)) is not None:
            old_tags = {tag for tag in self._tags_at(txn, key) if not is_epoch(tag)}
            txn.delete(pack_number(card.change), key, db=self.seen)
        for tag in old_tags - tags:
            txn.delete(key_of(tag), key, db=self.tagged)
        for tag in tags - old_tags:
            txn.put(key_of(tag), key, db=self.tagged)
        self.ranks.enter(txn, key, edition.change)
        txn.put(pack_number(edition.change), key, db=self.seen)
        txn.put(key, record, db=self.editions)
        txn.delete(key, db=self.stale)
        txn.delete(key, db=self.tombstones)

    def remove(self, txn: Txn, key: bytes) -> None:
        """Take a record out, with all that points to it."""
        if (card := self.ranks.card(txn, key)) is None:
            return
        if taken_down_at := self.taken_down_at(txn, key):  # a sweep would have come to it
            txn.put(key, pack_number(taken_down_at), db=self.tombstones)
        for tag in self._tags_at(txn, key):
            txn.delete(key_of(tag), key, db=self.tagged)
        txn.delete(pack_number(card.change), key, db=self.seen)
        txn.delete(key, db=self.stale)
        txn.delete(key, db=self.editions)
        self.ranks.leave(txn, key, card)

    def _tags_at(self, txn: Txn, key: bytes) -> list[str]:
        """The tags of a stored record. A damaged one may hide some: what they leave is harmless."""
        record = txn.get(key, db=self.editions)
        return [] if record is None else records.tags_of(record)

    def count_tagged(self, txn: Txn, tag: str) -> int:
        """How many editions carry a tag. Costs the same for one and for a million."""
        cursor = txn.cursor(self.tagged)
        return cursor.count() if cursor.set_key(key_of(tag)) else 0

    def keys_tagged(self, txn: Txn, tag: str) -> Iterator[bytes]:
        """The keys of editions that carry a tag."""
        cursor = txn.cursor(self.tagged)
        if cursor.set_key(key_of(tag)):
            yield from map(bytes, cursor.iternext_dup())

    def is_tagged(self, txn: Txn, key: bytes, tag: str) -> bool:
        """Whether the edition at a key carries a tag."""
        found: bool = txn.cursor(self.tagged).set_key_dup(key_of(tag), key)
        return found

    def mark(self, txn: Txn, key: bytes, number: int, *, is_gone: bool) -> None:
        """Write a change to one edition, unless its render has seen it."""
        if (card := self.ranks.card(txn, key)) is None or card.change >= number:
            return
        if is_gone:
            number = self.taken_down_at(txn, key) or number
            self.remove(txn, key)
            txn.put(key, pack_number(number), db=self.tombstones)
        else:
            txn.put(key, pack_number(number), overwrite=False, db=self.stale)

    def sweep(self, txn: Txn, sweep: Sweep, *, seconds: float) -> None:
        """Go on with a sweep until the time is up; forget it when it is through."""
        ends_at = time.monotonic() + seconds
        cursor = txn.cursor(self.tagged)
        if sweep.position:
            has_any = cursor.set_range_dup(sweep.tag, sweep.position)
        else:
            has_any = cursor.set_key(sweep.tag)
        found = islice(cursor.iternext_dup(), SWEEP_STEP if has_any else 0)
        keys = [bytes(key) for key in found]
        for key in keys:
            if time.monotonic() >= ends_at:
                self.sweeps.save(txn, sweep._replace(position=key))
                return
            self.mark(txn, key, sweep.change, is_gone=sweep.is_gone)
        if len(keys) == SWEEP_STEP:
            self.sweeps.save(txn, sweep._replace(position=keys[-1]))
        else:
            self.sweeps.end(txn, sweep)

    def oldest_first(self, txn: Txn) -> Iterator[tuple[int, bytes]]:
        """Every edition, as what its render saw and its key."""
        for seen, key in txn.cursor(self.seen):
            yield unpack_number(seen), bytes(key)

    def seen_since(self, txn: Txn, number: int) -> Iterator[bytes]:
        """The keys of editions whose renders have seen a change."""
        cursor = txn.cursor(self.seen)
        if cursor.set_range(pack_number(number)):
            yield from map(bytes, cursor.iternext(keys=False, values=True))

    def paths(self, txn: Txn, keys: Iterable[bytes]) -> Iterator[str]:
        """The paths behind keys, long ones included."""
        for key in keys:
            record = txn.get(key, db=self.editions)
            if record is not None and (path := records.path_of(record)):
                yield path

    def number(self, txn: Txn, name: bytes) -> int:
        """A number of the meta table; 0 if it was never set."""
        return self.unpacked(txn, name, self.meta)

    def set_number(self, txn: Txn, name: bytes, number: int) -> None:
        """Set a number of the meta table."""
        txn.put(name, pack_number(number), db=self.meta)

    def unpacked(self, txn: Txn, key: bytes, database: Any) -> int:
        """A number of any table; 0 if there is none."""
        return unpack_number(txn.get(key, db=database))


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
