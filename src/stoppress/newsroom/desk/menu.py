"""The desk's menu: what a journalist needs, in the order of a day; the rest is for chiefs.

Rooms above the newsroom add their own items through Wagtail's hooks; whatever is not known here is
left standing, so that a new room needs no line in this file.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from stoppress.newsroom.desk.access import access_of

# Wagtail's names for what the desk shows under another name or at another place.
RENAMED = {
    "images": ("Pictures", 300),
    "reports": ("Reports", 9000),
    "settings": ("Settings", 9900),
}
HIDDEN = frozenset({"explorer", "documents", "snippets", "help"})
HIDDEN_REPORTS = frozenset({"aging-pages", "page-types-usage"})
HIDDEN_SETTINGS = frozenset({"sites", "redirects", "locales"})
CHIEFS_REPORTS = frozenset({"site-history"})


class JournalistsItem(MenuItem):
    """Shown to whoever works in a section."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user works anywhere."""
        return access_of(request).is_journalist


def stories_item() -> MenuItem:
    """The news list."""
    return JournalistsItem(
        "Stories", reverse("desk_stories"), name="stories", icon_name="doc-full", order=100
    )


def sections_item() -> MenuItem:
    """The sections."""
    return JournalistsItem(
        "Sections",
        reverse("desk_sections"),
        name="sections",
        icon_name="folder-open-inverse",
        order=200,
    )


def corrections_item() -> MenuItem:
    """The update logs."""
    return JournalistsItem(
        "Corrections", reverse("desk_corrections"), name="corrections", icon_name="edit", order=700
    )


def readership_item() -> MenuItem:
    """Who reads what."""
    return JournalistsItem(
        "Readership",
        reverse("desk_readership"),
        name="readership",
        icon_name="desk-chart",
        order=150,
    )


def press_item() -> MenuItem:
    """How the press does: receipts, and the numbers of edge and printer."""
    return JournalistsItem(
        "Press", reverse("desk_press"), name="press", icon_name="tick-inverse", order=50
    )


def arrange(request: HttpRequest, items: list[Any]) -> None:
    """Leave in Wagtail's menu what journalists need, under the trade's names."""
    items[:] = [item for item in items if item.name not in HIDDEN]
    for item in items:
        if item.name in RENAMED:
            item.label, item.order = RENAMED[item.name]


def arrange_reports(request: HttpRequest, items: list[Any]) -> None:
    """Leave the reports that a newsroom reads; the audit log is the chiefs'."""
    hidden = (
        HIDDEN_REPORTS
        if request.user.is_superuser or _is_chief(request)
        else (HIDDEN_REPORTS | CHIEFS_REPORTS)
    )
    items[:] = [item for item in items if item.name not in hidden]


def arrange_settings(request: HttpRequest, items: list[Any]) -> None:
    """Leave the settings that mean something here; sites and redirects are the newsroom's."""
    items[:] = [item for item in items if item.name not in HIDDEN_SETTINGS]


def _is_chief(request: HttpRequest) -> bool:
    access = access_of(request)
    return access.covers_all and all(place.may_publish for place in access.places)
