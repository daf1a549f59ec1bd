"""What readers have been told was wrong, newest first, for whoever answers for it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from stoppress.newsroom.desk.access import access_of
from stoppress.newsroom.desk.newslist import PAGE_SIZE, Mark
from stoppress.newsroom.models import UpdateEntry

ALL_KINDS = [("", "All kinds"), *UpdateEntry.Kind.choices]


class CorrectionsView(WagtailAdminTemplateMixin, TemplateView):
    """The update logs of all live stories, silent fixes included."""

    template_name = "desk/corrections.html"
    page_title = "Corrections and updates"
    header_icon = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever works in no section."""
        self.access = access_of(request)
        if not self.access.is_journalist:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": "Corrections"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of entries."""
        entries = list(self._rows()[: PAGE_SIZE + 1])
        older = (
            Mark(entries[PAGE_SIZE - 1].dated_at, entries[PAGE_SIZE - 1].pk)
            if len(entries) > PAGE_SIZE
            else None
        )
        return super().get_context_data(
            entries=[(entry, self._edit_url(entry)) for entry in entries[:PAGE_SIZE]],
            kinds=ALL_KINDS,
            kind=self._kind(),
            older_url=f"?kind={self._kind()}&before={older}" if older else "",
            newest_url="?" if self.request.GET.get("before") else "",
            **kwargs,
        )

    def _kind(self) -> str:
        kind = self.request.GET.get("kind", "")
        return kind if kind in UpdateEntry.Kind.values else ""

    def _rows(self) -> Any:
        rows = UpdateEntry.objects.filter(article__live=True).select_related("article")
        if self._kind():
            rows = rows.filter(kind=self._kind())
        if mark := Mark.read(self.request.GET.get("before", "")):
            rows = rows.filter(dated_at__lte=mark.at)
            rows = rows.exclude(dated_at=mark.at, pk__gte=mark.id)
        return rows.defer("article__body").order_by("-dated_at", "-pk")

    def _edit_url(self, entry: UpdateEntry) -> str:
        section = entry.article.path[: -entry.article.steplen]
        place = next((p for p in self.access.places if p.path == section), None)
        if place and self.access.may_edit(place.id, entry.article.owner_id):
            return reverse("wagtailadmin_pages:edit", args=[entry.article_id])
        return ""
