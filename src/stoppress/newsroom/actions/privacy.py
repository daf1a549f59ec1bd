"""Privacy: what not everybody may see is taken from readers, and comes back when it is open again.

An edition is the same for everyone, so a page that Wagtail keeps for some (by a password, a login,
groups) has none. The desk offers no such restriction; this is for those made by code, and for a
database that brings some along. A closed section takes everything below it along.
"""

from typing import Any

from wagtail.models import PageViewRestriction

from stoppress.newsroom import tags
from stoppress.newsroom.actions.standing import closed_paths, hide, show
from stoppress.newsroom.errors import FrontIsForEveryone
from stoppress.newsroom.models import Article, Section
from stoppress.press.changes import changing


def restrict(page: Any, **restriction: Any) -> None:
    """Close a page to readers, with all below it; takes what PageViewRestriction takes.

    Raises FrontIsForEveryone.
    """
    with changing(f"restrict page {page.pk}"):
        PageViewRestriction.objects.create(page=page, **restriction)


def lift_restrictions(page: Any) -> None:
    """Open a page again, unless one around it is closed."""
    with changing(f"open page {page.pk}"):
        for restriction in PageViewRestriction.objects.filter(page=page):
            restriction.delete()


def refuse_front(page: Any) -> None:
    """Raise FrontIsForEveryone for a page that no reader's page is without."""
    if not isinstance(page.specific, (Article, Section)):
        raise FrontIsForEveryone


def settle_privacy(page: Any) -> None:
    """Bring a page and all below it in line with the restrictions there are; may be repeated."""
    closed = closed_paths()
    with changing(f"settle privacy of page {page.pk}") as change:
        for section in Section.objects.live().descendant_of(page, inclusive=True):
            change.touch(tags.EPOCH_NAVIGATION)
            if section.path.startswith(closed):
                change.gone(tags.section(section.pk))
            else:
                change.touch(tags.section(section.pk))
        for article in Article.objects.live().descendant_of(page, inclusive=True).iterator():
            if article.path.startswith(closed):
                hide(article.pk)
            else:
                show(article)
        change.touch(tags.card(page.pk))  # also where nothing of it was to be seen
