"""The counting rules, applied to one report inside the journal's transaction.

docs/reference/counting.md defines them. All workers of a machine write through the one journal, so
a rule holds whichever of them a reader meets; and whatever a report changes is on disk with it, or
nothing of it is. What the rules remember are rows (see rows.py), what they count goes to tallies:

    recent    30-second slot, reader, article -> last report, the hour and kind it is counted as
    visits    day, visit -> when it was reported, and how it was read so far
    today     day, reader, article -> nothing: who has read what today (article 0: the paper)
    networks  slot, network, article -> views counted from there
    counts    article -> all this node ever counted, by kind, for the live number
"""

from __future__ import annotations

import struct

from stoppress.edge.errors import ReplayedVisit, UnknownVisit
from stoppress.edge.rows import Rows, Table
from stoppress.edge.tallies import Tallies
from stoppress.edge.views import COUNTED, DEPTHS, SITE, Kind, Refusals, Stay, View

REPEAT_SECONDS = 30  # COUNTER Release 5.1, double-click filtering
ENGAGED_MOST_SECONDS = 1800  # of one visit: whoever reads longer has left the page open
VISIT_DAYS = 1  # beside the present one: so long a visit may report, and a replay is recognised
NETWORK_SECONDS = 600
HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS
CLOCK_SLACK_SECONDS = 2  # between the page's clock and ours

_NUMBER = struct.Struct(">Q")  # a visit, or an article
_PAIR = struct.Struct(">QQ")  # a reader or network, and an article
_LAST = struct.Struct(">dQB")  # report, hour, kind
_VISIT = struct.Struct(">dQIBB")  # report, article, engaged, depth, whether stays count
_COUNTED_FROM = struct.Struct(">I")
_COUNTS = struct.Struct(f">{len(Kind)}q")
_NOTHING_COUNTED = bytes(_COUNTS.size)
_ENGAGED, _READERS = COUNTED.index("engaged_seconds"), COUNTED.index("readers")
_DEPTHS = tuple((percent, COUNTED.index(name)) for percent, name in DEPTHS)

RECENT, VISITS, TODAY, NETWORKS, COUNTS = range(5)


def _table(name: str, key: struct.Struct, value_bytes: int, *periods: int) -> Table:
    return Table(name, struct.Struct(f"{key.size}s{value_bytes}s"), *periods)


TABLES = (
    _table("recent", _PAIR, _LAST.size, REPEAT_SECONDS, 1),
    _table("visits", _NUMBER, _VISIT.size, DAY_SECONDS, VISIT_DAYS),
    _table("today", _PAIR, 0, DAY_SECONDS, 0),
    _table("networks", _PAIR, _COUNTED_FROM.size, NETWORK_SECONDS, 0),
    _table("counts", _NUMBER, _COUNTS.size),
)

Visit = tuple[float, int, int, int, int]


