"""Most read: how much each article was read in the last hour, day or week, fresh reading first.

Scores come from views per hour, the only thing that the totals keep; robots, staff and doubtful
views are other columns and add nothing. A view counts half as much each time a quarter of the
window has passed (exponential forward decay, Cormode et al., "Forward Decay: A Practical Time Decay
Model for Streaming Systems", ICDE 2009). So a view that leaves the window has faded to a sixteenth
by then: no story drops out of a list because its busiest hour has just crossed the window's edge.
Scores are whole numbers, summed by the database: both databases rank alike, down to ties.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import connection

VIEW = 1_000_000  # the score of a view of this moment
HALVINGS = 4  # of a view's score while it crosses the window; 0.5 ** 4 is a sixteenth
BUCKET = timedelta(hours=1)  # of the totals


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time up to now, and how often its scores are worked out anew."""

    name: str
    length: timedelta
    refresh_seconds: float

    @property
    def half_life(self) -> timedelta:
        """After how long a view counts half."""
        return self.length / HALVINGS


# A list is at most as old as a sixtieth of its window, a half-life being fifteen of these.
HOUR = Window("hour", timedelta(hours=1), refresh_seconds=60)
DAY = Window("day", timedelta(days=1), refresh_seconds=300)
WEEK = Window("week", timedelta(weeks=1), refresh_seconds=1800)
WINDOWS: Mapping[str, Window] = MappingProxyType(
    {window.name: window for window in (HOUR, DAY, WEEK)}
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A query for (article_id, score, views), to be joined by those who know articles.

    `views` are all of whole hours since `since`, the first that reaches into the window.
    """

    sql: str
    values: tuple[Any, ...]
    since: datetime


def weights(window: Window, now: datetime) -> dict[datetime, int]:
    """What a view of each hour that reaches into the window adds to a score.

    Views within an hour are taken as evenly spread over it, or over what has passed of it: those
    inside the window count with the age of their middle. `now` is aware.
    """
    start = now - window.length
    hour = start.replace(minute=0, second=0, microsecond=0)
    found = {}
    while hour <= now:
        first, last = max(hour, start), min(hour + BUCKET, now)
        share = (last - first) / (last - hour) if last > hour else 1.0
        age = now - first - (last - first) / 2
        if weight := round(VIEW * share * 0.5 ** (age / window.half_life)):
            found[hour] = weight
        hour += BUCKET
    return found


def scored(window: Window, now: datetime) -> Scored:
    """The articles that were read in the window, each with its score.

    Costs what was read in the window, by the index of hours, however large the archive is.
    """
    weighed = weights(window, now)
    rows = ", ".join(["(%s, %s)"] * len(weighed))
    sql = (
        f"WITH weighed (hour, weight) AS (VALUES {rows}) "  # noqa: S608  no values in it
        "SELECT article_id, CAST(SUM(views * weight) AS BIGINT) AS score, "
        "CAST(SUM(views) AS BIGINT) AS views "
        "FROM readership_articlehour JOIN weighed USING (hour) "
        "WHERE article_id > 0 AND views <> 0 "  # article 0 is the paper
        "GROUP BY article_id HAVING SUM(views * weight) > 0"
    )
    adapt = connection.ops.adapt_datetimefield_value
    values = tuple(value for hour, weight in weighed.items() for value in (adapt(hour), weight))
    return Scored(sql, values, min(weighed))
