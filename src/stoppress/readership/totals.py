"""Totals: every batch of every journal, added exactly once.

The row that says which batch was last added is locked, read and written in the transaction that
adds the counts. So a batch that is sent twice, or sent again after a crash, adds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from stoppress.edge.views import COUNTED, SITE, Batch
from stoppress.readership.errors import BadCount, BatchOutOfOrder
from stoppress.readership.models import (
    AppliedBatch,
    ArticleHour,
    CountToCheck,
    NodeTotal,
    OpeningBalance,
)

LATEST_IN_AN_HOUR = timedelta(minutes=2)  # after its end may what was counted in it be news


def _adding_counts(table: str, span: str) -> str:
    """SQL that adds counts to those of an article in a span of time."""
    return f"""
INSERT INTO {table} (article_id, {span}, {", ".join(COUNTED)})
VALUES (%s, %s, {", ".join(["%s"] * len(COUNTED))})
ON CONFLICT (article_id, {span}) DO UPDATE SET
    {", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTED)}
"""  # noqa: S608  the names are ours


_ADD_HOUR = _adding_counts("readership_articlehour", "hour")
_ADD_MINUTE = _adding_counts("readership_articleminute", "minute")
_MARK_HOUR = """
INSERT INTO readership_hourtosum (hour, moves) VALUES (%s, 1)
ON CONFLICT (hour) DO UPDATE SET moves = readership_hourtosum.moves + 1
"""
_ADD_SOURCE = """
INSERT INTO readership_sourceday (article_id, day, kind, name, views) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (article_id, day, kind, name) DO UPDATE SET
    views = readership_sourceday.views + excluded.views
"""
_ADD_TOTAL = """
INSERT INTO readership_nodetotal (article_id, node, views, moved_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (article_id, node) DO UPDATE SET
    views = readership_nodetotal.views + excluded.views, moved_at = excluded.moved_at
"""


def last_batch(node: str) -> int:
    """Return the number of the node's last batch in the totals, or 0."""
    found = AppliedBatch.objects.filter(node=node).values_list("number", flat=True).first()
    return found or 0


def add(batch: Batch) -> bool:
    """Add a batch. Return False if it is in the totals already.

    Raises BatchOutOfOrder if one before it is missing.
    """
    with transaction.atomic():
        AppliedBatch.objects.get_or_create(node=batch.node, defaults={"number": 0})
        row = AppliedBatch.objects.select_for_update().get(node=batch.node)
        if batch.number <= row.number:
            return False
        if batch.number > row.number + 1:
            raise BatchOutOfOrder(batch.node, batch.number, row.number)
        _add_rows(batch.node, batch.rows)
        _add_sources(batch.sources)
        _mark([*(one[1] for one in batch.rows), *(one[1] for one in batch.sources)])
        row.number = batch.number
        row.save(update_fields=["number"])
    return True


def skip_to(node: str, number: int) -> None:
    """Go on after a gap: batches up to `number` were dropped by the journal and can't come."""
    AppliedBatch.objects.update_or_create(node=node, defaults={"number": number})


def add_hours(rows: Iterable[tuple[int, ...]]) -> None:
    """Add counts to hours: (article, hour in UTC seconds, *Counts). No total moves by it."""
    if hours := [(article, _moment(hour), *counts) for article, hour, *counts in sorted(rows)]:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_HOUR, hours)


def _add_rows(node: str, rows: Sequence[tuple[int, ...]]) -> None:
    add_hours(rows)
    views: dict[int, int] = {}
    for article, _, viewed, *_ in rows:
        if viewed:
            views[article] = views.get(article, 0) + viewed
    now = _adapted(timezone.now())
    if views:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_TOTAL, [(a, node, n, now) for a, n in sorted(views.items())])
    _check_printed_counts(views)
    _add_minute(rows, timezone.now())


def _mark(moments: Iterable[int]) -> None:
    """Have the hours of moments summed up again by whoever shows sums of them."""
    hours = sorted({moment - moment % 3600 for moment in moments})
    with connection.cursor() as cursor:
        cursor.executemany(_MARK_HOUR, [(_moment(hour),) for hour in hours])


