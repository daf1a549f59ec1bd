"""One article, with all its page shows, in a number of queries that no story exceeds."""

from dataclasses import dataclass, replace
from typing import Any

from stoppress.newsroom import tags
from stoppress.newsroom.models import Article, ArticleByline
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.markup import linked_pages
from stoppress.newsroom.reading.paper import Tree, links_to, read_tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.newsroom.renditions import RATIO_SPECS
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS
from stoppress.press.recording import reads, record
from stoppress.readership.counts import printed_views
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
    article = Article.objects.filter(pk=article_id, live=True).first()
    if article is None:
        return None
    raw = [dict(block) for block in article.body.raw_data]
    linked = linked_pages(blocks.markups(raw))
    cards = read_cards([article_id, *blocks.related_ids(raw), *sorted(linked)], tree)
    if article_id not in cards:
        return None
    gallery = list(
        article.gallery.order_by("sort_order", "pk").values_list("picture_id", "caption")
    )
    pictures = read_pictures(
        [*blocks.shown_pictures(raw), *(id_ for id_, _ in gallery), article.lead_picture_id or 0]
    )
    material = blocks.Material(pictures, cards, _urls(linked, cards, tree))
    section = next(node for node in tree.values() if node.url == cards[article_id].section.url)
    page = _page(article, cards[article_id], links_to(section.id, tree), gallery, material, raw)
    return Story(
        page=page,
        search_title=article.seo_title or article.headline,
        search_description=article.search_description or article.standfirst,
        word_count=article.word_count,
        sharing_pictures=_sharing(article.lead_picture_id or next((i for i, _ in gallery), None)),
        section_id=section.id,
        author_ids=tuple(article.byline.order_by("sort_order").values_list("author_id", flat=True)),
    )


def _page(
    article: Article,
    card: shapes.Card,
    sections: tuple[shapes.Link, ...],
    gallery: list[tuple[int, str]],
    material: blocks.Material,
    raw: blocks.RawBlocks,
) -> shapes.ArticlePage:
    updates = _updates(article)
    return shapes.ArticlePage(
        card=replace(card, headline=article.headline),
        sections=sections,
        dateline=article.dateline,
        agencies=_agencies(article),
        lead=material.pictures.get(article.lead_picture_id or 0),
        gallery=_gallery(gallery, material),
        body=blocks.make_blocks(raw, material),
        sources=article.sources,
        updates=updates,
        topics=tuple(
            shapes.Link(topic.label, f"/topics/{topic.slug}/")
            for topic in _recorded_topics(article)
        ),
        related=(),
        views=printed_views([article.pk])[article.pk],
        is_retracted=any(note.kind == "retraction" for note in updates),
    )


def _updates(article: Article) -> tuple[shapes.UpdateNote, ...]:
    entries = article.updates.filter(kind__in=PUBLIC_UPDATE_KINDS).order_by("-dated_at", "-pk")
    return tuple(
        shapes.UpdateNote(
            entry.kind, entry.dated_at, entry.text, f"update-{entry.pk}", entry.dated_precision
        )
        for entry in entries
    )


def _agencies(article: Article) -> tuple[str, ...]:
    rows = ArticleByline.objects.filter(article=article.pk, author__kind="agency")
    named = rows.order_by("sort_order", "pk").values_list("author_id", "author__name")
    found = list(named)
    record(tags.article(article.pk), *(tags.author(id_) for id_, _ in found))
    return tuple(name for _, name in found)


def _recorded_topics(article: Article) -> list[Any]:
    topics = list(article.topics.order_by("label", "pk"))
    record(tags.article(article.pk), *(tags.topic(topic.pk) for topic in topics))
    return topics


def _gallery(
    entries: list[tuple[int, str]], material: blocks.Material
) -> tuple[shapes.Picture, ...]:
    shown = ((material.pictures.get(id_), caption) for id_, caption in entries)
    return tuple(
        replace(picture, caption=caption) if caption else picture
        for picture, caption in shown
        if picture
    )


def _urls(linked: set[int], cards: dict[int, shapes.Card], tree: Tree) -> dict[int, str]:
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