class Counting:
    """The rules, over rows and tallies."""

    def __init__(self, rows: Rows, *, most_from_network: int) -> None:
        self._rows = rows
        self._most_from_network = most_from_network
        self.begin()

    def begin(self) -> None:
        """Begin a group, after its rows."""
        self.tallies = Tallies()
        self._counted: dict[int, list[int]] = {}  # article -> counts, as far as the group asks

    def end(self) -> None:
        """Put what the group counted into rows."""
        for article, counts in self._counted.items():
            self._rows.put(COUNTS, 0, _NUMBER.pack(article), _COUNTS.pack(*counts))

    def take_view(self, view: View) -> None:
        """Count a view, unless it is a repeat. Raises ReplayedVisit."""
        at = view.at
        day, hour = int(at // DAY_SECONDS), int(at // HOUR_SECONDS) * HOUR_SECONDS
        known = self._find_visit(view.visit, day) if view.visit else None
        if known is not None and abs(at - known[0]) >= REPEAT_SECONDS:
            raise ReplayedVisit
        key = _PAIR.pack(view.reader, view.article)
        last = self._last_report(view, key)
        if last is not None and abs(at - last[0]) < REPEAT_SECONDS:
            latest, counted_hour, kind = self._move(view, last, hour)
        elif known is not None:
            return  # it counts; the reader has another number since, or the clock has leapt
        else:
            latest, counted_hour, kind = at, hour, self._count(view, day, hour)
        self._rows.put(RECENT, _slot(latest), key, _LAST.pack(latest, counted_hour, kind))
        if view.visit and known is None:
            reports = kind == Kind.VIEW and not view.is_private
            found = _VISIT.pack(at, view.article, 0, 0, reports)
            self._rows.put(VISITS, day, _NUMBER.pack(view.visit), found)

    def take_stay(self, stay: Stay) -> None:
        """Add what a visit has read since its last report. Raises UnknownVisit."""
        known = self._find_visit(stay.visit, int(stay.at // DAY_SECONDS))
        if known is None or known[1] != stay.article:
            raise UnknownVisit
        reported_at, article, engaged_before, depth_before, reports = known
        if not reports:
            return
        since = max(0.0, stay.at - reported_at) + 1 + CLOCK_SLACK_SECONDS  # it was seen a second
        engaged = max(engaged_before, min(stay.engaged_seconds, int(since), ENGAGED_MOST_SECONDS))
        depth = max(depth_before, stay.depth_percent)
        if (engaged, depth) == (engaged_before, depth_before):
            return
        hour = int(stay.at // HOUR_SECONDS) * HOUR_SECONDS
        for percent, place in _DEPTHS:
            if depth_before < percent <= depth:
                self.tallies.add(article, hour, place, 1)
        if engaged > engaged_before:
            self.tallies.add(article, hour, _ENGAGED, engaged - engaged_before)
        found = _VISIT.pack(reported_at, article, engaged, depth, reports)
        day = int(reported_at // DAY_SECONDS)
        self._rows.put(VISITS, day, _NUMBER.pack(stay.visit), found)

    def take_refusals(self, refusals: Refusals) -> None:
        """Count what was refused: apart, so that editors know of it."""
        hour = int(refusals.at // HOUR_SECONDS) * HOUR_SECONDS
        self.tallies.add_source(SITE, hour, "refused", refusals.reason, refusals.reports)

    def views(self, article: int) -> int:
        """What this node has ever counted as views of an article."""
        return self._counts_of(article)[Kind.VIEW]

    # A view

    def _last_report(self, view: View, key: bytes) -> tuple[float, int, int] | None:
        """The last report of this reader and article, if it may be within the rule's window."""
        get, slot = self._rows.get, _slot(view.at)
        keys = [key]
        if view.reader_before is not None:
            keys.append(_PAIR.pack(view.reader_before, view.article))
        found = [
            _LAST.unpack(row)
            for near in (slot - 1, slot, slot + 1)
            for each in keys
            if (row := get(RECENT, near, each)) is not None
        ]
        return max(found, default=None)

    def _move(
        self, view: View, last: tuple[float, int, int], new_hour: int
    ) -> tuple[float, int, int]:
        """A repeat: of two, the later counts, so what was counted may move to its hour."""
        latest, hour, kind = last
        if view.at < latest:
            return last
        new_kind = kind if kind == Kind.DOUBTFUL else view.kind
        if new_hour != hour or new_kind != kind:
            self._add(view.article, hour, kind, -1)
            self._add(view.article, new_hour, new_kind, 1)
        return view.at, new_hour, new_kind

    def _count(self, view: View, day: int, hour: int) -> int:
        article, kind = view.article, self._kind_within_limits(view)
        self._add(article, hour, kind, 1)
        if kind == Kind.VIEW and not view.is_private:
            if self._is_new_today(day, view.reader, article):
                self.tallies.add(article, hour, _READERS, 1)
                if self._is_new_today(day, view.reader, SITE):
                    self.tallies.add(SITE, hour, _READERS, 1)
            if view.referrer:
                self.tallies.add_source(article, hour, "referrer", view.referrer)
            if view.country:
                self.tallies.add_source(article, hour, "country", view.country)
        return kind

    def _kind_within_limits(self, view: View) -> int:
        if view.kind != Kind.VIEW or not view.network:
            return view.kind
        key, period = _PAIR.pack(view.network, view.article), int(view.at // NETWORK_SECONDS)
        row = self._rows.get(NETWORKS, period, key)
        counted = 0 if row is None else _COUNTED_FROM.unpack(row)[0]
        if counted >= self._most_from_network:
            return Kind.DOUBTFUL
        self._rows.put(NETWORKS, period, key, _COUNTED_FROM.pack(counted + 1))
        return view.kind

    def _is_new_today(self, day: int, reader: int, article: int) -> bool:
        key = _PAIR.pack(reader, article)
        if self._rows.get(TODAY, day, key) is not None:
            return False
        self._rows.put(TODAY, day, key, b"")
        return True

    # Rows

    def _find_visit(self, visit: int, day: int) -> Visit | None:
        key = _NUMBER.pack(visit)
        for near in range(day - VISIT_DAYS, day + 1):  # the first report decides
            if found := self._rows.get(VISITS, near, key):
                return _VISIT.unpack(found)
        return None

    def _add(self, article: int, hour: int, kind: int, number: int) -> None:
        self.tallies.add(article, hour, kind, number)  # kinds are the first counts, in their order
        self._counts_of(article)[kind] += number

    def _counts_of(self, article: int) -> list[int]:
        counts = self._counted.get(article)
        if counts is None:
            row = self._rows.get(COUNTS, 0, _NUMBER.pack(article))
            counts = list(_COUNTS.unpack(row or _NOTHING_COUNTED))
            self._counted[article] = counts
        return counts


def _slot(at: float) -> int:
    return max(1, int(at // REPEAT_SECONDS))
