"""Publishing with a line in the update log: one page, one button, the time already filled in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from stoppress.newsroom.desk.announcing import announce_published
from stoppress.newsroom.desk.views.killing import StoryView
from stoppress.newsroom.errors import NewsroomError
from stoppress.newsroom.models import UpdateEntry
from stoppress.newsroom.text import validate_prose

Kind = UpdateEntry.Kind
WHAT_READERS_SEE = {
    Kind.CORRECTION: "The story was wrong. Readers see the note on the story and on the "
    "corrections page; “Last update” moves.",
    Kind.CLARIFICATION: "The story was right but could be misread. Shown like a correction.",
    Kind.UPDATE: "There is news. Readers see what was added, and “Last update” moves.",
    Kind.RETRACTION: "The story does not stand. It stays readable under a notice that says so.",
    Kind.SILENT: "A comma, a typo, a broken link. Readers are not told and “Last update” stays.",
}
TEXT_MAX_CHARACTERS = 2_000


class CorrectionForm(forms.Form):
    """What was changed, said to readers."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in WHAT_READERS_SEE],
        initial=Kind.CORRECTION.value,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="What readers are told",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "data-desk-count": "280", "data-desk-count-what": "note"}
        ),
        validators=[MaxLengthValidator(TEXT_MAX_CHARACTERS), validate_prose],
        help_text="Say what was wrong and what is right: “An earlier version named Ada Reyes as "
        "mayor. She is the deputy mayor.”",
    )
    dated_at = forms.DateTimeField(
        label="Dated",
        initial=timezone.now,
        widget=AdminDateTimeInput,
        help_text="The moment shown to readers; usually now.",
    )

    def clean(self) -> dict[str, Any]:
        """Readers must be told something, and not from the future."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") != Kind.SILENT and not said.get("text", "").strip():
            self.add_error("text", "Write what readers are to be told, or choose “Silent fix”.")
        dated_at = said.get("dated_at")
        if dated_at and dated_at > timezone.now() + timedelta(minutes=1):
            self.add_error("dated_at", "The note is dated in the future. Date it now or earlier.")
        return said


class CorrectionView(StoryView, FormView):
    """Adds the line to the newest version of a story and publishes it."""

    template_name = "desk/correct.html"
    page_title = "Correct or update"
    header_icon = "edit"
    form_class = CorrectionForm

    def refusal(self) -> HttpResponse | None:
        """Send a story that is not live, or is locked for this user, back to its form."""
        if not self.article.live:
            why = "Only a story that is live can be corrected. Edit this one and publish it."
        elif (lock := self.article.get_lock()) and lock.for_user(self.request.user):
            why = lock.get_message(self.request.user)
        else:
            return None
        messages.error(self.request, why)
        return redirect(self.edit_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, what each kind means, and what else would go out with it."""
        changed = self.article.has_unpublished_changes
        compare = reverse(
            "wagtailadmin_pages:revisions_compare", args=[self.article.pk, "live", "latest"]
        )
        return super().get_context_data(
            meanings=[(kind.value, kind.label, text) for kind, text in WHAT_READERS_SEE.items()],
            compare_url=compare if changed else "",
            entries=[entry for entry in self.article.updates.all() if entry.is_public][:5],
            **kwargs,
        )

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        """Write the line into the newest version and publish that."""
        draft = self.article.get_latest_revision_as_object()
        said = form.cleaned_data
        text = said["text"].strip() or "Small fix."
        draft.updates.add(UpdateEntry(kind=said["kind"], dated_at=said["dated_at"], text=text))
        revision = draft.save_revision(user=self.request.user, log_action=True)
        try:
            self.article.publish(revision, user=self.request.user)
        except NewsroomError as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.edit_url)
        announce_published(self.request, type(self.article).objects.get(pk=self.article.pk))
        return redirect(self.edit_url)
