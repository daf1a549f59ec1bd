"""Rebuilding: what the totals have to be, added up anew from the batches that journals keep.

A row of the totals is *proven* if every batch that could have added to it is at hand. Batches are
kept for a while only, and a journal knows of which hours it has dropped some: these stay as they
are. So do hours to which a machine adds whose journal is not at hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from stoppress.edge.journal import Journal
from stoppress.edge.views import COUNTED, Batch
from stoppress.readership import totals
from stoppress.readership.models import AppliedBatch, NodeTotal

HOUR_SECONDS = 3600

Hour = tuple[int, int]  # article, hour in UTC seconds
Source = tuple[int, date, str, str]  # article, day, kind, name


@dataclass(slots=True)
class Account:
    """What one journal says of the batches that the totals have."""

    node: str
    folder: str
    applied: int  # the last batch that the totals have
    newest: int  # the last batch of the journal
    oldest: int = 0  # the oldest batch kept; 0 if none is
    missing: int = 0  # batches between those kept that are not there
    unshipped: int = 0  # batches that the totals don't have yet
    is_sealed: bool = True  # whether all that was counted is in batches
    forgotten: set[int] = field(default_factory=set)  # hours of batches that were dropped
    blind_until: int = 0  # hours before this one may have been in batches dropped unnoted
    hours: dict[Hour, list[int]] = field(default_factory=dict)
    sources: dict[Source, int] = field(default_factory=dict)
    views: dict[int, int] = field(default_factory=dict)  # by article, all batches up to `applied`

    @property
    def is_whole(self) -> bool:
        """Whether every batch there ever was is at hand."""
        return not self.missing and (self.oldest == 1 or not self.newest)

    @property
    def is_behind(self) -> bool:
        """Whether the totals have batches that this journal never sealed: it was put back."""
        return self.applied > self.newest

    def proves(self, hour: int) -> bool:
        """Whether every batch with counts of an hour is at hand."""
        return hour not in self.forgotten and hour >= self.blind_until

    def take(self, batch: Batch) -> None:
        """Add a batch up."""
        for article, hour, *counts in batch.rows:
            before = self.hours.setdefault((article, hour), [0] * len(COUNTED))
            for place, number in enumerate(counts):
                before[place] += number
        for source, number in totals.by_day(batch.sources).items():
            self.sources[source] = self.sources.get(source, 0) + number


def account_of(journal: Journal) -> Account:
    """Add up a journal's batches as far as the totals have them.

    In one unchanging view of the database; that counting and shipping go on does no harm.
    """
    applied = totals.last_batch(journal.node)
    found = Account(journal.node, str(journal.directory), applied, newest=0)
    before = 0
    for batch in journal.batches_after(0):
        if not found.oldest:
            found.oldest = batch.number
        elif batch.number > before + 1:
            found.missing += batch.number - before - 1
        before = found.newest = batch.number
        if batch.number > applied:
            found.unshipped += 1
        else:
            found.take(batch)
    found.is_sealed = journal.is_sealed()
    # Asked last: what is dropped while we read is not taken for proven.
    found.forgotten = journal.forgotten_hours()
    if found.oldest > 1:  # earlier versions dropped batches without noting their hours
        found.blind_until = min(found.forgotten, default=0) or _hour_after(journal)
    articles = {article for article, _ in found.hours} | _articles_of(journal.node)
    found.views = journal.shipped_views(articles, applied)
    return found


def absent_nodes(present: Iterable[str]) -> list[str]:
    """The machines that have added to the totals and whose journals are not at hand."""
    known = {
        *AppliedBatch.objects.filter(number__gt=0).values_list("node", flat=True),
        *NodeTotal.objects.values_list("node", flat=True).distinct(),
    }
    return sorted(known - set(present))


def shared_articles(absent: list[str]) -> set[int]:
    """The articles of which machines that are not at hand have counted views."""
    if not absent:
        return set()
    rows = NodeTotal.objects.filter(node__in=absent)
    return set(rows.values_list("article_id", flat=True).distinct())


def first_proven(accounts: list[Account]) -> datetime | None:
    """From which hour on all is proven; None for all there is.

    Single hours after it may not be: the clock was wrong when their batches were dropped.
    """
    if all(account.is_whole for account in accounts):
        return None
    kept = [hour for account in accounts for _, hour in account.hours]
    proven = [hour for hour in kept if all(account.proves(hour) for account in accounts)]
    if proven:
        return datetime.fromtimestamp(min(proven), UTC)
    latest = max([0, *kept, *(hour for account in accounts for hour in account.forgotten)])
    return datetime.fromtimestamp(latest, UTC) + timedelta(hours=1)


def _articles_of(node: str) -> set[int]:
    return set(NodeTotal.objects.filter(node=node).values_list("article_id", flat=True))


def _hour_after(journal: Journal) -> int:
    """The hour after those of the oldest batch kept."""
    oldest = next(journal.batches_after(0))
    hours = {row[1] for row in oldest.rows} | {source[1] for source in oldest.sources}
    return max(hours) + HOUR_SECONDS
