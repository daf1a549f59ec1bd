"""What the wires show at the desk: the newest takes on its home, and every take to look at.

A take is evidence of what came from outside, so nobody edits or deletes one here; whoever works at
the desk may read it, write a story from it, or set it aside with a reason.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import escape
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from stoppress.newsroom.actions import create_article
from stoppress.newsroom.desk.access import access_of
from stoppress.newsroom.desk.home import HomePanel, register_panel
from stoppress.newsroom.models import Section
from stoppress.press.changes import changing
from stoppress.wires.errors import NoReasonGiven, TakeAlreadyUsed
from stoppress.wires.models import REASON_MAX_CHARACTERS, Take

NEWEST = 10


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Everyone at the desk may look; nobody may change what came from outside."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do that with takes."""
        return action == "view" and bool(user.has_perm("wagtailadmin.access_admin"))


class TakeViewSet(SnippetViewSet):
    """All takes, newest first."""

    model = Take
    icon = "download"
    menu_label = "Takes"
    menu_name = "takes"
    menu_order = 600
    add_to_admin_menu = True
    list_display = ["headline", "status", "section_name", "source", "received_at"]
    list_filter = ["status", "source"]
    search_fields = ["headline"]
    search_backend_name = None  # few words in few columns: the database finds them
    ordering = ["-received_at", "-id"]
    inspect_view_enabled = True
    inspect_template_name = "wires/desk/take.html"


@register_panel
class NewestTakes(HomePanel):
    """What came in last and waits for somebody."""

    title = "Newest takes"
    order = 15
    template_name = "wires/desk/newest_takes.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The newest takes that nobody has used or set aside."""
        context = super().get_context_data(parent_context)
        takes = Take.objects.filter(status=Take.Status.NEW).defer("raw", "body_text")
        url = reverse("wagtailsnippets_wires_take:list") + "?status=new"
        return {**context, "takes": takes[:NEWEST], "more_url": url}


class UseForm(forms.Form):
    """Where the story goes."""

    section = forms.ModelChoiceField(queryset=Section.objects.none(), empty_label=None)

    def __init__(self, *args: Any, writable: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.filter(pk__in=writable).order_by("path")
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]


class SetAsideForm(forms.Form):
    """Why nobody needs the take."""

    reason = forms.CharField(
        max_length=REASON_MAX_CHARACTERS,
        error_messages={"required": "Say why the take is set aside; it keeps the reason."},
    )


class TakeView(WagtailAdminTemplateMixin, FormView):
    """A page of the desk about one take."""

    take: Take

    def dispatch(
        self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Find the take; refuse whoever may write nowhere."""
        self.take = get_object_or_404(Take, pk=pk)
        self.writable = [place.id for place in access_of(request).places if place.may_write]
        if not self.writable:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """The headline as it came."""
        return str(self.take.headline)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The take and its list."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(take=self.take, list_url=reverse("wagtailsnippets_wires_take:list"))
        return context


class UseView(TakeView):
    """Makes a draft of a take, in a section of the journalist's own."""

    template_name = "wires/desk/use.html"
    page_title = "Write from a take"
    form_class = UseForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The sections to choose from."""
        return {**super().get_form_kwargs(), "writable": self.writable}

    def get_initial(self) -> dict[str, Any]:
        """The section the take names, if it is one of ours."""
        named = Section.objects.filter(pk__in=self.writable, title__iexact=self.take.section_name)
        return {"section": named.first()}

    def form_valid(self, form: UseForm) -> HttpResponse:
        """Make the draft and open it."""
        if self.take.status == Take.Status.USED:
            messages.error(self.request, str(TakeAlreadyUsed(self.take.headline)))
            return redirect("wagtailsnippets_wires_take:inspect", self.take.pk)
        with changing(f"use take {self.take.pk}"):
            article = create_article(
                section=form.cleaned_data["section"],
                headline=self.take.headline[:255],
                body=_body(self.take.body_text),
                sources=self.take.source,
                user=self.request.user,
            )
            self.take.status, self.take.article = Take.Status.USED, article
            self.take.save(update_fields=["status", "article"])
        return redirect("wagtailadmin_pages:edit", article.pk)


class SetAsideView(TakeView):
    """Puts a take out of the way, with the reason."""

    template_name = "wires/desk/set_aside.html"
    page_title = "Set a take aside"
    form_class = SetAsideForm

    def form_valid(self, form: SetAsideForm) -> HttpResponse:
        """Set it aside and go back to the list."""
        try:
            self.take.set_aside(form.cleaned_data["reason"])
        except (NoReasonGiven, TakeAlreadyUsed) as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, f"“{self.take.headline}” is set aside.")
        return redirect("wagtailsnippets_wires_take:list")


def _body(text: str) -> list[tuple[str, str]]:
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    markup = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    return [("text", markup)] if markup else []
