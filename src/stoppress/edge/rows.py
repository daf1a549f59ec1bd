"""What the counting rules remember, written in order first and sorted later.

The rules ask for rows by random keys. Put into a tree one by one, each would cost a page of the
disk; so a group's rows are written behind one another as one *record*, and are kept in memory until
there are enough to sort. Then they are folded into the tables, a slice with each group, and the
records that held them are dropped. Whoever opens the journal reads the records that are left, and
whoever writes reads first what others have written since: at the end of `begin` all processes of a
machine know the same.

A row is folded with the value it has then, never with an older one, so it does no harm if two
processes fold it. It belongs to the *period* in which it matters. Each table lies in four, by
period; one whose period is over is emptied as a whole, which takes no time by row.

    redo      number -> a record: rows of each table and period
    meta      folded -> up to which record all is in the tables, how often anything was folded,
              and for which period each table stands
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import lmdb

    Transaction = lmdb.Transaction[bytes]

SLOTS = 4
FOLD_AT_ROWS = 200_000  # some 40 MB of memory; a worker reads them in a tenth of a second
FOLD_AFTER_SECONDS = 60.0  # a reader's row is not kept longer because few read
FOLD_STEPS = 800  # groups at most until all is folded
FOLD_FOR_EACH = 1.25  # that was written, so that folding ends before there are as many again
RUN_ROWS = 256  # of one table, put at once
SHARED_OUT_AT_ONCE = 2048  # keys, for a sort that would keep views waiting; takes as long as a run
SHARES = 64  # by the highest bits of a key
LEFT_TO_OTHERS = 3  # times FOLD_AT_ROWS are kept while another process is folding

_NUMBER = struct.Struct(">Q")
_PART = struct.Struct(">BII")  # of a record: table, period, bytes of rows


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. Without a period they are kept, and asked for by period 0."""

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


_Periods = dict[int, dict[bytes, bytes]]  # rows by key, by period


