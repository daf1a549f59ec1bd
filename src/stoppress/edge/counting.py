"""The counting rules, applied to one report inside the journal's transaction.

docs/reference/counting.md defines them. All workers of a machine write through the one journal, so
a rule holds whichever of them a reader meets; and whatever a report changes is on disk with it, or
nothing of it is.

    recent    30-second slot, reader, article -> last report, the hour and kind it is counted as
    visits    day, visit -> when it was reported, and how it was read so far
    today     day, article, reader -> nothing: who has read what today (article 0: the paper)
    networks  slot, network, article -> views counted from there
    open      article, hour -> Counts not sealed yet
    sources   article, hour, kind, name -> views not sealed yet
    counts    article -> all this node ever counted, by kind, for the live number
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stoppress.edge.errors import ReplayedVisit, UnknownVisit
from stoppress.edge.views import COUNTED, DEPTHS, OF_KIND, SITE, Kind, Stay, View

if TYPE_CHECKING:
    import lmdb

    Transaction = lmdb.Transaction[bytes]

TABLES = ("recent", "visits", "today", "networks", "open", "sources", "counts")

REPEAT_SECONDS = 30  # COUNTER Release 5.1, double-click filtering
ENGAGED_MOST_SECONDS = 1800  # of one visit: whoever reads longer has left the page open
VISIT_DAYS = 1  # beside the present one: so long a visit may report, and a replay is recognised
NETWORK_SECONDS = 600
DAY_HOURS = 24
HOUR_SECONDS = 3600
CLOCK_SLACK_SECONDS = 2  # between the page's clock and ours

_TWO = struct.Struct(">QQ")
_THREE = struct.Struct(">QQQ")
_LAST = struct.Struct(">dQB")  # report, hour, kind
_VISIT = struct.Struct(">dQIBB")  # report, article, engaged, depth, whether stays count
_COUNTS = struct.Struct(f">{len(COUNTED)}q")
_ONE = struct.Struct(">q")
_PLACES = {name: place for place, name in enumerate(COUNTED)}
SOURCE_KINDS = {"referrer": b"r", "country": b"c"}
_KINDS_OF_SOURCES = {mark: kind for kind, mark in SOURCE_KINDS.items()}


class Counting:
    """The rules, over the journal's tables."""

    def __init__(self, tables: Mapping[str, Any], *, most_from_network: int) -> None:
        self._tables = tables
        self._most_from_network = most_from_network

    def take_view(self, txn: Transaction, view: View) -> None:
        """Count a view, unless it is a repeat. Raises ReplayedVisit."""
        known = self._find_visit(txn, view.visit, view.at) if view.visit else None
        if known is not None and abs(view.at - known[0]) >= REPEAT_SECONDS:
            raise ReplayedVisit
        hour, kind = _hour(view.at), view.kind
        last = self._last_report(txn, view)
        if last is not None and abs(view.at - last[0]) < REPEAT_SECONDS:
            latest, hour, kind = self._move(txn, view, last)
        elif known is not None:
            return  # it counts; the reader has another number since, or the clock has leapt
        else:
            latest, kind = view.at, self._count(txn, view)
        key = _THREE.pack(_slot(latest), view.reader, view.article)
        txn.put(key, _LAST.pack(latest, hour, kind), db=self._tables["recent"])
        if view.visit:
            reports = kind == Kind.VIEW and not view.is_private
            found = _VISIT.pack(view.at, view.article, 0, 0, reports)
            txn.put(_visit_key(view.at, view.visit), found, overwrite=False, db=self._visits)

    def take_stay(self, txn: Transaction, stay: Stay) -> None:
        """Add what a visit has read since its last report. Raises UnknownVisit."""
        known = self._find_visit(txn, stay.visit, stay.at)
        if known is None or known[1] != stay.article:
            raise UnknownVisit
        reported_at, article, engaged_before, depth_before, reports = known
        if not reports:
            return
        since = max(0.0, stay.at - reported_at) + 1 + CLOCK_SLACK_SECONDS  # it was seen a second
        engaged = max(engaged_before, min(stay.engaged_seconds, int(since), ENGAGED_MOST_SECONDS))
        depth = max(depth_before, stay.depth_percent)
        added = {name: 1 for percent, name in DEPTHS if depth_before < percent <= depth}
        if engaged > engaged_before:
            added["engaged_seconds"] = engaged - engaged_before
        if added:
            self._add_open(txn, article, _hour(stay.at), added)
            found = _VISIT.pack(reported_at, article, engaged, depth, reports)
            txn.put(_visit_key(reported_at, stay.visit), found, db=self._visits)

    def prune(self, txn: Transaction, now: float, *, at_most: int) -> bool:
        """Drop what no rule can ask for any more, the oldest first: so many rows of each table.

        Returns whether there may be more.
        """
        has_more = False
        oldest = {
            "recent": _slot(now) - 1,
            "visits": _day(now) - VISIT_DAYS,
            "today": _day(now),
            "networks": _network_slot(now),
        }
        for table, first_kept in oldest.items():
            cursor = txn.cursor(self._tables[table])
            for _ in range(at_most):
                if not cursor.first() or int.from_bytes(cursor.key()[:8]) >= first_kept:
                    break
                cursor.delete()
            else:
                has_more = True
        return has_more

    def views(self, txn: Transaction, article: int) -> int:
        """What this node has ever counted as views of an article."""
        counted = txn.get(article.to_bytes(8), db=self._tables["counts"])
        return 0 if counted is None else int(_COUNTS.unpack(counted)[Kind.VIEW])

    # A view

    def _last_report(self, txn: Transaction, view: View) -> tuple[float, int, int] | None:
        """The last report of this reader and article, if it may be within the rule's window."""
        slot, found = _slot(view.at), []
        readers = {view.reader, view.reader if view.reader_before is None else view.reader_before}
        for near in (slot - 1, slot, slot + 1):
            for reader in readers:
                row = txn.get(_THREE.pack(near, reader, view.article), db=self._tables["recent"])
                if row is not None:
                    found.append(_LAST.unpack(row))
        return max(found, default=None)

    def _move(
        self, txn: Transaction, view: View, last: tuple[float, int, int]
    ) -> tuple[float, int, Kind]:
        """A repeat: of two, the later counts, so what was counted may move to its hour."""
        latest, hour, kind = max(last[0], view.at), last[1], Kind(last[2])
        if view.at < last[0]:
            return latest, hour, kind
        new_kind = kind if kind is Kind.DOUBTFUL else view.kind
        if (new_hour := _hour(view.at)) != hour or new_kind != kind:
            self._add_open(txn, view.article, hour, {OF_KIND[kind]: -1})
            self._add_open(txn, view.article, new_hour, {OF_KIND[new_kind]: 1})
            self._add(txn, "counts", view.article.to_bytes(8), {OF_KIND[kind]: -1})
            self._add(txn, "counts", view.article.to_bytes(8), {OF_KIND[new_kind]: 1})
        return latest, new_hour, new_kind

    def _count(self, txn: Transaction, view: View) -> Kind:
        hour, kind = _hour(view.at), self._kind_within_limits(txn, view)
        added = {OF_KIND[kind]: 1}
        if kind is Kind.VIEW and not view.is_private:
            if self._is_new_today(txn, view, view.article):
                added["readers"] = 1
            if self._is_new_today(txn, view, SITE):
                self._add_open(txn, SITE, hour, {"readers": 1})
            self._count_source(txn, view, "referrer", view.referrer)
            self._count_source(txn, view, "country", view.country)
        self._add_open(txn, view.article, hour, added)
        self._add(txn, "counts", view.article.to_bytes(8), {OF_KIND[kind]: 1})
        return kind

    def _kind_within_limits(self, txn: Transaction, view: View) -> Kind:
        if view.kind is not Kind.VIEW or not view.network:
            return view.kind
        key = _THREE.pack(_network_slot(view.at), view.network, view.article)
        counted = _unpack_one(txn.get(key, db=self._tables["networks"]))
        if counted >= self._most_from_network:
            return Kind.DOUBTFUL
        txn.put(key, _ONE.pack(counted + 1), db=self._tables["networks"])
        return Kind.VIEW

    def _is_new_today(self, txn: Transaction, view: View, article: int) -> bool:
        key = _THREE.pack(_day(view.at), article, view.reader)
        return bool(txn.put(key, b"", overwrite=False, db=self._tables["today"]))

    def _count_source(self, txn: Transaction, view: View, kind: str, name: str) -> None:
        if not name:
            return
        prefix = _TWO.pack(view.article, _hour(view.at)) + SOURCE_KINDS[kind]
        key = prefix + name.encode()
        counted = _unpack_one(txn.get(key, db=self._tables["sources"]))
        txn.put(key, _ONE.pack(counted + 1), db=self._tables["sources"])

    # Rows

    @property
    def _visits(self) -> Any:
        return self._tables["visits"]

    def _find_visit(
        self, txn: Transaction, visit: int, now: float
    ) -> tuple[float, int, int, int, int] | None:
        for day in range(_day(now) - VISIT_DAYS, _day(now) + 1):  # the first report decides
            if found := txn.get(_TWO.pack(day, visit), db=self._visits):
                return _VISIT.unpack(found)
        return None

    def _add_open(
        self, txn: Transaction, article: int, hour: int, added: Mapping[str, int]
    ) -> None:
        self._add(txn, "open", _TWO.pack(article, hour), added)

    def _add(self, txn: Transaction, table: str, key: bytes, added: Mapping[str, int]) -> None:
        found = txn.get(key, db=self._tables[table])
        counts = [0] * len(COUNTED) if found is None else list(_COUNTS.unpack(found))
        for name, number in added.items():
            counts[_PLACES[name]] += number
        txn.put(key, _COUNTS.pack(*counts), db=self._tables[table])


