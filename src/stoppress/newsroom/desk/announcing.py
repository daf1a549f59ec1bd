"""What the desk says after a publish: where the story stands, or when it will.

A publish is told before its transaction has ended, so "Live on 9 pages in 180 ms" can't be known
yet: the message carries a place that desk.js fills from the change's receipt.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin import messages

from stoppress.newsroom.clock import paper_zone
from stoppress.press.changes import current_change


def announce(request: HttpRequest, text: str, buttons: list[Any] | None = None) -> None:
    """Say that something was done to readers' pages, with the receipt of the change under way."""
    messages.success(request, format_html("{} {}", text, receipt_place()), buttons=buttons)


def receipt_place() -> SafeString:
    """Return the place for the receipt of the change that is being made, with a link to it."""
    change = current_change()
    if change is None:
        return SafeString()
    return format_html(
        '<a class="desk-receipt" data-desk-receipt href="{}">Receipt</a>',
        reverse("desk_receipt", args=[change.reference]),
    )


def announce_published(request: HttpRequest, page: Any) -> None:
    """Say that a page is live, with its address."""
    address = page.url
    if not address:
        announce(request, f"“{page.get_admin_display_title()}” is published.")
        return
    announce(
        request,
        format_html('Live: <a href="{0}" target="_blank" rel="noreferrer">{0}</a>', address),
        buttons=[
            messages.button(address, "View live", new_window=True),
            messages.button(
                reverse("wagtailadmin_explore", args=[page.get_parent().pk]), "Section"
            ),
        ],
    )


def announce_scheduled(request: HttpRequest, page: Any, moment: datetime) -> None:
    """Say when a page will go live, on the paper's clock."""
    local = timezone.localtime(moment, paper_zone())
    messages.success(
        request,
        f"“{page.get_admin_display_title()}” goes live on {local:%A %-d %B %Y at %H:%M:%S} "
        f"({settings.PAPER_TIME_ZONE}).",
        buttons=[
            messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), "Edit the schedule")
        ],
    )
