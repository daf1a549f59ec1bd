"""Retention: what is known of reading is kept no longer than the newsroom has said.

Nothing here names a reader; it is about how finely the past is known. Hours become days, domains
that readers came from are deleted, journals drop batches that the totals have, and whatever served
the repeat rule and the count of distinct readers is dropped when its day is over, read or not.
Views are never lost by it: a total is the same before and after.

Everything is done in steps of bounded size, each a transaction of its own, so that nobody waits for
it; each function says whether there may be more to do.
"""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from stoppress.edge.journal import Journal
from stoppress.edge.views import COUNTED, Batch
from stoppress.readership import totals
from stoppress.readership.models import ArticleHour

ROWS_AT_ONCE = 1000
BATCHES_AT_ONCE = 500

_TAKE_HOURS = f"""
DELETE FROM readership_articlehour WHERE id IN (
    SELECT id FROM readership_articlehour WHERE hour > %s AND hour < %s ORDER BY hour LIMIT %s
) RETURNING article_id, {", ".join(COUNTED)}
"""  # noqa: S608  the names are ours
_DROP_SOURCES = """
DELETE FROM readership_sourceday WHERE id IN (
    SELECT id FROM readership_sourceday WHERE day < %s ORDER BY day LIMIT %s
)
"""


def hours_kept_from(now: datetime) -> datetime:
    """The first hour that is not folded into its day; days are the paper's."""
    return _start_of(_day_of(now) - timedelta(days=settings.KEEP_HOURS_DAYS))


def sources_kept_from(now: datetime) -> date:
    """The first day of which it is known where readers came from."""
    return _day_of(now) - timedelta(days=settings.KEEP_SOURCES_DAYS)


def proven_from(now: datetime) -> datetime:
    """Before this, totals can't be what batches add up to, hour by hour and day by day."""
    return max(hours_kept_from(now), _start_of(sources_kept_from(now)))


def batches_kept_from(now: datetime) -> datetime:
    """Batches that counted nothing since then are dropped."""
    return now - timedelta(days=settings.KEEP_BATCHES_DAYS)


def fold_hours(now: datetime) -> bool:
    """Add hours that are no longer kept to the first of their day; True if any was.

    The rows are read by what deletes them, so a batch that comes late is either in the sum or makes
    the hour anew, and is folded the next time.
    """
    day = _next_to_fold(hours_kept_from(now))
    if day is None:
        return False
    first, end = _start_of(day), _start_of(day + timedelta(days=1))
    with transaction.atomic(), connection.cursor() as cursor:
        adapt = connection.ops.adapt_datetimefield_value
        cursor.execute(_TAKE_HOURS, [adapt(first), adapt(end), ROWS_AT_ONCE])
        totals.add_hours(_summed(cursor.fetchall(), int(first.timestamp())))
    return True


def drop_sources(now: datetime) -> bool:
    """Delete where readers came from, as far as it is too old; True if there may be more."""
    first = connection.ops.adapt_datefield_value(sources_kept_from(now))
    with connection.cursor() as cursor:
        cursor.execute(_DROP_SOURCES, [first, ROWS_AT_ONCE])
        return bool(cursor.rowcount == ROWS_AT_ONCE)


def drop_batches(journal: Journal, now: datetime) -> bool:
    """Drop a journal's batches that are old and in the totals; True if there may be more."""
    shipped, first = totals.last_batch(journal.node), batches_kept_from(now).timestamp()
    some = itertools.islice(journal.batches_after(0), BATCHES_AT_ONCE)
    old = list(itertools.takewhile(lambda b: b.number <= shipped and _newest(b) < first, some))
    if old:
        journal.forget(old[-1].number)
    return len(old) == BATCHES_AT_ONCE


def _next_to_fold(end: datetime) -> date | None:
    """The first day before `end` with hours to fold, found by one look into the index a day."""
    after = None
    while True:
        rows = ArticleHour.objects.filter(hour__lt=end).order_by("hour")
        if after is not None:
            rows = rows.filter(hour__gt=after)
        after = rows.values_list("hour", flat=True).first()
        if after is None:
            return None
        if after != _start_of(day := _day_of(after)):
            return day


def _summed(rows: list[tuple[int, ...]], day: int) -> list[tuple[int, ...]]:
    sums: dict[int, list[int]] = {}
    for article, *counts in rows:
        before = sums.setdefault(article, [0] * len(COUNTED))
        for place, number in enumerate(counts):
            before[place] += number
    return [(article, day, *counts) for article, counts in sorted(sums.items())]


def _newest(batch: Batch) -> float:
    return max([0, *(row[1] for row in batch.rows), *(source[1] for source in batch.sources)])


def _day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.PAPER_TIME_ZONE)).date()


def _start_of(day: date) -> datetime:
    """The first hour (UTC) that begins on a day of the paper."""
    midnight = datetime.combine(day, time(), ZoneInfo(settings.PAPER_TIME_ZONE)).astimezone(UTC)
    hour = midnight.replace(minute=0, second=0)
    return hour if hour == midnight else hour + timedelta(hours=1)
