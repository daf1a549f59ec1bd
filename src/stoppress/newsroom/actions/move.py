"""Move: an article goes to another section, or a section with all below it elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stoppress.newsroom import tags
from stoppress.newsroom.actions.drafts import hold
from stoppress.newsroom.actions.privacy import settle_privacy
from stoppress.newsroom.actions.standing import (
    closed_paths,
    is_standing,
    settle_section,
    show,
)
from stoppress.newsroom.models import Article, Section
from stoppress.press.changes import changing


def move(page: Any, target: Section, *, user: Any = None) -> None:
    """Move an article or a section into a section; every old address leads to the new one."""
    # Both read afresh: the tree's own numbers in memory may be old.
    fresh, holder = (type(node).objects.get(pk=node.pk) for node in (page, target))
    fresh.move(holder, pos="last-child", user=user)


@contextmanager
def moving(page: Any) -> Iterator[None]:
    """Around Wagtail's own move: one change. Its signal's receiver calls `resettle`."""
    with changing(f"move {page._meta.verbose_name} {page.pk}"):
        hold(page)
        yield
        resettle(type(page).objects.get(pk=page.pk))


def resettle(page: Any) -> None:
    """Bring a moved page's addresses and lists in line; may be repeated."""
    with changing(f"resettle {page._meta.verbose_name} {page.pk}") as change:
        if isinstance(page, Section):
            settle_section(page)
            change.touch(tags.EPOCH_NAVIGATION)  # order changes it too
            if closed_paths():  # it may have gone into what is closed, or come out of it
                settle_privacy(page)
        elif isinstance(page, Article) and is_standing(page.pk):
            show(page)
            change.touch(tags.card(page.pk))
        elif isinstance(page, Article):
            change.unseen(*_unseen_models())


def _unseen_models() -> list[Any]:
    from wagtail.models import Page

    return [Page, Article]
