"""However Wagtail acts (its desk's views call its actions directly), readers see what is live."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PageLogEntry, Workflow

from stoppress.newsroom.actions import create_article, publish
from stoppress.newsroom.models import Article, Listing
from stoppress.newsroom.roles import give_role
from stoppress.newsroom.schedule import carry_out_due, due, next_due
from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from tests.newsroom.paper import section, story


@pytest.fixture
def chief(paper):
    user = get_user_model().objects.create_user("chief", password="a long enough one")
    give_role(user, "chief")
    return user


def is_listed(article: Article) -> bool:
    return Listing.objects.filter(list="latest", article_id=article.pk).exists()


def test_a_revision_published_by_wagtail_is_settled(paper):
    draft = create_article(section="world", headline="From the desk")
    draft.get_latest_revision().publish()
    assert is_listed(draft)
    assert print_page(Article.objects.get(pk=draft.pk).url).status == 200


def test_wagtails_own_unpublish_action_is_settled(paper):
    live = story()
    url = live.url
    with changing("desk"):
        UnpublishPageAction(Page.objects.get(pk=live.pk)).execute()
    assert not is_listed(live)
    assert print_page(url).status == 410


def test_unpublishing_a_section_with_all_below_it_is_settled(paper, chief):
    live = story(section="world/islands")
    url = live.url
    with changing("desk"):
        page = Page.objects.get(pk=section("world").pk)
        UnpublishPageAction(page.specific, include_descendants=True, user=chief).execute()
    assert print_page("/world/").status == 410
    assert print_page(url).status == 410


def test_wagtails_own_move_action_is_settled(paper):
    live = story()
    before = live.url
    with changing("desk"):
        MovePageAction(Page.objects.get(pk=live.pk), section("harbour"), pos="last-child").execute()
    assert Article.objects.get(pk=live.pk).url == "/harbour/2026/03/14/ferry-returns/"
    assert print_page(before).status == 301


def test_wagtails_own_deletion_is_settled(paper):
    live = story()
    url = live.url
    with changing("desk"):
        DeletePageAction(Article.objects.get(pk=live.pk)).execute()
    assert print_page(url).status == 410
    assert not is_listed(live)


def test_a_copy_that_stays_live_gets_an_address_of_its_own(paper):
    live = story(address_slug="ferry")
    with changing("desk"):
        CopyPageAction(
            live, to=section("harbour"), update_attrs={"slug": "copy"}, keep_live=True
        ).execute()
    copy = Article.objects.exclude(pk=live.pk).get()
    assert is_listed(copy)
    assert copy.url != live.url
    assert print_page(live.url).status == 200


def test_an_approved_story_is_published_by_the_workflow(paper, chief):
    reporter = get_user_model().objects.create_user("reporter")
    give_role(reporter, "reporter")
    draft = create_article(section="world", headline="For approval", user=reporter)
    state = Workflow.objects.get(name="Editors’ approval").start(draft, reporter)
    state.current_task_state.approve(user=chief)
    assert is_listed(draft)


def test_a_schedule_is_carried_out_when_due_and_not_before(paper):
    at = timezone.now() + timedelta(minutes=5)
    draft = create_article(section="world", headline="At noon")
    draft.go_live_at, draft.expire_at = at, at + timedelta(hours=1)
    draft.save_revision().publish()
    assert next_due() == at
    assert carry_out_due(at - timedelta(seconds=1)) == 0
    assert not is_listed(draft)


def test_what_is_due_goes_live_and_expires_in_order(paper):
    now = timezone.now()
    draft = create_article(section="world", headline="At noon")
    draft.go_live_at, draft.expire_at = now + timedelta(hours=1), now + timedelta(hours=2)
    revision = draft.save_revision()
    revision.publish()
    # The moments pass: the database is told of earlier ones, as the clock would see them later.
    shift_schedule(draft, revision, timedelta(hours=1, seconds=1))
    assert [task.act for task in due(timezone.now())] == ["publish"]
    assert carry_out_due(timezone.now()) == 1
    url = Article.objects.get(pk=draft.pk).url
    assert print_page(url).status == 200
    with changing("time passes") as change:
        Article.objects.filter(pk=draft.pk).update(expire_at=now - timedelta(seconds=1))
        change.unseen(Article)
    assert carry_out_due(timezone.now()) == 1
    assert print_page(url).status == 410
    assert Article.objects.get(pk=draft.pk).expired
    assert next_due() is None


def test_a_scheduled_story_that_fails_blocks_no_other_and_is_noted(paper):
    now = timezone.now()
    drafts = [create_article(section="world", headline=name) for name in ("Bad", "Good")]
    for draft in drafts:
        draft.go_live_at = now + timedelta(hours=1)
        revision = draft.save_revision()
        revision.publish()
        shift_schedule(draft, revision, timedelta(hours=1, seconds=1))
    bad, good = drafts
    with changing("kill before it is due") as change:
        Article.objects.filter(pk=bad.pk).update(killed_at=now, kill_reason="hoax")
        change.unseen(Article)
    assert carry_out_due(timezone.now()) == 1
    assert is_listed(good)
    assert not is_listed(bad)
    assert due(timezone.now()) == []
    entry = PageLogEntry.objects.get(action="stoppress.schedule_failed")
    assert "hoax" in entry.data["reason"]


def shift_schedule(draft: Article, revision, by: timedelta) -> None:
    """Let time pass for a schedule, in the revision's content and in the tables."""
    moved = revision.approved_go_live_at - by
    content = {**revision.content, "go_live_at": moved.isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=moved, content=content)


def test_the_desks_views_lead_here(paper, chief, settings):
    settings.SECURE_SSL_REDIRECT = False
    live = story()
    url = live.url
    client = Client(headers={"host": "paper.example"})
    client.force_login(chief)
    answer = client.post(f"/desk/pages/{live.pk}/unpublish/", secure=True)
    assert answer.status_code == 302
    assert print_page(url).status == 410
    answer = client.post(f"/desk/pages/{live.pk}/delete/", secure=True)
    assert not Article.objects.filter(pk=live.pk).exists()


def found_at_the_desk(words: str) -> list[int]:
    return [page.pk for page in Page.objects.search(words)]


def test_the_desk_finds_a_story_by_its_headline_until_it_is_deleted(paper):
    article = story("Ferry returns")
    assert found_at_the_desk("ferry") == [article.pk]
    article.title = "Tram returns"
    article.save_revision()  # a draft, of which the index holds nothing
    assert found_at_the_desk("tram") == []
    publish(article)
    assert found_at_the_desk("ferry") == []
    assert found_at_the_desk("tram") == [article.pk]
    article.delete()
    assert found_at_the_desk("tram") == []
