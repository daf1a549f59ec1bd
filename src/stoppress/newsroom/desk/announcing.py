"""What the desk says after a publish: where the story stands, or when it will."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin import messages

from stoppress.newsroom.clock import paper_zone


def announce_published(request: HttpRequest, page: Any) -> None:
    """Say that a page is live, with its address."""
    address = page.url
    if not address:
        messages.success(request, f"“{page.get_admin_display_title()}” is published.")
        return
    messages.success(
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
