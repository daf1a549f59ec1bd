"""Tags for the desk's templates."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.action_menu import PublishMenuItem

from stoppress.newsroom.clock import paper_zone

register = template.Library()

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@register.simple_tag
def paper_name() -> str:
    """The paper's name."""
    return str(settings.PAPER_NAME)


@register.simple_tag
def paper_now() -> datetime:
    """The present moment on the paper's clock."""
    return timezone.localtime(timezone.now(), paper_zone())


@register.simple_tag
def paper_zone_name() -> str:
    """The paper's time zone."""
    return str(settings.PAPER_TIME_ZONE)


@register.simple_tag
def age(moment: datetime | None) -> SafeString | str:
    """How long ago, kept current by desk.js; the exact time on hover and without scripts."""
    if moment is None:
        return ""
    local = timezone.localtime(moment, paper_zone())
    return format_html(
        '<time class="desk-age" datetime="{}" title="{}" data-desk-age>{}</time>',
        local.isoformat(),
        f"{local:%-d %B %Y, %H:%M:%S} ({settings.PAPER_TIME_ZONE})",
        in_words((timezone.now() - moment).total_seconds(), local),
    )


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """An exact moment on the paper's clock."""
    if moment is None:
        return ""
    local = timezone.localtime(moment, paper_zone())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        settings.PAPER_TIME_ZONE,
        f"{local:%a %-d %b %Y, %H:%M}",
    )


def in_words(seconds: float, local: datetime) -> str:
    """An age as an editor says it; from a week on, the date."""
    if seconds < 0:
        return f"{local:%-d %b %Y, %H:%M}"
    if seconds < MINUTE:
        return f"{int(seconds)} s ago"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    if seconds < 7 * DAY:
        days = int(seconds // DAY)
        return f"{days} day{'' if days == 1 else 's'} ago"
    return f"{local:%-d %b %Y}"


@register.filter
def number(value: int) -> str:
    """A count as the desk writes it: 12,345."""
    return f"{value:,}"


@register.filter
def plain(value: float) -> str:
    """A length for a drawing, whatever the language of the page."""
    return f"{value:g}"


@register.simple_tag
def publish_button(action_menu: Any) -> SafeString | str:
    """The Publish button beside the menu, for whoever may publish; see `wagtail_hooks`."""
    item = PublishMenuItem()
    return item.render_html(action_menu.context) if item.is_shown(action_menu.context) else ""


@register.simple_tag
def correct_url(action_menu: Any) -> str:
    """Where a live story is corrected; empty for whoever may not, and for all else."""
    from stoppress.newsroom.desk.actions import CorrectItem

    item = CorrectItem()
    return item.get_url(action_menu.context) if item.is_shown(action_menu.context) else ""
