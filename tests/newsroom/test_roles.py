"""Roles: who may write, publish and take down where."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from stoppress.newsroom.actions import create_article
from stoppress.newsroom.roles import create_roles, give_role, role_of
from tests.newsroom.paper import section, story


def hired(role: str, sections: list[str] | None = None):
    user = get_user_model().objects.create_user(f"{role}-{len(sections or [])}")
    give_role(user, role, None if sections is None else [section(path) for path in sections])
    return get_user_model().objects.get(pk=user.pk)


def may(user, page) -> set[str]:
    tester = page.permissions_for_user(user)
    asked = {
        "edit": tester.can_edit(),
        "publish": tester.can_publish(),
        "unpublish": tester.can_unpublish(),
        "delete": tester.can_delete(),
        "write below": tester.can_add_subpage(),
    }
    return {act for act, allowed in asked.items() if allowed}


def test_a_reporter_edits_own_drafts_and_publishes_nothing(paper):
    reporter = hired("reporter")
    own = create_article(section="world", headline="Mine", user=reporter)
    assert may(reporter, own) == {"edit", "delete"}
    assert may(reporter, story()) == set()
    assert "write below" in may(reporter, section("world"))


def test_an_editor_publishes_in_own_sections_and_what_is_inside_them(paper):
    editor = hired("editor", ["world"])
    assert {"edit", "publish", "unpublish"} <= may(editor, story(section="world/islands"))
    assert may(editor, story(section="harbour")) == set()
    assert may(editor, section("harbour")) == set()


def test_a_chief_may_do_everything(paper):
    chief = hired("chief")
    assert {"edit", "publish", "unpublish", "delete"} <= may(chief, story())
    assert chief.has_perm("auth.add_user")
    assert chief.has_perm("newsroom.delete_author")


@pytest.mark.parametrize("role", ["reporter", "editor", "chief"])
def test_everyone_may_enter_the_desk(paper, role):
    user = hired(role)
    assert user.has_perm("wagtailadmin.access_admin")
    assert role_of(user) == role


def test_a_new_role_takes_the_place_of_the_old(paper):
    user = hired("chief")
    give_role(user, "reporter", [section("world")])
    user = get_user_model().objects.get(pk=user.pk)
    assert role_of(user) == "reporter"
    assert not user.is_superuser
    assert may(user, story()) == set()
    assert may(user, section("harbour")) == set()


def test_making_the_roles_again_changes_nothing(paper):
    before = sorted(Group.objects.values_list("name", flat=True))
    create_roles()
    assert sorted(Group.objects.values_list("name", flat=True)) == before
    assert "Moderators" not in before