class Period:
    """The rows of a table in one period, for as long as a transaction lasts."""

    __slots__ = ("_changed", "_database", "_find", "_rows")

    def __init__(
        self,
        rows: dict[bytes, bytes],
        changed: dict[bytes, bytes],
        database: Any,
        find: Callable[..., bytes | None],
    ) -> None:
        self._rows, self._changed = rows, changed
        self._database, self._find = database, find

    def get(self, key: bytes) -> bytes | None:
        """A row, or None."""
        found = self._rows.get(key)
        if found is None and self._database is not None:
            return self._find(key, db=self._database)
        return found

    def put(self, key: bytes, value: bytes) -> None:
        """Set a row."""
        self._rows[key] = self._changed[key] = value


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
        self._folded = struct.Struct(f">QQ{len(tables) * SLOTS}I")
        self.forget()

    def forget(self) -> None:
        """Know nothing, as after a transaction that did not come to its end."""
        self._memory = self._nothing()
        self._queue: Iterator[_Run] | None = None  # what is left to fold
        self._queue_up_to = 0
        self._start_young()
        self._seen = self._folded_to = self._folds = 0
        self._periods = [0] * (len(self._tables) * SLOTS)
        self._filled: list[dict[int, Any]] = [{} for _ in self._tables]  # tables by period

    def begin(self, txn: Transaction) -> None:
        """Learn what others have written. Before anything is asked for in a transaction."""
        self._get = txn.get
        self._changed = self._nothing()
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

    def of(self, table: int, period: int) -> Period:
        """The rows of a table in a period. After `begin`, to the end of the transaction."""
        return Period(
            self._memory[table][period],
            self._changed[table][period],
            self._filled[table].get(period),
            self._get,
        )

    def end(self, txn: Transaction, now: float) -> None:
        """Write what was put, and fold a slice. `now` is in UTC seconds."""
        changed = self._write_record(txn)
        if changed:
            self._young_rows += changed
            self._young_since = self._young_since or now
        if self._queue is None and self._has_enough(now):
            self._queue_all()
        if self._queue is not None:
            at_most = max(self._fold_at_rows // FOLD_STEPS, int(FOLD_FOR_EACH * changed))
            self._fold(txn, now, at_most)

    def fold_some(self, txn: Transaction, now: float, at_most: int) -> bool:
        """Fold what is in memory, and drop what is over. After `begin`, with nothing put.

        Returns whether there is more.
        """
        if self._queue is None and self._young_rows:
            self._queue_all()
        if self._queue is not None:
            self._fold(txn, now, at_most)
        else:
            self._empty_expired(txn, now)
            self._note_folded(txn)
        return self._queue is not None

    # Records

    def _write_record(self, txn: Transaction) -> int:
        """Write what was put as the next record; returns how many rows that is."""
        parts: list[bytes] = []
        written = 0
        for number, periods in enumerate(self._changed):
            for period, rows in periods.items():
                if rows:
                    part = b"".join(chain.from_iterable(rows.items()))
                    parts += (_PART.pack(number, period, len(part)), part)
                    written += len(rows)
        if parts:
            self._seen += 1
            record = b"".join(parts)
            txn.put(_NUMBER.pack(self._seen), record, append=True, db=self._redo)
        return written

    def _take(self, record: bytes) -> None:
        """Read a record as it was written."""
        at = 0
        while at < len(record):
            number, period, length = _PART.unpack_from(record, at)
            at += _PART.size
            row = self._tables[number].row
            self._memory[number][period].update(row.iter_unpack(record[at : at + length]))
            self._young_rows += length // row.size
            at += length

    def _note_filled(self, txn: Transaction) -> None:
        """Which tables have rows at all: most are asked for what they can't have."""
        for number, databases in enumerate(self._databases):
            self._filled[number] = {
                self._periods[number * SLOTS + slot]: database
                for slot, database in enumerate(databases)
                if txn.stat(database)["entries"]
            }

    # Folding

    def _has_enough(self, now: float) -> bool:
        """Whether it is time to fold; if another process does, only when memory says so."""
        if self._others_fold:
            return self._young_rows >= LEFT_TO_OTHERS * self._fold_at_rows
        is_old = self._young_since and abs(now - self._young_since) >= FOLD_AFTER_SECONDS
        return bool(is_old) or self._young_rows >= self._fold_at_rows

    def _nothing(self) -> list[_Periods]:
        return [defaultdict(dict) for _ in self._tables]

    def _start_young(self) -> None:
        self._young_rows = 0
        self._young_since = 0.0

    def _queue_all(self) -> None:
        self._queue, self._queue_up_to = _runs(self._memory), self._seen
        self._start_young()

    def _fold(self, txn: Transaction, now: float, at_most: int) -> None:
        left = at_most
        for number, period, keys in self._queue or ():
            if self._tables[number].asks_for(period, now):
                take = self._memory[number][period].pop
                rows = [(key, row) for key in keys if (row := take(key, None)) is not None]
                txn.cursor(self._database_for(txn, number, period)).putmulti(rows)
            else:
                self._memory[number].pop(period, None)
                if self._periods[number * SLOTS + period % SLOTS] == period:
                    self._empty(txn, number, period % SLOTS, 0)  # what is there is older yet
            left -= len(keys) or RUN_ROWS
            if left <= 0:
                break
        else:
            self._drop_records(txn)
            self._empty_expired(txn, now)
        self._note_folded(txn)

    def _database_for(self, txn: Transaction, table: int, period: int) -> Any:
        """The table for a period; emptied, if it was another's (a clock may be set back)."""
        slot = period % SLOTS
        if self._periods[table * SLOTS + slot] != period:
            self._empty(txn, table, slot, period)
        return self._filled[table].setdefault(period, self._databases[table][slot])

    def _empty(self, txn: Transaction, table: int, slot: int, period: int) -> None:
        txn.drop(self._databases[table][slot], delete=False)
        place = table * SLOTS + slot
        self._filled[table].pop(self._periods[place], None)
        self._periods[place] = period

    def _empty_expired(self, txn: Transaction, now: float) -> None:
        for number, table in enumerate(self._tables):
            for period in list(self._filled[number]):
                if not table.asks_for(period, now):
                    self._empty(txn, number, period % SLOTS, 0)

    def _drop_records(self, txn: Transaction) -> None:
        cursor = txn.cursor(self._redo)
        cursor.first()
        while cursor.key() and int.from_bytes(cursor.key()) <= self._queue_up_to:
            cursor.delete()
        self._folded_to, self._queue = self._queue_up_to, None
        for periods in self._memory:
            for period in [period for period, rows in periods.items() if not rows]:
                del periods[period]

    def _note_folded(self, txn: Transaction) -> None:
        self._folds += 1
        known = self._folded.pack(self._folded_to, self._folds, *self._periods)
        txn.put(b"folded", known, db=self._meta)


_Run = tuple[int, int, list[bytes]]  # table, period, keys in order; none if keys were shared out


def _runs(memory: list[_Periods]) -> Iterator[_Run]:
    """All keys as short runs to be put at once. Nothing that takes long is done for one of them."""
    for number, periods in enumerate(memory):
        for period in list(periods):
            keys = list(periods.get(period, ()))
            shares: Iterable[list[bytes]] = [keys]
            if len(keys) > SHARED_OUT_AT_ONCE:
                shares = [[] for _ in range(SHARES)]
                for start in range(0, len(keys), SHARED_OUT_AT_ONCE):
                    for key in keys[start : start + SHARED_OUT_AT_ONCE]:
                        shares[key[0] * SHARES // 256].append(key)
                    yield number, period, []
            for share in shares:
                share.sort()
                for start in range(0, len(share), RUN_ROWS):
                    yield number, period, share[start : start + RUN_ROWS]
