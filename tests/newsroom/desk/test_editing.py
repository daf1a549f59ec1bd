"""Writing, publishing and overwriting through the editing form."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from stoppress.newsroom.actions import kill
from stoppress.newsroom.models import Article
from stoppress.newsroom.schedule import next_due
from stoppress.press.models import Change
from tests.newsroom.desk.conftest import edit_url, said
from tests.newsroom.desk.forms import add_url, article_form

PUBLISH = {"action-publish": "1"}


def article(pk):
    return Article.objects.get(pk=pk)


def test_publishing_a_new_story_says_where_it_stands(desk, paper):
    response = desk(paper.editor).post(add_url(paper.world), article_form("Bridge open", **PUBLISH))
    made = Article.objects.get(title="Bridge open")
    assert made.live
    assert response["Location"] == edit_url(made)
    assert f"Live: {made.url}" in said(response)
    assert re.fullmatch(r".*/world/\d{4}/\d\d/\d\d/bridge-open/", made.url)


def test_publishing_an_edit_says_where_it_stands(desk, paper, story):
    live = story("Bridge open")
    response = desk(paper.editor).post(edit_url(live), article_form("Bridge shut", **PUBLISH))
    assert f"Live: {article(live.pk).url}" in said(response)
    assert article(live.pk).title == "Bridge shut"


def test_a_publish_is_one_change(desk, paper, draft):
    made = draft()
    before = Change.objects.count()
    desk(paper.editor).post(edit_url(made), article_form(**PUBLISH))
    assert Change.objects.count() == before + 1
    touched = Change.objects.latest("number").touched
    assert f"article:{made.pk}" in touched
    assert "epoch:all" not in touched


def test_a_killed_story_is_not_published_and_the_text_is_kept(desk, paper, story):
    killed = kill(story(), reason="A court order.")
    response = desk(paper.editor).post(edit_url(killed), article_form("Changed", **PUBLISH))
    assert "was killed (A court order.)" in said(response)
    assert not article(killed.pk).live
    assert article(killed.pk).get_latest_revision_as_object().title == "Changed"


def test_a_story_under_embargo_is_not_published(desk, paper, draft):
    made = draft()
    data = article_form(embargoed_until="2099-01-02 08:00", **PUBLISH)
    response = desk(paper.editor).post(edit_url(made), data)
    assert "under embargo" in said(response)
    assert not article(made.pk).live


@pytest.mark.parametrize(
    ("headline", "complaint"),
    [
        ("", "This field is required"),
        ("x" * 10_000, "at most 255 characters (it has 10000)"),
        ("bell \x07 here", "control character"),
        ("turned \u202e round", "never closed"),
    ],
)
def test_a_headline_that_cannot_stand_is_refused_with_its_fault(
    desk, paper, draft, headline, complaint
):
    made = draft()
    response = desk(paper.editor).post(edit_url(made), article_form(headline, **PUBLISH))
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not article(made.pk).live


@pytest.mark.parametrize(
    "headline", ["🚢 Ferry 🎉", "عودة العبّارات", "<b>bold</b> & “fine”", "渡轮恢复"]
)
def test_a_headline_arrives_as_it_was_typed(desk, paper, headline):
    desk(paper.editor).post(add_url(paper.world), article_form(headline, **PUBLISH))
    assert Article.objects.get(title=headline).live


def loaded(client, url):
    """What the form says about the version it was opened at."""
    page = client.get(url).content.decode()
    return {
        name: re.search(f'name="{name}" value="([^"]*)"', page)[1]
        for name in ("loaded_revision_id", "loaded_revision_created_at")
    }


def test_a_save_over_a_newer_version_is_warned_about_and_loses_nothing(desk, paper, draft):
    made = draft("First words")
    mine, theirs = desk(paper.chief), desk(paper.editor)
    opened = loaded(mine, edit_url(made))
    theirs.post(edit_url(made), article_form("Their words"))

    response = mine.post(edit_url(made), article_form("My words", **opened))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Edda saved a newer version" in page
    assert "My words" in page
    assert article(made.pk).get_latest_revision_as_object().title == "Their words"

    again = {
        name: re.search(f'name="{name}" value="([^"]*)"', page)[1]
        for name in ("loaded_revision_id", "loaded_revision_created_at")
    }
    assert mine.post(edit_url(made), article_form("My words", **again)).status_code == 302
    titles = [revision.content["title"] for revision in made.revisions.order_by("pk")]
    assert titles[-2:] == ["Their words", "My words"]


def test_publishing_over_a_newer_version_is_warned_about_too(desk, paper, draft):
    made = draft("First words")
    mine = desk(paper.chief)
    opened = loaded(mine, edit_url(made))
    desk(paper.editor).post(edit_url(made), article_form("Their words"))
    response = mine.post(edit_url(made), article_form("My words", **opened, **PUBLISH))
    assert response.status_code == 409
    assert not article(made.pk).live


def test_who_agreed_in_the_browser_is_not_asked_again(desk, paper, draft):
    made = draft("First words")
    mine = desk(paper.chief)
    opened = loaded(mine, edit_url(made))
    desk(paper.editor).post(edit_url(made), article_form("Their words"))
    data = article_form("My words", overwrite_newer="1", **opened)
    assert mine.post(edit_url(made), data).status_code == 302


def test_autosave_refuses_to_overwrite_a_newer_version(desk, paper, draft):
    made = draft("First words")
    mine = desk(paper.chief)
    opened = loaded(mine, edit_url(made))
    desk(paper.editor).post(edit_url(made), article_form("Their words"))
    response = mine.post(
        edit_url(made), article_form("My words", **opened), headers={"accept": "application/json"}
    )
    assert response.json()["error_code"] == "invalid_revision"


def test_autosave_keeps_an_unfinished_draft(desk, paper, draft):
    made = draft()
    response = desk(paper.reporter).post(
        edit_url(made), article_form("Half a headl"), headers={"accept": "application/json"}
    )
    assert response.json()["success"]
    assert article(made.pk).get_latest_revision_as_object().title == "Half a headl"


def test_ones_own_autosaved_versions_are_no_conflict(desk, paper, draft):
    made = draft("First words", user=paper.reporter)
    client = desk(paper.editor)
    opened = loaded(client, edit_url(made))
    autosave = {"headers": {"accept": "application/json"}}
    first = client.post(edit_url(made), article_form("First wor", **opened), **autosave).json()
    again = {**opened, "overwrite_revision_id": first["revision_id"]}
    assert client.post(edit_url(made), article_form("First", **again), **autosave).json()["success"]
    response = client.post(edit_url(made), article_form("Final words", **opened, **PUBLISH))
    assert response.status_code == 302
    assert article(made.pk).title == "Final words"


def test_two_editors_see_each_other(desk, paper, draft):
    made = draft()
    desk(paper.editor).get(edit_url(made))
    page = desk(paper.chief).get(edit_url(made)).content.decode()
    ping = re.search(r'data-w-swap-src-value="(/desk/editing-sessions/ping/[^"]+)"', page)[1]
    html = desk(paper.chief).post(ping).json()["html"]
    assert "Edda" in html


def test_versions_can_be_compared(desk, paper, story):
    made = story("Bridge open")
    client = desk(paper.editor)
    client.post(edit_url(made), article_form("Bridge shut"))
    url = reverse("wagtailadmin_pages:revisions_compare", args=[made.pk, "live", "latest"])
    page = client.get(url).content.decode()
    assert '<span class="deletion">open</span>' in page
    assert '<span class="addition">shut</span>' in page


def test_a_schedule_is_read_on_the_papers_clock(desk, paper, draft):
    made = draft()
    data = article_form(go_live_at="2031-07-01 09:00", **PUBLISH)  # Lisbon is at UTC+1 then
    response = desk(paper.editor).post(edit_url(made), data)
    assert "goes live on Tuesday 1 July 2031 at 09:00:00 (Europe/Lisbon)" in said(response)
    revision = made.revisions.get(approved_go_live_at__isnull=False)
    assert revision.approved_go_live_at == datetime(2031, 7, 1, 8, 0, tzinfo=UTC)
    assert not article(made.pk).live


def test_what_the_desk_scheduled_the_clock_carries_out(desk, paper, draft):

    made = draft()
    data = article_form(go_live_at="2031-07-01 09:00", expire_at="2031-07-02 09:00", **PUBLISH)
    desk(paper.editor).post(edit_url(made), data)
    assert next_due() == datetime(2031, 7, 1, 8, 0, tzinfo=UTC)
    assert "goes live" in desk(paper.editor).get("/desk/").content.decode()


def test_a_moved_story_has_its_new_section_in_its_address(desk, paper, story):
    made = story("Bridge open")
    old = made.url
    url = reverse("wagtailadmin_pages:move_confirm", args=[made.pk, paper.harbour.pk])
    response = desk(paper.chief).post(url)
    assert "moved to Harbour" in said(response)
    moved = article(made.pk).url
    assert moved == old.replace("/world/", "/harbour/")


def test_a_deleted_story_is_gone(desk, paper, story):
    made = story("Bridge open")
    response = desk(paper.chief).post(reverse("wagtailadmin_pages:delete", args=[made.pk]))
    assert "is deleted" in said(response)
    assert not Article.objects.filter(pk=made.pk).exists()
    assert f"article:{made.pk}" in Change.objects.latest("number").gone


def test_a_section_is_renamed_through_its_form(desk, paper, story):
    story("Bridge open")
    url = reverse("wagtailadmin_pages:edit", args=[paper.world.pk])
    data = {"title": "Abroad", "slug": "abroad", "description": "", "seo_title": ""}
    response = desk(paper.chief).post(url, {**data, "search_description": "", **PUBLISH})
    assert "Live: " in said(response)
    assert Article.objects.get().url.endswith("/bridge-open/")
    assert "/abroad/" in Article.objects.get().url


def test_publishing_after_ones_own_autosave_is_no_conflict(desk, paper, draft):
    made = draft("First words")
    mine = desk(paper.editor)
    mine.post(edit_url(made), article_form("Opened words"))
    opened = loaded(mine, edit_url(made))
    own = {"overwrite_revision_id": opened["loaded_revision_id"]}
    autosaved = mine.post(
        edit_url(made),
        article_form("Autosaved words", **opened, **own),
        headers={"accept": "application/json"},
    )
    assert autosaved.json()["success"]

    response = mine.post(edit_url(made), article_form("Final words", **opened, **PUBLISH))
    assert response.status_code == 302
    assert article(made.pk).title == "Final words"


def test_an_editor_says_how_exactly_a_time_is_known(desk, paper, draft):
    made = draft()
    day = {"published_at": "2026-03-14 12:00", "published_precision": "day"}
    desk(paper.editor).post(edit_url(made), article_form(**day, **PUBLISH))
    assert article(made.pk).published_precision == "day"
    form = desk(paper.editor).get(edit_url(made)).content.decode()
    assert "How exactly that is known" in form
    assert "Only the day" in form


def test_a_new_sections_address_is_made_from_its_name_while_it_is_typed(desk, paper):
    url = reverse(
        "wagtailadmin_pages:add", args=["newsroom", "section", paper.world.get_parent().pk]
    )
    form = desk(paper.chief).get(url).content.decode()
    assert 'data-w-sync-target-value="#id_slug"' in form
