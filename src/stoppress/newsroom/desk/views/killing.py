"""Killing a story: it must be gone everywhere, at once, and the log must say why."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from stoppress.newsroom.actions import kill, lift_kill
from stoppress.newsroom.desk.announcing import announce
from stoppress.newsroom.models import Article
from stoppress.newsroom.text import validate_prose


class KillForm(forms.Form):
    """Why a story must be gone."""

    reason = forms.CharField(
        label="Why must it be gone?",
        max_length=500,
        validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the log and for whoever asks later. Readers do not see it.",
        error_messages={
            "required": "Say why the story must be gone; the log keeps it.",
            "max_length": "The reason has %(show_value)d characters; the limit is %(limit_value)d.",
        },
    )


class StoryView(WagtailAdminTemplateMixin):
    """A page of the desk about one story that its user may publish."""

    article: Article
    request: HttpRequest

    def dispatch(
        self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Find the story; refuse whoever may not publish it."""
        self.article = get_object_or_404(Article, pk=page_id)
        if not self.article.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return self.refusal() or super().dispatch(request, *args, **kwargs)

    def refusal(self) -> HttpResponse | None:
        """An answer that says why this cannot be done with the story; None if it can."""
        return None

    @property
    def edit_url(self) -> str:
        """Where the story is edited."""
        return reverse("wagtailadmin_pages:edit", args=[self.article.pk])

    def get_page_subtitle(self) -> str:
        """The headline."""
        return str(self.article.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, the section, the story, this page."""
        section = self.article.get_parent()
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("wagtailadmin_explore", args=[section.pk]),
                "label": section.get_admin_display_title(),
            },
            {"url": self.edit_url, "label": self.get_page_subtitle()},
            {"url": "", "label": str(self.get_page_title())},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The story and its ways back."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(article=self.article, edit_url=self.edit_url)
        return context


class KillView(StoryView, FormView):
    """The page that asks why, and kills."""

    template_name = "desk/kill.html"
    page_title = "Kill"
    header_icon = "warning"
    form_class = KillForm

    def form_valid(self, form: KillForm) -> HttpResponse:
        """Kill through the newsroom's action."""
        reason = form.cleaned_data["reason"]
        kill(self.article, reason=reason, user=self.request.user)
        announce(
            self.request,
            f"“{self.article.get_admin_display_title()}” is killed. No list shows it any more and "
            "its address answers 410, “gone”. It stays at the desk, where the kill can be lifted.",
        )
        return redirect("wagtailadmin_explore", self.article.get_parent().pk)


class LiftKillView(StoryView, FormView):
    """The page that lifts a kill, so that a story may be published again."""

    template_name = "desk/lift_kill.html"
    page_title = "Lift the kill"
    header_icon = "undo"
    form_class = forms.Form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Lift through the newsroom's action; publishing stays a second step."""
        lift_kill(self.article, user=self.request.user)
        messages.success(
            self.request,
            f"The kill of “{self.article.get_admin_display_title()}” is lifted. "
            "It is not live: publish it when it may be.",
        )
        return redirect(self.edit_url)
