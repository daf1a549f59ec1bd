"""Roles: reporter (own drafts), editor (publishes in own sections), chief (everything).

A role is a Wagtail group, so the desk can show and change it. Someone with a role in some sections
only is in the role's group, for the tools, and in a group for each section, for the pages.
"""

from collections.abc import Iterable
from typing import Any, Literal

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

from stoppress.newsroom.actions.create import ensure_front
from stoppress.newsroom.models import Section, Topic
from stoppress.newsroom.topics import load_topics
from stoppress.press.changes import changing

Role = Literal["reporter", "editor", "chief"]
ROLES: tuple[Role, ...] = ("reporter", "editor", "chief")
GROUPS: dict[Role, str] = {"reporter": "Reporters", "editor": "Section editors", "chief": "Chiefs"}
WAGTAILS_GROUPS = ("Moderators", "Editors")
WAGTAILS_WORKFLOW = "Moderators approval"
WORKFLOW = "Editors’ approval"

PAGE_ACTS: dict[Role, tuple[str, ...]] = {
    "reporter": ("add",),  # Wagtail's rule: who may only add may edit their own
    "editor": ("add", "change", "publish", "lock", "unlock"),
    "chief": ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
}
MODEL_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    "reporter": ("wagtailadmin.access_admin", "newsroom.view_author", "newsroom.view_topic"),
    "editor": (
        "wagtailadmin.access_admin",
        "newsroom.view_author",
        "newsroom.add_author",
        "newsroom.change_author",
        "newsroom.view_topic",
    ),
    "chief": (
        "wagtailadmin.access_admin",
        *(f"newsroom.{act}_{model}" for model in ("author", "topic") for act in ("view", "add")),
        *(
            f"newsroom.{act}_{model}"
            for model in ("author", "topic")
            for act in ("change", "delete")
        ),
        *(f"auth.{act}_user" for act in ("add", "change", "delete")),
        *(f"auth.{act}_group" for act in ("add", "change", "delete")),
    ),
}
COLLECTION_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    "reporter": ("wagtailimages.add_image", "wagtailimages.choose_image"),
    "editor": (
        "wagtailimages.add_image",
        "wagtailimages.change_image",
        "wagtailimages.choose_image",
    ),
    "chief": (
        "wagtailimages.add_image",
        "wagtailimages.change_image",
        "wagtailimages.choose_image",
        "wagtaildocs.add_document",
        "wagtaildocs.change_document",
        "wagtaildocs.choose_document",
    ),
}


def create_roles() -> None:
    """Make the roles and what they work on: the front page and the topics. May be repeated."""
    with changing("create the roles"):
        ensure_front()
        if not Topic.objects.exists():
            load_topics()
        for role in ROLES:
            _role_group(role)
        _take_over_workflow()
        Group.objects.filter(name__in=WAGTAILS_GROUPS, user=None).delete()


def give_role(user: Any, role: Role, sections: Iterable[Section] | None = None) -> None:
    """Give a user exactly this role: in these sections and what is inside them, or everywhere.

    A chief may do everything, the paper's users and settings included.
    """
    names = [*GROUPS.values(), *_section_group_names()]
    user.groups.remove(*Group.objects.filter(name__in=names))
    group = _role_group(role)
    user.groups.add(group)
    holders = [ensure_front()] if sections is None else list(sections)
    for holder in holders:
        user.groups.add(_page_group(role, holder))
    user.is_superuser = user.is_staff = role == "chief"
    user.save(update_fields=["is_superuser", "is_staff"])


def role_of(user: Any) -> Role | None:
    """The role a user has; None for someone without one."""
    held = set(user.groups.values_list("name", flat=True))
    return next((role for role in reversed(ROLES) if GROUPS[role] in held), None)


def _role_group(role: Role) -> Group:
    group, is_new = Group.objects.get_or_create(name=GROUPS[role])
    if is_new:
        group.permissions.set(_permissions(MODEL_PERMISSIONS[role]))
        root = Collection.get_first_root_node()
        for permission in _permissions(COLLECTION_PERMISSIONS[role]):
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission
            )
    return group


def _page_group(role: Role, holder: Page) -> Group:
    """The group that holds a role's page permissions at a section, or at the front."""
    group, is_new = Group.objects.get_or_create(name=_group_name(role, holder))
    if is_new:
        for act in PAGE_ACTS[role]:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{act}_page"
            )
            GroupPagePermission.objects.create(
                group=group, page_id=holder.pk, permission=permission
            )
    return group


def _group_name(role: Role, holder: Page) -> str:
    where = f"{holder.title} ({holder.pk})" if isinstance(holder, Section) else "all sections"
    return f"{GROUPS[role]}: {where}"[:150]


def _section_group_names() -> list[str]:
    starts = tuple(f"{name}: " for name in GROUPS.values())
    return [
        name for name in Group.objects.values_list("name", flat=True) if name.startswith(starts)
    ]


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = [name.split(".") for name in names]
    found = Permission.objects.filter(
        content_type__app_label__in={app for app, _ in wanted},
        codename__in={codename for _, codename in wanted},
    ).select_related("content_type")
    pairs = {(app, codename) for app, codename in wanted}
    return [p for p in found if (p.content_type.app_label, p.codename) in pairs]


def _take_over_workflow() -> None:
    """Wagtail's one workflow asks its moderators; ours asks editors and chiefs."""
    Workflow.objects.filter(name=WAGTAILS_WORKFLOW).update(name=WORKFLOW)
    approvers = Group.objects.filter(name__in=[GROUPS["editor"], GROUPS["chief"]])
    for task in GroupApprovalTask.objects.filter(name=WAGTAILS_WORKFLOW):
        task.name = WORKFLOW
        task.save()
        task.groups.set(approvers)
