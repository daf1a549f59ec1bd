"""Previews: in the readers' dress, and for nobody else."""

import pytest
from django.urls import reverse

from stoppress.newsroom.models import Article
from tests.newsroom.desk.forms import add_url, article_form
from tests.newsroom.paper import picture


def assert_private(response):
    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "connect-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "X-Press-Edition" not in response


def edit_preview(article):
    return reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])


def test_what_is_being_typed_is_shown_in_the_readers_theme(desk, paper, draft):
    article = draft("Saved words")
    client = desk(paper.reporter)
    data = article_form("Typed words", standfirst="Just typed.", text="<p>Not saved yet.</p>")
    answer = client.post(edit_preview(article), data).json()
    assert answer == {"is_valid": True, "is_available": True}
    response = client.get(edit_preview(article), {"in_preview_panel": "true"})
    page = response.content.decode()
    assert_private(response)
    for words in ("Typed words", "Just typed.", "Not saved yet.", "stoppress/paper."):
        assert words in page
    assert Article.objects.get(pk=article.pk).get_latest_revision_as_object().title == "Saved words"


def test_a_story_that_was_never_saved_is_previewed(desk, paper):
    url = add_url(paper.islands) + "preview/"
    client = desk(paper.reporter)
    client.post(url, article_form("Unborn"))
    response = client.get(url)
    assert_private(response)
    page = response.content.decode()
    assert "Unborn" in page
    assert "Islands" in page


def test_a_draft_shows_its_byline_pictures_notes_and_blocks(desk, paper, draft):
    shown = picture("The quay", alt_text="Boats at a quay")
    article = draft(
        "With everything",
        lead_picture=shown,
        dateline="PORT ELSE",
        sources="The harbour master.",
        gallery=[(shown, "At dawn")],
        body=[
            ("text", "<p>All at once.</p>"),
            ("subheading", "By the water"),
            ("pull_quote", {"quote": "It runs!", "attribution": "A passenger"}),
        ],
    )
    response = desk(paper.reporter).get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    assert_private(response)
    page = response.content.decode()
    for words in (
        "Mira Lund",
        "PORT ELSE",
        "Boats at a quay",
        "At dawn",
        "The harbour master.",
        "By the water",
        "It runs!",
    ):
        assert words in page, words


def test_a_preview_holds_the_rail_and_counts_nobody(desk, paper, draft, story):
    story("The newest story")
    article = draft()
    response = desk(paper.reporter).get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    page = response.content.decode()
    assert "The newest story" in page
    assert "<!--part:" not in page
    assert f'data-article="{article.pk}"' not in page


def test_an_earlier_version_is_private_too(desk, paper, draft):
    article = draft()
    url = reverse(
        "wagtailadmin_pages:revisions_view", args=[article.pk, article.latest_revision_id]
    )
    assert_private(desk(paper.editor).get(url))


@pytest.mark.parametrize("name", ["view_draft", "preview_on_edit"])
def test_a_strangers_draft_is_not_shown(client, desk, paper, draft, name):
    article = draft(user=paper.editor)
    url = reverse(f"wagtailadmin_pages:{name}", args=[article.pk])
    assert desk(paper.reporter).get(url).status_code == 302
    assert client.get(url).status_code == 302


def test_scripts_in_a_draft_do_not_reach_the_preview(desk, paper, draft):
    article = draft("<script>alert(1)</script>", body=[("text", "<p>x<script>y()</script></p>")])
    response = desk(paper.reporter).get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "<script>y()" not in page


def test_phone_and_desktop_are_among_the_sizes(desk, paper, draft):
    widths = {size["device_width"] for size in draft().preview_sizes}
    assert {375, 1280} <= widths
