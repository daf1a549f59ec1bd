"""A story's numbers beside its editing form."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.side_panels import BaseSidePanel

from stoppress.newsroom.desk.readership.questions import read_span
from stoppress.newsroom.desk.readership.story import story_report


class NumbersSidePanel(BaseSidePanel):
    """Views, readers, engaged time, depth, sources, and the update log on the curve."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens it."""

        aria_label = "Toggle readership"
        icon_name = "desk-chart"
        has_counter = False

    name = "readership"
    title = "Readership"
    template_name = "desk/readership/side_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The story's first days while they last, else all of its days."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        span = read_span({}, timezone.now(), self.object.published_at)
        numbers_url = reverse("desk_readership_story", args=[self.object.pk])
        return {
            **context,
            "report": story_report(self.object, span),
            "numbers_url": numbers_url,
            "query": f"range={span.name}",
        }


def has_numbers(page: Any) -> bool:
    """Whether readers ever had the page: then it has numbers."""
    return getattr(page, "published_at", None) is not None
