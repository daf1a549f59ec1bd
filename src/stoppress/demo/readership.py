"""Thirty days of invented reading, so that the demo's counts, charts and most read have a past.

A story's invented views are spread over the hours since it came out: most at first, few at night.
Those of the last thirty days go through the totals like any node's batch; what lies before is the
story's opening balance. Both are marked as what they are: node and source are called "demo", and
the places that readers came from end in ".example". One story's hour is read by a script, so that
editors see what is flagged. The same stories at the same moment give the same numbers.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from stoppress.edge.views import COUNTED, SITE, Batch, Counts
from stoppress.newsroom import clock
from stoppress.newsroom.desk.readership.sources import own_domain
from stoppress.readership.counts import print_count_now
from stoppress.readership.models import ArticleMinute
from stoppress.readership.spikes import judge
from stoppress.readership.totals import add, set_opening_balance

INVENTED = "demo"  # node in the totals, source of opening balances
PAST = timedelta(days=30)
HOUR = timedelta(hours=1)

# How much is read in each hour of the paper's day, the busiest being 1.
RHYTHM = (
    *(0.22, 0.13, 0.09, 0.07, 0.09, 0.2, 0.5, 0.85, 1.0, 0.85, 0.75, 0.75),
    *(0.9, 0.85, 0.65, 0.6, 0.65, 0.75, 0.85, 0.85, 0.9, 0.85, 0.65, 0.4),
)
_HALF_LIFE_HOURS = 10.0
_TAIL = 0.001  # of the first hour, for good: archives are read, too
_REFERRERS = {
    "search.example": 0.24,
    "social.example": 0.14,
    "forum.example": 0.05,
    "letters.example": 0.03,
    "weather.example": 0.015,
}
_REFUSED = {"replayed": 0.012, "malformed": 0.004, "foreign": 0.003}
_FROM_OWN_PAGES = 0.21
_SPIKE_VIEWS, _SPIKE_DOUBTFUL, _SPIKE_READERS = 1900, 2600, 31
_SPIKE_AGES = timedelta(days=1), timedelta(days=6)  # of the story that is read by a script
_SPIKE_AGO = timedelta(hours=9)
_PIECE_SECONDS = 25  # of engaged time, put into a minute
_SPIKE_SOURCE = "boost.example"
_READERS_OF_PAPER = 0.55  # of an hour's views: some read several stories


@dataclass(frozen=True, slots=True)
class ReadStory:
    """A story, and how often it was read in all until now."""

    article_id: int
    published_at: datetime
    views: int


def invent(stories: Collection[ReadStory], now: datetime) -> None:
    """Bring invented reading into the totals, and the counts that pages show in line with it."""
    rows: list[tuple[int, ...]] = []
    sources: list[tuple[int, int, str, str, int]] = []
    in_hour: Counter[int] = Counter()
    before: dict[int, int] = {}
    oldest = _hour_of(now - PAST)
    for story in stories:
        chance = random.Random(story.article_id)  # noqa: S311 -- a rhythm, not a secret
        by_hour = _spread(story, now, chance)
        recent = {hour: views for hour, views in by_hour.items() if hour >= oldest}
        before[story.article_id] = story.views - sum(recent.values())
        in_hour.update({_seconds(hour): views for hour, views in recent.items()})
        for hour, views in sorted(recent.items()):
            rows.append((story.article_id, _seconds(hour), *counts_of(views, chance)))
        sources += _sources(story.article_id, recent)
    rows += [
        (SITE, seconds, *Counts(readers=round(views * _READERS_OF_PAPER)))
        for seconds, views in sorted(in_hour.items())
    ]
    for seconds, views in sorted(in_hour.items()):
        for reason, share in _REFUSED.items():
            if some := round(views * share):
                sources.append((SITE, seconds, "refused", reason, some))
    add(Batch(INVENTED, 1, tuple(rows), tuple(sources)))
    _invent_minutes(rows, now)
    _invent_spike(stories, now)
    for article_id, views in before.items():
        if views:
            set_opening_balance(article_id, views, INVENTED, now)
        else:
            print_count_now(article_id)


def _spread(story: ReadStory, now: datetime, chance: random.Random) -> Counter[datetime]:
    """Which hours a story's views fell in."""
    hours = list(_hours(story.published_at, now))
    if not hours:
        return Counter()
    zone = clock.paper_zone()
    weights = [_weight(hour, story.published_at, now) for hour in hours]
    rhythm = [RHYTHM[hour.astimezone(zone).hour] for hour in hours]
    likely = [weight * pulse for weight, pulse in zip(weights, rhythm, strict=True)]
    return Counter(chance.choices(hours, likely, k=story.views))


