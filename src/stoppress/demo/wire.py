"""The demo wire: a story every 20 to 60 seconds, for as long as the demo runs.

The wire has no state of its own. The story that comes next is worked out from how many stories the
paper has, so a restart, or another node that takes over the clock, goes on where the last one was.
Each round sends every story once, in an order of its own, with other words in its places.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.utils import timezone

from stoppress.demo.ages import name_days
from stoppress.demo.wire_copy import Copy, read_wire

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 20.0, 60.0


@dataclass(frozen=True, slots=True)
class Story:
    """A story as the wire sends it."""

    section: str
    kind: str
    byline: tuple[str, ...]
    headline: str
    text: str
    topics: tuple[str, ...]
    picture: str


def next_story(number: int, now: datetime | None = None) -> Story:
    """The story with this number in the endless row of them; days are named as of `now`."""
    copies = _all_copies()
    turn, place = divmod(number, len(copies))
    copy = copies[_order(turn, len(copies))[place]]
    headline, text = copy.filled(f"{turn}/{place}")
    moment = now or timezone.now()
    return Story(
        section=copy.section,
        kind=copy.kind,
        byline=copy.byline,
        headline=name_days(headline, moment),
        text=name_days(text, moment),
        topics=copy.topics,
        picture=copy.picture,
    )


def pause_after(number: int) -> float:
    """Seconds between a story and the next."""
    chance = random.Random(number)  # noqa: S311 -- a rhythm, not a secret
    return chance.uniform(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)


def publish_next() -> float:
    """Publish the next story through the newsroom; returns the seconds to wait for another."""
    from stoppress.demo.filing import file_story
    from stoppress.demo.readers import first_read
    from stoppress.newsroom.models import Article

    number = Article.objects.count()
    first_read(file_story(next_story(number)).pk)
    return pause_after(number)


@cache
def _all_copies() -> tuple[Copy, ...]:
    return tuple(read_wire())


def _order(turn: int, count: int) -> list[int]:
    order = list(range(count))
    random.Random(turn).shuffle(order)  # noqa: S311
    return order
