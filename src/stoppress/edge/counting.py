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
from dataclasses import dataclass

from stoppress.edge.errors import ReplayedVisit, UnknownVisit
from stoppress.edge.rows import Period, Rows, Table
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


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a report within one slot asks for, and where it is put."""

    hour: int
    recent: Period
    near: tuple[Period, ...]  # recent, and the slots before and after it
    visits: Period
    known_visits: tuple[Period, ...]
    today: Period
    networks: Period


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
        self._moments: dict[int, _Moment] = {}  # by slot

    def end(self) -> None:
        """Put what the group counted into rows."""
        counts_by_article = self._rows.of(COUNTS, 0)
        for article, counts in self._counted.items():
            counts_by_article.put(_NUMBER.pack(article), _COUNTS.pack(*counts))

    def take_view(self, view: View) -> None:
        """Count a view, unless it is a repeat. Raises ReplayedVisit."""
        at, moment = view.at, self._moment(view.at)
        visit = _NUMBER.pack(view.visit)
        known = _find_visit(moment, visit) if view.visit else None
        if known is not None and abs(at - known[0]) >= REPEAT_SECONDS:
            raise ReplayedVisit
        key = _PAIR.pack(view.reader, view.article)
        last = _last_report(moment, key)
        if view.reader_before is not None:
            before = _last_report(moment, _PAIR.pack(view.reader_before, view.article))
            last = max(filter(None, (last, before)), default=None)
        if last is not None and abs(at - last[0]) < REPEAT_SECONDS:
            moved = self._move(view, last, moment.hour)
            self._moment(moved[0]).recent.put(key, _LAST.pack(*moved))
            kind = moved[2]
        elif known is not None:
            return  # it counts; the reader has another number since, or the clock has leapt
        else:
            kind = self._count(view, moment, key)
            moment.recent.put(key, _LAST.pack(at, moment.hour, kind))
        if view.visit and known is None:
            reports = kind == Kind.VIEW and not view.is_private
            moment.visits.put(visit, _VISIT.pack(at, view.article, 0, 0, reports))

    def take_stay(self, stay: Stay) -> None:
        """Add what a visit has read since its last report. Raises UnknownVisit."""
        moment, visit = self._moment(stay.at), _NUMBER.pack(stay.visit)
        known = _find_visit(moment, visit)
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
        for percent, place in _DEPTHS:
            if depth_before < percent <= depth:
                self.tallies.add(article, moment.hour, place, 1)
        if engaged > engaged_before:
            self.tallies.add(article, moment.hour, _ENGAGED, engaged - engaged_before)
        found = _VISIT.pack(reported_at, article, engaged, depth, reports)
        self._rows.of(VISITS, int(reported_at // DAY_SECONDS)).put(visit, found)

    def take_refusals(self, refusals: Refusals) -> None:
        """Count what was refused: apart, so that editors know of it."""
        hour = int(refusals.at // HOUR_SECONDS) * HOUR_SECONDS
        self.tallies.add_source(SITE, hour, "refused", refusals.reason, refusals.reports)

    def views(self, article: int) -> int:
        """What this node has ever counted as views of an article."""
        return self._counts_of(article)[Kind.VIEW]

    # A view

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

    def _count(self, view: View, moment: _Moment, key: bytes) -> int:
        article, hour, kind = view.article, moment.hour, self._kind_within_limits(view, moment)
        self._add(article, hour, kind, 1)
        if kind == Kind.VIEW and not view.is_private:
            if _is_new(moment.today, key):
                self.tallies.add(article, hour, _READERS, 1)
                if _is_new(moment.today, _PAIR.pack(view.reader, SITE)):
                    self.tallies.add(SITE, hour, _READERS, 1)
            if view.referrer:
                self.tallies.add_source(article, hour, "referrer", view.referrer)
            if view.country:
                self.tallies.add_source(article, hour, "country", view.country)
        return kind

    def _kind_within_limits(self, view: View, moment: _Moment) -> int:
        if view.kind != Kind.VIEW or not view.network:
            return view.kind
        key = _PAIR.pack(view.network, view.article)
        row = moment.networks.get(key)
        counted = 0 if row is None else _COUNTED_FROM.unpack(row)[0]
        if counted >= self._most_from_network:
            return Kind.DOUBTFUL
        moment.networks.put(key, _COUNTED_FROM.pack(counted + 1))
        return view.kind

    # Rows

    def _moment(self, at: float) -> _Moment:
        slot = max(1, int(at // REPEAT_SECONDS))
        return self._moments.get(slot) or self._begin_moment(slot)

    def _begin_moment(self, slot: int) -> _Moment:
        of, seconds = self._rows.of, slot * REPEAT_SECONDS
        day = seconds // DAY_SECONDS
        before, recent, after = (of(RECENT, near) for near in (slot - 1, slot, slot + 1))
        known_visits = [of(VISITS, near) for near in range(day - VISIT_DAYS, day + 1)]
        moment = self._moments[slot] = _Moment(
            hour=seconds // HOUR_SECONDS * HOUR_SECONDS,
            recent=recent,
            near=(before, recent, after),
            visits=known_visits[-1],
            known_visits=tuple(known_visits),
            today=of(TODAY, day),
            networks=of(NETWORKS, seconds // NETWORK_SECONDS),
        )
        return moment

    def _add(self, article: int, hour: int, kind: int, number: int) -> None:
        self.tallies.add(article, hour, kind, number)  # kinds are the first counts, in their order
        self._counts_of(article)[kind] += number

    def _counts_of(self, article: int) -> list[int]:
        counts = self._counted.get(article)
        if counts is None:
            row = self._rows.of(COUNTS, 0).get(_NUMBER.pack(article))
            counts = list(_COUNTS.unpack(row or _NOTHING_COUNTED))
            self._counted[article] = counts
        return counts


def _find_visit(moment: _Moment, visit: bytes) -> Visit | None:
    for period in moment.known_visits:  # the first report decides
        if found := period.get(visit):
            return _VISIT.unpack(found)
    return None


def _last_report(moment: _Moment, key: bytes) -> tuple[float, int, int] | None:
    """The last report of a reader and article, if it may be within the rule's window."""
    last = None
    for period in moment.near:
        if (row := period.get(key)) is not None:
            found = _LAST.unpack(row)
            last = found if last is None else max(last, found)
    return last


def _is_new(today: Period, key: bytes) -> bool:
    if today.get(key) is not None:
        return False
    today.put(key, b"")
    return True
