"""Takes at the desk: seen by all, used or set aside, never edited."""

import pytest
from django.urls import reverse
from django.utils import timezone

from stoppress.newsroom.models import Article
from stoppress.wires.models import Take
from tests.newsroom.desk.conftest import edit_url, said


@pytest.fixture
def take(paper):
    return Take.objects.create(
        headline="Lighthouse lit again",
        body_text="It burns.\n\nBoats <cheer> & hoot.",
        section_name="World",
        source="Osk wire",
        received_at=timezone.now(),
        raw="Lighthouse lit again",
    )


def test_home_shows_the_newest_takes(desk, paper, take):
    page = desk(paper.reporter).get("/desk/").content.decode()
    assert "Newest takes" in page
    assert "Lighthouse lit again" in page
    take.set_aside("Old news.")
    assert "Lighthouse lit again" not in desk(paper.reporter).get("/desk/").content.decode()


def test_every_journalist_reads_takes_and_nobody_edits_them(desk, paper, take):
    client = desk(paper.reporter)
    assert "Lighthouse lit again" in client.get("/desk/snippets/wires/take/").content.decode()
    inspect = reverse("wagtailsnippets_wires_take:inspect", args=[take.pk])
    assert "Boats &lt;cheer&gt; &amp; hoot." in client.get(inspect).content.decode()
    for person in (paper.reporter, paper.chief):
        for name, args in (("add", []), ("edit", [take.pk]), ("delete", [take.pk])):
            response = desk(person).post(reverse(f"wagtailsnippets_wires_take:{name}", args=args))
            assert response.status_code == 302
    assert Take.objects.get(pk=take.pk).headline == "Lighthouse lit again"


def test_a_take_becomes_a_draft_in_a_section_of_ones_own(desk, paper, take):
    client = desk(paper.reporter)
    url = reverse("wires_use", args=[take.pk])
    form = client.get(url).context["form"]
    assert form.initial["section"] == paper.world
    assert paper.harbour not in form.fields["section"].queryset
    response = client.post(url, {"section": paper.world.pk})
    article = Article.objects.get(title="Lighthouse lit again")
    assert response["Location"] == edit_url(article)
    assert not article.live
    assert article.owner == paper.reporter
    assert article.body[0].value.source == "<p>It burns.</p><p>Boats &lt;cheer&gt; &amp; hoot.</p>"
    used = Take.objects.get(pk=take.pk)
    assert (used.status, used.article) == ("used", article)


def test_a_take_is_used_once(desk, paper, take):
    client = desk(paper.reporter)
    url = reverse("wires_use", args=[take.pk])
    client.post(url, {"section": paper.world.pk})
    client.post(url, {"section": paper.world.pk})
    assert Article.objects.filter(title="Lighthouse lit again").count() == 1


def test_a_take_is_not_used_in_a_strangers_section(desk, paper, take):
    url = reverse("wires_use", args=[take.pk])
    response = desk(paper.reporter).post(url, {"section": paper.harbour.pk})
    assert response.status_code == 200
    assert not Article.objects.exists()


def test_a_take_is_set_aside_with_a_reason(desk, paper, take):
    client = desk(paper.reporter)
    url = reverse("wires_set_aside", args=[take.pk])
    assert "Say why" in client.post(url, {"reason": " "}).content.decode()
    assert "is set aside" in said(client.post(url, {"reason": "Old news."}))
    assert Take.objects.get(pk=take.pk).reason == "Old news."
