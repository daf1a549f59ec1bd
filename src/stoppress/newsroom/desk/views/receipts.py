"""Receipts at the desk: the answer to "is it out?"."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from stoppress.newsroom.desk.access import access_of
from stoppress.press.receipts import find_change
from stoppress.press.standing import Standing, standing_of


class ReceiptView(WagtailAdminTemplateMixin, TemplateView):
    """Where one change stands, machine by machine and page by page; as JSON with `?format=json`."""

    template_name = "desk/receipt.html"
    page_title = "Receipt"
    header_icon = "tick-inverse"

    def dispatch(
        self, request: HttpRequest, name: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Find the change by its number or reference; journalists only."""
        if not access_of(request).is_journalist:
            raise PermissionDenied
        change = find_change(name)
        if change is None:
            if request.GET.get("format") == "json":  # asked for before the change is committed
                return JsonResponse({"state": "waiting", "text": "Being printed…"}, status=404)
            raise Http404
        self.standing: Standing = standing_of(change)
        if request.GET.get("format") == "json":
            return JsonResponse({"state": self.standing.state, "text": self.standing.text})
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("desk_press"), "label": "Press"},
            {"url": "", "label": f"Change {self.standing.change.number or ''}"},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The change and its receipts."""
        return super().get_context_data(
            standing=self.standing, change=self.standing.change, **kwargs
        )
