"""Sums of reading: hours and days of the paper, its sections and its authors, made from the totals.

The readership knows articles by number only; here their counts are brought together with sections
and bylines. Each batch marks the hours it has moved (HourToSum); the clock sums those anew, and the
days they are in. Everything here can be made again from the totals: `mark_all`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from stoppress.edge.views import COUNTED
from stoppress.newsroom.clock import paper_day, start_of
from stoppress.newsroom.desk.models import ReadingDay, ReadingHour, Scope
from stoppress.newsroom.desk.readership.counts import SUMS, summed
from stoppress.readership.models import ArticleHour, HourToSum

HOUR = timedelta(hours=1)
AT_ONCE = 168  # hours: a week
DAYS_AT_ONCE = 500
KEPT_DAYS = 35  # of hours; days are kept for good
SETTLED = timedelta(days=2)  # older days are summed whole, for their hours may be gone
STORIES_OF_A_DAY = 30
SOURCES_OF_A_DAY = 100

# A story's section is where it stands now; one without an address is the paper's only.
OF_SECTIONS = (
    "JOIN newsroom_articleaddress AS place "
    "ON place.article_id = counted.article_id AND place.is_current"
)
# An author named twice by one story has written it once.
OF_AUTHORS = (
    "JOIN newsroom_articlebyline AS place ON place.article_id = counted.article_id "
    "AND NOT EXISTS (SELECT 1 FROM newsroom_articlebyline AS earlier "
    "WHERE earlier.article_id = place.article_id AND earlier.author_id = place.author_id "
    "AND earlier.id < place.id)"
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """How articles come to a scope, in SQL."""

    scope: Scope
    key: str
    join: str = ""


GROUPINGS = (
    Grouping(Scope.PAPER, "0"),
    Grouping(Scope.SECTION, "place.section_id", OF_SECTIONS),
    Grouping(Scope.AUTHOR, "place.author_id", OF_AUTHORS),
)
BY_SCOPE = {grouping.scope: grouping for grouping in GROUPINGS}


def sum_up() -> int:
    """Sum the marked hours and their days anew; return how many hours. Newest first, some at once.

    Marks are read before what they stand for and removed after it is written, unless they moved
    meanwhile: whatever is counted or crashes in between, nothing is left out.
    """
    marks = list(HourToSum.objects.order_by("-hour")[:AT_ONCE])
    if not marks:
        return 0
    days = sorted({paper_day(mark.hour) for mark in marks})
    hours = {mark.hour for mark in marks}
    whole = paper_day(timezone.now() - SETTLED)
    hours.update(hour for day in days if day < whole for hour in hours_of(day))
    _write_hours(sorted(hours))
    rows = [row for day in days for row in _summed_day(day)]
    with transaction.atomic():
        ReadingDay.objects.filter(day__in=days).delete()
        ReadingDay.objects.bulk_create(rows)
        for mark in marks:
            HourToSum.objects.filter(hour=mark.hour, moves=mark.moves).delete()
    return len(marks)


def mark_all() -> int:
    """Have everything summed up anew by the clock, as after a restored backup; return the hours."""
    hours = list(ArticleHour.objects.order_by("hour").values_list("hour", flat=True).distinct())
    HourToSum.objects.bulk_create([HourToSum(hour=hour) for hour in hours], ignore_conflicts=True)
    return len(hours)


def forget_old_hours() -> int:
    """Drop sums of hours that only days are told of by now; return how many rows."""
    before = start_of(paper_day(timezone.now()) - timedelta(days=KEPT_DAYS))
    return ReadingHour.objects.filter(hour__lt=before).delete()[0]


def forget_old_sources(first_kept: date) -> bool:
    """Drop from days before where their readers came from; True if there may be more to do."""
    known = ~Q(referrers=[]) | ~Q(countries=[])
    old = ReadingDay.objects.filter(known, day__lt=first_kept)
    some = list(old.order_by("pk").values_list("pk", flat=True)[:DAYS_AT_ONCE])
    ReadingDay.objects.filter(pk__in=some).update(referrers=[], countries=[])
    return len(some) == DAYS_AT_ONCE


def hours_of(day: date) -> Iterator[datetime]:
    """The hours (UTC) that begin on a day of the paper."""
    hour, end = start_of(day), start_of(day + timedelta(days=1))
    if hour.minute or hour.second:  # zones that are not whole hours away
        hour = hour.replace(minute=0, second=0) + HOUR
    while hour < end:
        yield hour
        hour += HOUR


def _write_hours(hours: Collection[datetime]) -> None:
    rows = [ReadingHour(**row) for grouping in GROUPINGS for row in _counted(grouping, hours)]
    with transaction.atomic():
        ReadingHour.objects.filter(hour__in=hours).delete()
        ReadingHour.objects.bulk_create(rows, batch_size=500)


def _counted(grouping: Grouping, hours: Collection[datetime]) -> Iterator[dict[str, Any]]:
    sums = ", ".join(f"CAST(SUM({_column(name, grouping)}) AS BIGINT)" for name in COUNTED)
    marks = ", ".join(["%s"] * len(hours))
    sql = (
        f"SELECT counted.hour, {grouping.key}, {sums} "  # noqa: S608  the names are ours
        f"FROM readership_articlehour AS counted {grouping.join} "
        f"WHERE counted.hour IN ({marks}) GROUP BY 1, 2"
    )
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(sql, [adapt(hour) for hour in hours])
        rows = cursor.fetchall()
    for hour, key, *counts in rows:
        yield {
            "hour": as_moment(hour),
            "scope": grouping.scope,
            "scope_id": key,
            **dict(zip(COUNTED, counts, strict=True)),
        }


def _column(name: str, grouping: Grouping) -> str:
    """The paper's own count is its distinct readers; all else is the sum of its articles'."""
    if name == "readers" and grouping.scope is Scope.PAPER:
        return "CASE WHEN counted.article_id = 0 THEN counted.readers ELSE 0 END"
    return f"counted.{name}"


def as_moment(value: Any) -> datetime:
    """A moment from a raw cursor: SQLite has them as text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    moment: datetime = value
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


