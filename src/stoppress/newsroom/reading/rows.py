"""The rows that pages are made of, by key: asked once in a snapshot, many keys at a time.

Nothing here records tags: that is for the @reads functions that take the rows. Rows are shared by
renders, so they are named tuples of plain values.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from stoppress.newsroom.body import picture_ids
from stoppress.newsroom.models import (
    Article,
    ArticleAddress,
    ArticleByline,
    ArticlePicture,
    Picture,
    Rendition,
    UpdateEntry,
)
from stoppress.newsroom.reading import blocks
from stoppress.newsroom.reading.markup import linked_pages
from stoppress.newsroom.renditions import PAGE_SPECS, RATIO_SPECS
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS
from stoppress.press.sharing import rows_once
from stoppress.readership.counts import printed_views

CARD_FIELDS = (
    "pk",
    "title",
    "short_headline",
    "kicker",
    "standfirst",
    "kind",
    "published_at",
    "published_precision",
    "updated_at",
    "updated_precision",
    "reading_minutes",
    "lead_picture_id",
    "language",
    "direction",
)


class AddressKey(NamedTuple):
    """An address without the path of its section."""

    section_id: int
    date: date
    slug: str


class BylineName(NamedTuple):
    """One name of a byline."""

    article_id: int
    author_id: int
    role: str
    kind: str
    name: str
    slug: str


class GalleryPicture(NamedTuple):
    """One picture of a gallery."""

    article_id: int
    picture_id: int
    caption: str


class Told(NamedTuple):
    """One line of an update log that readers see."""

    article_id: int
    id: int
    kind: Any  # one of the public kinds
    dated_at: datetime
    precision: Any
    text: str


class TopicName(NamedTuple):
    """One topic of a story."""

    article_id: int
    id: int
    label: str
    slug: str


class Size(NamedTuple):
    """A rendition."""

    spec: str
    url: str
    width: int  # px
    height: int  # px


@dataclass(frozen=True, slots=True)
class StoryRow:
    """What only the story's own page and full feeds show of it."""

    title: str
    dateline: str
    sources: str
    seo_title: str
    search_description: str
    word_count: int
    lead_picture_id: int | None
    body: str  # JSON
    linked: frozenset[int]  # pages that its text links to
    related: tuple[int, ...]
    pictures: tuple[int, ...]

    def raw_body(self) -> blocks.RawBlocks:
        """The body's blocks, made anew for each caller."""
        return _blocks(self.body)


OfArticle = TypeVar("OfArticle", BylineName, GalleryPicture, Told, TopicName)


@rows_once
def addresses_held(keys: list[AddressKey]) -> Mapping[AddressKey, int]:
    """Which article has or had an address."""
    if not keys:
        return {}
    asked = ", ".join(f"({n}, %s, %s, %s)" for n in range(len(keys)))
    # Made by hand: as a chain of Q objects it would take longer to write than to answer.
    sql = (
        f"WITH asked (n, section_id, date, slug) AS (VALUES {asked}) "  # noqa: S608 - numbers
        f"SELECT n, article_id FROM asked JOIN {ArticleAddress._meta.db_table} held "
        "ON held.section_id = asked.section_id AND held.date = asked.date "
        "AND held.slug = asked.slug"
    )
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(sql, [v for k in keys for v in (k.section_id, adapt(k.date), k.slug)])
        return {keys[n]: article_id for n, article_id in cursor.fetchall()}


@rows_once
def current_addresses(article_ids: list[int]) -> Mapping[int, AddressKey]:
    """Where articles stand now."""
    rows = ArticleAddress.objects.filter(article_id__in=article_ids, is_current=True)
    found = rows.values_list("article_id", "section_id", "date", "slug")
    return {id_: AddressKey(at, day, slug) for id_, at, day, slug in found}


@rows_once
def card_rows(article_ids: list[int]) -> Mapping[int, Any]:
    """What lists show of live articles."""
    rows = Article.objects.filter(pk__in=article_ids, live=True)
    return {row.pk: row for row in rows.values_list(*CARD_FIELDS, named=True)}


