"""Thirty days of invented reading, so that the demo's counts, charts and most read have a past.

A story's invented views are spread over the hours since it came out: most at first, few at night.
Those of the last thirty days go through the totals like any node's batch; what lies before is the
story's opening balance. Both are marked as what they are: node and source are called "demo", and
the places that readers came from end in ".example". The same stories at the same moment give the
same numbers.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stoppress.edge.views import SITE, Batch, Counts
from stoppress.newsroom import clock
from stoppress.readership.counts import print_count_now
from stoppress.readership.totals import add, set_opening_balance

INVENTED = "demo"  # node in the totals, source of opening balances
PAST = timedelta(days=30)
HOUR = timedelta(hours=1)

# How much is read in each hour of the paper's day, the busiest being 1.
_RHYTHM = (
    *(0.22, 0.13, 0.09, 0.07, 0.09, 0.2, 0.5, 0.85, 1.0, 0.85, 0.75, 0.75),
    *(0.9, 0.85, 0.65, 0.6, 0.65, 0.75, 0.85, 0.85, 0.9, 0.85, 0.65, 0.4),
)
_HALF_LIFE_HOURS = 10.0
_TAIL = 0.001  # of the first hour, for good: archives are read, too
_REFERRERS = {"search.example": 0.24, "social.example": 0.14, "forum.example": 0.05}
_READERS_OF_PAPER = 0.55  # of an hour's views: some read several stories


@dataclass(frozen=True, slots=True)
class ReadStory:
    """A story, and how often it was read in all until now."""

    article_id: int
    published_at: datetime
    views: int


def invent(stories: Iterable[ReadStory], now: datetime) -> None:
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
            rows.append((story.article_id, _seconds(hour), *_counts(views, chance)))
        sources += _sources(story.article_id, recent)
    rows += [
        (SITE, seconds, *Counts(readers=round(views * _READERS_OF_PAPER)))
        for seconds, views in sorted(in_hour.items())
    ]
    add(Batch(INVENTED, 1, tuple(rows), tuple(sources)))
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
    rhythm = [_RHYTHM[hour.astimezone(zone).hour] for hour in hours]
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
    age = (first - published_at) / HOUR
    return (last - first) / HOUR * (0.5 ** (age / _HALF_LIFE_HOURS) + _TAIL)


def _counts(views: int, chance: random.Random) -> Counts:
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
    days: Counter[datetime] = Counter()
    for hour, views in by_hour.items():
        days[hour.replace(hour=0)] += views
    for day, views in sorted(days.items()):
        for name, share in _REFERRERS.items():
            if some := int(views * share):
                yield article_id, _seconds(day), "referrer", name, some


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
