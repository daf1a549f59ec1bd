"""Unpublish: a page is taken from readers, and may come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stoppress.newsroom import tags
from stoppress.newsroom.actions.drafts import hold
from stoppress.newsroom.actions.standing import hide
from stoppress.newsroom.models import Article, Section
from stoppress.press.changes import changing


def unpublish(article: Article, *, user: Any = None) -> Article:
    """Take an article from readers at once; its address answers 410 until it is back."""
    article.unpublish(user=user)
    withdrawn: Article = Article.objects.get(pk=article.pk)
    return withdrawn


@contextmanager
def unpublishing(page: Any) -> Iterator[None]:
    """Around Wagtail's own unpublishing: one hard change."""
    with changing(f"unpublish {page._meta.verbose_name} {page.pk}"):
        hold(page)
        yield
        withdraw(page)


def withdraw(page: Any) -> None:
    """Take a page that is no longer live from readers; may be repeated."""
    if isinstance(page, Article):
        hide(page.pk)
    elif isinstance(page, Section):
        with changing(f"withdraw section {page.pk}") as change:
            change.gone(tags.section(page.pk))
            change.touch(tags.EPOCH_NAVIGATION)
