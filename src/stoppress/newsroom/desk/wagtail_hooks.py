"""Everything the desk tells Wagtail. The work is done in the modules named here."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from stoppress.newsroom.actions.kill import KILL, LIFT
from stoppress.newsroom.desk import actions, home, menu, viewsets
from stoppress.newsroom.desk.views.correcting import CorrectionView
from stoppress.newsroom.desk.views.corrections import CorrectionsView
from stoppress.newsroom.desk.views.killing import KillView, LiftKillView
from stoppress.newsroom.desk.views.newslist import NewsListView
from stoppress.newsroom.desk.views.press import PressView
from stoppress.newsroom.desk.views.readership import (
    ReadershipView,
    SettleView,
    StoryReadershipView,
)
from stoppress.newsroom.desk.views.receipts import ReceiptView
from stoppress.newsroom.desk.views.sections import SectionsView
from stoppress.theme.assets import asset

# The headline face that readers see; a letter missing in one part is taken from the next.
PARTS = ("core", "west", "east")
FACE = (
    '@font-face{{font-family:"Desk Display {}";src:url({}) format("woff2");'
    "font-weight:400 700;font-display:swap}}"
)

register_snippet(viewsets.AuthorViewSet)
register_snippet(viewsets.TopicViewSet)


@hooks.register("register_admin_viewset")
def page_viewsets() -> list[Any]:
    """Our views for our pages."""
    return [viewsets.FrontViewSet(), viewsets.SectionViewSet(), viewsets.ArticleViewSet()]


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    """The desk's own pages."""
    return [
        path("stories/", NewsListView.as_view(), name="desk_stories"),
        path("stories/<int:page_id>/correct/", CorrectionView.as_view(), name="desk_correct"),
        path("stories/<int:page_id>/kill/", KillView.as_view(), name="desk_kill"),
        path("stories/<int:page_id>/lift-kill/", LiftKillView.as_view(), name="desk_lift_kill"),
        path("sections/", SectionsView.as_view(), name="desk_sections"),
        path("corrections/", CorrectionsView.as_view(), name="desk_corrections"),
        path("readership/", ReadershipView.as_view(), name="desk_readership"),
        path(
            "readership/stories/<int:page_id>/",
            StoryReadershipView.as_view(),
            name="desk_readership_story",
        ),
        path("readership/stories/<int:page_id>/settle/", SettleView.as_view(), name="desk_settle"),
        path("press/", PressView.as_view(), name="desk_press"),
        path("press/receipts/<str:name>/", ReceiptView.as_view(), name="desk_receipt"),
    ]


hooks.register("register_admin_menu_item", menu.stories_item)
hooks.register("register_admin_menu_item", menu.sections_item)
hooks.register("register_admin_menu_item", menu.corrections_item)
hooks.register("register_admin_menu_item", menu.readership_item)
hooks.register("register_reports_menu_item", menu.press_item)
hooks.register("construct_main_menu", menu.arrange)
hooks.register("construct_reports_menu", menu.arrange_reports)
hooks.register("construct_settings_menu", menu.arrange_settings)
hooks.register("construct_page_action_menu", actions.arrange)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Our panels beside Wagtail's reviews; its edits are in ours, its locks scan every page."""
    unwanted = {"recent_edits", "locked_pages"}
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in unwanted]
    panels.extend(home.panels_for(request))


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """No counts of pages and pictures: they cost a scan and tell an editor nothing."""
    items.clear()


@hooks.register("register_icons")
def icons(icons: list[str]) -> list[str]:
    """What Wagtail has no picture of."""
    return [*icons, "desk/icons/desk-chart.svg"]


@hooks.register("insert_global_admin_css")
def dress() -> SafeString:
    """The paper's dress, with the serif that readers see."""
    faces = format_html_join("", FACE, ((part, asset(f"display-{part}.woff2")) for part in PARTS))
    return format_html(
        '<link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}"><style>{}</style>',
        static("desk/desk.css"),
        static("desk/readership.css"),
        faces,
    )


@hooks.register("insert_global_admin_js")
def scripts() -> SafeString:
    """Ages that stay current, character counts, and the answer to Wagtail's overwrite dialogue."""
    return format_html('<script src="{}" defer></script>', static("desk/desk.js"))


@hooks.register("register_page_action_menu_item")
def correct_item() -> ActionMenuItem:
    """Offer it in the editing form."""
    return actions.CorrectItem()


@hooks.register("register_page_header_buttons")
def kill_buttons(page: Any, user: Any, view_name: str, next_url: str = "") -> Iterator[Any]:
    """Offer killing where Wagtail offers unpublishing."""
    yield actions.KillButton(page=page, priority=62)
    yield actions.LiftKillButton(page=page, priority=63)


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    """How the audit log words what we add to it."""

    for action, label, sentence in [
        (KILL, "Kill", "Killed: {reason}"),
        (LIFT, "Lift a kill", "Kill lifted"),
        ("stoppress.reason", "Give a reason", "Reason given: {reason}"),
    ]:
        registry.register_action(action)(_formatter(label, sentence))


def _formatter(label_of_act: str, sentence: str) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = label_of_act

        def format_message(self, entry: Any) -> str:
            return sentence.format(reason=(entry.data or {}).get("reason", ""))

    return Formatter
