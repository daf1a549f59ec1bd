"""The journal: every counted view of this node, on disk before it is acknowledged.

Reports are written in groups (see groups.py), one transaction and one fsync each. The counting
rules are applied inside the transaction (see counting.py), so workers count as one. What was
counted is sealed into numbered batches; whoever ships them may send one twice, its number tells.

    meta     format, node, the last batch's number, what was folded (see rows.py), when bases moved
    bases    article -> what was counted elsewhere: opening balance and the other nodes
    tallies  number -> what a group counted, not sealed yet (see tallies.py)
    batches  number -> rows
    forgotten  hour -> nothing: batches that were dropped had counts in it
    redo, and the tables of counting.py: what the rules remember
"""

from __future__ import annotations

import contextlib
import json
import secrets
import struct
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lmdb

from stoppress.edge.counting import TABLES, Counting
from stoppress.edge.environments import close_environment, open_environment, open_tables
from stoppress.edge.errors import (
    JournalUnavailable,
    JournalVersionMismatch,
    ReportRefused,
)
from stoppress.edge.machines import claim
from stoppress.edge.rows import Rows
from stoppress.edge.tallies import Tallies
from stoppress.edge.views import Batch, Refusals, Stay, View

FORMAT = "4"
MAP_BYTES = 8 * 2**30  # address space, not disk
MOST_FROM_NETWORK = 200  # views of an article in ten minutes; see counting.py
TALLIES_ADDED_UP = 16  # at once; so few lie apart, though a clock that is dead seals none
MOST_BASES = 100_000  # kept in memory
TIDIED_AT_ONCE = 4096  # rows, in which views wait some milliseconds
TIDY_STEPS = 100

_DATABASES = (
    *("meta", "bases", "batches", "forgotten", "tallies", "redo"),
    *(name for table in TABLES for name in table.names()),
)
_NUMBER = struct.Struct(">Q")

if TYPE_CHECKING:
    Transaction = lmdb.Transaction[bytes]

Report = View | Stay | Refusals
Answer = int | ReportRefused | JournalUnavailable  # a count, or why the report was not taken


