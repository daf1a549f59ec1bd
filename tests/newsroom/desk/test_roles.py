"""Who may do what at the desk, asked through its real addresses."""

import pytest
from django.urls import reverse
from wagtail.models import WorkflowState

from stoppress.newsroom.models import Article
from tests.newsroom.desk.conftest import edit_url, said
from tests.newsroom.desk.forms import add_url, article_form

HOME = "/desk/"


def test_strangers_are_sent_to_the_door(client, paper):
    for url in ("/desk/", "/desk/stories/", "/desk/sections/", "/desk/corrections/"):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/desk/login/")


def test_a_reporter_writes_in_their_section(desk, paper):
    response = desk(paper.reporter).post(add_url(paper.world), article_form("Bridge closes"))
    assert response.status_code == 302
    article = Article.objects.get(title="Bridge closes")
    assert not article.live
    assert article.owner == paper.reporter


def test_a_reporter_cannot_write_in_another_section(desk, paper):
    response = desk(paper.reporter).get(add_url(paper.harbour))
    assert response.status_code == 302
    assert response["Location"] == HOME
    assert "do not have permission" in said(response)


def test_a_reporter_cannot_publish(desk, paper, draft):
    article = draft()
    data = article_form("Ferry service resumes", **{"action-publish": "1"})
    desk(paper.reporter).post(edit_url(article), data)
    assert not Article.objects.get(pk=article.pk).live


def test_a_reporter_cannot_edit_a_colleagues_draft(desk, paper, draft):
    article = draft(user=paper.editor)
    response = desk(paper.reporter).get(edit_url(article))
    assert response.status_code == 302
    assert response["Location"] == HOME


def test_a_reporter_submits_for_review_and_the_editor_publishes(desk, paper, draft):
    article = draft()
    data = article_form("Ferry service resumes", **{"action-submit": "1"})
    desk(paper.reporter).post(edit_url(article), data)
    state = WorkflowState.objects.active().get(object_id=str(article.pk))
    home = desk(paper.editor).get(HOME).content.decode()
    assert "Ferry service resumes" in home
    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task.pk])
    desk(paper.editor).post(url, {"comment": ""})
    assert Article.objects.get(pk=article.pk).live


@pytest.mark.parametrize("act", ["desk_kill", "desk_correct", "wagtailadmin_pages:unpublish"])
def test_a_reporter_cannot_touch_what_is_live(desk, paper, story, act):
    article = story()
    for method in ("get", "post"):
        response = getattr(desk(paper.reporter), method)(reverse(act, args=[article.pk]))
        assert response.status_code == 302
        assert response["Location"] == HOME
    assert Article.objects.get(pk=article.pk).live


def test_an_editor_publishes_in_their_section_and_below(desk, paper, draft):
    for section in (paper.world, paper.islands):
        article = draft(f"News from {section.title}", section=section)
        data = article_form(article.title, **{"action-publish": "1"})
        response = desk(paper.editor).post(edit_url(article), data)
        assert response.status_code == 302
        assert Article.objects.get(pk=article.pk).live


def test_an_editor_has_no_say_in_another_section(desk, paper, story):
    article = story(section=paper.harbour)
    urls = [
        edit_url(article),
        reverse("desk_kill", args=[article.pk]),
        reverse("desk_correct", args=[article.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[article.pk]),
        reverse("wagtailadmin_pages:delete", args=[article.pk]),
    ]
    for url in urls:
        response = desk(paper.editor).post(url, {"reason": "x"})
        assert (response.status_code, response["Location"]) == (302, HOME), url
    assert Article.objects.get(pk=article.pk).live


def test_a_section_closed_to_an_editor_leads_to_all_their_stories(desk, paper):
    response = desk(paper.editor).get(reverse("wagtailadmin_explore", args=[paper.harbour.pk]))
    assert response.status_code == 302
    assert response["Location"] == "/desk/stories/"


def test_a_chief_edits_everything(desk, paper, story):
    client = desk(paper.chief)
    for section in (paper.world, paper.harbour):
        article = story(f"News from {section.title}", section=section)
        assert client.get(edit_url(article)).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:edit", args=[paper.front.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:edit", args=[paper.world.pk])).status_code == 200


def test_the_audit_log_is_the_chiefs(desk, paper):
    log = reverse("wagtailadmin_reports:site_history")
    assert desk(paper.chief).get(log).status_code == 200
    assert "Site history" not in desk(paper.reporter).get(HOME).content.decode()
    assert "Site history" not in desk(paper.editor).get(HOME).content.decode()
