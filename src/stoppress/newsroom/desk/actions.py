"""What Wagtail's menus offer for a story besides their own items."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem

from stoppress.newsroom.models import Article


class CorrectItem(ActionMenuItem):
    """The way from the editing form to a correction."""

    name = "action-correct"
    label = "Correct or update…"
    icon_name = "edit"
    order = 15
    template_name = "desk/components/action_link.html"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """On a live story that the user may publish."""
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, Article) or not page.live:
            return False
        tester = self.get_user_page_permissions_tester(context)
        return bool(not context["locked_for_user"] and tester.can_publish())

    def get_url(self, parent_context: dict[str, Any]) -> str:
        """The page that asks what readers are told."""
        return reverse("desk_correct", args=[parent_context["page"].pk])


def arrange(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take Publish out of the drop-down: it has a button of its own beside it."""
    items[:] = [item for item in items if item.name != "action-publish"]


class KillButton(PageMenuItem):
    """The way to killing a story."""

    label = "Kill…"
    icon_name = "warning"
    url_name = "desk_kill"

    def is_shown(self, user: Any) -> bool:
        """On a story that is not killed yet, for whoever may publish it."""
        article = _publishable(self.page, user)
        return article is not None and not article.killed_at


class LiftKillButton(PageMenuItem):
    """The way back."""

    label = "Lift the kill…"
    icon_name = "undo"
    url_name = "desk_lift_kill"

    def is_shown(self, user: Any) -> bool:
        """On a killed story, for whoever may publish it."""
        article = _publishable(self.page, user)
        return article is not None and bool(article.killed_at)


def _publishable(page: Any, user: Any) -> Article | None:
    article = page.specific
    if isinstance(article, Article) and article.permissions_for_user(user).can_publish():
        return article
    return None
