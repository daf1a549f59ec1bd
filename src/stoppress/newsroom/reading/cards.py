"""Cards: articles as lists show them, many at a time in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from stoppress.newsroom import addresses, tags
from stoppress.newsroom.languages import direction_of
from stoppress.newsroom.models import Article, ArticleAddress, ArticleByline
from stoppress.newsroom.reading.paper import Tree, read_tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.press.recording import reads, record
from stoppress.theme.shapes import Card, Person, Picture

FIELDS = (
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


@reads
def read_cards(article_ids: Iterable[int], tree: Tree | None = None) -> dict[int, Card]:
    """The cards of those articles that readers can find, by id; five queries for any number."""
    ids = list(dict.fromkeys(article_ids))
    record(*(tags.card(id_) for id_ in ids))
    if not ids:
        record(tags.EPOCH_SETTINGS)
        return {}
    standing = {
        row.article_id: row
        for row in ArticleAddress.objects.filter(article_id__in=ids, is_current=True)
    }
    tree = tree or read_tree()
    rows = list(Article.objects.filter(pk__in=standing, live=True).values(*FIELDS))
    bylines = read_bylines(standing)
    pictures = read_pictures([row["lead_picture_id"] for row in rows if row["lead_picture_id"]])
    made = {
        row["pk"]: _card(row, standing[row["pk"]], tree, bylines[row["pk"]], pictures)
        for row in rows
        if standing[row["pk"]].section_id in tree
    }
    return {id_: made[id_] for id_ in ids if id_ in made}


@reads
def read_bylines(article_ids: Iterable[int]) -> defaultdict[int, tuple[Person, ...]]:
    """The people of each byline in its order; agencies are credited apart (`read_agencies`)."""
    found: defaultdict[int, tuple[Person, ...]] = defaultdict(tuple)
    rows = _byline_rows(article_ids)
    record(tags.EPOCH_SETTINGS, *(tags.author(row["author_id"]) for row in rows))
    for row in rows:
        person = Person(row["author__name"], f"/authors/{row['author__slug']}/", row["role"])
        found[row["article_id"]] += (person,)
    return found


def _byline_rows(article_ids: Iterable[int]) -> list[dict[str, Any]]:
    return list(
        ArticleByline.objects.filter(article__in=list(article_ids), author__kind="person")
        .order_by("article_id", "sort_order", "pk")
        .values("article_id", "author_id", "role", "author__name", "author__slug")
    )


def _card(
    row: dict[str, Any],
    address: ArticleAddress,
    tree: Tree,
    byline: tuple[Person, ...],
    pictures: dict[int, Picture],
) -> Card:
    section = tree[address.section_id]
    path = section.url.strip("/")
    return Card(
        id=row["pk"],
        url=addresses.article_url(path, address.date, address.slug),
        headline=row["short_headline"] or row["title"],
        kicker=row["kicker"],
        standfirst=row["standfirst"],
        kind=row["kind"],
        section=section.link,
        byline=byline,
        published_at=row["published_at"],
        published_precision=row["published_precision"],
        updated_at=row["updated_at"],
        updated_precision=row["updated_precision"],
        reading_minutes=row["reading_minutes"],
        picture=pictures.get(row["lead_picture_id"]),
        language=row["language"],
        direction=row["direction"] or direction_of(row["language"]),
    )
