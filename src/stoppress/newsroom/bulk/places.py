"""Where loaded stories stand: their addresses, their list rows, the months that count them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, count
from typing import Any

from django.db import connection

from stoppress.newsroom import clock, listings, tags
from stoppress.newsroom.bulk import rows
from stoppress.newsroom.bulk.stories import LoadedStory
from stoppress.newsroom.models import ArticleAddress, Listing, ListingMonth, SectionPath, Topic
from stoppress.newsroom.slugs import make_slug, numbered

Placed = Sequence[tuple[int, LoadedStory]]
Month = tuple[str, date]

DAWN = datetime.min.replace(tzinfo=UTC)
COUNTS_A_QUERY = 200
COUNT = """
INSERT INTO newsroom_listingmonth (list, month, count) VALUES {rows}
ON CONFLICT (list, month) DO UPDATE SET count = newsroom_listingmonth.count + excluded.count
"""


def address_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    """Each story's address; one that was or is another's at any path of its section is numbered."""
    days = {id_: clock.paper_day(story.published_at) for id_, story in placed}
    rivals = _rivals({story.section_id for _, story in placed})
    every = set[int]().union(*rivals.values())
    taken: dict[tuple[int, date], set[str]] = {}
    held = ArticleAddress.objects.filter(section_id__in=every, date__in=set(days.values()))
    for section_id, day, slug in held.values_list("section_id", "date", "slug"):
        taken.setdefault((section_id, day), set()).add(slug)
    for id_, story in placed:
        section_id, day = story.section_id, days[id_]
        wanted = make_slug(story.headline)
        there = [taken.get((rival, day), set[str]()) for rival in rivals[section_id]]
        choices = (numbered(wanted, number) for number in count(1))
        slug = next(slug for slug in choices if not any(slug in slugs for slugs in there))
        taken.setdefault((section_id, day), set()).add(slug)
        yield {
            "article_id": id_,
            "section_id": section_id,
            "date": day,
            "slug": slug,
            "is_current": True,
        }


def days_touched(address_days: set[date]) -> set[str]:
    """The tags of days that get stories; asked before these are written."""
    held = ArticleAddress.objects.filter(is_current=True, date__in=address_days)
    begun = set(held.values_list("date", flat=True).distinct())
    found = {tags.day(day) for day in address_days}
    return found if address_days <= begun else found | {tags.STORY_DAYS}


def enlist(placed: Placed) -> set[str]:
    """Write the stories' rows in lists and count their months; returns the tags this touched."""
    broader = dict(Topic.objects.values_list("pk", "broader_id"))
    entries: list[dict[str, Any]] = []
    counted: Counter[Month] = Counter()
    newest: dict[str, datetime] = {}
    for id_, story in placed:
        moment = story.published_at
        month = clock.month_of(moment)
        for name in _lists_of(story, broader):
            place: dict[str, Any] = {"list": name, "published_at": moment}
            entries.append(place | {"month": month, "article_id": id_})
            counted[name, month] += 1
            newest[name] = max(newest.get(name, DAWN), moment)
    begun = _begun(counted)
    rows.insert(Listing, entries)
    _count(counted)
    return _touched(counted, begun, newest)


def _lists_of(story: LoadedStory, broader: Mapping[int, int | None]) -> list[str]:
    topic_ids: dict[int, None] = {}
    for found in story.topic_ids:
        id_: int | None = found
        while id_ is not None and id_ not in topic_ids:
            topic_ids[id_] = None
            id_ = broader.get(id_)
    return [
        tags.LATEST,
        tags.section_list(story.section_id),
        *(tags.author_list(id_) for id_ in dict.fromkeys(story.author_ids)),
        *(tags.topic_list(id_) for id_ in topic_ids),
    ]


def _rivals(section_ids: set[int]) -> dict[int, set[int]]:
    """The sections that hold or held one of each section's paths, itself among them."""
    holders: dict[str, set[int]] = {}
    own = SectionPath.objects.filter(section_id__in=section_ids).values("path")
    pairs = SectionPath.objects.filter(path__in=own).values_list("path", "section_id")
    for path, holder in pairs:
        holders.setdefault(path, set()).add(holder)
    return {
        id_: {id_}.union(*(found for found in holders.values() if id_ in found))
        for id_ in section_ids
    }


def _begun(counted: Counter[Month]) -> set[Month]:
    """The months that have stories already."""
    held = ListingMonth.objects.filter(
        list__in={name for name, _ in counted},
        month__in={month for _, month in counted},
        count__gt=0,
    )
    return set(held.values_list("list", "month"))


def _count(counted: Counter[Month]) -> None:
    # In one order, so that two who count at once wait for each other and not crosswise.
    values = [
        (name, connection.ops.adapt_datefield_value(month), number)
        for (name, month), number in sorted(counted.items())
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(values), COUNTS_A_QUERY):
            some = values[start : start + COUNTS_A_QUERY]
            sql = COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(some)))
            cursor.execute(sql, list(chain.from_iterable(some)))


def _touched(counted: Counter[Month], begun: set[Month], newest: dict[str, datetime]) -> set[str]:
    touched = set()
    for name, month in counted:
        touched |= {tags.month(name, month), tags.list_days(name, month), tags.months(name)}
        if (name, month) not in begun:
            touched.add(tags.calendar(name))
    ends = listings.window_ends(sorted(newest))
    return touched | {
        tags.newest(name) for name, moment in newest.items() if moment >= ends.get(name, DAWN)
    }
