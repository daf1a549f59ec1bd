"""Delete: a page and all below it are no more; their addresses answer 410."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wagtail.models import Page

from stoppress.newsroom import addresses, tags
from stoppress.newsroom.actions.drafts import hold, tables_of
from stoppress.newsroom.actions.standing import hide
from stoppress.newsroom.models import Article, Front, FrontSlot, Section
from stoppress.press.changes import changing


def delete(page: Any, *, user: Any = None) -> None:
    """Delete a page and everything below it."""
    page.delete(user=user)


@contextmanager
def deleting(page: Any) -> Iterator[None]:
    """Around Wagtail's own deletion: one hard change."""
    with changing(f"delete {page._meta.verbose_name} {page.pk}") as change:
        hold(page)
        bury(page)
        yield
        for page_type in (Article, Section, Front):  # readers saw what `bury` touched, no more
            change.unseen(Page, *tables_of(page_type))


def bury(page: Any) -> None:
    """Take a page that is about to be deleted, and all below it, from readers."""
    below = Article.objects.filter(path__startswith=page.path).order_by("pk")
    with changing(f"bury {page._meta.verbose_name} {page.pk}") as change:
        article_ids = list(below.values_list("pk", flat=True))
        if FrontSlot.objects.filter(article__in=article_ids).exists():
            change.touch(tags.FRONT_SLOTS)
        for article_id in article_ids:
            hide(article_id)
        sections = Section.objects.filter(path__startswith=page.path).values_list("pk", flat=True)
        if section_ids := list(sections):
            addresses.retire_sections(section_ids)
            change.gone(*(tags.section(id_) for id_ in section_ids))
            change.touch(tags.EPOCH_NAVIGATION)
