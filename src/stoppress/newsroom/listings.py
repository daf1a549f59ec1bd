"""Lists: who stands where, what a publish changed in them, and how to read their newest.

A list's tag is touched only if the members or the order of its newest WINDOW changed; its month's
tag only if that month changed. Every step here costs the same at ten stories and at a million.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from stoppress.newsroom import clock, tags
from stoppress.newsroom.models.listings import Listing, ListingMonth

WINDOW = 50  # no page shows more of a list's newest

LISTS_A_QUERY = 200  # SQLite joins at most 500 SELECTs


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a list."""

    article_id: int
    published_at: datetime


def enlist(article_id: int, published_at: datetime, lists: Iterable[str]) -> set[str]:
    """Make an article stand in exactly these lists; returns the tags that this touched."""
    had = {row.list: row for row in Listing.objects.filter(article_id=article_id)}
    wanted = set(lists)
    stays = {name for name in wanted if name in had and had[name].published_at == published_at}
    touched = _leave([row for name, row in sorted(had.items()) if name not in stays])
    return touched | _enter(sorted(wanted - stays), article_id, published_at)


def delist(article_id: int) -> set[str]:
    """Take an article out of every list; returns the tags that this touched."""
    return _leave(list(Listing.objects.filter(article_id=article_id).order_by("list")))


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


def window_ends(lists: Sequence[str]) -> dict[str, datetime]:
    """When the last story in each list's newest window was published; short lists are left out."""
    # One subquery for all of them: a SELECT for each would be planned for each.
    last = (
        "(SELECT published_at FROM newsroom_listing WHERE list = asked.name "  # noqa: S608
        f"ORDER BY published_at DESC, article_id DESC LIMIT 1 OFFSET {WINDOW - 1})"
    )
    found: dict[str, datetime] = {}
    for start in range(0, len(lists), LISTS_A_QUERY):
        names = lists[start : start + LISTS_A_QUERY]
        values = ", ".join(["(%s)"] * len(names))
        sql = f"WITH asked (name) AS (VALUES {values}) SELECT name, 0, {last} FROM asked"  # noqa: S608
        found.update({name: moment for name, _, moment in _rows(sql, names) if moment})
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


def in_day(lists: Sequence[str], day: date) -> list[Place]:
    """All of one day of several lists merged, newest first."""
    first_day = day.replace(day=1)
    rows = Listing.objects.filter(list__in=lists, month=first_day)
    if day != first_day:
        rows = rows.filter(published_at__gte=clock.start_of(day))
    if (following := day + timedelta(days=1)).month == day.month:
        rows = rows.filter(published_at__lt=clock.start_of(following))
    places = rows.values_list("article_id", "published_at")
    return sorted({Place(*row) for row in places}, key=_newest_first)


def nearest_day(lists: Sequence[str], day: date, step: int) -> date | None:
    """The nearest day of the same month with stories, before (-1) or after (1) a day."""
    first_day = day.replace(day=1)
    rows = Listing.objects.filter(list__in=lists, month=first_day)
    if step < 0:
        rows = rows.filter(published_at__lt=clock.start_of(day)).order_by("-published_at")
    else:
        following = clock.start_of(day + timedelta(days=1))
        rows = rows.filter(published_at__gte=following).order_by("published_at")
    moment = rows.values_list("published_at", flat=True).first()
    return None if moment is None else day_in_month(moment, first_day)


def day_in_month(published_at: datetime, first_day: date) -> date:
    """The day of a month on which a story stands.

    A story keeps its month if the paper's time zone changes: it then stands on the month's first or
    last day.
    """
    last_day = clock.next_month(first_day) - timedelta(days=1)
    return min(max(clock.paper_day(published_at), first_day), last_day)


def days(places: Iterable[Place], first_day: date) -> dict[date, int]:
    """The days on which places of a month are, with their numbers of stories, in their order."""
    return dict(Counter(day_in_month(place.published_at, first_day) for place in places))


def months(lists: Sequence[str]) -> dict[date, int]:
    """The months of several lists with their numbers of stories, newest first."""
    totals: dict[date, int] = {}
    rows = ListingMonth.objects.filter(list__in=lists, count__gt=0)
    for first_day, number in rows.values_list("month", "count"):
        totals[first_day] = totals.get(first_day, 0) + number
    return dict(sorted(totals.items(), reverse=True))


def _enter(names: list[str], article_id: int, published_at: datetime) -> set[str]:
    first_day = clock.month_of(published_at)
    rows = [
        Listing(list=name, article_id=article_id, published_at=published_at, month=first_day)
        for name in names
    ]
    if not rows:
        return set()
    Listing.objects.bulk_create(rows)
    counts = _months_of(names, first_day)
    if missing := [name for name in names if name not in counts]:
        ListingMonth.objects.bulk_create(
            [ListingMonth(list=name, month=first_day) for name in missing], ignore_conflicts=True
        )
    empty = [name for name, count in _locked(names, first_day).items() if count == 0]
    ListingMonth.objects.filter(list__in=names, month=first_day).update(count=F("count") + 1)
    return _touched(rows) | {tags.calendar(name) for name in empty}


def _leave(rows: list[Listing]) -> set[str]:
    if not rows:
        return set()
    touched = _touched(rows)
    Listing.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for first_day in sorted({row.month for row in rows}):
        names = [row.list for row in rows if row.month == first_day]
        last = [name for name, count in _locked(names, first_day).items() if count == 1]
        touched.update(tags.calendar(name) for name in last)
        ListingMonth.objects.filter(list__in=names, month=first_day).update(count=F("count") - 1)
    return touched


def _months_of(names: list[str], first_day: date) -> dict[str, int]:
    rows = ListingMonth.objects.filter(list__in=names, month=first_day)
    return dict(rows.values_list("list", "count"))


def _locked(names: list[str], first_day: date) -> dict[str, int]:
    """The counts of a month, held until the end: always in one order, so that nobody deadlocks."""
    rows = ListingMonth.objects.select_for_update().filter(list__in=names, month=first_day)
    return dict(rows.order_by("list").values_list("list", "count"))


def _touched(rows: list[Listing]) -> set[str]:
    """The tags of lists and months in which these rows stand."""
    return {
        *(tags.month(row.list, row.month) for row in rows),
        *(tags.list_day(row.list, day_in_month(row.published_at, row.month)) for row in rows),
        *(tags.months(row.list) for row in rows),
        *(tags.newest(name) for name in _within_window(rows)),
    }


def _within_window(rows: list[Listing]) -> list[str]:
    """The lists in which these rows are among the newest; nothing is counted beyond the window."""
    one = (
        "SELECT {n}, COUNT(*) FROM (SELECT 1 FROM newsroom_listing WHERE list = %s "  # noqa: S608
        f"AND (published_at, article_id) > (%s, %s) LIMIT {WINDOW}) AS newer_{{n}}"
    )
    values: list[Any] = []
    for row in rows:
        values += [row.list, _adapted(row.published_at), row.article_id]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(n=n) for n in range(len(rows))), values)
        return [rows[n].list for n, newer in cursor.fetchall() if newer < WINDOW]


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
