"""Days that have stories, as addresses name them: what sitemaps are made of.

A publish prints the sitemap it enters, so a sitemap must not hold more than a newsroom brings out
in a day: with a month's, the last publish of it cost thirty times the first.
"""

from datetime import date

from django.db import connection

from stoppress.newsroom import tags
from stoppress.newsroom.models.addresses import ArticleAddress

# From each day to the next older one through the index: DISTINCT would read every story's row.
EVERY_DAY = """
WITH RECURSIVE days (day) AS (
    SELECT max(date) FROM newsroom_articleaddress WHERE is_current
    UNION ALL
    SELECT (SELECT max(date) FROM newsroom_articleaddress WHERE is_current AND date < days.day)
    FROM days WHERE days.day IS NOT NULL
)
SELECT day FROM days WHERE day IS NOT NULL
"""


def day_of(article_id: int) -> date | None:
    """The day in a story's current address; None if it has none."""
    current = ArticleAddress.objects.filter(article_id=article_id, is_current=True)
    return current.values_list("date", flat=True).first()


def touched_by(article_id: int, before: date | None, after: date | None) -> set[str]:
    """The tags that a story touches whose address was of one day and is of another, or the same."""
    days = {day for day in (before, after) if day is not None}
    found = {tags.day(day) for day in days}
    if before != after and any(_has_no_other(day, article_id) for day in days):
        found.add(tags.STORY_DAYS)
    return found


def story_days() -> list[date]:
    """Every day that has a story at its address, newest first; a step in the index for each."""
    with connection.cursor() as cursor:
        cursor.execute(EVERY_DAY)
        found = [row[0] for row in cursor.fetchall()]
    return [day if isinstance(day, date) else date.fromisoformat(day) for day in found]


def _has_no_other(day: date, article_id: int) -> bool:
    there = ArticleAddress.objects.filter(is_current=True, date=day)
    return not there.exclude(article_id=article_id).exists()
