"""Previews: a draft in the readers' own theme, for nobody but the person who asked.

A preview is never stored by anyone, shows in no frame but the desk's, sends nothing to the edge (no
view is counted), and is not for search engines.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.preview import (
    PreviewOnCreateView,
    PreviewOnEditView,
    ViewDraftView,
)
from wagtail.admin.views.pages.revisions import RevisionsView
from wagtail.admin.views.pages.workflow import PreviewRevisionForTaskView

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",  # the desk's own checks run inside the frame
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)


def keep_private(response: HttpResponse) -> HttpResponse:
    """Mark an answer as one person's preview."""
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Robots-Tag"] = "noindex"
    return response


class PrivatePreview:
    """Marks what a preview view answers to a GET."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The preview, marked."""
        return keep_private(super().get(request, *args, **kwargs))  # type: ignore[misc]


class EditPreviewView(PrivatePreview, PreviewOnEditView):
    """What is being typed into a form."""


class CreatePreviewView(PrivatePreview, PreviewOnCreateView):
    """What is being typed into a new story's form."""


class RevisionPreviewView(PrivatePreview, RevisionsView):
    """An earlier version."""


class DraftView(ViewDraftView):
    """The saved draft."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The draft, marked."""
        return keep_private(super().dispatch(request, *args, **kwargs))


class ReviewPreviewView(PreviewRevisionForTaskView):
    """A version somebody submitted for review."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The version, marked."""
        return keep_private(super().dispatch(request, *args, **kwargs))
