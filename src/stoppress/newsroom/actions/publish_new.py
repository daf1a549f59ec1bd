"""Publish a new story: made and live in one act, for what comes whole, as from a wire."""

from typing import Any

from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published

from stoppress.newsroom import tags
from stoppress.newsroom.actions.create import (
    add_article,
    create_article,
    save_first_revision,
    section_for,
    write_article,
)
from stoppress.newsroom.actions.publish import publish, refuse_embargoed
from stoppress.newsroom.models import Article, Section
from stoppress.press.changes import changing

WAGTAILS_PUBLISH = "wagtail.publish"


def publish_new(*, user: Any = None, **story: Any) -> Article:
    """Publish a story that is not in the newsroom yet (see `write_article`).

    What comes of it is what `create_article` and `publish` lead to, with half of their work: the
    draft that nobody was to see is neither written nor read back. A story with a `go_live_at` in
    the future is scheduled. Raises ValidationError, EmbargoInForce, or PublishPagePermissionError
    for a user who may not publish in the section, and writes nothing then.
    """
    now = timezone.now()
    goes_live = story.get("go_live_at")
    if goes_live and goes_live > now:
        with changing("schedule a new article"):
            draft = create_article(user=user, **story)
            return publish(draft, revision=draft.latest_revision, user=user)
    article = write_article(owner=user, **story)
    _refuse_stranger(section_for(article), user)
    refuse_embargoed(article.headline, article.embargoed_until, goes_live)
    article.live, article.has_unpublished_changes = True, False
    article.first_published_at = article.last_published_at = now
    with changing(f"publish a new article in section {section_for(article).pk}") as change:
        add_article(article)
        revision = save_first_revision(article, user)
        article.live_revision = revision
        Page.objects.filter(pk=article.pk).update(live_revision=revision)
        if any(entry.is_public for entry in article.updates.all()):
            change.touch(tags.CORRECTIONS)
        # Our receiver lets readers find it.
        page_published.send(sender=Article, instance=article, revision=revision)
        log(article, WAGTAILS_PUBLISH, user=user, revision=revision, content_changed=True)
    live: Article = Article.objects.get(pk=article.pk)
    return live


def _refuse_stranger(section: Section, user: Any) -> None:
    if user is not None and not section.permissions_for_user(user).can_publish_subpage():
        raise PublishPagePermissionError("You do not have permission to publish this page.")
