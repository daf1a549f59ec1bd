"""A draft as readers would get it: the readers' own template, filled from what is in hand.

What is live is read from tables; a draft is read from its revision or from the form, and shows the
same blocks, pictures and cards. It has no address, no views and no printed rail.
"""

import re
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stoppress.newsroom.body import measure
from stoppress.newsroom.models import Article, Author, Section
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.lists import read_rail
from stoppress.newsroom.reading.markup import linked_pages
from stoppress.newsroom.reading.paper import Tree, links_to, read_paper, read_tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS
from stoppress.theme import render, shapes

HOLE = "<!--part:latest-->"
OTHER_HOLES = re.compile(r"<!--part:[a-z0-9-]+-->")  # a draft is nowhere among the most read
NO_ID = 0  # a preview's page names no article, so that nothing counts it


def preview(article: Article, request: HttpRequest) -> HttpResponse:
    """The page of a story that is in hand, saved or not."""
    tree = read_tree()
    paper = read_paper(tree)
    page = draft_page(article, tree)
    template = "picture_story" if article.kind == "picture-story" else "article"
    head = shapes.Head(title=f"{article.title or 'Preview'} – {paper.name}", no_index=True)
    text = render(f"pages/{template}.html", paper=paper, head=head, page=page)
    rail = render("components/rail.html", paper=paper, cards=read_rail(tree))
    return HttpResponse(OTHER_HOLES.sub("", text.replace(HOLE, rail)))


def draft_page(article: Article, tree: Tree) -> shapes.ArticlePage:
    """What the page shows of a story in hand."""
    measure(article)
    raw = [dict(block) for block in article.body.get_prep_value()]
    linked = linked_pages(blocks.markups(raw))
    cards = read_cards([*blocks.related_ids(raw), *sorted(linked)], tree)
    gallery = [(entry.picture_id, entry.caption) for entry in article.gallery.all()]
    lead = article.lead_picture_id or 0
    pictures = read_pictures([*blocks.shown_pictures(raw), *(id_ for id_, _ in gallery), lead])
    urls = {id_: card.url for id_, card in cards.items()}
    urls |= {id_: tree[id_].url for id_ in linked if id_ in tree}
    sections = _sections(article, tree)
    return shapes.ArticlePage(
        card=_card(article, sections[-1], pictures),
        sections=sections,
        dateline=article.dateline,
        agencies=tuple(author.name for author, _ in _byline(article) if author.kind == "agency"),
        lead=pictures.get(lead),
        gallery=tuple(
            replace(pictures[id_], caption=caption or pictures[id_].caption)
            for id_, caption in gallery
            if id_ in pictures
        ),
        body=blocks.make_blocks(raw, blocks.Material(pictures, cards, urls)),
        sources=article.sources,
        updates=(updates := _updates(article)),
        topics=tuple(
            shapes.Link(topic.label, f"/topics/{topic.slug}/") for topic in article.topics.all()
        ),
        views=0,
        is_retracted=any(note.kind == "retraction" for note in updates),
    )


def _card(
    article: Article, section: shapes.Link, pictures: dict[int, shapes.Picture]
) -> shapes.Card:
    return shapes.Card(
        id=NO_ID,
        url=section.url,
        headline=article.title,
        kicker=article.kicker,
        standfirst=article.standfirst,
        kind=cast("shapes.Kind", article.kind),
        section=section,
        byline=tuple(
            shapes.Person(author.name, f"/authors/{author.slug}/", role)
            for author, role in _byline(article)
            if author.kind == "person"
        ),
        published_at=article.published_at or timezone.now(),
        published_precision=cast("shapes.Precision", article.published_precision),
        updated_at=article.updated_at,
        updated_precision=cast("shapes.Precision", article.updated_precision),
        reading_minutes=article.reading_minutes,
        picture=pictures.get(article.lead_picture_id or 0),
        language=article.language,
        direction=article.text_direction,
    )


def _sections(article: Article, tree: Tree) -> tuple[shapes.Link, ...]:
    parent = Section.objects.filter(path=article.path[: -article.steplen]).values("pk").first()
    if parent and parent["pk"] in tree:
        return links_to(parent["pk"], tree)
    return (shapes.Link("", "/"),)


def _byline(article: Article) -> list[tuple[Author, str]]:
    entries: list[Any] = [entry for entry in article.byline.all() if entry.author_id]
    return [(entry.author, entry.role) for entry in entries]


def _updates(article: Article) -> tuple[shapes.UpdateNote, ...]:
    entries: list[Any] = [e for e in article.updates.all() if e.kind in PUBLIC_UPDATE_KINDS]
    entries.sort(key=lambda entry: entry.dated_at, reverse=True)
    return tuple(
        shapes.UpdateNote(
            entry.kind, entry.dated_at, entry.text, f"update-{number}", entry.dated_precision
        )
        for number, entry in enumerate(entries, start=1)
    )
