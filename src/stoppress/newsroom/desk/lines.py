"""A line of a news list as its template shows it: a story with what this user may do with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from wagtail.models import WorkflowState

from stoppress.newsroom.addresses import current_urls
from stoppress.newsroom.desk.access import Access, Place
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.models import Article, ArticleByline
from stoppress.readership.totals import views_of

State = NewsListEntry.State
ON_THE_SITE = frozenset({State.LIVE, State.CHANGED})
BADGES = {
    State.DRAFT: "draft",
    State.SCHEDULED: "scheduled",
    State.LIVE: "live",
    State.CHANGED: "live",
    State.DOWN: "down",
    State.KILLED: "killed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One story in a list."""

    id: int
    headline: str
    section: Place | None
    kind: str
    state: str
    state_name: str
    byline: tuple[str, ...]
    changed_at: datetime
    published_at: datetime | None  # None unless live
    goes_live_at: datetime | None
    expires_at: datetime | None
    is_in_workflow: bool
    edit_url: str  # empty if the user may not edit it
    live_url: str  # empty unless readers see it
    views: int | None  # None for what readers never had

    @property
    def at(self) -> datetime:
        """Since when readers have it, or since when it lies there."""
        return self.published_at or self.changed_at

    @property
    def badge(self) -> str:
        """The class that colours the state."""
        return BADGES[State(self.state)]


def lines_of(entries: Iterable[NewsListEntry], access: Access) -> list[Line]:
    """Lines for these rows, with six queries however many there are."""
    rows = list(entries)
    ids = [row.pk for row in rows]
    urls = current_urls([row.pk for row in rows if row.state in ON_THE_SITE])
    names = _bylines(ids)
    waiting = _in_workflow(ids)
    kinds = dict(Article.Kind.choices)
    views = views_of(ids)
    return [
        Line(
            id=row.pk,
            headline=row.headline,
            section=access.place(row.section_id),
            kind=str(kinds.get(row.kind, row.kind)),
            state=row.state,
            state_name=row.get_state_display(),
            byline=tuple(names.get(row.pk, ())),
            changed_at=row.changed_at,
            published_at=row.dated_at if row.state in ON_THE_SITE else None,
            goes_live_at=row.goes_live_at,
            expires_at=row.expires_at,
            is_in_workflow=row.pk in waiting,
            edit_url=_edit_url(row, access),
            live_url=urls.get(row.pk, ""),
            views=views[row.pk] if views[row.pk] or row.state in ON_THE_SITE else None,
        )
        for row in rows
    ]


def _edit_url(row: NewsListEntry, access: Access) -> str:
    if not access.may_edit(row.section_id, row.owner_id):
        return ""
    return reverse("wagtailadmin_pages:edit", args=[row.pk])


def _bylines(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = ArticleByline.objects.filter(article_id__in=ids).order_by("article_id", "sort_order")
    for article_id, name in rows.values_list("article_id", "author__name"):
        found.setdefault(article_id, []).append(name)
    return found


def _in_workflow(ids: list[int]) -> set[int]:
    states = WorkflowState.objects.filter(
        base_content_type=_page_type(),
        object_id__in=[str(pk) for pk in ids],
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


def _page_type() -> Any:
    from wagtail.models import get_default_page_content_type

    return get_default_page_content_type()
