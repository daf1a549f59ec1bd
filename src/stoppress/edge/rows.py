"""What the counting rules remember, written in order first and sorted later.

The rules ask for rows by random keys. Put into a tree one by one, each would cost a page of the
disk; so a group's rows are written behind one another as one *record*, and are kept in memory until
there are enough to sort. Then they are folded into the tables, a slice with each group, and the
records that held them are dropped. Whoever opens the journal reads the records that are left, and
whoever writes reads first what others have written since: at the end of `begin` all processes of a
machine know the same.

A row is folded with the value it has then, never with an older one, so it does no harm if two
processes fold it. Keys begin with the period in which they matter. Each table lies in four, by
period; one whose period is over is emptied as a whole, which takes no time by row.

    redo      number -> a record: rows of each table
    meta      folded -> up to which record all is in the tables, how often anything was folded,
              and for which period each table stands
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import lmdb

    Transaction = lmdb.Transaction[bytes]

SLOTS = 4  # a power of two: the last byte of a period tells its slot
FOLD_AT_ROWS = 100_000  # some 20 MB of memory; a worker reads them in a fifth of a second
FOLD_AFTER_SECONDS = 60.0  # a reader's row is not kept longer because few read
FOLD_STEPS = 400  # groups at most until all is folded
FOLD_FOR_EACH = 2  # that was written, so that folding ends before there are as many again
RUN_ROWS = 256  # of one table, put at once
LEFT_TO_OTHERS = 3  # times FOLD_AT_ROWS are kept while another process is folding

_NUMBER = struct.Struct(">Q")
_PERIOD_OF = itemgetter(slice(0, 4))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. Keys begin with their period (four bytes); 0 is for what is kept."""

    name: str
    row: struct.Struct  # key, then value, both as bytes
    period_seconds: int = 0
    periods_kept: int = 0  # before the present one

    def period(self, at: float) -> int:
        """The period of a moment, from 1 on."""
        return max(1, int(at // self.period_seconds)) if self.period_seconds else 0

    def asks_for(self, period: int, now: float) -> bool:
        """Whether a rule may ask for rows of a period; not for those of a clock that was wrong."""
        present = self.period(now)
        return present - self.periods_kept <= period <= present + 1

    def names(self) -> Iterator[str]:
        """What it is called on disk."""
        return (f"{self.name}{slot}" for slot in range(SLOTS if self.period_seconds else 1))


class Rows:
    """The rows of all tables as of one process' last transaction."""

    _young_since: (
        float  # the oldest row of the young was put then, in UTC seconds; 0: there is none
    )

    def __init__(
        self,
        tables: tuple[Table, ...],
        databases: Mapping[str, Any],
        *,
        fold_at_rows: int = FOLD_AT_ROWS,
    ) -> None:
        self._tables = tables
        self._fold_at_rows = fold_at_rows
        self._redo, self._meta = databases["redo"], databases["meta"]
        self._databases = [[databases[name] for name in table.names()] for table in tables]
        self._head = struct.Struct(f">{len(tables)}I")
        self._folded = struct.Struct(f">QQ{len(tables) * SLOTS}I")
        self.forget()

    def forget(self) -> None:
        """Know nothing, as after a transaction that did not come to its end."""
        self._old: list[dict[bytes, bytes]] = [{} for _ in self._tables]
        self._queue: Iterator[_Run] | None = None  # what is left to fold of it
        self._old_up_to = 0
        self._start_young()
        self._seen = self._folded_to = self._folds = 0
        self._periods = [0] * (len(self._tables) * SLOTS)
        self._filled: list[list[Any]] = [[None] * SLOTS for _ in self._tables]

    def begin(self, txn: Transaction) -> None:
        """Learn what others have written. Before anything is asked for in a transaction."""
        self._get = txn.get
        self._changed: list[dict[bytes, bytes]] = [{} for _ in self._tables]
        folded_to, folds, *periods = self._folded.unpack(
            txn.get(b"folded", db=self._meta) or bytes(self._folded.size)
        )
        if folded_to > self._folded_to:  # by another: keep in memory what it left in the records
            self.forget()
            self._seen = folded_to
        self._others_fold = folds != self._folds
        if self._others_fold or not folds:
            self._folded_to, self._folds, self._periods = folded_to, folds, periods
            self._note_filled(txn)
        cursor = txn.cursor(self._redo)
        if cursor.set_range(_NUMBER.pack(self._seen + 1)):
            for number, record in cursor:
                self._take(record)
                self._seen = int.from_bytes(number)

    def get(self, table: int, key: bytes) -> bytes | None:
        """A row, or None."""
        found = self._young[table].get(key)
        if found is None:
            found = self._old[table].get(key)
            if found is None and (database := self._filled[table][key[3] % SLOTS]) is not None:
                return self._get(key, db=database)
        return found

    def put(self, table: int, key: bytes, value: bytes) -> None:
        """Set a row."""
        self._young[table][key] = self._changed[table][key] = value

    def end(self, txn: Transaction, now: float) -> None:
        """Write what was put, and fold a slice. `now` is in UTC seconds."""
        changed = sum(map(len, self._changed))
        if changed:
            parts = [b"".join(chain.from_iterable(rows.items())) for rows in self._changed]
            head = self._head.pack(*map(len, parts))
            self._seen += 1
            record = head + b"".join(parts)
            txn.put(_NUMBER.pack(self._seen), record, append=True, db=self._redo)
            self._young_rows += changed
            if not self._young_since:
                self._young_since = now
        if self._queue is None and self._has_enough(now):
            self._rotate()
        if self._queue is not None:
            self._fold(txn, now, max(self._fold_at_rows // FOLD_STEPS, FOLD_FOR_EACH * changed))

    def fold_some(self, txn: Transaction, now: float, at_most: int) -> bool:
        """Fold what is in memory, and drop what is over. After `begin`, with nothing put.

        Returns whether there is more.
        """
        if self._queue is None and self._young_rows:
            self._rotate()
        if self._queue is not None:
            self._fold(txn, now, at_most)
        else:
            self._empty_expired(txn, now)
            self._note_folded(txn)
        return self._queue is not None

    # Following

    def _take(self, record: bytes) -> None:
        """Read a record as it was written."""
        lengths, at = self._head.unpack_from(record), self._head.size
        for rows, table, length in zip(self._young, self._tables, lengths, strict=True):
            rows.update(table.row.iter_unpack(record[at : at + length]))
            self._young_rows += length // table.row.size
            at += length

    def _note_filled(self, txn: Transaction) -> None:
        """Which tables have rows at all: most are asked for what they can't have."""
        self._filled = [
            [database if txn.stat(database)["entries"] else None for database in databases]
            + [None] * (SLOTS - len(databases))
            for databases in self._databases
        ]

    # Folding

    def _has_enough(self, now: float) -> bool:
        """Whether it is time to fold; if another process does, only when memory says so."""
        if self._others_fold:
            return self._young_rows >= LEFT_TO_OTHERS * self._fold_at_rows
        is_old = self._young_since and abs(now - self._young_since) >= FOLD_AFTER_SECONDS
        return bool(is_old) or self._young_rows >= self._fold_at_rows

    def _start_young(self) -> None:
        self._young: list[dict[bytes, bytes]] = [{} for _ in self._tables]
        self._young_rows = 0
        self._young_since = 0.0

    def _rotate(self) -> None:
        self._old, self._old_up_to = self._young, self._seen
        self._start_young()
        self._queue = _runs(self._old)

    def _fold(self, txn: Transaction, now: float, at_most: int) -> None:
        left = at_most
        for run in self._queue or ():
            number, period, keys = run
            table, newest, old = self._tables[number], self._young[number].get, self._old[number]
            if table.asks_for(period, now):
                rows = [(key, newest(key, old[key])) for key in keys]
                txn.cursor(self._database_for(txn, number, period)).putmulti(rows)
            elif self._periods[number * SLOTS + period % SLOTS] == period:
                self._empty(txn, number, period % SLOTS, 0)  # what is there is older yet
            left -= len(keys)
            if left <= 0:
                break
        else:
            self._drop_records(txn)
            self._empty_expired(txn, now)
        self._note_folded(txn)

    def _database_for(self, txn: Transaction, table: int, period: int) -> Any:
        """The table for a period; emptied, if it was another's (a clock may be set back)."""
        slot, place = period % SLOTS, table * SLOTS + period % SLOTS
        database = self._databases[table][slot]
        if self._periods[place] != period:
            self._empty(txn, table, slot, period)
        self._filled[table][slot] = database
        return database

    def _empty(self, txn: Transaction, table: int, slot: int, period: int) -> None:
        txn.drop(self._databases[table][slot], delete=False)
        self._periods[table * SLOTS + slot] = period
        self._filled[table][slot] = None

    def _empty_expired(self, txn: Transaction, now: float) -> None:
        for number, table in enumerate(self._tables):
            for slot in range(SLOTS if table.period_seconds else 0):
                period = self._periods[number * SLOTS + slot]
                if self._filled[number][slot] and not table.asks_for(period, now):
                    self._empty(txn, number, slot, 0)

    def _drop_records(self, txn: Transaction) -> None:
        cursor = txn.cursor(self._redo)
        cursor.first()
        while cursor.key() and int.from_bytes(cursor.key()) <= self._old_up_to:
            cursor.delete()
        self._folded_to = self._old_up_to
        self._old, self._queue = [{} for _ in self._tables], None

    def _note_folded(self, txn: Transaction) -> None:
        self._folds += 1
        known = self._folded.pack(self._folded_to, self._folds, *self._periods)
        txn.put(b"folded", known, db=self._meta)


_Run = tuple[int, int, list[bytes]]  # table, period, keys in order


def _runs(tables: list[dict[bytes, bytes]]) -> Iterator[_Run]:
    """All keys as short runs to be put at once; each table is sorted when its turn has come."""
    for number, rows in enumerate(tables):
        for period, keys in groupby(sorted(rows), key=_PERIOD_OF):
            run = list(keys)
            for start in range(0, len(run), RUN_ROWS):
                yield number, int.from_bytes(period), run[start : start + RUN_ROWS]
