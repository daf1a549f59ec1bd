"""The editing form: Wagtail's, with the newsroom's own publish and a guard against overwriting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.unpublish import UnpublishView

from stoppress.newsroom.desk.announcing import (
    announce_published,
    announce_scheduled,
    receipt_place,
)
from stoppress.newsroom.desk.sidenumbers import NumbersSidePanel, has_numbers
from stoppress.newsroom.errors import NewsroomError

OVERWRITE = "overwrite_newer"  # set by desk.js when the editor said so in Wagtail's own dialogue


class PaperEditView(EditView):
    """Editing anything of ours: publishing goes through the newsroom's one action."""

    page: Any
    form: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, unless somebody saved a newer version since this form was opened.

        Wagtail asks in the browser; a form posted without its script would put an old text on top
        of a new one. We give everything typed back, unsaved, with a way to compare.
        """
        unasked = not request.POST.get(OVERWRITE)
        if not self.expects_json_response and unasked and self._is_newer_by_somebody:
            return self._warn_of_newer_version()
        return super().post(request, *args, **kwargs)

    @property
    def _is_newer_by_somebody(self) -> bool:
        # Autosave makes and rewrites versions of this very form without telling it, so a version
        # of the editor's own is no conflict; what they wrote in another window is in the history.
        if not self.is_out_of_date:
            return False
        opened = self.request.POST.get("loaded_revision_id", "")
        if not opened.isdecimal():
            return True
        since = self.real_page_record.revisions.filter(pk__gte=int(opened))
        if str(self.latest_revision.pk) != opened:
            since = since.exclude(pk=int(opened))
        return bool(since.exclude(user=self.request.user).exists())

    def get_side_panels(self) -> MediaContainer:
        """Wagtail's panels without its checks, which need its bar on the readers' page.

        A story that readers have also has its numbers there.
        """
        panels = without_checks(super().get_side_panels())
        if has_numbers(self.page) and not self.expects_json_response:
            panels.append(NumbersSidePanel(self.page, self.request))
        return panels

    def publish_action(self) -> HttpResponse:
        """Publish through the newsroom's action, then say where the story stands."""
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user, log_action=True, previous_revision=self.previous_revision
        )
        if response := self.run_hook("before_publish_page", self.request, self.page):
            return response
        try:
            self.page.publish(
                revision,
                user=self.request.user,
                changed=self.has_content_changes,
                previous_revision=self.previous_revision,
            )
        except NewsroomError as refusal:
            messages.error(self.request, str(refusal), buttons=[self.get_edit_message_button()])
            return self.redirect_and_remain()
        self._keep_comments(revision)
        return self._published()

    def _published(self) -> HttpResponse:
        go_live_at = self.page.go_live_at
        self.page = self.page_class.objects.get(pk=self.page.pk)
        for hook in ("after_publish_page", "after_edit_page"):
            if response := self.run_hook(hook, self.request, self.page):
                return response
        if go_live_at and go_live_at > timezone.now():
            announce_scheduled(self.request, self.page, go_live_at)
        else:
            announce_published(self.request, self.page)
        return self.redirect_and_remain()

    def _keep_comments(self, revision: Any) -> None:
        if self.has_content_changes and "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)

    def _warn_of_newer_version(self) -> HttpResponse:
        newer = self.latest_revision
        self.form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        who = newer.user.get_full_name() or newer.user.get_username() if newer.user else "Somebody"
        messages.warning(
            self.request,
            format_html(
                "{} saved a newer version while you were writing. Yours is below and not saved "
                "yet: saving again puts it on top; the other stays in the history.",
                who,
            ),
            buttons=[
                messages.button(self._compare_url(), "See what the other version changed", True)
            ],
        )
        self.errors_debug = ""
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data(), status=409)

    def _compare_url(self) -> str:
        opened = self.request.POST.get("loaded_revision_id", "")
        newest = str(self.latest_revision.pk)
        earlier = opened if opened.isdecimal() and opened != newest else "earliest"
        return reverse("wagtailadmin_pages:revisions_compare", args=[self.page.pk, earlier, newest])


class PaperCreateView(CreateView):
    """Writing something new: after publishing, the desk says where it stands."""

    def get_side_panels(self) -> MediaContainer:
        """Wagtail's panels without its checks, which need its bar on the readers' page."""
        return without_checks(super().get_side_panels())

    def publish_action(self) -> HttpResponse:
        """Save the page, publish it through the newsroom's action, stay on it."""
        self.page = self.form.save(commit=False)
        self.page.live = False
        self.parent_page.add_child(instance=self.page)
        self.set_default_privacy_setting()
        revision = self.page.save_revision(user=self.request.user, log_action=True)
        self.subscription.page = self.page
        self.subscription.save()
        if response := self.run_hook("before_publish_page", self.request, self.page):
            return response
        go_live_at = self.page.go_live_at
        try:
            self.page.publish(revision, user=self.request.user)
        except NewsroomError as refusal:
            messages.error(self.request, str(refusal), buttons=[self.get_edit_message_button()])
            return self.redirect_and_remain()
        self.page = self.page_class.objects.get(pk=self.page.pk)
        for hook in ("after_publish_page", "after_create_page"):
            if response := self.run_hook(hook, self.request, self.page):
                return response
        if go_live_at and go_live_at > timezone.now():
            announce_scheduled(self.request, self.page, go_live_at)
        else:
            announce_published(self.request, self.page)
        return self.redirect_and_remain()


class PaperUnpublishView(UnpublishView):
    """Taking something down, with a reason for the log."""

    template_name = "desk/confirm_unpublish.html"

    def unpublish(self) -> HttpResponse | None:
        """Take it down through the newsroom's action."""
        if response := self.run_hook("before_unpublish_page", self.request, self.object):
            return response
        self.object.unpublish(user=self.request.user)
        log_reason(self.object, self.request)
        return self.run_hook("after_unpublish_page", self.request, self.object)

    def get_success_message(self) -> str:
        """Say what readers now get."""
        headline = self.object.get_admin_display_title()
        return format_html(
            "“{}” is off the site: its address answers 410, “gone”. {}", headline, receipt_place()
        )


def without_checks(panels: MediaContainer) -> MediaContainer:
    """The panels beside a form but the checks."""
    return MediaContainer(panel for panel in panels if panel.name != "checks")


def log_reason(page: Any, request: HttpRequest) -> None:
    """Note in the audit log why a page was taken down, if a reason was given."""
    from wagtail.log_actions import log

    reason = " ".join(request.POST.get("reason", "").split())[:500]
    if reason:
        log(page, "stoppress.reason", user=request.user, data={"reason": reason})
