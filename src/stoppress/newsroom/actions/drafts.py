"""Saving what readers do not see yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from stoppress.press.changes import changing, current_change


@contextmanager
def drafting(page: Any) -> Iterator[None]:
    """Save a page. What is not live is declared unseen; a live page's act touches the tags."""
    if (outer := current_change()) is not None:
        yield
        _declare_unseen(outer, page)
        return
    with changing(f"save {page._meta.verbose_name} {page.pk or 'new'}") as change:
        yield
        _declare_unseen(change, page)


def _declare_unseen(change: Any, page: Any) -> None:
    if not page.live:
        change.unseen(Page, *tables_of(type(page)))


def hold(page: Any) -> None:
    """Make other acts on the page wait for this one to end (SQLite has one writer anyway)."""
    list(Page.objects.select_for_update().filter(pk=page.pk).values_list("pk"))


def tables_of(page_type: Any) -> list[Any]:
    """The models whose rows make up a page of this type, but for Wagtail's Page."""
    children = [relation.related_model for relation in get_all_child_relations(page_type)]
    topics = getattr(page_type, "topics", None)
    return [page_type, *children, *([topics.through] if topics is not None else [])]
