"""The last half hour, minute by minute, of the paper, a section or an author.

Each query costs what was read in these minutes, by their index.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from stoppress.edge.views import COUNTED, SITE, Counts
from stoppress.newsroom.desk.models import Scope
from stoppress.newsroom.desk.readership.questions import Question
from stoppress.newsroom.desk.readership.sums import BY_SCOPE, as_moment
from stoppress.readership.models import ArticleMinute

_SUMS = ", ".join(f"CAST(SUM(counted.{name}) AS BIGINT)" for name in COUNTED)


def by_minute(question: Question) -> dict[datetime, Counts]:
    """What was counted in each minute."""
    if question.scope is Scope.PAPER:
        rows = ArticleMinute.objects.filter(article_id=SITE, minute__gte=question.span.start)
        return {row.minute: Counts(*(getattr(row, name) for name in COUNTED)) for row in rows}
    found = _grouped(question, "counted.minute", question.scope)
    return {as_moment(minute): counts for minute, counts in found}


def by_scope(question: Question, scope: Scope) -> Mapping[int, Counts]:
    """What was counted of each section or author, as far as the question goes."""
    narrowed = question.scope if question.scope is scope else None
    return dict(_grouped(question, BY_SCOPE[scope].key, narrowed, scope))


def most_read(question: Question, at_most: int) -> list[tuple[int, Counts]]:
    """The stories read most, the first the most."""
    narrowed = None if question.scope is Scope.PAPER else question.scope
    return _grouped(
        question,
        "counted.article_id",
        narrowed,
        more="HAVING SUM(counted.views) > 0 ORDER BY SUM(counted.views) DESC, 1 DESC "
        f"LIMIT {at_most}",
    )


def of_story(article_id: int, since: datetime) -> dict[datetime, Counts]:
    """What was counted of a story in each minute."""
    rows = ArticleMinute.objects.filter(article_id=article_id, minute__gte=since)
    return {row.minute: Counts(*(getattr(row, name) for name in COUNTED)) for row in rows}


def _grouped(
    question: Question, by: str, narrowed: Scope | None, joined: Scope | None = None, more: str = ""
) -> list[tuple[Any, Counts]]:
    grouping = BY_SCOPE[narrowed or joined or Scope.PAPER]
    values: list[Any] = [connection.ops.adapt_datetimefield_value(question.span.start)]
    where = ""
    if narrowed is not None:
        where = f"AND {grouping.key} IN ({', '.join(['%s'] * len(question.scope_ids))})"
        values += question.scope_ids
    sql = (
        f"SELECT {by}, {_SUMS} FROM readership_articleminute AS counted "  # noqa: S608
        f"{grouping.join} WHERE counted.minute >= %s AND counted.article_id > 0 {where} "
        f"GROUP BY 1 {more}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(key, Counts(*counts)) for key, *counts in cursor.fetchall()]
