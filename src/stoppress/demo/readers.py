"""Invented readers who go on reading for as long as the demo runs, so that its numbers live.

They read what was invented as read before, and what the wire brings; never a story that somebody
wrote: its count is true. What they read comes as further batches of the node "demo".
"""

import random

from django.utils import timezone

from stoppress.demo.readership import INVENTED, RHYTHM, counts_of, freshness, source_of
from stoppress.edge.views import SITE, Batch, Counts
from stoppress.newsroom import clock
from stoppress.newsroom.models import Article
from stoppress.readership import totals
from stoppress.readership.models import NodeTotal

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 3.0, 8.0
NEWEST = 80  # stories they choose among
MOST_AT_ONCE = 9
NEW_SHARE = 0.55  # of those who read a story, for whom it is the day's first


def read_on() -> float:
    """Let some of them read; returns the seconds to wait for others."""
    now = timezone.now()
    chance = random.Random()  # noqa: S311 -- a rhythm, not a secret
    newest = NodeTotal.objects.filter(node=INVENTED).order_by("-article_id")
    ids = list(newest.values_list("article_id", flat=True)[:NEWEST])
    stories = [
        (pk, freshness(published_at, now))
        for pk, published_at in Article.objects.filter(pk__in=ids, live=True)
        .order_by("pk")
        .values_list("pk", "published_at")
        if published_at
    ]
    pulse = RHYTHM[now.astimezone(clock.paper_zone()).hour]
    if stories:
        chosen, weights = zip(*stories, strict=True)
        readers = 1 + chance.randrange(1 + round(MOST_AT_ONCE * pulse))
        _read(dict.fromkeys(chance.choices(chosen, weights, k=readers), 1), chance)
    return chance.uniform(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)


def first_read(article_id: int) -> None:
    """Make a story of the wire one that they read."""
    _read({article_id: 1}, random.Random(article_id))  # noqa: S311


def _read(views: dict[int, int], chance: random.Random) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    seconds = int(hour.timestamp())
    rows = [(pk, seconds, *counts_of(some, chance)) for pk, some in views.items()]
    new = sum(chance.random() < NEW_SHARE for _ in views)
    rows.append((SITE, seconds, *Counts(readers=new)))
    sources = [
        (pk, seconds, "referrer", name, 1) for pk in views if (name := source_of(chance.random()))
    ]
    number = totals.last_batch(INVENTED) + 1
    totals.add(Batch(INVENTED, number, tuple(rows), tuple(sources)))
