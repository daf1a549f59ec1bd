"""What we hear from Wagtail, whichever way it acts: its desk's views call its actions directly.

The desk runs each POST as one change, so these receivers write in that change's transaction. Each
only brings standing in line and may find nothing left to do.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from stoppress.newsroom.actions.delete import bury
from stoppress.newsroom.actions.move import resettle
from stoppress.newsroom.actions.privacy import refuse_front, settle_privacy
from stoppress.newsroom.actions.standing import settle_section, show
from stoppress.newsroom.actions.unpublish import withdraw
from stoppress.newsroom.models import Article, Front, Section

OURS = (Article, Section, Front)


def connect() -> None:
    """Listen to Wagtail; once per process."""
    page_published.connect(_published, dispatch_uid="newsroom.published")
    page_unpublished.connect(_unpublished, dispatch_uid="newsroom.unpublished")
    post_page_move.connect(_moved, dispatch_uid="newsroom.moved")
    for signal in (pre_save, post_save, post_delete):
        signal.connect(
            _restricting if signal is pre_save else _restricted,
            sender=PageViewRestriction,
            dispatch_uid="newsroom.restriction",
        )
    for model in (Article, Section):
        pre_delete.connect(_deleting, sender=model, dispatch_uid=f"newsroom.{model.__name__}")


def _published(instance: Page, **_: Any) -> None:
    page = _specific(instance)
    if isinstance(page, Article) and page.live:
        show(page)
    elif isinstance(page, Section) and page.live:
        settle_section(page)


def _unpublished(instance: Page, **_: Any) -> None:
    withdraw(_specific(instance))


def _moved(instance: Page, **_: Any) -> None:
    page = _specific(instance)
    if isinstance(page, OURS):
        resettle(page)


def _deleting(instance: Page, **_: Any) -> None:
    bury(instance)


def _restricting(instance: PageViewRestriction, raw: bool = False, **_: Any) -> None:
    if not raw:
        refuse_front(instance.page)


def _restricted(instance: PageViewRestriction, raw: bool = False, **_: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None and not raw:  # a page that is deleted takes its restrictions along
        settle_privacy(page)


def _specific(page: Page) -> Page:
    return page if isinstance(page, OURS) else page.specific
