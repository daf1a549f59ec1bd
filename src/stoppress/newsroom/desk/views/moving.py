"""Moving and deleting in the tree: Wagtail's confirm pages, the newsroom's actions.

Wagtail's own views call its page actions and so would pass by `Article.move` and `Article.delete`,
where the newsroom keeps old addresses leading somewhere and tells the press what changed.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.admin.views.pages.utils import type_to_delete_confirmation

from stoppress.newsroom.errors import NewsroomError


class PaperMoveConfirmView(MoveConfirmView):
    """Moving a story to another section, or a section into another."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move through the newsroom's action."""
        page = self.page_to_move
        if not page.permissions_for_user(request.user).can_move_to(self.destination):
            raise PermissionDenied
        try:
            page.move(self.destination, pos="last-child", user=request.user)
        except NewsroomError as refusal:
            messages.error(request, str(refusal))
            return redirect("wagtailadmin_pages:move", page.pk)
        messages.success(
            request,
            f"“{page.get_admin_display_title()}” moved to "
            f"{self.destination.get_admin_display_title()}. Old addresses lead to the new one.",
        )
        return redirect("wagtailadmin_explore", self.destination.pk)


class PaperDeleteView(DeleteView):
    """Deleting for good; nearly always, taking down or killing is what is meant."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete through the newsroom's action."""
        if self.usage.is_protected:
            raise PermissionDenied
        if not type_to_delete_confirmation(request):
            return self.render_to_response(self.get_context_data())
        parent = self.page.get_parent()
        title = self.page.get_admin_display_title()
        self.page.delete(user=request.user)
        messages.success(request, f"“{title}” is deleted. Its address answers 410, “gone”.")
        if self.next_url:
            return redirect(self.next_url)
        return redirect("wagtailadmin_explore", parent.pk)
