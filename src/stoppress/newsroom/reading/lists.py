"""Pages that are lists: front, section, archive, author, topic, latest, corrections, the rail."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stoppress.newsroom import corrections, listings, tags
from stoppress.newsroom.models import FrontSlot, Topic
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import Tree, links_to, lists_below, read_description
from stoppress.press.recording import reads, record
from stoppress.press.sharing import reads_once
from stoppress.theme import shapes

SECONDS = 4
MORE = 10
BLOCK_CARDS = 4
PAGE_CARDS = 30
LATEST_CARDS = 50
RAIL_CARDS = 10
CORRECTIONS_SHOWN = 200
MONTH_CARDS = 200  # a month with more is shown by its days: some 160 KB of a page, 16 KB sent


@dataclass(frozen=True, slots=True)
class ListOf:
    """What a list of a page is made of: its lists merged, and where its months are."""

    lists: tuple[str, ...]
    url: str  # months are below it


@reads_once  # a page and its feed show the same
def read_newest(lists: tuple[str, ...], limit: int, tree: Tree) -> tuple[shapes.Card, ...]:
    """The cards of the newest stories of several lists merged."""
    record(*(tags.newest(name) for name in lists))
    places = listings.newest(lists, limit)
    return tuple(read_cards([place.article_id for place in places], tree).values())


@reads
def read_months(of: ListOf) -> tuple[shapes.MonthLink, ...]:
    """The months of a list, newest first, with their numbers of stories."""
    record(*(tags.months(name) for name in of.lists))
    counted = listings.months(of.lists).items()
    return tuple(_month_link(of, first_day, number) for first_day, number in counted)


@reads
def read_front(tree: Tree) -> shapes.FrontPage:
    """The curated stories, then the newest; below, a block per section. No story twice."""
    below = {
        node.id: lists_below(node.id, tree)
        for node in tree.values()
        if not node.outer and node.is_live
    }
    every = [tags.LATEST, *(name for names in below.values() for name in names)]
    record(*(tags.newest(name) for name in every))
    top = 1 + SECONDS + MORE
    found = listings.newest_of_each(every, top + BLOCK_CARDS)
    newest = [place.article_id for place in found[tags.LATEST]]
    head = list(dict.fromkeys([*_read_slots(), *newest]))[:top]
    blocks = {
        id_: [
            article_id
            for article_id in listings.merged(found[name] for name in names)
            if article_id not in head
        ][:BLOCK_CARDS]
        for id_, names in below.items()
    }
    cards = read_cards([*head, *(id_ for ids in blocks.values() for id_ in ids)], tree)
    leading = [cards[id_] for id_ in head if id_ in cards]
    return shapes.FrontPage(
        lead=leading[0] if leading else None,
        seconds=tuple(leading[1 : 1 + SECONDS]),
        more=tuple(leading[1 + SECONDS :]),
        blocks=tuple(
            shapes.FrontBlock(tree[id_].link, tuple(cards[i] for i in ids if i in cards))
            for id_, ids in blocks.items()
            if ids
        ),
    )


@reads
def _read_slots() -> list[int]:
    """The curated stories that readers can find."""
    slots = list(
        FrontSlot.objects.order_by("sort_order", "pk").values_list("article_id", flat=True)
    )
    record(tags.FRONT_SLOTS, *(tags.card(id_) for id_ in slots))
    standing = listings.standing(slots)
    return [id_ for id_ in slots if id_ in standing]


@reads
def read_section(section_id: int, tree: Tree) -> shapes.SectionPage:
    """A section with the newest of itself and of all sections inside it."""
    record(tags.section(section_id), tags.EPOCH_NAVIGATION)
    node = tree[section_id]
    of = ListOf(tuple(lists_below(section_id, tree)), node.url)
    children = [child for child in tree.values() if child.outer[-1:] == (section_id,)]
    return shapes.SectionPage(
        section=node.link,
        description=read_description(section_id),
        parents=links_to(section_id, tree)[:-1],
        children=tuple(child.link for child in children if child.is_live),
        cards=read_newest(of.lists, PAGE_CARDS, tree),
        months=read_months(of),
        most_read_part=f"most-read-{section_id}",
    )


@reads
def read_archive(
    of: ListOf, first_day: date, section: shapes.Link | None, tree: Tree
) -> shapes.ArchivePage | None:
    """One month of a list; None if it has no stories."""
    record(*(tags.month(name, first_day) for name in of.lists))
    record(*(tags.calendar(name) for name in of.lists))
    places = listings.in_month(of.lists, first_day)
    if not places:
        return None
    months = sorted({*listings.months(of.lists), first_day})
    at = months.index(first_day)
    is_long = len(places) > MONTH_CARDS
    days = listings.days(places, first_day) if is_long else {}
    shown = [] if is_long else places
    return shapes.ArchivePage(
        section=section,
        month=_month_link(of, first_day, len(places)),
        # Their counts belong to other months' pages and are not shown here.
        previous=_month_link(of, months[at - 1], 0) if at else None,
        next=_month_link(of, months[at + 1], 0) if at + 1 < len(months) else None,
        cards=tuple(read_cards([place.article_id for place in shown], tree).values()),
        days=tuple(_day_link(of, day, number) for day, number in days.items()),
    )


@reads
def read_day(
    of: ListOf, day: date, section: shapes.Link | None, tree: Tree
) -> shapes.DayPage | None:
    """One day of a list; None if it has no stories.

    A story of another day changes it only if that day is one of its neighbours.
    """
    _record_day(of, day)
    record(*(tags.list_days(name, day.replace(day=1)) for name in of.lists))
    places = listings.in_day(of.lists, day)
    if not places:
        return None
    return shapes.DayPage(
        section=section,
        month=_month_link(of, day.replace(day=1), 0),  # its count is another page's
        day=_day_link(of, day, len(places)),
        previous=_read_neighbour(of, day, -1),
        next=_read_neighbour(of, day, 1),
        cards=tuple(read_cards([place.article_id for place in places], tree).values()),
    )


@reads
def _read_neighbour(of: ListOf, day: date, step: int) -> shapes.DayLink | None:
    """The nearest day of the same month with stories, going back or forth."""
    found = listings.nearest_day(of.lists, day, step)
    near = day + timedelta(days=step)
    while near.month == day.month:
        _record_day(of, near)
        if near == found:
            return _day_link(of, near, 0)
        near += timedelta(days=step)
    return None


def _record_day(of: ListOf, day: date) -> None:
    record(*(tags.list_day(name, day) for name in of.lists))


@reads
def read_topic(slug: str, tree: Tree) -> shapes.TopicPage | None:
    """A topic with the newest stories about it and about all it covers."""
    topic = Topic.objects.filter(slug=slug).select_related("broader").first()
    if topic is None:
        record(tags.ALL_TOPICS)
        return None
    record(tags.topic(topic.pk), tags.ALL_TOPICS)
    broader = [topic.broader] if topic.broader else []
    narrower = topic.narrower.filter(retired=False).order_by("label", "pk")
    return shapes.TopicPage(
        topic=_topic_link(topic),
        definition=topic.definition,
        broader=tuple(_topic_link(found) for found in broader),
        narrower=tuple(_topic_link(found) for found in narrower),
        cards=read_newest((tags.topic_list(topic.pk),), PAGE_CARDS, tree),
    )


@reads
def read_latest(tree: Tree) -> shapes.LatestPage:
    """The newest stories of the whole paper."""
    return shapes.LatestPage(
        cards=read_newest((tags.LATEST,), LATEST_CARDS, tree),
        months=read_months(ListOf((tags.LATEST,), "/")),
    )


@reads
def read_rail(tree: Tree) -> tuple[shapes.Card, ...]:
    """The ten newest, for the rail beside every story."""
    return read_newest((tags.LATEST,), RAIL_CARDS, tree)


@reads
def read_corrections(tree: Tree, first_day: date | None = None) -> shapes.CorrectionsPage:
    """What readers were told of changes, newest first: the newest of all, or a month's."""
    record(tags.CORRECTIONS)
    entries = corrections.in_month(first_day) if first_day else corrections.told()
    newest = entries.order_by("-dated_at", "-pk")
    rows = list(newest if first_day else newest[:CORRECTIONS_SHOWN])
    cards = read_cards([row.article_id for row in rows], tree)
    return shapes.CorrectionsPage(
        entries=tuple(
            shapes.CorrectionEntry(
                _note(row),
                cards[row.article_id],
            )
            for row in rows
            if row.article_id in cards
        ),
        months=read_months(ListOf((corrections.LIST,), "/corrections/")),
    )


def _month_link(of: ListOf, first_day: date, number: int) -> shapes.MonthLink:
    url = f"{of.url}{first_day:%Y/%m}/"
    return shapes.MonthLink(first_day.year, first_day.month, url, number)


def _day_link(of: ListOf, day: date, number: int) -> shapes.DayLink:
    return shapes.DayLink(day, f"{of.url}{day:%Y/%m/%d}/", number)


def _note(row: Any) -> shapes.UpdateNote:
    anchor = f"update-{row.pk}"
    return shapes.UpdateNote(row.kind, row.dated_at, row.text, anchor, row.dated_precision)


def _topic_link(topic: Topic) -> shapes.Link:
    return shapes.Link(topic.label, f"/topics/{topic.slug}/")
