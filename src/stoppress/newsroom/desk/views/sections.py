"""The sections of the paper at a glance; the front page's explorer leads here."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.listing import ExplorableIndexView

from stoppress.newsroom.desk.access import Place, access_of
from stoppress.newsroom.models import Front


class SectionsView(WagtailAdminTemplateMixin, TemplateView):
    """Every section, indented as it stands, with what this user may do there."""

    template_name = "desk/sections.html"
    page_title = "Sections"
    header_icon = "folder-open-inverse"
    # Wagtail's viewset asks for these on behalf of its own listings.
    results_only = False
    base_columns = ExplorableIndexView.base_columns

    def dispatch(
        self, request: HttpRequest, *args: Any, parent_page_id: int = 0, **kwargs: Any
    ) -> HttpResponseBase:
        """Refuse whoever works in no section."""
        self.access = access_of(request)
        if not self.access.sections and not self.access.everything:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": "Sections"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tree, and the front page for whoever may edit it."""
        front = Front.objects.first()
        return super().get_context_data(
            rows=[self._row(place) for place in self.access.places if place.allowed],
            **_acts_on_front(front, self.request.user),
            **kwargs,
        )

    def _row(self, place: Place) -> dict[str, Any]:
        return {
            "place": place,
            "indent": place.depth - 3,  # root, front, section
            "list_url": reverse("wagtailadmin_explore", args=[place.id]),
            "write_url": reverse("wagtailadmin_pages:add", args=["newsroom", "article", place.id])
            if place.may_write
            else "",
            "edit_url": _edit(place.id) if "change" in place.allowed else "",
        }


def _acts_on_front(front: Front | None, user: Any) -> dict[str, str]:
    if front is None:
        return {}
    may = front.permissions_for_user(user)
    return {
        "front_url": _edit(front.pk) if may.can_edit() else "",
        "add_url": _add(front.pk) if may.can_add_subpage() else "",
    }


def _edit(page_id: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def _add(front_id: int) -> str:
    return reverse("wagtailadmin_pages:add", args=["newsroom", "section", front_id])
