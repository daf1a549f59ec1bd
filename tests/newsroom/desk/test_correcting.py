"""Publishing with a line in the update log."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stoppress.newsroom.clock import paper_zone
from stoppress.newsroom.models import Article
from stoppress.press.models import Change
from tests.newsroom.desk.conftest import edit_url, said
from tests.newsroom.desk.forms import article_form


def correct_url(article):
    return reverse("desk_correct", args=[article.pk])


def note(kind="correction", text="She is the deputy mayor.", **said):
    return {"kind": kind, "text": text, "dated_at": f"{timezone.now():%Y-%m-%d %H:%M}", **said}


@pytest.mark.parametrize("kind", ["correction", "clarification", "update", "retraction"])
def test_what_readers_are_told_goes_live_and_moves_the_last_update(desk, paper, story, kind):
    article = story()
    response = desk(paper.editor).post(correct_url(article), note(kind))
    live = Article.objects.get(pk=article.pk)
    assert f"Live: {live.url}" in said(response)
    assert [(entry.kind, entry.text) for entry in live.updates.all()] == [
        (kind, "She is the deputy mayor.")
    ]
    assert live.updated_at == live.updates.get().dated_at
    assert "list:corrections" in Change.objects.latest("number").touched


def test_a_silent_fix_tells_nobody(desk, paper, story):
    article = story()
    desk(paper.editor).post(correct_url(article), note("silent", ""))
    live = Article.objects.get(pk=article.pk)
    assert live.updates.get().kind == "silent"
    assert live.updated_at is None
    assert "list:corrections" not in Change.objects.latest("number").touched


def test_a_correction_says_something(desk, paper, story):
    article = story()
    response = desk(paper.editor).post(correct_url(article), note(text="  "))
    assert response.status_code == 200
    assert "Write what readers are to be told" in response.content.decode()
    assert not Article.objects.get(pk=article.pk).updates.exists()


def test_a_correction_is_not_dated_in_the_future(desk, paper, story):
    article = story()
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d %H:%M}"
    response = desk(paper.editor).post(correct_url(article), note(dated_at=tomorrow))
    assert "dated in the future" in response.content.decode()


def test_the_moment_is_filled_in_and_is_now(desk, paper, story):
    response = desk(paper.editor).get(correct_url(story()))
    dated = response.context["form"]["dated_at"].value()
    now = timezone.localtime(timezone.now(), paper_zone()).replace(tzinfo=None)
    assert abs(dated - now) < timedelta(minutes=1)


def test_unpublished_changes_go_out_with_the_note_and_are_announced(desk, paper, story):
    article = story("Mayor opens bridge")
    client = desk(paper.editor)
    client.post(edit_url(article), article_form("Deputy mayor opens bridge"))
    assert "unpublished changes" in client.get(correct_url(article)).content.decode()
    client.post(correct_url(article), note())
    assert Article.objects.get(pk=article.pk).title == "Deputy mayor opens bridge"


def test_a_draft_cannot_be_corrected(desk, paper, draft):
    article = draft()
    for method in ("get", "post"):
        response = getattr(desk(paper.editor), method)(correct_url(article), note())
        assert "Only a story that is live can be corrected" in said(response)
    assert not Article.objects.get(pk=article.pk).live


def test_the_desk_lists_corrections(desk, paper, story):
    article = story("Mayor opens bridge")
    client = desk(paper.editor)
    client.post(correct_url(article), note())
    client.post(correct_url(article), note("silent", "A comma."))
    page = client.get("/desk/corrections/").content.decode()
    assert "She is the deputy mayor." in page
    assert "A comma." in page
    page = client.get("/desk/corrections/", {"kind": "correction"}).content.decode()
    assert "A comma." not in page


def test_the_editing_form_leads_to_the_correction(desk, paper, story, draft):
    client = desk(paper.editor)
    live, unborn = story("Live"), draft("Draft", user=paper.editor)
    assert correct_url(live) in client.get(edit_url(live)).content.decode()
    assert correct_url(unborn) not in client.get(edit_url(unborn)).content.decode()
