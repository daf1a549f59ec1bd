"""The bodies of many articles at once, for feeds."""

from collections.abc import Iterable

from stoppress.newsroom import tags
from stoppress.newsroom.body import plain_text
from stoppress.newsroom.models import Article
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.markup import linked_pages
from stoppress.newsroom.reading.paper import Tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.press.recording import reads, record
from stoppress.theme import shapes


@reads
def read_bodies(article_ids: Iterable[int], tree: Tree) -> dict[int, tuple[shapes.Block, ...]]:
    """The blocks of each article, in a number of queries that does not grow with theirs."""
    raws = _read_raw(article_ids)
    every = [block for raw in raws.values() for block in raw]
    linked = linked_pages(blocks.markups(every))
    cards = read_cards([*blocks.related_ids(every), *sorted(linked)], tree)
    urls = {id_: cards[id_].url for id_ in linked if id_ in cards}
    urls |= {id_: tree[id_].url for id_ in linked if id_ in tree and tree[id_].is_live}
    material = blocks.Material(read_pictures(blocks.shown_pictures(every)), cards, urls)
    return {id_: blocks.make_blocks(raw, material) for id_, raw in raws.items()}


@reads
def read_openings(article_ids: Iterable[int], max_characters: int) -> dict[int, str]:
    """The first words of each article's text, cut at a word's end."""
    ids = list(article_ids)
    record(tags.EPOCH_SETTINGS, *(tags.article(id_) for id_ in ids))
    rows = Article.objects.filter(pk__in=ids).only("pk", "body")
    return {row.pk: _opening(plain_text(row.body), max_characters) for row in rows}


def _read_raw(article_ids: Iterable[int]) -> dict[int, blocks.RawBlocks]:
    ids = list(article_ids)
    record(tags.EPOCH_SETTINGS, *(tags.article(id_) for id_ in ids))
    rows = Article.objects.filter(pk__in=ids).only("pk", "body")
    return {row.pk: [dict(block) for block in row.body.raw_data] for row in rows}


def _opening(text: str, max_characters: int) -> str:
    flat = " ".join(text.split())
    if len(flat) <= max_characters:
        return flat
    head, _, _ = flat[:max_characters].rpartition(" ")
    return f"{head or flat[:max_characters]}…"
