"""What the wires tell Wagtail; see `wires.desk`."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from stoppress.wires.desk import ReadOnlyPolicy, SetAsideView, TakeViewSet, UseView
from stoppress.wires.models import Take

register_permission_policy(Take, ReadOnlyPolicy(Take))
register_snippet(TakeViewSet)


@hooks.register("register_admin_urls")
def take_urls() -> list[Any]:
    """The desk's pages about a take."""
    return [
        path("takes/<int:pk>/use/", UseView.as_view(), name="wires_use"),
        path("takes/<int:pk>/set-aside/", SetAsideView.as_view(), name="wires_set_aside"),
    ]