def _hours(published_at: datetime, now: datetime) -> Iterator[datetime]:
    hour = _hour_of(published_at)
    while hour < now:
        yield hour
        hour += HOUR


def _weight(hour: datetime, published_at: datetime, now: datetime) -> float:
    """How much of an hour a story was out for, and how fresh it was."""
    first, last = max(hour, published_at), min(hour + HOUR, now)
    return (last - first) / HOUR * freshness(published_at, first)


def freshness(published_at: datetime, now: datetime) -> float:
    """How much is read of a story now, a new one being about 1."""
    age = max(now - published_at, timedelta()) / HOUR
    return float(0.5 ** (age / _HALF_LIFE_HOURS) + _TAIL)


def source_of(drawn: float) -> str:
    """Where a reader came from, by a number drawn between 0 and 1; empty for nowhere known."""
    for name, share in {**_REFERRERS, own_domain(): _FROM_OWN_PAGES}.items():
        if drawn < share:
            return name
        drawn -= share
    return ""


def counts_of(views: int, chance: random.Random) -> Counts:
    """What else is counted of an hour in which a story had these views."""

    def some(share: float, most: int) -> int:
        return min(round(most * share + chance.uniform(-0.5, 0.5)), most) if most else 0

    quarter = some(0.8, views)
    half = some(0.76, quarter)
    three_quarters = some(0.78, half)
    return Counts(
        views=views,
        robots=some(0.3, views),
        staff=some(0.02, views),
        readers=max(1, some(0.88, views)),
        engaged_seconds=round(views * chance.uniform(25, 70)),
        read_quarter=quarter,
        read_half=half,
        read_three_quarters=three_quarters,
        read_all=some(0.8, three_quarters),
    )


def _sources(
    article_id: int, by_hour: dict[datetime, int]
) -> Iterator[tuple[int, int, str, str, int]]:
    """Where a story's readers came from, day by day; the rest came from nowhere that is known."""
    days: Counter[date] = Counter()
    hours: dict[date, datetime] = {}
    for hour, views in by_hour.items():
        day = clock.paper_day(hour)
        days[day] += views
        hours[day] = hour
    shares = {**_REFERRERS, own_domain(): _FROM_OWN_PAGES}
    for day, views in sorted(days.items()):
        for name, share in shares.items():
            if some := int(views * share):
                yield article_id, _seconds(hours[day]), "referrer", name, some


def _invent_minutes(rows: Iterable[tuple[int, ...]], now: datetime) -> None:
    """Spread the last hour's views over its minutes; the batch came in one."""
    hour, minutes = _hour_of(now), (now.minute or 1)
    counted: dict[tuple[int, datetime], Counts] = defaultdict(Counts)
    for article_id, seconds, *counts in rows:
        begun = datetime.fromtimestamp(seconds, UTC)
        if begun < hour - HOUR:
            continue
        chance = random.Random(article_id)  # noqa: S311
        for field, some in zip(COUNTED, counts, strict=True):
            piece = _PIECE_SECONDS if field == "engaged_seconds" else 1
            for _ in range(some // piece):
                at = begun + timedelta(minutes=chance.randrange(minutes if begun == hour else 60))
                _add(counted[article_id, at], field, piece)
                if article_id != SITE and field != "readers":
                    _add(counted[SITE, at], field, piece)
    ArticleMinute.objects.all().delete()
    ArticleMinute.objects.bulk_create(
        ArticleMinute(article_id=article, minute=minute, **asdict(counts))
        for (article, minute), counts in sorted(counted.items())
    )


def _add(counts: Counts, field: str, some: int) -> None:
    setattr(counts, field, getattr(counts, field) + some)


def _invent_spike(stories: Iterable[ReadStory], now: datetime) -> None:
    """Let a script read the least read of the last days' stories, and have it noticed."""
    youngest, oldest = _SPIKE_AGES
    fresh = [one for one in stories if youngest < now - one.published_at < oldest]
    if not fresh:
        return
    story = min(fresh, key=lambda one: (one.views, one.article_id))
    hour = _hour_of(now - _SPIKE_AGO)
    counts = Counts(
        views=_SPIKE_VIEWS,
        doubtful=_SPIKE_DOUBTFUL,
        readers=_SPIKE_READERS,
        engaged_seconds=_SPIKE_VIEWS // 2,
        read_quarter=_SPIKE_READERS,
    )
    came = (story.article_id, _seconds(hour), "referrer", _SPIKE_SOURCE, _SPIKE_VIEWS)
    add(Batch(INVENTED, 2, ((story.article_id, _seconds(hour), *counts),), (came,)))
    judge([hour])


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
