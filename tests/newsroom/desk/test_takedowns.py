"""Killing and unpublishing: asked first, done at once, and in the log with the reason."""

from django.urls import reverse
from wagtail.models import PageLogEntry

from stoppress.newsroom.models import Article
from stoppress.press.models import Change
from tests.newsroom.desk.conftest import edit_url, said


def kill_url(article):
    return reverse("desk_kill", args=[article.pk])


def log_page(client):
    return client.get(reverse("wagtailadmin_reports:site_history")).content.decode()


def test_a_kill_asks_before_it_acts(desk, paper, story):
    article = story("Ferry resumes")
    page = desk(paper.editor).get(kill_url(article)).content.decode()
    assert "Kill “Ferry resumes”?" in page
    assert Article.objects.get(pk=article.pk).live


def test_a_kill_without_a_reason_is_not_carried_out(desk, paper, story):
    article = story()
    response = desk(paper.editor).post(kill_url(article), {"reason": "   "})
    assert response.status_code == 200
    assert "Say why the story must be gone" in response.content.decode()
    assert Article.objects.get(pk=article.pk).live


def test_a_kill_takes_the_story_from_readers_and_logs_why(desk, paper, story):
    article = story("Ferry resumes")
    response = desk(paper.editor).post(kill_url(article), {"reason": "A <court> order."})
    killed = Article.objects.get(pk=article.pk)
    assert "“Ferry resumes” is killed" in said(response)
    assert not killed.live
    assert killed.kill_reason == "A <court> order."
    change = Change.objects.latest("number")
    assert f"article:{article.pk}" in change.gone
    assert "Killed: A &lt;court&gt; order." in log_page(desk(paper.chief))


def test_a_lifted_kill_makes_nothing_live(desk, paper, story):
    article = story()
    client = desk(paper.editor)
    client.post(kill_url(article), {"reason": "A mistake."})
    lift = reverse("desk_lift_kill", args=[article.pk])
    assert "A mistake." in client.get(lift).content.decode()
    response = client.post(lift)
    assert response["Location"] == edit_url(article)
    lifted = Article.objects.get(pk=article.pk)
    assert lifted.killed_at is None
    assert not lifted.live


def test_the_form_offers_to_kill_what_is_not_killed_and_to_lift_what_is(desk, paper, story):
    article = story()
    client = desk(paper.editor)
    lift = reverse("desk_lift_kill", args=[article.pk])
    page = client.get(edit_url(article)).content.decode()
    assert kill_url(article) in page
    assert lift not in page
    client.post(kill_url(article), {"reason": "A mistake."})
    page = client.get(edit_url(article)).content.decode()
    assert f'"{kill_url(article)}"' not in page
    assert lift in page


def test_unpublishing_keeps_the_reason(desk, paper, story):
    article = story("Ferry resumes")
    url = reverse("wagtailadmin_pages:unpublish", args=[article.pk])
    assert "Take “Ferry resumes” off the site?" in desk(paper.editor).get(url).content.decode()
    response = desk(paper.editor).post(url, {"reason": "Facts being checked."})
    assert "is off the site" in said(response)
    assert not Article.objects.get(pk=article.pk).live
    assert f"article:{article.pk}" in Change.objects.latest("number").gone
    entry = PageLogEntry.objects.get(action="stoppress.reason")
    assert entry.user == paper.editor
    assert "Reason given: Facts being checked." in log_page(desk(paper.chief))
