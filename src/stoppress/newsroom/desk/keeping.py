"""Keeps the news list in step with the stories.

A row is made anew, at the end of the change that writes it, whenever its story, one of its
revisions or its place in the tree is saved, or one of the newsroom's own acts is logged. What does
none of this (a bulk write, a restored database) is mended by `rebuild`; only the desk's lists read
the rows, so a stale one misleads no reader.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import post_page_move

from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.models import Article, Section
from stoppress.press.changes import current_change

BATCH = 500
State = NewsListEntry.State
ON_LINE = (State.LIVE, State.CHANGED)


def refresh(article_ids: Iterable[int]) -> None:
    """Make the rows of these stories anew."""
    ids = list(article_ids)
    for start in range(0, len(ids), BATCH):
        _write(ids[start : start + BATCH])


def rebuild() -> int:
    """Make every row anew; returns how many stories there are."""
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    refresh(ids)
    return len(ids)


def count_out_of_step() -> int:
    """Return how many stories have no row, or one that is visibly not theirs any more."""
    is_older = Q(changed_at__lt=F("article__latest_revision_created_at"))
    is_listed_live, is_live = Q(state__in=ON_LINE), Q(article__live=True)
    missing = Article.objects.filter(news_list_entry=None)
    wrong = NewsListEntry.objects.filter(is_older | (is_listed_live ^ is_live))
    return missing.count() + wrong.count()


def connect() -> None:
    """Listen to what is saved."""
    post_save.connect(_article_saved, sender=Article, dispatch_uid="desk.article")
    post_save.connect(_revision_saved, sender=Revision, dispatch_uid="desk.revision")
    post_save.connect(_act_logged, sender=PageLogEntry, dispatch_uid="desk.act")
    post_page_move.connect(_page_moved, dispatch_uid="desk.move")


def _article_saved(sender: type, instance: Article, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _refresh_once(instance.pk)


def _revision_saved(sender: type, instance: Revision, **kwargs: Any) -> None:
    if not kwargs.get("raw") and instance.content_type_id == _article_type_id():
        _refresh_once(int(instance.object_id))


def _act_logged(sender: type, instance: PageLogEntry, **kwargs: Any) -> None:
    if instance.action.startswith("stoppress.") and instance.content_type_id == _article_type_id():
        _refresh_once(instance.page_id)


def _page_moved(sender: type, instance: Any, **kwargs: Any) -> None:
    if issubclass(sender, Article):
        _refresh_once(instance.pk)


def _refresh_once(article_id: int) -> None:
    """Within a change, only its end counts: one refresh for all that it saves on the way."""
    change = current_change()
    if change is None:
        refresh([article_id])
    else:
        change.at_end(refresh, article_id)


def _article_type_id() -> int:
    return ContentType.objects.get_for_model(Article).pk


def _write(ids: list[int]) -> None:
    articles = Article.objects.filter(pk__in=ids).defer("body")
    schedules = _schedules(ids)
    sections = _sections_by_path()
    entries = []
    for article in articles:
        section = sections.get(article.path[: -article.steplen])
        if section is not None:
            entries.append(_entry(article, section, schedules.get(article.pk)))
    columns = [f.name for f in NewsListEntry._meta.concrete_fields if not f.primary_key]
    NewsListEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["article"], update_fields=columns
    )


def _sections_by_path() -> dict[str, int]:
    return dict(Section.objects.in_tree_order("pk"))


def _schedules(ids: list[int]) -> dict[int, Any]:
    revisions = Revision.objects.filter(
        content_type_id=_article_type_id(),
        object_id__in=[str(pk) for pk in ids],
        approved_go_live_at__isnull=False,
    )
    return {int(pk): at for pk, at in revisions.values_list("object_id", "approved_go_live_at")}


def _entry(article: Article, section_id: int, goes_live_at: Any) -> NewsListEntry:
    headline = article.draft_title or article.title
    changed_at = (
        article.latest_revision_created_at
        or article.last_published_at
        or article.first_published_at
        or timezone.now()  # saved this moment, and its first revision comes next
    )
    return NewsListEntry(
        article_id=article.pk,
        section_id=section_id,
        owner_id=article.owner_id,
        headline=headline,
        folded_headline=headline.casefold(),
        kind=article.kind,
        state=state_of(article, goes_live_at),
        changed_at=changed_at,
        dated_at=(article.published_at if article.first_published_at else None) or changed_at,
        goes_live_at=goes_live_at,
        expires_at=article.expire_at if article.live else None,
    )


def state_of(article: Article, goes_live_at: Any) -> str:
    """What an editor calls the state of a story."""
    if article.live:
        return State.CHANGED if article.has_unpublished_changes else State.LIVE
    if article.killed_at:
        return State.KILLED
    if goes_live_at:
        return State.SCHEDULED
    return State.DOWN if article.first_published_at else State.DRAFT
