"""The lists an editor works from: all stories, and the stories of one section."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.listing import ExplorableIndexView

from stoppress.newsroom.desk.access import Access, Place, access_of
from stoppress.newsroom.desk.lines import lines_of
from stoppress.newsroom.desk.newslist import Answer, Mark, find
from stoppress.newsroom.desk.newslist_form import NewsListForm


class NewsListView(WagtailAdminTemplateMixin, TemplateView):
    """Every story of the sections a journalist works in."""

    template_name = "desk/news_list.html"
    page_title = "Stories"
    header_icon = "doc-full"
    place: Place | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever works in no section."""
        self.access: Access = access_of(request)
        if not self.access.is_journalist:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def sections(self) -> tuple[int, ...] | None:
        """The sections to look in; None for the whole paper."""
        return None if self.access.covers_all else tuple(self.access.sections)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then where we are."""
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.get_page_title())}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list, with its filters and its neighbours."""
        form = NewsListForm(self.request.GET)
        question = form.question(self.sections())
        said = self.request.GET
        answer = find(
            question,
            before=Mark.read(said.get("before", "")),
            after=Mark.read(said.get("after", "")),
        )
        return super().get_context_data(
            form=form,
            lines=lines_of(answer.entries, self.access),
            place=self.place,
            writable=[place for place in self.access.places if place.may_write],
            children=self._children(),
            list_url=self.request.path,
            **self._neighbours(answer),
            **kwargs,
        )

    def _children(self) -> list[Place]:
        if self.place is None:
            return []
        inside = (p for p in self.access.places if p.path.startswith(self.place.path))
        return [p for p in inside if p.depth == self.place.depth + 1 and p.allowed]

    def _neighbours(self, answer: Answer) -> dict[str, str]:
        return {
            "newer_url": self._url(after=answer.newer) if answer.newer else "",
            "older_url": self._url(before=answer.older) if answer.older else "",
            "newest_url": self._url() if {"before", "after"} & self.request.GET.keys() else "",
        }

    def _url(self, **mark: Mark) -> str:
        kept = {
            key: value
            for key, value in self.request.GET.items()
            if value and key not in {"before", "after"}
        }
        query = urlencode({**kept, **{key: str(value) for key, value in mark.items()}})
        return f"{self.request.path}?{query}" if query else self.request.path


class SectionNewsListView(NewsListView):
    """The stories of one section; Wagtail's explorer leads here."""

    header_icon = "folder-open-inverse"
    # Wagtail's viewset asks for these on behalf of its own listings.
    results_only = False
    base_columns = ExplorableIndexView.base_columns

    def dispatch(
        self, request: HttpRequest, parent_page_id: int, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Find the section, or send those away who do not work in it."""
        place = access_of(request).place(parent_page_id)
        if place is None:
            raise Http404
        if not place.allowed:
            return redirect(reverse("desk_stories"))
        self.place = place
        return super().dispatch(request, *args, **kwargs)

    def sections(self) -> tuple[int, ...]:
        """This one."""
        assert self.place is not None  # noqa: S101
        return (self.place.id,)

    def get_page_title(self) -> str:
        """The name of the section."""
        return self.place.name if self.place else ""

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, sections, the sections around this one, this one."""
        assert self.place is not None  # noqa: S101
        around = [p for p in self.access.places if self.place.path.startswith(p.path)]
        return [
            *self.breadcrumbs_items,
            {"url": reverse("desk_sections"), "label": "Sections"},
            *({"url": _explore(p), "label": p.name} for p in around),
        ]


def _explore(place: Place) -> str:
    return reverse("wagtailadmin_explore", args=[place.id])
