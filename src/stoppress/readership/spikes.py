"""Spikes: hours of an article whose reading looks like abuse, for editors to look at.

Nothing is hidden and nothing taken from a count. The rule is in docs/reference/counting.md: many
doubtful views; or an hour far above the article's own past that shows two of three signs of not
being read by people. An hour is judged until two hours after its end, for engaged time is told
later than the view it belongs to; a suspicion that does not hold till then is withdrawn.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from stoppress.edge.views import SITE
from stoppress.readership.models import ArticleHour, SourceDay, SuspectHour

HOUR = timedelta(hours=1)
JUDGED_HOURS = 3  # this one and two before it
PAST = timedelta(days=7)
MANY_VIEWS = 100  # in an hour: below it, nothing is far above anything
MANY_DOUBTFUL = 50
TIMES_THE_PAST = 5  # of the busiest hour of the past
FEW_READERS_PERCENT = 25  # distinct readers, of views
HARDLY_READ_SECONDS = 3  # engaged time of a view, on average
ONE_SOURCE_PERCENT = 90  # of the day's views
SIGNS_NEEDED = 2
JUDGED_AT_ONCE = 500  # the busiest of an hour
NUMBERS = ["signs", "views", "doubtful", "readers", "engaged_seconds", "usual_views"]


class Sign(StrEnum):
    """Why an hour is looked at."""

    DOUBTFUL = "doubtful"
    FEW_READERS = "few-readers"
    HARDLY_READ = "hardly-read"
    ONE_SOURCE = "one-source"


def look(now: datetime | None = None) -> list[SuspectHour]:
    """Judge the hours that may still be judged; return those under suspicion.

    Costs what was read in these hours, by their index.
    """
    hour = _hour_of(now or timezone.now())
    return judge([hour - HOUR * back for back in range(JUDGED_HOURS)])


def judge(hours: Collection[datetime]) -> list[SuspectHour]:
    """Judge hours: note new suspicions, withdraw unsettled ones that do not hold."""
    return [suspect for hour in sorted(hours) for suspect in _judge_and_note(hour)]


def _judge_and_note(hour: datetime) -> list[SuspectHour]:
    with transaction.atomic():
        found = _judge(hour)
        held = [suspect.article_id for suspect in found]
        SuspectHour.objects.filter(hour=hour, settled_at=None).exclude(article_id__in=held).delete()
        SuspectHour.objects.bulk_create(
            found,
            update_conflicts=True,
            unique_fields=["article_id", "hour"],
            update_fields=NUMBERS,
        )
    return found


def settle(article_id: int, by: str, note: str = "") -> int:
    """An editor has looked at an article's suspicions. Return how many were open."""
    return SuspectHour.objects.filter(article_id=article_id, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by[:150], note=note[:500]
    )


def _judge(hour: datetime) -> list[SuspectHour]:
    busy = Q(views__gte=MANY_VIEWS) | Q(doubtful__gte=MANY_DOUBTFUL)
    rows = list(
        ArticleHour.objects.filter(busy, hour=hour, article_id__gt=SITE).order_by("-views")[
            :JUDGED_AT_ONCE
        ]
    )
    signs = {row.article_id: set(_signs_of(row)) for row in rows}
    one_sign = [article for article, some in signs.items() if some]  # a source alone is no sign
    for article in _from_one_source(one_sign, hour):
        signs[article].add(Sign.ONE_SOURCE)
    usual = _busiest_before(one_sign, hour)
    return [
        SuspectHour(
            article_id=row.article_id,
            hour=hour,
            signs=sorted(signs[row.article_id]),
            views=row.views,
            doubtful=row.doubtful,
            readers=row.readers,
            engaged_seconds=row.engaged_seconds,
            usual_views=usual[row.article_id],
            found_at=timezone.now(),
        )
        for row in rows
        if is_suspect(row.views, usual[row.article_id], signs[row.article_id])
    ]


def is_suspect(views: int, usual_views: int, signs: Collection[str]) -> bool:
    """The rule, of an hour's views, the busiest hour before it, and the signs it shows."""
    if Sign.DOUBTFUL in signs:
        return True
    is_far_above = views >= MANY_VIEWS and views >= TIMES_THE_PAST * usual_views
    return is_far_above and len(signs) >= SIGNS_NEEDED


def _signs_of(row: ArticleHour) -> Iterable[Sign]:
    if row.doubtful >= max(MANY_DOUBTFUL, row.views):
        yield Sign.DOUBTFUL
    if row.views >= MANY_VIEWS:
        if row.readers * 100 < row.views * FEW_READERS_PERCENT:
            yield Sign.FEW_READERS
        if row.engaged_seconds < row.views * HARDLY_READ_SECONDS:
            yield Sign.HARDLY_READ


def _from_one_source(articles: Collection[int], hour: datetime) -> list[int]:
    """Those nine tenths of whose views came from one domain on the paper's day of that hour."""
    zone = ZoneInfo(settings.PAPER_TIME_ZONE)
    day = hour.astimezone(zone).date()
    came = SourceDay.objects.filter(
        article_id__in=articles, day=day, kind=SourceDay.Kind.REFERRER
    ).values_list("article_id")
    viewed: Counter[int] = Counter()
    for article, at, views in ArticleHour.objects.filter(
        article_id__in=articles, hour__gte=hour - 24 * HOUR, hour__lte=hour + 24 * HOUR
    ).values_list("article_id", "hour", "views"):
        if at.astimezone(zone).date() == day:
            viewed[article] += views
    return [
        article
        for article, most in came.annotate(most=Max("views"))
        if viewed[article] and most * 100 >= viewed[article] * ONE_SOURCE_PERCENT
    ]


def _busiest_before(articles: Collection[int], hour: datetime) -> Mapping[int, int]:
    """Views in the busiest hour of each article's past; one under suspicion says nothing of it."""
    past = {"article_id__in": articles, "hour__gte": hour - PAST, "hour__lt": hour}
    suspected = set(SuspectHour.objects.filter(**past).values_list("article_id", "hour"))
    busiest: dict[int, int] = defaultdict(int)
    for article, at, views in ArticleHour.objects.filter(**past).values_list(
        "article_id", "hour", "views"
    ):
        if (article, at) not in suspected:
            busiest[article] = max(busiest[article], views)
    return busiest


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
