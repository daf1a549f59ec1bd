"""The bodies of many articles at once, for feeds."""

from collections.abc import Iterable

from stoppress.newsroom import tags
from stoppress.newsroom.body import raw_text
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import Tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.newsroom.reading.rows import story_rows
from stoppress.press.recording import reads, record
from stoppress.theme import shapes


@reads
def read_bodies(article_ids: Iterable[int], tree: Tree) -> dict[int, tuple[shapes.Block, ...]]:
    """The blocks of each article, in a number of queries that does not grow with theirs."""
    ids = list(article_ids)
    record(tags.EPOCH_SETTINGS, *(tags.article(id_) for id_ in ids))
    rows = story_rows(ids)
    linked = {id_ for row in rows.values() for id_ in row.linked}
    related = [id_ for row in rows.values() for id_ in row.related]
    cards = read_cards([*related, *sorted(linked)], tree)
    urls = {id_: cards[id_].url for id_ in linked if id_ in cards}
    urls |= {id_: tree[id_].url for id_ in linked if id_ in tree and tree[id_].is_live}
    pictures = read_pictures(id_ for row in rows.values() for id_ in row.pictures)
    material = blocks.Material(pictures, cards, urls)
    return {id_: blocks.make_blocks(row.raw_body(), material) for id_, row in rows.items()}


@reads
def read_openings(article_ids: Iterable[int], max_characters: int) -> dict[int, str]:
    """The first words of each article's text, cut at a word's end."""
    ids = list(article_ids)
    record(tags.EPOCH_SETTINGS, *(tags.article(id_) for id_ in ids))
    rows = story_rows(ids)
    return {id_: _opening(raw_text(row.raw_body()), max_characters) for id_, row in rows.items()}


def _opening(text: str, max_characters: int) -> str:
    flat = " ".join(text.split())
    if len(flat) <= max_characters:
        return flat
    head, _, _ = flat[:max_characters].rpartition(" ")
    return f"{head or flat[:max_characters]}…"
