"""One article, with all its page shows, in a number of queries that no story exceeds."""

from dataclasses import dataclass, replace

from stoppress.newsroom import tags
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import Tree, links_to, read_tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.newsroom.reading.rows import (
    StoryRow,
    byline_rows,
    current_addresses,
    gallery_rows,
    story_rows,
    topic_rows,
    update_rows,
    view_counts,
)
from stoppress.newsroom.renditions import RATIO_SPECS
from stoppress.press.recording import reads, record
from stoppress.theme import shapes


@dataclass(frozen=True, slots=True)
class Story:
    """An article as readers get it: the page, and what else its head and feeds tell."""

    page: shapes.ArticlePage
    search_title: str
    search_description: str
    word_count: int
    sharing_pictures: tuple[shapes.Rendition, ...]  # 1:1, 4:3, 16:9
    section_id: int
    author_ids: tuple[int, ...]


@reads
def read_article(article_id: int, tree: Tree | None = None) -> Story | None:
    """The article as readers find it now; None if they cannot."""
    record(tags.article(article_id))
    tree = tree or read_tree()
    row = story_rows([article_id]).get(article_id)
    if row is None:
        return None
    cards = read_cards([article_id, *row.related, *sorted(row.linked)], tree)
    if article_id not in cards:
        return None
    gallery = gallery_rows([article_id]).get(article_id, ())
    shown = [row.lead_picture_id or 0, *(entry.picture_id for entry in gallery)]
    pictures = read_pictures([*row.pictures, *shown])
    material = blocks.Material(pictures, cards, _urls(row.linked, cards, tree))
    section_id = current_addresses([article_id])[article_id].section_id
    names = byline_rows([article_id]).get(article_id, ())
    page = _page(row, cards[article_id], links_to(section_id, tree), material)
    return Story(
        page=page,
        search_title=row.seo_title or row.title,
        search_description=row.search_description or page.card.standfirst,
        word_count=row.word_count,
        sharing_pictures=_sharing(next((id_ for id_ in shown if id_), None)),
        section_id=section_id,
        author_ids=tuple(name.author_id for name in names),
    )


def _page(
    row: StoryRow, card: shapes.Card, sections: tuple[shapes.Link, ...], material: blocks.Material
) -> shapes.ArticlePage:
    updates = _updates(card.id)
    return shapes.ArticlePage(
        card=replace(card, headline=row.title),
        sections=sections,
        dateline=row.dateline,
        agencies=_agencies(card.id),
        lead=material.pictures.get(row.lead_picture_id or 0),
        gallery=_gallery(card.id, material),
        body=blocks.make_blocks(row.raw_body(), material),
        sources=row.sources,
        updates=updates,
        topics=_topics(card.id),
        views=view_counts([card.id])[card.id],
        is_retracted=any(note.kind == "retraction" for note in updates),
    )


def _updates(article_id: int) -> tuple[shapes.UpdateNote, ...]:
    return tuple(
        shapes.UpdateNote(
            entry.kind, entry.dated_at, entry.text, f"update-{entry.id}", entry.precision
        )
        for entry in update_rows([article_id]).get(article_id, ())
    )


def _agencies(article_id: int) -> tuple[str, ...]:
    names = byline_rows([article_id]).get(article_id, ())
    record(*(tags.author(name.author_id) for name in names))
    return tuple(name.name for name in names if name.kind == "agency")


def _topics(article_id: int) -> tuple[shapes.Link, ...]:
    rows = topic_rows([article_id]).get(article_id, ())
    record(*(tags.topic(row.id) for row in rows))
    return tuple(shapes.Link(row.label, f"/topics/{row.slug}/") for row in rows)


def _gallery(article_id: int, material: blocks.Material) -> tuple[shapes.Picture, ...]:
    entries = gallery_rows([article_id]).get(article_id, ())
    shown = ((material.pictures.get(entry.picture_id), entry.caption) for entry in entries)
    return tuple(
        replace(picture, caption=caption) if caption else picture
        for picture, caption in shown
        if picture
    )


def _urls(linked: frozenset[int], cards: dict[int, shapes.Card], tree: Tree) -> dict[int, str]:
    urls = {id_: cards[id_].url for id_ in linked if id_ in cards}
    urls |= {id_: tree[id_].url for id_ in linked if id_ in tree and tree[id_].is_live}
    return urls


def _sharing(picture_id: int | None) -> tuple[shapes.Rendition, ...]:
    if picture_id is None:
        return ()
    found = read_pictures([picture_id], RATIO_SPECS).get(picture_id)
    if found is None:
        return ()
    # The flattest last: 1:1, 4:3, 16:9.
    return tuple(sorted(found.renditions, key=lambda size: size.width / size.height))