def unpack_counts(row: bytes) -> tuple[int, ...]:
    """A row of `open` or `counts`, in the order of Counts."""
    return _COUNTS.unpack(row)


def unpack_article_hour(key: bytes) -> tuple[int, int]:
    """A key of `open`, or the start of one of `sources`."""
    article, hour = _TWO.unpack_from(key)
    return article, hour


def unpack_source(key: bytes, counted: bytes) -> tuple[int, int, str, str, int]:
    """A row of `sources` as (article, hour, kind, name, views)."""
    article, hour = _TWO.unpack_from(key)
    kind = _KINDS_OF_SOURCES[key[_TWO.size : _TWO.size + 1]]
    return article, hour, kind, key[_TWO.size + 1 :].decode(), _unpack_one(counted)


def _unpack_one(row: bytes | None) -> int:
    return 0 if row is None else int(_ONE.unpack(row)[0])


def _hour(at: float) -> int:
    return int(at) // HOUR_SECONDS * HOUR_SECONDS


def _day(at: float) -> int:
    return int(at) // (DAY_HOURS * HOUR_SECONDS)


def _slot(at: float) -> int:
    return max(1, int(at // REPEAT_SECONDS))


def _network_slot(at: float) -> int:
    return int(at) // NETWORK_SECONDS


def _visit_key(at: float, visit: int) -> bytes:
    return _TWO.pack(_day(at), visit)
