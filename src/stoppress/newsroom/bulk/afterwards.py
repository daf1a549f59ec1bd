"""What a bulk load leaves out, made from the stories: search rows, references, the desk's search.

Each walks the stories in batches, a transaction each, so that a newsroom may be served meanwhile; a
walk that was interrupted is simply done again. None writes what a reader's page depends on.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backend

from stoppress.newsroom import search
from stoppress.newsroom.models import Article, ArticleAddress, ArticleByline

BATCH = 500
Progress = Callable[[int, int, str], None]  # stories done, stories in all, what is being done


def rebuild_search(progress: Progress | None = None) -> int:
    """Make readers' search anew; returns how many stories it finds."""
    search.remove_fallen()
    standing = ArticleAddress.objects.filter(is_current=True).values("article_id")
    return _walk(_write_search, "Making the search index", progress, pk__in=standing)


def rebuild_references(progress: Progress | None = None) -> int:
    """Make anew which story names which pages, pictures and authors; returns how many there are.

    Wagtail's own command does the same in one transaction, in which nobody else could write.
    """
    return _walk(_write_references, "Noting references", progress)


def rebuild_desk_search(progress: Progress | None = None) -> int:
    """Let the desk's choosers find stories by their words; returns how many."""
    return _walk(_write_desk_search, "Making the desk’s search index", progress)


def take_stock() -> None:
    """Let PostgreSQL count what its tables hold now, to plan by, and mark it as seen by all.

    Outside a transaction. Left to autovacuum, both would take from publishes in the minutes after.
    SQLite plans well without: told that a column is empty in most rows, it would take its index for
    useless in those, and read all pages for the few that alias one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _walk(
    write: Callable[[list[int]], None],
    doing: str,
    progress: Progress | None,
    **filters: Any,
) -> int:
    total, done = Article.objects.filter(**filters).count(), 0
    for ids in _batches(**filters):
        with transaction.atomic():
            # Held, as a publish holds its story: what we read is what stands when we have written.
            list(Page.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
            write(ids)
        done += len(ids)
        if progress:
            progress(done, max(total, done), doing)
    return done


def _batches(**filters: Any) -> Iterator[list[int]]:
    last = 0
    while True:
        after = Article.objects.filter(pk__gt=last, **filters).order_by("pk")
        ids = list(after.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _write_search(ids: list[int]) -> None:
    names: dict[int, list[str]] = {id_: [] for id_ in ids}
    bylines = ArticleByline.objects.filter(article__in=ids).order_by("article_id", "sort_order")
    for id_, name in bylines.values_list("article_id", "author__name"):
        names[id_].append(name)
    topics = Article.topics.through.objects.filter(article__in=ids).order_by("article_id", "pk")
    for id_, label in topics.values_list("article_id", "topic__label"):
        names[id_].append(label)
    search.remove(*ids)
    search.insert(
        (article.pk, search.fields_of(article, names[article.pk]))
        for article in Article.objects.filter(pk__in=ids, live=True)
    )


def _write_references(ids: list[int]) -> None:
    for article in Article.objects.filter(pk__in=ids):
        ReferenceIndex.create_or_update_for_object(article)


def _write_desk_search(ids: list[int]) -> None:
    index = get_search_backend().get_index_for_model(Article)
    index.add_items(Article, list(Article.objects.filter(pk__in=ids)))
