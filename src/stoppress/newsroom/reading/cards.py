"""Cards: articles as lists show them, many at a time in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from stoppress.newsroom import addresses, tags
from stoppress.newsroom.languages import direction_of
from stoppress.newsroom.reading.paper import Tree, read_tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.newsroom.reading.rows import AddressKey, byline_rows, card_rows, current_addresses
from stoppress.press.recording import reads, record
from stoppress.theme.shapes import Card, Person, Picture


@reads
def read_cards(article_ids: Iterable[int], tree: Tree | None = None) -> dict[int, Card]:
    """The cards of those articles that readers can find, by id; five queries for any number."""
    ids = list(dict.fromkeys(article_ids))
    record(*(tags.card(id_) for id_ in ids))
    if not ids:
        record(tags.EPOCH_SETTINGS)
        return {}
    standing = current_addresses(ids)
    tree = tree or read_tree()
    rows = card_rows(standing)
    bylines = read_bylines(standing)
    pictures = read_pictures([row.lead_picture_id for row in rows.values() if row.lead_picture_id])
    return {
        id_: _card(rows[id_], standing[id_], tree, bylines[id_], pictures)
        for id_ in ids
        if id_ in rows and standing[id_].section_id in tree
    }


@reads
def read_bylines(article_ids: Iterable[int]) -> defaultdict[int, tuple[Person, ...]]:
    """The people of each byline in its order; agencies are credited apart (`read_agencies`)."""
    rows = byline_rows(article_ids)
    named = [row for names in rows.values() for row in names]
    # Agencies' too: one may turn out to be a person.
    record(tags.EPOCH_SETTINGS, *(tags.author(row.author_id) for row in named))
    people = [row for row in named if row.kind == "person"]
    found: defaultdict[int, tuple[Person, ...]] = defaultdict(tuple)
    for row in people:
        person = Person(row.name, f"/authors/{row.slug}/", row.role)
        found[row.article_id] += (person,)
    return found


def _card(
    row: Any,
    address: AddressKey,
    tree: Tree,
    byline: tuple[Person, ...],
    pictures: dict[int, Picture],
) -> Card:
    section = tree[address.section_id]
    path = section.url.strip("/")
    return Card(
        id=row.pk,
        url=addresses.article_url(path, address.date, address.slug),
        headline=row.short_headline or row.title,
        kicker=row.kicker,
        standfirst=row.standfirst,
        kind=row.kind,
        section=section.link,
        byline=byline,
        published_at=row.published_at,
        published_precision=row.published_precision,
        updated_at=row.updated_at,
        updated_precision=row.updated_precision,
        reading_minutes=row.reading_minutes,
        picture=pictures.get(row.lead_picture_id),
        language=row.language,
        direction=row.direction or direction_of(row.language),
    )
