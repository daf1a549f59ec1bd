"""Recount: hold the totals in the database against the journals they were shipped from.

Comparing changes nothing and may go on while views are counted: the totals are read as of one
moment, and batches that they have by then never change. Mending adds what is missing and takes away
what is too much, in one transaction, while those machines' shipping waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from stoppress.edge.journal import Journal
from stoppress.edge.views import COUNTED
from stoppress.press.snapshot import frozen_database
from stoppress.readership import retention, totals
from stoppress.readership.models import AppliedBatch, ArticleHour, NodeTotal, SourceDay
from stoppress.readership.rebuilding import (
    HOUR_SECONDS,
    Account,
    Hour,
    Source,
    absent_nodes,
    account_of,
    first_proven,
    shared_articles,
)

_DAY = timedelta(days=1)
_EVERY_COUNT = tuple(enumerate(COUNTED))
_VIEWS_ONLY = ((COUNTED.index("views"), "views"),)


@dataclass(frozen=True, slots=True)
class Difference:
    """A number in the totals that is not what the batches add up to."""

    article: int
    what: str  # the name of a count, or the kind and name of a source
    where: str  # the hour, the day, or the machine
    has: int
    due: int


@dataclass(slots=True)
class Recount:
    """What was compared, and what differs."""

    accounts: list[Account]
    absent: list[str]  # machines whose journals were not at hand
    proven_from: datetime | None = None  # None: from the beginning
    compared: int = 0  # rows of the totals, and rows they should have
    not_proven: int = 0  # rows left as they are
    differences: list[Difference] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of the journals themselves

    @property
    def agrees(self) -> bool:
        """Whether all that can be proven is right."""
        return not self.differences and not self.faults


def compare(journals: list[Journal]) -> Recount:
    """Compare the totals with what these journals say of them."""
    with frozen_database():
        return _Comparison(journals).run()


def mend(journals: list[Journal]) -> Recount:
    """Put the totals right where they are proven wrong; returns what was wrong.

    Printed counts follow by their rule, as after any other move of a total.
    """
    with transaction.atomic():
        nodes = [journal.node for journal in journals]
        list(AppliedBatch.objects.select_for_update().filter(node__in=nodes))
        comparison = _Comparison(journals)
        recount = comparison.run()
        totals.correct(comparison.hours, comparison.sources, comparison.node_views)
    return recount


class _Comparison:
    """One walk over the totals. Notes by how much each row is wrong."""

    def __init__(self, journals: list[Journal]) -> None:
        accounts = [account_of(journal) for journal in journals]
        self._usable = [account for account in accounts if not account.is_behind]
        self._kept_from = int(retention.proven_from(timezone.now()).timestamp())
        absent = absent_nodes(account.node for account in self._usable)
        self._shared = shared_articles(absent)
        self._counts = _VIEWS_ONLY if absent else _EVERY_COUNT
        self.recount = Recount(accounts, absent, first_proven(self._usable))
        self.hours: dict[Hour, list[int]] = {}
        self.sources: dict[Source, int] = {}
        self.node_views: dict[tuple[int, str], int] = {}

    def run(self) -> Recount:
        """Compare hours, sources and the machines' totals."""
        for account in self.recount.accounts:
            self._look_at(account)
        if self._usable:
            self._compare_hours()
            self._compare_sources()
        for account in self._usable:
            self._compare_node(account)
        return self.recount

    def _look_at(self, account: Account) -> None:
        if account.is_behind:
            self.recount.faults.append(
                f"The totals have batch {account.applied} of {account.node}, but its journal ends "
                f"at {account.newest}: the journal was put back from a backup. Move it away and "
                "let a new one begin; what it counts now is taken for repeats."
            )
        if account.missing:
            self.recount.faults.append(
                f"{account.missing} batches are missing among those that {account.node} keeps."
            )

    def _compare_hours(self) -> None:
        due = _summed(account.hours for account in self._usable)
        for row in self._hours_in_totals():
            key = (row.article_id, int(row.hour.timestamp()))
            has = [getattr(row, name) for name in COUNTED]
            self._compare_hour(key, has, due.pop(key, [0] * len(COUNTED)))
        for key, counts in due.items():
            self._compare_hour(key, [0] * len(COUNTED), counts)

    def _hours_in_totals(self) -> Iterator[ArticleHour]:
        rows = ArticleHour.objects.all()
        if self.recount.proven_from is not None:
            rows = rows.filter(hour__gte=self.recount.proven_from)
        return rows.order_by("article_id", "hour").iterator()

    def _compare_hour(self, key: Hour, has: list[int], due: list[int]) -> None:
        article, hour = key
        if not self._is_proven(article, hour):
            self.recount.not_proven += 1
            return
        self.recount.compared += 1
        delta = [0] * len(COUNTED)
        for place, name in self._counts:
            if has[place] != due[place]:
                delta[place] = due[place] - has[place]
                where = f"{datetime.fromtimestamp(hour, UTC):%Y-%m-%d %H:00} UTC"
                self._note(Difference(article, name, where, has[place], due[place]))
        if any(delta):
            self.hours[key] = delta

    def _compare_sources(self) -> None:
        due: dict[Source, int] = {}
        for account in self._usable:
            for key, views in account.sources.items():
                due[key] = due.get(key, 0) + views
        rows = SourceDay.objects.order_by("article_id", "day", "kind", "name")
        if self.recount.proven_from is not None:
            rows = rows.filter(day__gte=self.recount.proven_from.date())
        for row in rows.iterator():
            found = (row.article_id, row.day, row.kind, row.name)
            self._compare_source(found, row.views, due.pop(found, 0))
        for key, views in due.items():
            self._compare_source(key, 0, views)

    def _compare_source(self, key: Source, has: int, due: int) -> None:
        article, day, kind, name = key
        if not all(self._is_proven(article, hour) for hour in _hours_around(day)):
            self.recount.not_proven += 1
            return
        self.recount.compared += 1
        if has != due:
            self.sources[key] = due - has
            self._note(Difference(article, f"{kind} {name}", day.isoformat(), has, due))

    def _compare_node(self, account: Account) -> None:
        """The journal's own count of an article's views, which it never drops."""
        rows = NodeTotal.objects.filter(node=account.node)
        has = dict(rows.values_list("article_id", "views"))
        for article in sorted(account.views.keys() | has.keys()):
            self.recount.compared += 1
            found, due = has.get(article, 0), account.views.get(article, 0)
            if found != due:
                self.node_views[article, account.node] = due - found
                self._note(Difference(article, "views", f"machine {account.node}", found, due))

    def _is_proven(self, article: int, hour: int) -> bool:
        if article in self._shared or hour < self._kept_from:
            return False
        return all(account.proves(hour) for account in self._usable)

    def _note(self, difference: Difference) -> None:
        self.recount.differences.append(difference)


def _summed(parts: Iterator[dict[Hour, list[int]]]) -> dict[Hour, list[int]]:
    found: dict[Hour, list[int]] = {}
    for part in parts:
        for key, counts in part.items():
            before = found.get(key)
            found[key] = counts if before is None else list(map(int.__add__, before, counts))
    return found


def _hours_around(day: date) -> range:
    """The hours of a day in whatever time zone: half a day more at both ends."""
    start = int(datetime.combine(day, time(), UTC).timestamp())
    half = int(_DAY.total_seconds()) // 2
    return range(start - half, start + 3 * half + 2 * HOUR_SECONDS, HOUR_SECONDS)