# Days


def _summed_day(day: date) -> list[ReadingDay]:
    start, end = start_of(day), start_of(day + timedelta(days=1))
    hours = ReadingHour.objects.filter(hour__gte=start, hour__lt=end)
    sums: Any = hours.values("scope", "scope_id").annotate(**SUMS)
    stories, sources = _most_read(start, end), _sources(day)
    rows = []
    for found in sums:
        of = (found["scope"], found["scope_id"])
        rows.append(
            ReadingDay(
                day=day,
                scope=of[0],
                scope_id=of[1],
                stories=stories.get(of, []),
                referrers=sources.get(("referrer", *of), []),
                countries=sources.get(("country", *of), []),
                **asdict(summed(found)),
            )
        )
    return rows


def _most_read(start: datetime, end: datetime) -> dict[tuple[str, int], list[list[int]]]:
    """The stories that were read most in each scope, as [[id, views], …]."""
    adapt = connection.ops.adapt_datetimefield_value
    placed = " UNION ALL ".join(  # one walk through the day's hours serves all scopes
        f"SELECT '{grouping.scope.value}' AS scope, {grouping.key} AS of_scope, "  # noqa: S608
        "counted.article_id, counted.views, "
        f"ROW_NUMBER() OVER (PARTITION BY {grouping.key} "
        "ORDER BY counted.views DESC, counted.article_id DESC) AS position "
        f"FROM counted {grouping.join}"
        for grouping in GROUPINGS
    )
    sql = (
        "WITH counted AS MATERIALIZED ("  # noqa: S608
        "SELECT article_id, CAST(SUM(views) AS BIGINT) AS views "
        "FROM readership_articlehour WHERE hour >= %s AND hour < %s AND article_id > 0 "
        "GROUP BY article_id HAVING SUM(views) > 0) "
        f"SELECT scope, of_scope, article_id, views FROM ({placed}) AS placed "
        "WHERE position <= %s ORDER BY scope, of_scope, position"
    )
    found: dict[tuple[str, int], list[list[int]]] = defaultdict(list)
    for scope, of, article, views in _rows(sql, [adapt(start), adapt(end), STORIES_OF_A_DAY]):
        found[scope, of].append([article, views])
    return found


def _sources(day: date) -> dict[tuple[str, str, int], list[list[Any]]]:
    """Where readers of each scope came from, as [[name, views], …], with the rest as one."""
    found: dict[tuple[str, str, int], list[list[Any]]] = defaultdict(list)
    for grouping in GROUPINGS:
        sql = (
            "SELECT kind, of_scope, name, views, all_views FROM ("  # noqa: S608  names are ours
            "SELECT kind, of_scope, name, views, "
            "ROW_NUMBER() OVER (PARTITION BY kind, of_scope ORDER BY views DESC, name) "
            "AS position, "
            "CAST(SUM(views) OVER (PARTITION BY kind, of_scope) AS BIGINT) AS all_views FROM ("
            f"SELECT counted.kind, {grouping.key} AS of_scope, counted.name, "
            "CAST(SUM(counted.views) AS BIGINT) AS views "
            f"FROM readership_sourceday AS counted {grouping.join} "
            "WHERE counted.day = %s AND counted.kind IN ('referrer', 'country') "
            "GROUP BY 1, 2, 3) AS came) AS placed "
            "WHERE position <= %s ORDER BY kind, of_scope, position"
        )
        rows = _rows(sql, [connection.ops.adapt_datefield_value(day), SOURCES_OF_A_DAY])
        all_of: dict[tuple[str, int], int] = {}
        for kind, of, name, views, all_views in rows:
            found[kind, grouping.scope, of].append([name, views])
            all_of[kind, of] = all_views
        for (kind, of), all_views in all_of.items():
            listed = found[kind, grouping.scope, of]
            if rest := all_views - sum(views for _, views in listed):
                listed.append(["", rest])
    return found


def _rows(sql: str, values: Iterable[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())
