"""The journal: every counted view of this node, on disk before it is acknowledged.

Views arrive one by one and are written in groups, one transaction and one fsync each, in a thread:
the event loop never waits for the disk. The repeat rule (COUNTER Release 5.1, double-clicks) is
applied inside the transaction, so several workers count as one. Hours that have collected counts
are sealed into numbered batches; whoever ships them may send one twice, its number tells.

    meta     format, node, the last batch's number
    recent   30-second slot, reader, article -> time of the last report (older slots are pruned)
    open     article, hour -> counts not sealed yet
    counts   article -> all this node ever counted, for the live number
    bases    article -> what was counted elsewhere: opening balance and the other nodes
    batches  number -> rows
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lmdb

from stoppress.edge.environments import close_environment, open_environment
from stoppress.edge.errors import JournalUnavailable, JournalVersionMismatch

FORMAT = "1"
MAP_BYTES = 8 * 2**30  # address space, not disk
REPEAT_SECONDS = 30  # COUNTER R5.1: two reports closer than this are one view, the later one
MOST_IN_A_GROUP = 4096

_DATABASES = ("meta", "recent", "open", "counts", "bases", "batches")
_NUMBER = struct.Struct(">Q")
_RECENT = struct.Struct(">QQQ")
_TIME = struct.Struct(">d")
_ARTICLE_HOUR = struct.Struct(">QQ")
_COUNTS = struct.Struct(">QQQ")

if TYPE_CHECKING:
    Transaction = lmdb.Transaction[bytes]


class Kind(IntEnum):
    """Whose view it was. Only readers' views are views; the others are counted apart."""

    VIEW = 0
    ROBOT = 1
    STAFF = 2


