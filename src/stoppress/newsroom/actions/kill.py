"""Kill: a takedown order, ours or a wire's. The story is gone everywhere and stays gone."""

from typing import Any

from django.utils import timezone
from wagtail.log_actions import log

from stoppress.newsroom import tags
from stoppress.newsroom.actions.drafts import hold
from stoppress.newsroom.models import Article
from stoppress.press.changes import changing

KILL = "stoppress.kill"
LIFT = "stoppress.lift_kill"


def kill(article: Article, *, reason: str, user: Any = None) -> Article:
    """Take a story from readers at once and refuse to publish it until the kill is lifted."""
    with changing(f"kill article {article.pk}") as change:
        hold(article)
        rows = Article.objects.filter(pk=article.pk)
        rows.update(killed_at=timezone.now(), kill_reason=reason)
        killed: Article = rows.get()
        killed.revisions.update(approved_go_live_at=None)
        change.gone(tags.article(article.pk), tags.card(article.pk))
        if killed.live:
            killed.unpublish(user=user)
        log(instance=killed, action=KILL, user=user, data={"reason": reason})
    killed.refresh_from_db()
    return killed


def lift_kill(article: Article, *, user: Any = None) -> Article:
    """Let a killed story be published again. It stays a draft until someone does."""
    with changing(f"lift the kill of article {article.pk}") as change:
        rows = Article.objects.filter(pk=article.pk)
        rows.update(killed_at=None, kill_reason="")
        change.unseen(Article)
        lifted: Article = rows.get()
        log(instance=lifted, action=LIFT, user=user)
    return lifted