class Journal:
    """This node's journal, shared by those who write it for edge workers and whoever ships it."""

    def __init__(
        self, directory: Path, environment: lmdb.Environment, most_from_network: int
    ) -> None:
        self.directory = directory
        self._environment = environment
        self._db = open_tables(environment, _DATABASES, create=True)
        self._rows = Rows(TABLES, self._db)
        self._counting = Counting(self._rows, most_from_network=most_from_network)
        self._bases: dict[int, int] = {}
        self._bases_moved = b""
        self._lock = threading.Lock()  # one transaction at a time knows the rows
        self.node = self._agree_on_format()

    @classmethod
    def open(cls, directory: Path, *, most_from_network: int = MOST_FROM_NETWORK) -> Self:
        """Open or make the folder.

        `most_from_network` is how many views of an article one network may add in ten minutes.
        Raises JournalUnavailable, JournalVersionMismatch, JournalOfAnotherMachine.
        """
        try:
            claim(directory)
            environment = open_environment(
                directory, map_bytes=MAP_BYTES, databases=len(_DATABASES), metasync=True
            )
        except (lmdb.Error, OSError) as error:
            raise JournalUnavailable(
                f"The journal {directory} can't be opened ({error}). Grant this user read and "
                "write access to it, make room on its disk, or name another folder."
            ) from error
        try:
            return cls(directory, environment, most_from_network)
        except BaseException:
            close_environment(environment)
            raise

    def close(self) -> None:
        """Give the folder back."""
        close_environment(self._environment)

    def counts(self, article: int) -> int:
        """The article's live number: counted here, and by base elsewhere."""
        with self._lock, self._knowing(write=False) as txn:
            self._counting.begin()
            return self._live_counts(txn, {article})[article]

    def seal(self) -> Batch | None:
        """Close what was counted since the last seal as the next batch; None if nothing was."""
        with self._transaction(write=True) as txn:
            tallies = self._tallied(txn)
            if not tallies:
                return None
            rows, sources = tallies.rows(), tallies.sources()
            number = _unpack(txn.get(b"batch", db=self._db["meta"])) + 1
            txn.put(b"batch", _NUMBER.pack(number), db=self._db["meta"])
            sealed = json.dumps({"rows": rows, "sources": sources}).encode()
            txn.put(_NUMBER.pack(number), sealed, db=self._db["batches"])
            txn.drop(self._db["tallies"], delete=False)
        return Batch(self.node, number, rows, sources)

    def batches_after(self, number: int) -> Iterator[Batch]:
        """The sealed batches above a number, in order."""
        while True:
            with self._transaction(write=False) as txn:
                cursor = txn.cursor(self._db["batches"])
                if not cursor.set_range(_NUMBER.pack(number + 1)):
                    return
                number = _unpack(cursor.key())
                sealed = json.loads(cursor.value())
            yield Batch(
                self.node,
                number,
                tuple(map(tuple, sealed["rows"])),
                tuple(map(tuple, sealed["sources"])),
            )

    def forget(self, up_to_number: int) -> None:
        """Drop batches that are safe in the database. Which hours they were of stays known."""
        with self._transaction(write=True) as txn:
            cursor = txn.cursor(self._db["batches"])
            cursor.first()
            while cursor.key() and _unpack(cursor.key()) <= up_to_number:
                for hour in _hours(json.loads(cursor.value())):
                    txn.put(_NUMBER.pack(hour), b"", db=self._db["forgotten"])
                cursor.delete()

    def tidy(self, now: float) -> None:
        """Drop what was remembered of a day that is over, though nobody reads. `now` in seconds."""
        for _ in range(TIDY_STEPS):
            with self._lock, self._knowing(write=True) as txn:
                if not self._rows.fold_some(txn, now, TIDIED_AT_ONCE):
                    return

    def forgotten_hours(self) -> set[int]:
        """The hours (UTC seconds) that can't be added up any more from the batches kept."""
        with self._transaction(write=False) as txn:
            return {_unpack(hour) for hour, _ in txn.cursor(self._db["forgotten"])}

    def is_sealed(self) -> bool:
        """Whether all that was counted is in batches."""
        with self._transaction(write=False) as txn:
            return not txn.stat(self._db["tallies"])["entries"]

    def shipped_views(self, articles: Collection[int], up_to_number: int) -> dict[int, int]:
        """The views of articles in all batches up to a number, whether these are kept or not.

        From the count that is kept beside the batches for the live number, so that one can be held
        against the other.
        """
        with self._lock, self._knowing(write=False) as txn:
            self._counting.begin()
            views = {article: self._counting.views(article) for article in articles}
            later = list(self._tallied(txn).rows())
            cursor = txn.cursor(self._db["batches"])
            if cursor.set_range(_NUMBER.pack(up_to_number + 1)):
                later += chain.from_iterable(json.loads(v)["rows"] for _, v in cursor)
        for article, _, viewed, *_ in later:
            if article in views:
                views[article] -= viewed
        return views

    def set_base(self, article: int, base: int) -> None:
        """Say what was counted elsewhere: opening balance plus the totals of other nodes."""
        self.set_bases({article: base})

    def set_bases(self, bases: Mapping[int, int]) -> None:
        """As `set_base`, for many articles in one transaction."""
        meta = self._db["meta"]
        with self._transaction(write=True) as txn:
            for article, base in bases.items():
                txn.put(_NUMBER.pack(article), _NUMBER.pack(base), db=self._db["bases"])
            txn.put(b"moved", _NUMBER.pack(_unpack(txn.get(b"moved", db=meta)) + 1), db=meta)

    def write(self, reports: Sequence[Report]) -> list[Answer]:
        """Make reports durable, in one transaction; answer each with its article's count, or why
        it was refused. Raises JournalUnavailable: then none of them counts.

        A count includes all reports of the group.
        """
        with self._lock, self._knowing(write=True) as txn:
            self._counting.begin()
            refused = [self._take(report) for report in reports]
            counts = self._live_counts(txn, {report.article for report in reports})
            self._note_tallies(txn)
            self._counting.end()
            self._rows.end(txn, reports[-1].at)
            return [
                why or counts[report.article] for report, why in zip(reports, refused, strict=True)
            ]

    def _take(self, report: Report) -> ReportRefused | None:
        try:
            if isinstance(report, Stay):
                self._counting.take_stay(report)
            elif isinstance(report, Refusals):
                self._counting.take_refusals(report)
            else:
                self._counting.take_view(report)
        except ReportRefused as refused:
            return refused
        return None

    def _live_counts(self, txn: Transaction, articles: set[int]) -> dict[int, int]:
        moved = txn.get(b"moved", db=self._db["meta"]) or b""
        if moved != self._bases_moved or len(self._bases) > MOST_BASES:
            self._bases, self._bases_moved = {}, moved
        for article in articles - self._bases.keys():
            self._bases[article] = _unpack(txn.get(_NUMBER.pack(article), db=self._db["bases"]))
        return {
            article: self._bases[article] + self._counting.views(article) for article in articles
        }

    def _note_tallies(self, txn: Transaction) -> None:
        """Write what the group counted behind what those before it counted.

        Sixteen of them become one, sixteen of these become one again, and so on: no group adds up
        all, and who seals finds few.
        """
        tallies, database = self._counting.tallies, self._db["tallies"]
        if not tallies:
            return
        cursor = txn.cursor(database)
        number = _unpack(cursor.key()) + 1 if cursor.last() else 1
        span = 1
        while number % (span * TALLIES_ADDED_UP) == 0:
            span *= TALLIES_ADDED_UP
        while cursor.last() and _unpack(cursor.key()) > number - span:
            tallies.add_packed(cursor.value())
            cursor.delete()
        txn.put(_NUMBER.pack(number), tallies.pack(), db=database)

    def _tallied(self, txn: Transaction) -> Tallies:
        tallies = Tallies()
        for packed in txn.cursor(self._db["tallies"]).iternext(keys=False):
            tallies.add_packed(packed)
        return tallies

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
    def _knowing(self, *, write: bool) -> Iterator[Transaction]:
        """A transaction in which the rows know what the disk does; nothing more, if it fails."""
        try:
            with self._transaction(write=write) as txn:
                self._rows.begin(txn)
                yield txn
        except BaseException:
            self._rows.forget()
            raise

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


def _hours(sealed: dict[str, list[list[int]]]) -> set[int]:
    return {row[1] for row in chain(sealed["rows"], sealed["sources"])}


def _unpack(number: bytes | None) -> int:
    return 0 if number is None else int(_NUMBER.unpack(number)[0])
