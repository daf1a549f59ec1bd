"""The journal: every counted view of this node, on disk before it is acknowledged.

Reports arrive one by one and are written in groups, one transaction and one fsync each, in a
thread: the event loop never waits for the disk. The counting rules are applied inside the
transaction (see counting.py), so several workers count as one. Hours that have collected counts are
sealed into numbered batches; whoever ships them may send one twice, its number tells.

    meta     format, node, the last batch's number
    bases    article -> what was counted elsewhere: opening balance and the other nodes
    batches  number -> rows
    forgotten  hour -> nothing: batches that were dropped had counts in it
    and the tables of counting.py
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lmdb

from stoppress.edge import counting
from stoppress.edge.counting import Counting, unpack_article_hour, unpack_counts
from stoppress.edge.environments import close_environment, open_environment
from stoppress.edge.errors import JournalUnavailable, JournalVersionMismatch, ReportRefused
from stoppress.edge.views import Batch, Stay, View

FORMAT = "2"
MAP_BYTES = 8 * 2**30  # address space, not disk
MOST_IN_A_GROUP = 4096
MOST_FROM_NETWORK = 200  # views of an article in ten minutes; see counting.py
PRUNED_AT_ONCE = 64
TIDIED_AT_ONCE = 4096  # rows of each table, in which views wait some milliseconds

_DATABASES = ("meta", "bases", "batches", "forgotten", *counting.TABLES)
_NUMBER = struct.Struct(">Q")

if TYPE_CHECKING:
    Transaction = lmdb.Transaction[bytes]

Report = View | Stay


class Journal:
    """This node's journal, shared by its edge workers and whoever ships it."""

    def __init__(
        self, directory: Path, environment: lmdb.Environment, most_from_network: int
    ) -> None:
        self.directory = directory
        self._environment = environment
        self._db = {name: environment.open_db(name.encode()) for name in _DATABASES}
        self._counting = Counting(self._db, most_from_network=most_from_network)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[Report, asyncio.Future[int]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.node = self._agree_on_format()

    @classmethod
    def open(cls, directory: Path, *, most_from_network: int = MOST_FROM_NETWORK) -> Self:
        """Open or make the folder. Raises JournalUnavailable, JournalVersionMismatch.

        `most_from_network` is how many views of an article one network may add in ten minutes.
        """
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
            return cls(directory, environment, most_from_network)
        except BaseException:
            close_environment(environment)
            raise

    def close(self) -> None:
        """Finish the group being written and give the folder back."""
        self._thread.shutdown()
        close_environment(self._environment)

    async def append(self, report: Report) -> int:
        """Make a report durable; return the article's count, this view included if it counts.

        Raises ReportRefused if a rule refuses it, and JournalUnavailable: it is then not counted
        and must not be acknowledged.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((report, done))
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
                (*unpack_article_hour(key), *unpack_counts(counts))
                for key, counts in txn.cursor(self._db["open"])
            )
            sources = tuple(counting.unpack_source(*row) for row in txn.cursor(self._db["sources"]))
            if not rows and not sources:
                return None
            number = _unpack(txn.get(b"batch", db=self._db["meta"])) + 1
            txn.put(b"batch", _NUMBER.pack(number), db=self._db["meta"])
            sealed = json.dumps({"rows": rows, "sources": sources}).encode()
            txn.put(_NUMBER.pack(number), sealed, db=self._db["batches"])
            txn.drop(self._db["open"], delete=False)
            txn.drop(self._db["sources"], delete=False)
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
        has_more = True
        while has_more:
            with self._transaction(write=True) as txn:
                has_more = self._counting.prune(txn, now, at_most=TIDIED_AT_ONCE)

    def forgotten_hours(self) -> set[int]:
        """The hours (UTC seconds) that can't be added up any more from the batches kept."""
        with self._transaction(write=False) as txn:
            return {_unpack(hour) for hour, _ in txn.cursor(self._db["forgotten"])}

    def is_sealed(self) -> bool:
        """Whether all that was counted is in batches."""
        with self._transaction(write=False) as txn:
            return not any(txn.stat(self._db[name])["entries"] for name in ("open", "sources"))

    def shipped_views(self, articles: Collection[int], up_to_number: int) -> dict[int, int]:
        """The views of articles in all batches up to a number, whether these are kept or not.

        From the count that is kept beside the batches for the live number, so that one can be held
        against the other.
        """
        with self._transaction(write=False) as txn:
            views = {article: self._counting.views(txn, article) for article in articles}
            later = [
                unpack_article_hour(k) + unpack_counts(v) for k, v in txn.cursor(self._db["open"])
            ]
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
            reports = [report for report, _ in group]
            try:
                answers = await loop.run_in_executor(self._thread, self._write, reports)
            except Exception as error:  # whatever it is, those who wait must hear of it
                answers = [JournalUnavailable(str(error))] * len(group)
            for (_, done), answer in zip(group, answers, strict=True):
                if done.done():
                    continue
                if isinstance(answer, Exception):
                    done.set_exception(answer)
                else:
                    done.set_result(answer)

    def _write(self, reports: Sequence[Report]) -> list[int | Exception]:
        """Apply the rules to a group and commit it; answer each with a count, or why not."""
        with self._transaction(write=True) as txn:
            refused = [self._take(txn, report) for report in reports]
            self._counting.prune(txn, reports[-1].at, at_most=2 * len(reports) + PRUNED_AT_ONCE)
            return [
                why or self._live_count(txn, report.article)
                for report, why in zip(reports, refused, strict=True)
            ]

    def _take(self, txn: Transaction, report: Report) -> ReportRefused | None:
        try:
            if isinstance(report, Stay):
                self._counting.take_stay(txn, report)
            else:
                self._counting.take_view(txn, report)
        except ReportRefused as refused:
            return refused
        return None

    def _live_count(self, txn: Transaction, article: int) -> int:
        base = _unpack(txn.get(_NUMBER.pack(article), db=self._db["bases"]))
        return base + self._counting.views(txn, article)

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


def _hours(sealed: dict[str, list[list[int]]]) -> set[int]:
    return {row[1] for row in chain(sealed["rows"], sealed["sources"])}


def _unpack(number: bytes | None) -> int:
    return 0 if number is None else int(_NUMBER.unpack(number)[0])
