"""Who may see which pages, as Wagtail has it, asked in a way that does not read them all.

For whoever may do everything, Wagtail looks for the pages at the top of the tree. No index leads to
them, so each page of the desk read the whole table. We know that there is one: the first.
"""

from typing import Any

from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy


class PressPagePolicy(PagePermissionPolicy):
    """Wagtail's policy of pages, with a shorter way to the root."""

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        """The pages that a user was given something at; the root for who may do everything."""
        if user.is_superuser:
            return list(Page.objects.order_by("path")[:1])
        return super().instances_with_direct_explore_permission(user)


def register() -> None:
    """Put the policy in place of Wagtail's; once per process."""
    register_permission_policy(Page, PressPagePolicy(Page))
