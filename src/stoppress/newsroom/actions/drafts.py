"""Saving what readers do not see yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import (
    disable_reference_index_auto_update,
    reference_index_auto_update_disabled,
)

from stoppress.press.changes import changing, current_change

ROWS = "_cluster_related_objects"  # where modelcluster holds a page's rows that are not saved yet


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


@contextmanager
def indexing_once(page: Any) -> Iterator[None]:
    """Note what a page refers to once it is saved whole; Wagtail would after each of its rows."""
    if getattr(reference_index_auto_update_disabled, "value", False):
        yield
        return
    rows = dict(getattr(page, ROWS, {}))
    with disable_reference_index_auto_update():
        yield
    with transaction.atomic(savepoint=False), _at_hand(page, rows):
        ReferenceIndex.create_or_update_for_object(page)


@contextmanager
def _at_hand(page: Any, rows: dict[str, list[Any]]) -> Iterator[None]:
    """Let the rows that a page was saved with be found with it, not read back."""
    after = getattr(page, ROWS, {})
    setattr(page, ROWS, rows | after)
    try:
        yield
    finally:
        setattr(page, ROWS, after)


def _declare_unseen(change: Any, page: Any) -> None:
    if not page.live:
        change.unseen(Page, *tables_of(type(page)))


def hold(page: Any) -> bool:
    """Make other acts on the page wait for this one to end; returns whether the page is live."""
    rows = Page.objects.select_for_update().filter(pk=page.pk)  # SQLite has one writer anyway
    return any(rows.values_list("live", flat=True))


def tables_of(page_type: Any) -> list[Any]:
    """The models whose rows make up a page of this type, but for Wagtail's Page."""
    children = [relation.related_model for relation in get_all_child_relations(page_type)]
    topics = getattr(page_type, "topics", None)
    return [page_type, *children, *([topics.through] if topics is not None else [])]
