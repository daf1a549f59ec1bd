"""Every address that readers may ask for, former ones too: what an export goes through.

Whether a page stands there, something leads on or all is gone, its view decides. Stories come first
and the front last, so that in a folder that is served meanwhile no list names what isn't there yet.
"""

from collections.abc import Iterator
from datetime import date

from stoppress.newsroom import corrections, listings, tags
from stoppress.newsroom.addresses import article_url
from stoppress.newsroom.models import (
    ArticleAddress,
    Author,
    FormerAuthorSlug,
    ListingMonth,
    SectionPath,
    Topic,
)
from stoppress.newsroom.reading.lists import MONTH_CARDS
from stoppress.newsroom.reading.paper import lists_below, read_tree

ROWS_AT_ONCE = 1000


def public_addresses() -> Iterator[str]:
    """The addresses of stories, people, topics, sections, months and the front."""
    yield from _stories()
    yield from (f"/topics/{slug}/" for slug in Topic.objects.values_list("slug", flat=True))
    yield from _people()
    yield from _sections()
    yield from _months_of((corrections.LIST,), "/corrections/")
    yield from _months_of((tags.LATEST,), "/")
    yield from ("/corrections/", "/latest/", "/")


def section_urls() -> dict[str, int]:
    """Every address that a section has or had, with the section's id."""
    rows = SectionPath.objects.order_by("path", "is_current", "pk")
    return {f"/{path}/": id_ for path, id_ in rows.values_list("path", "section_id")}


def author_urls() -> dict[str, int]:
    """Every address that an author has or had, with the author's id."""
    former = FormerAuthorSlug.objects.order_by("pk").values_list("slug", "author_id")
    current = Author.objects.order_by("pk").values_list("slug", "pk")
    return {f"/authors/{slug}/": id_ for slug, id_ in (*former, *current)}


def _stories() -> Iterator[str]:
    """Each story's places under each path of their sections; none of stories that are gone."""
    paths: dict[int, list[str]] = {}
    for path, section_id in SectionPath.objects.order_by("pk").values_list("path", "section_id"):
        paths.setdefault(section_id, []).append(path)
    last = 0
    rows = ArticleAddress.objects.order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        last = chunk[-1].pk
        standing = _standing({row.article_id for row in chunk})
        for row in chunk:
            if row.article_id in standing:
                for path in paths.get(row.section_id, ()):
                    yield article_url(path, row.date, row.slug)


def _standing(article_ids: set[int]) -> set[int]:
    rows = ArticleAddress.objects.filter(article_id__in=article_ids, is_current=True)
    return set(rows.values_list("article_id", flat=True))


def _people() -> Iterator[str]:
    months: dict[str, dict[date, int]] = {}
    rows = ListingMonth.objects.filter(list__startswith=tags.AUTHOR_LISTS, count__gt=0)
    for name, first_day, number in rows.order_by("list", "month").values_list(
        "list", "month", "count"
    ):
        months.setdefault(name, {})[first_day] = number
    for url, id_ in author_urls().items():
        yield url
        name = tags.author_list(id_)
        yield from _archive((name,), months.get(name, {}), url)


def _sections() -> Iterator[str]:
    tree = read_tree()
    for url, id_ in section_urls().items():
        yield url
        if id_ in tree:
            yield from _months_of(tuple(lists_below(id_, tree)), url)


def _months_of(lists: tuple[str, ...], url: str) -> Iterator[str]:
    yield from _archive(lists, listings.months(lists), url)


def _archive(lists: tuple[str, ...], months: dict[date, int], url: str) -> Iterator[str]:
    """A list's months, and the days of those that are shown by their days."""
    for first_day, number in months.items():
        if number > MONTH_CARDS:
            days = listings.days(listings.in_month(lists, first_day), first_day)
            yield from (f"{url}{day:%Y/%m/%d}/" for day in days)
        yield f"{url}{first_day:%Y/%m}/"