@rows_once
def story_rows(article_ids: list[int]) -> Mapping[int, StoryRow]:
    """The rest of live articles."""
    rows = Article.objects.filter(pk__in=article_ids, live=True).values_list(
        "pk",
        "title",
        "dateline",
        "sources",
        "seo_title",
        "search_description",
        "word_count",
        "lead_picture_id",
        Cast("body", TextField()),
    )
    return {row[0]: _story(row[1:]) for row in rows}


@rows_once
def byline_rows(article_ids: list[int]) -> Mapping[int, tuple[BylineName, ...]]:
    """The names of each byline in order, people and agencies."""
    rows = ArticleByline.objects.filter(article__in=article_ids)
    names = rows.order_by("article_id", "sort_order", "pk").values_list(
        "article_id", "author_id", "role", "author__kind", "author__name", "author__slug"
    )
    return _grouped(BylineName(*row) for row in names)


@rows_once
def gallery_rows(article_ids: list[int]) -> Mapping[int, tuple[GalleryPicture, ...]]:
    """The pictures of each gallery in order."""
    rows = ArticlePicture.objects.filter(article__in=article_ids)
    pictures = rows.order_by("article_id", "sort_order", "pk")
    return _grouped(
        GalleryPicture(*row) for row in pictures.values_list("article_id", "picture_id", "caption")
    )


@rows_once
def update_rows(article_ids: list[int]) -> Mapping[int, tuple[Told, ...]]:
    """What readers are told of changes, newest first."""
    rows = UpdateEntry.objects.filter(article__in=article_ids, kind__in=PUBLIC_UPDATE_KINDS)
    entries = rows.order_by("article_id", "-dated_at", "-pk").values_list(
        "article_id", "pk", "kind", "dated_at", "dated_precision", "text"
    )
    return _grouped(Told(*row) for row in entries)


@rows_once
def topic_rows(article_ids: list[int]) -> Mapping[int, tuple[TopicName, ...]]:
    """The topics of each article in the order of their labels."""
    rows = Article.topics.through.objects.filter(article__in=article_ids)
    topics = rows.order_by("article_id", "topic__label", "topic_id").values_list(
        "article_id", "topic_id", "topic__label", "topic__slug"
    )
    return _grouped(TopicName(*row) for row in topics)


@rows_once
def view_counts(article_ids: list[int]) -> Mapping[int, int]:
    """The views that each article's page shows."""
    return printed_views(article_ids)


@rows_once
def picture_words(picture_ids: list[int]) -> Mapping[int, tuple[str, str, str]]:
    """The alternative text, caption and credit of pictures."""
    rows = Picture.objects.filter(pk__in=picture_ids)
    found = rows.values_list("pk", "alt_text", "caption", "credit")
    return {id_: (alt, caption, credit) for id_, alt, caption, credit in found}


@rows_once
def picture_sizes(picture_ids: list[int]) -> Mapping[int, tuple[Size, ...]]:
    """The renditions that pages use, the smallest first."""
    url_of = Rendition._meta.get_field("file").storage.url
    rows = Rendition.objects.filter(
        image__in=picture_ids, filter_spec__in=(*PAGE_SPECS, *RATIO_SPECS), focal_point_key=""
    ).order_by("width", "height", "pk")
    sizes: defaultdict[int, tuple[Size, ...]] = defaultdict(tuple)
    for id_, spec, name, width, height in rows.values_list(
        "image_id", "filter_spec", "file", "width", "height"
    ):
        sizes[id_] += (Size(spec, url_of(name), width, height),)
    return sizes


def _story(fields: tuple[Any, ...]) -> StoryRow:
    raw = _blocks(fields[-1])
    linked = frozenset(linked_pages(blocks.markups(raw)))
    named = (linked, tuple(blocks.related_ids(raw)), tuple(picture_ids(raw)))
    return StoryRow(*(*fields, *named))


def _blocks(body: str | None) -> blocks.RawBlocks:
    raw = json.loads(body) if body else []
    return [block for block in raw if isinstance(block, dict)] if isinstance(raw, list) else []


def _grouped(rows: Iterable[OfArticle]) -> dict[int, tuple[OfArticle, ...]]:
    """Rows by their articles."""
    groups: defaultdict[int, list[OfArticle]] = defaultdict(list)
    for row in rows:
        groups[row.article_id].append(row)
    return {id_: tuple(group) for id_, group in groups.items()}
