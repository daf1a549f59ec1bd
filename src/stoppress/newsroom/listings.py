"""Lists: who stands where, what a publish changed in them, and how to read their newest.

A list's tag is touched only if the members or the order of its newest WINDOW changed; its month's
tag only if that month changed. Every step here costs the same at ten stories and at a million.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F

from stoppress.newsroom import clock, tags
from stoppress.newsroom.models.listings import Listing, ListingMonth

WINDOW = 50  # no page shows more of a list's newest


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a list."""

    article_id: int
    published_at: datetime


def enlist(article_id: int, published_at: datetime, lists: Iterable[str]) -> set[str]:
    """Make an article stand in exactly these lists; returns the tags that this touched."""
    had = {row.list: row for row in Listing.objects.filter(article_id=article_id)}
    wanted = set(lists)
    touched: set[str] = set()
    for name in sorted(had.keys() - wanted):
        touched |= _leave(had[name])
    for name in sorted(wanted):
        row = had.get(name)
        if row is not None and row.published_at == published_at:
            continue
        if row is not None:
            touched |= _leave(row)
        touched |= _enter(name, article_id, published_at)
    return touched


def delist(article_id: int) -> set[str]:
    """Take an article out of every list; returns the tags that this touched."""
    rows = list(Listing.objects.filter(article_id=article_id).order_by("list"))
    return set[str]().union(*(_leave(row) for row in rows))


def newest(lists: Sequence[str], limit: int, *, before: datetime | None = None) -> list[Place]:
    """The newest of several lists merged, each article once, in a total order."""
    by_list = newest_of_each(lists, limit, before=before)
    places = {place.article_id: place for found in by_list.values() for place in found}
    return sorted(places.values(), key=_newest_first)[:limit]


def merged(found: Iterable[Sequence[Place]]) -> list[int]:
    """The articles of several lists' newest, each once, in a total order."""
    places = {place.article_id: place for places in found for place in places}
    return [place.article_id for place in sorted(places.values(), key=_newest_first)]


def newest_of_each(
    lists: Sequence[str], limit: int, *, before: datetime | None = None
) -> dict[str, list[Place]]:
    """The newest of each of several lists, in one query whose cost no archive changes."""
    found: dict[str, list[Place]] = {name: [] for name in lists}
    older = "AND published_at < %s " if before else ""
    one = (
        "SELECT * FROM (SELECT list, article_id, published_at FROM newsroom_listing "  # noqa: S608
        f"WHERE list = %s {older}"
        f"ORDER BY published_at DESC, article_id DESC LIMIT {int(limit)}) "
    )
    if found:
        sql = " UNION ALL ".join(f"{one} AS part_{n}" for n in range(len(found)))
        values = [value for name in found for value in ((name, before) if before else (name,))]
        for name, article_id, moment in _rows(sql, values):
            found[name].append(Place(article_id, moment))
    return found


def standing(article_ids: Sequence[int]) -> set[int]:
    """Which of some articles readers can find."""
    rows = Listing.objects.filter(list=tags.LATEST, article_id__in=article_ids)
    return set(rows.values_list("article_id", flat=True))


def in_month(lists: Sequence[str], first_day: date) -> list[Place]:
    """All of one month of several lists merged, newest first."""
    rows = Listing.objects.filter(list__in=lists, month=first_day)
    places = rows.values_list("article_id", "published_at")
    return sorted({Place(*row) for row in places}, key=_newest_first)


def months(lists: Sequence[str]) -> dict[date, int]:
    """The months of several lists with their numbers of stories, newest first."""
    totals: dict[date, int] = {}
    rows = ListingMonth.objects.filter(list__in=lists, count__gt=0)
    for first_day, number in rows.values_list("month", "count"):
        totals[first_day] = totals.get(first_day, 0) + number
    return dict(sorted(totals.items(), reverse=True))


def _enter(name: str, article_id: int, published_at: datetime) -> set[str]:
    first_day = clock.month_of(published_at)
    Listing.objects.create(
        list=name, article_id=article_id, published_at=published_at, month=first_day
    )
    row, is_new = ListingMonth.objects.get_or_create(list=name, month=first_day)
    was_empty = is_new or row.count == 0
    ListingMonth.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return _touched(name, article_id, published_at, first_day, calendar=was_empty)


def _leave(row: Listing) -> set[str]:
    touched = _touched(row.list, row.article_id, row.published_at, row.month, calendar=False)
    Listing.objects.filter(pk=row.pk).delete()
    counts = ListingMonth.objects.filter(list=row.list, month=row.month)
    counts.update(count=F("count") - 1)
    if counts.filter(count=0).exists():
        touched.add(tags.calendar(row.list))
    return touched


def _touched(
    name: str, article_id: int, published_at: datetime, first_day: date, *, calendar: bool
) -> set[str]:
    touched = {tags.month(name, first_day), tags.months(name)}
    if calendar:
        touched.add(tags.calendar(name))
    if _newer_than(name, article_id, published_at) < WINDOW:
        touched.add(tags.newest(name))
    return touched


def _newer_than(name: str, article_id: int, published_at: datetime) -> int:
    """How many stand before this place, counted up to the window."""
    newer = Listing.objects.filter(list=name).exclude(article_id=article_id)
    later = newer.filter(published_at__gt=published_at)
    level = newer.filter(published_at=published_at, article_id__gt=article_id)
    return later[:WINDOW].count() + level[:WINDOW].count()


def _newest_first(place: Place) -> tuple[float, int]:
    return (-place.published_at.timestamp(), -place.article_id)


def _rows(sql: str, values: Sequence[str | datetime]) -> list[tuple[str, int, datetime]]:
    published_at = Listing._meta.get_field("published_at")
    convert = connection.ops.get_db_converters(published_at.get_col("newsroom_listing"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [_adapted(value) for value in values])
        rows = cursor.fetchall()
    converted = []
    for name, article_id, moment in rows:
        value = moment
        for converter in convert:
            value = converter(value, published_at, connection)
        converted.append((name, article_id, value))
    return converted


def _adapted(value: str | datetime) -> str | datetime | None:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