def _add_minute(rows: Sequence[tuple[int, ...]], now: datetime) -> None:
    """Add what is news to this minute's counts. What comes late is not: it was read before."""
    since = (now - LATEST_IN_AN_HOUR).replace(minute=0, second=0, microsecond=0).timestamp()
    added: dict[int, list[int]] = {}
    for article, hour, *counts in rows:
        if hour < since:
            continue
        # Only its readers are the paper's own count; all else is the sum of its articles'.
        for_paper = [0 if name == "readers" else n for name, n in zip(COUNTED, counts, strict=True)]
        for key, some in ((article, counts), (SITE, for_paper)):
            before = added.setdefault(key, [0] * len(COUNTED))
            added[key] = [old + new for old, new in zip(before, some, strict=True)]
    if added:
        minute = _adapted(now.replace(second=0, microsecond=0))
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_MINUTE, [(a, minute, *n) for a, n in sorted(added.items())])


def _add_sources(sources: Sequence[tuple[int, int, str, str, int]]) -> None:
    _add_days(by_day(sources))


def by_day(
    sources: Iterable[tuple[int, int, str, str, int]],
) -> dict[tuple[int, date, str, str], int]:
    """A batch's sources as the totals have them: (article, day, kind, name) -> views.

    The day is the paper's at the beginning of the hour.
    """
    zone = _zone()
    found: dict[tuple[int, date, str, str], int] = {}
    for article, hour, kind, name, views in sources:
        key = (article, datetime.fromtimestamp(hour, zone).date(), kind, name)
        found[key] = found.get(key, 0) + views
    return found


def _add_days(days: Mapping[tuple[int, date, str, str], int]) -> None:
    if days:
        rows = [(a, _adapted_day(day), *rest, n) for (a, day, *rest), n in sorted(days.items())]
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_SOURCE, rows)


def correct(
    hours: Mapping[tuple[int, int], Sequence[int]],
    sources: Mapping[tuple[int, date, str, str], int],
    node_views: Mapping[tuple[int, str], int],
) -> None:
    """Add to hours, sources and machines' totals what a recount found missing, or take it away.

    Inside the caller's transaction.
    """
    now = _adapted(timezone.now())
    moved = [(a, node, views, now) for (a, node), views in sorted(node_views.items())]
    add_hours((article, hour, *counts) for (article, hour), counts in hours.items())
    if moved:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_TOTAL, moved)
    _add_days(sources)
    _check_printed_counts(article for article, _ in node_views)
    noons = (datetime.combine(day, time(12), _zone()) for _, day, _, _ in sources)
    _mark([*(hour for _, hour in hours), *(int(noon.timestamp()) for noon in noons)])


def _check_printed_counts(articles: Iterable[int]) -> None:
    CountToCheck.objects.bulk_create(
        [CountToCheck(article_id=article) for article in sorted(set(articles))],
        ignore_conflicts=True,
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PAPER_TIME_ZONE)


def _adapted_day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _moment(seconds: int) -> Any:
    return _adapted(datetime.fromtimestamp(seconds, UTC))


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def views(article_id: int) -> int:
    """Return an article's views: its opening balance and all that was shipped."""
    return views_of([article_id])[article_id]


def views_of(article_ids: Iterable[int], *, without_node: str | None = None) -> dict[int, int]:
    """Return the views of each article, if asked without what one node's journal has counted."""
    ids = list(article_ids)
    found = dict.fromkeys(ids, 0)
    totals = NodeTotal.objects.filter(article_id__in=ids)
    if without_node is not None:
        totals = totals.exclude(node=without_node)
    for article, counted in totals.values_list("article_id").annotate(Sum("views")):
        found[article] += counted
    balances = OpeningBalance.objects.filter(article_id__in=ids)
    for article, balance in balances.values_list("article_id", "views"):
        found[article] += balance
    return found


def views_by_hour(article_id: int) -> list[ArticleHour]:
    """Return the hours in which an article was viewed, oldest first."""
    return list(ArticleHour.objects.filter(article_id=article_id).order_by("hour"))


def set_opening_balance(article_id: int, views: int, source: str, retrieved_at: datetime) -> None:
    """Say how often a story had been viewed where it came from. Said again, it replaces.

    Raises BadCount.
    """
    from stoppress.readership.counts import print_count_now  # counts read totals

    if views < 0 or views >= 2**62:
        raise BadCount(article_id, views)
    with transaction.atomic():
        OpeningBalance.objects.update_or_create(
            article_id=article_id,
            defaults={
                "views": views,
                "source": source,
                "retrieved_at": retrieved_at,
                "moved_at": timezone.now(),
            },
        )
        print_count_now(article_id)