@dataclass(frozen=True, slots=True)
class View:
    """One report that an article was read. `at` is UTC seconds, `reader` see `Journal.reader`."""

    article: int
    at: float
    reader: int
    kind: Kind = Kind.VIEW


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed counts. Rows are (article, hour as UTC epoch seconds, views, robots, staff)."""

    node: str
    number: int
    rows: tuple[tuple[int, int, int, int, int], ...]


class Journal:
    """This node's journal, shared by its edge workers and whoever ships it."""

    def __init__(self, directory: Path, environment: lmdb.Environment, reader_key: bytes) -> None:
        self.directory = directory
        self._environment = environment
        self._reader_key = reader_key
        self._db = {name: environment.open_db(name.encode()) for name in _DATABASES}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[View, asyncio.Future[int]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.node = self._agree_on_format()

    @classmethod
    def open(cls, directory: Path, *, reader_key: bytes = b"") -> Self:
        """Open or make the folder. Raises JournalUnavailable, JournalVersionMismatch."""
        try:
            environment = open_environment(
                directory, map_bytes=MAP_BYTES, databases=len(_DATABASES), metasync=True
            )
        except (lmdb.Error, OSError) as error:
            raise JournalUnavailable(
                f"The journal {directory} can't be opened ({error}). Grant this user read and "
                "write access to it, or name another folder."
            ) from error
        try:
            return cls(directory, environment, reader_key)
        except BaseException:
            close_environment(directory)
            raise

    def close(self) -> None:
        """Finish the group being written and give the folder back."""
        self._thread.shutdown()
        close_environment(self.directory)

    def reader(self, address: str, user_agent: str, at: float) -> int:
        """A number for a reader that means nothing without the key, nor on another day (UTC)."""
        day = datetime.fromtimestamp(at, UTC).date().isoformat()
        text = f"{day}\n{address}\n{user_agent}".encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(text, digest_size=8, key=self._reader_key)
        return int.from_bytes(digest.digest())

    async def append(self, view: View) -> int:
        """Make a view durable; return the article's count, this view included if it counts.

        Raises JournalUnavailable: the view is then not counted and must not be acknowledged.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((view, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_groups())
        return await done

    def counts(self, article: int) -> int:
        """The article's live number: counted here, and by base elsewhere."""
        with self._transaction(write=False) as txn:
            return self._live_count(txn, article)

    def seal(self) -> Batch | None:
        """Close what was counted since the last seal as the next batch; None if nothing was."""
        with self._transaction(write=True) as txn:
            rows = tuple(
                (*_ARTICLE_HOUR.unpack(key), *_COUNTS.unpack(counts))
                for key, counts in txn.cursor(self._db["open"])
            )
            if not rows:
                return None
            number = _unpack(txn.get(b"batch", db=self._db["meta"])) + 1
            txn.put(b"batch", _NUMBER.pack(number), db=self._db["meta"])
            txn.put(_NUMBER.pack(number), json.dumps(rows).encode(), db=self._db["batches"])
            txn.drop(self._db["open"], delete=False)
        return Batch(self.node, number, rows)

    def batches_after(self, number: int) -> Iterator[Batch]:
        """The sealed batches above a number, in order."""
        while True:
            with self._transaction(write=False) as txn:
                cursor = txn.cursor(self._db["batches"])
                if not cursor.set_range(_NUMBER.pack(number + 1)):
                    return
                number = _unpack(cursor.key())
                rows = tuple(tuple(row) for row in json.loads(cursor.value()))
            yield Batch(self.node, number, rows)

    def forget(self, up_to_number: int) -> None:
        """Drop batches that are safe in the database."""
        with self._transaction(write=True) as txn:
            cursor = txn.cursor(self._db["batches"])
            cursor.first()
            while cursor.key() and _unpack(cursor.key()) <= up_to_number:
                cursor.delete()

    def set_base(self, article: int, base: int) -> None:
        """Say what was counted elsewhere: opening balance plus the totals of other nodes."""
        self.set_bases({article: base})

    def set_bases(self, bases: Mapping[int, int]) -> None:
        """As `set_base`, for many articles in one transaction."""
        with self._transaction(write=True) as txn:
            for article, base in bases.items():
                txn.put(_NUMBER.pack(article), _NUMBER.pack(base), db=self._db["bases"])

    async def _write_groups(self) -> None:
        """Write what waits, group after group; while one goes to disk, the next collects."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = (
                self._waiting[:MOST_IN_A_GROUP],
                self._waiting[MOST_IN_A_GROUP:],
            )
            views = [view for view, _ in group]
            try:
                counts = await loop.run_in_executor(self._thread, self._write, views)
            except Exception as error:  # whatever it is, those who wait must hear of it
                for _, done in group:
                    if not done.done():
                        done.set_exception(JournalUnavailable(str(error)))
            else:
                for (_, done), count in zip(group, counts, strict=True):
                    if not done.done():
                        done.set_result(count)

    def _write(self, views: Sequence[View]) -> list[int]:
        with self._transaction(write=True) as txn:
            for view in views:
                if not self._is_repeat(txn, view):
                    self._count(txn, view)
            self._prune(txn, views[-1].at, at_most=2 * len(views) + 64)
            return [self._live_count(txn, view.article) for view in views]

    def _is_repeat(self, txn: Transaction, view: View) -> bool:
        """The repeat rule; each report moves the window, whether it counts or not."""
        slot = _slot(view.at)
        last = 0.0
        for near in (slot - 1, slot, slot + 1):
            found = txn.get(_RECENT.pack(near, view.reader, view.article), db=self._db["recent"])
            if found is not None:
                last = max(last, _TIME.unpack(found)[0])
        latest = max(last, view.at)
        txn.put(
            _RECENT.pack(_slot(latest), view.reader, view.article),
            _TIME.pack(latest),
            db=self._db["recent"],
        )
        return bool(last) and abs(view.at - last) < REPEAT_SECONDS

    def _count(self, txn: Transaction, view: View) -> None:
        hour = int(view.at) // 3600 * 3600
        self._add(txn, "open", _ARTICLE_HOUR.pack(view.article, hour), view.kind)
        self._add(txn, "counts", _NUMBER.pack(view.article), view.kind)

    def _add(self, txn: Transaction, table: str, key: bytes, kind: Kind) -> None:
        found = txn.get(key, db=self._db[table])
        counts = [0, 0, 0] if found is None else list(_COUNTS.unpack(found))
        counts[kind] += 1
        txn.put(key, _COUNTS.pack(*counts), db=self._db[table])

    def _prune(self, txn: Transaction, now: float, *, at_most: int) -> None:
        cursor = txn.cursor(self._db["recent"])
        if not cursor.first():
            return
        for _ in range(at_most):
            key = cursor.key()
            if not key or _RECENT.unpack(key)[0] >= _slot(now) - 1:
                return
            cursor.delete()

    def _live_count(self, txn: Transaction, article: int) -> int:
        key = _NUMBER.pack(article)
        counted = txn.get(key, db=self._db["counts"])
        views = 0 if counted is None else int(_COUNTS.unpack(counted)[Kind.VIEW])
        return views + _unpack(txn.get(key, db=self._db["bases"]))

    def _agree_on_format(self) -> str:
        meta = self._db["meta"]
        with self._transaction(write=True) as txn:
            found = txn.get(b"format", db=meta)
            if found is None:
                txn.put(b"format", FORMAT.encode(), db=meta)
                txn.put(b"node", secrets.token_hex(8).encode(), db=meta)
            elif found != FORMAT.encode():
                raise JournalVersionMismatch(
                    self.directory, found.decode("utf-8", "replace"), FORMAT
                )
            return (txn.get(b"node", db=meta) or b"").decode()

    @contextlib.contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Transaction]:
        try:
            with self._environment.begin(write=write) as txn:
                yield txn
        except lmdb.Error as error:
            raise JournalUnavailable(
                f"The journal {self.directory} can't be used ({error}). Views are not counted "
                "until its disk has room and this user may write there."
            ) from error


def _slot(at: float) -> int:
    return max(1, int(at // REPEAT_SECONDS))


def _unpack(number: bytes | None) -> int:
    return 0 if number is None else int(_NUMBER.unpack(number)[0])
