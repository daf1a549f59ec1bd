"""Publish: a story, a section or the front goes to readers as it stands in a revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.signal_handlers import disable_reference_index_auto_update

from stoppress.newsroom import corrections, tags
from stoppress.newsroom.actions.drafts import hold
from stoppress.newsroom.errors import EmbargoInForce, StoryKilled
from stoppress.newsroom.models import Article, Front, Section, UpdateEntry
from stoppress.newsroom.reading import read_cards, read_navigation
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS
from stoppress.press.changes import changing


def publish(
    article: Article,
    *,
    revision: Any = None,
    user: Any = None,
    at: datetime | None = None,
) -> Article:
    """Publish an article as it is in hand, or one of its revisions; returns what is live now.

    `at` in the past backdates the story; in the future it schedules it, and readers see nothing
    before. Raises StoryKilled, EmbargoInForce, or ValidationError for a story that is not fit.
    """
    with changing(f"publish article {article.pk}"):
        if revision is None:
            _know_place(article)
            _set_time(article, at)
            with disable_reference_index_auto_update():  # what goes live is indexed below
                revision = article.save_revision(user=user, log_action=user is not None)
        article.publish(revision, user=user, skip_permission_checks=user is None)
    live: Article = Article.objects.get(pk=article.pk)
    return live


def publish_section(section: Section, *, user: Any = None) -> Section:
    """Publish a section as it is in hand."""
    with changing(f"publish section {section.pk}"):
        _know_place(section)
        section.publish(section.save_revision(user=user), user=user)
    live: Section = Section.objects.get(pk=section.pk)
    return live


@contextmanager
def publishing(page: Any, revision: Any) -> Iterator[None]:
    """Around Wagtail's own publishing: one change that touches what readers see differently.

    Where the page then stands is settled by the receiver of Wagtail's signal (`receivers`), which
    also hears of what does not come this way.
    """
    with changing(f"publish {page._meta.verbose_name} {page.pk}") as change:
        was_live = hold(page)
        _refuse(page, revision)
        before = _shown(page) if was_live else ()
        yield
        if isinstance(page, Article) and not was_live:
            if _public_updates(page).exists():  # that it has a card now, `show` has told
                change.touch(tags.CORRECTIONS)
            return
        after = _shown(page)
        if isinstance(page, Article):
            if before[:1] != after[:1]:
                change.touch(tags.card(page.pk))
            if before[1:] != after[1:]:
                change.touch(tags.CORRECTIONS)
                corrections.recount(note[1] for note in (*before[1:], *after[1:]))
        elif isinstance(page, Section) and before != after:
            change.touch(tags.EPOCH_NAVIGATION)
        elif isinstance(page, Front):
            change.touch(tags.FRONT_SLOTS)


def _know_place(page: Any) -> None:
    """Take the place in the tree from the database: in memory it may be from before a move."""
    rows = type(page).objects.filter(pk=page.pk)
    for name, value in rows.values("path", "depth", "numchild", "url_path").get().items():
        setattr(page, name, value)
    vars(page).pop("_cached_parent_obj", None)


def _set_time(article: Article, at: datetime | None) -> None:
    if at is None:
        return
    if at > timezone.now():
        article.go_live_at = at
    else:
        article.publish_exactly(at)


def _refuse(page: Any, revision: Any) -> None:
    if not isinstance(page, Article):
        return
    killed_at, reason = Article.objects.values_list("killed_at", "kill_reason").get(pk=page.pk)
    if killed_at is not None:
        raise StoryKilled(page.headline, reason)
    until, goes_live = (
        _moment(revision.content.get(name)) for name in ("embargoed_until", "go_live_at")
    )
    refuse_embargoed(page.headline, until, goes_live)


def refuse_embargoed(headline: str, until: datetime | None, goes_live: datetime | None) -> None:
    """Raise EmbargoInForce for a story that would go live before its embargo ends."""
    if until and until > max(timezone.now(), goes_live or timezone.now()):
        raise EmbargoInForce(headline, f"{until:%Y-%m-%d %H:%M %Z}")


def _moment(kept: Any) -> datetime | None:
    """A moment in a revision: text once it was read back, still a datetime before."""
    return parse_datetime(kept) if isinstance(kept, str) else kept


def _shown(page: Any) -> tuple[Any, ...]:
    """What lists and navigation show of the page, to compare before with after."""
    if isinstance(page, Article):
        notes = _public_updates(page).values_list(
            "kind", "dated_at", "dated_precision", "text", "pk"
        )
        return (read_cards([page.pk]).get(page.pk), *notes)
    return read_navigation() if isinstance(page, Section) else ()


def _public_updates(article: Article) -> Any:
    return UpdateEntry.objects.filter(
        article=article.pk, article__live=True, kind__in=PUBLIC_UPDATE_KINDS
    )
