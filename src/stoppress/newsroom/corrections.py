"""How many corrections each month has, counted again where they change.

The page of corrections names every month with its number. Counting all of them for each correction
costs more with every year; a month is counted in one step of the index.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from stoppress.newsroom import clock
from stoppress.newsroom.models.articles import UpdateEntry
from stoppress.newsroom.models.listings import ListingMonth
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS

LIST = "corrections"


def told() -> QuerySet[UpdateEntry]:
    """What readers are told of changes to stories they can find."""
    return UpdateEntry.objects.filter(kind__in=PUBLIC_UPDATE_KINDS, article__live=True)


def in_month(first_day: date) -> QuerySet[UpdateEntry]:
    """The same of one month of the paper's own time zone."""
    begins, ends = clock.start_of(first_day), clock.start_of(clock.next_month(first_day))
    return told().filter(dated_at__gte=begins, dated_at__lt=ends)


def moments_of(article_id: int) -> list[datetime]:
    """When readers were told of changes to a story, whether they can find it or not."""
    entries = UpdateEntry.objects.filter(article=article_id, kind__in=PUBLIC_UPDATE_KINDS)
    return list(entries.values_list("dated_at", flat=True))


def recount(moments: Iterable[datetime], *, without: int | None = None) -> None:
    """Count the months of these moments again, a story that is about to go left out."""
    counted = []
    for first_day in sorted({clock.month_of(moment) for moment in moments}):
        entries = in_month(first_day)
        if without is not None:
            entries = entries.exclude(article=without)
        counted.append(ListingMonth(list=LIST, month=first_day, count=entries.count()))
    ListingMonth.objects.bulk_create(
        counted,
        update_conflicts=True,
        unique_fields=["list", "month"],
        update_fields=["count"],
    )
