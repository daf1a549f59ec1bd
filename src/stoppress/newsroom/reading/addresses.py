"""Which article an address leads to; and reading ahead for a batch of such addresses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import Found, article_url
from stoppress.newsroom.reading.paper import Tree, read_path_holders, read_tree
from stoppress.newsroom.reading.rows import (
    AddressKey,
    addresses_held,
    byline_rows,
    card_rows,
    current_addresses,
    gallery_rows,
    picture_sizes,
    picture_words,
    story_rows,
    topic_rows,
    update_rows,
    view_counts,
)
from stoppress.press.recording import reads, record

_ARTICLE = re.compile(
    r"/(?P<path>.+)/(?P<year>[1-9]\d{3})/(?P<month>\d\d)/(?P<day>\d\d)/(?P<slug>[^/]+)/"
)


class Asked(NamedTuple):
    """A story's address in its parts."""

    path: str
    day: date
    slug: str


@reads
def read_address(path: str, year: int, month: int, day: int, slug: str) -> Found | None:
    """Which article has this address, or had it; None if none ever had."""
    record(tags.EPOCH_NAVIGATION)
    try:
        asked = Asked(path, date(year, month, day), slug)
    except ValueError:
        return None
    id_ = _holders([asked]).get(asked)
    if id_ is None:
        return None
    record(tags.article(id_))
    url = _current_url(id_, read_tree())
    return Found(id_, url, is_current=url == article_url(path, asked.day, slug))


def read_ahead(paths: Sequence[str]) -> None:
    """Read the rows of all stories among some pages at once, so that their renders find them."""
    asked = [found for path in paths if (found := _parsed(path))]
    if not asked:
        return
    ids = list(_holders(asked).values())
    stories = story_rows(ids)
    galleries = gallery_rows(stories)
    shown = {*stories}
    for row in stories.values():
        shown |= {*row.linked, *row.related}
    standing = current_addresses(shown)
    cards = card_rows(standing)
    for rows_of_story in (update_rows, topic_rows, view_counts):
        rows_of_story(stories)
    byline_rows(standing)
    pictures = {id_ for row in stories.values() for id_ in row.pictures}
    pictures |= {card.lead_picture_id for card in cards.values()} - {None}
    pictures |= {entry.picture_id for gallery in galleries.values() for entry in gallery}
    picture_words(pictures)
    picture_sizes(pictures)


def _parsed(path: str) -> Asked | None:
    found = _ARTICLE.fullmatch(path)
    if found is None:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return Asked(found["path"], day, found["slug"])


def _holders(asked: Iterable[Asked]) -> Mapping[Asked, int]:
    """The article behind each address: of the sections that had its path, the last one's."""
    by_path = read_path_holders()
    choices = {
        one: [AddressKey(id_, one.day, one.slug) for id_ in by_path.get(one.path, ())]
        for one in asked
    }
    held = addresses_held(key for keys in choices.values() for key in keys)
    found = {one: next((held[k] for k in keys if k in held), None) for one, keys in choices.items()}
    return {one: id_ for one, id_ in found.items() if id_ is not None}


def _current_url(article_id: int, tree: Tree) -> str:
    """Where the article stands now; empty if nowhere."""
    key = current_addresses([article_id]).get(article_id)
    if key is None or key.section_id not in tree:
        return ""
    return article_url(tree[key.section_id].url.strip("/"), key.date, key.slug)
