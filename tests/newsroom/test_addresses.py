"""Addresses are permanent: whatever moves, the old one leads to the new in one step."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.actions import (
    create_author,
    create_section,
    delete,
    kill,
    move,
    publish,
    publish_section,
)
from stoppress.newsroom.errors import AddressTaken, AuthorAddressTaken
from stoppress.newsroom.models import ArticleAddress, Author, Section, SectionPath
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from tests.newsroom.paper import section, story, touched


def leads_to(path: str) -> str:
    """Where an address leads: itself if a page stands there."""
    edition = print_page(path)
    if edition.status == 200:
        return path
    assert edition.status == 301, (path, edition.status)
    return dict(edition.headers)[b"location"].decode()


def reslug(path: str, slug: str) -> Section:
    found = section(path)
    found.slug = slug
    return publish_section(found)


def test_a_new_headline_keeps_a_slug_that_was_given(paper):
    live = story(address_slug="ferry")
    assert live.url == "/world/2026/03/14/ferry/"


def test_every_change_of_a_story_leaves_a_redirect(paper):
    live = story()
    places = [live.url]
    live.address_slug = "ferry-is-back"
    live = publish(live)
    places.append(live.url)
    move(live, section("harbour"))
    live.refresh_from_db()
    places.append(live.url)
    live.published_at = datetime(2026, 3, 20, tzinfo=UTC)
    live = publish(live)
    assert live.url == "/harbour/2026/03/20/ferry-is-back/"
    assert [leads_to(place) for place in places] == [live.url] * 3
    assert leads_to(live.url) == live.url


def test_going_back_to_an_old_address_makes_it_current_again(paper):
    live = story(address_slug="one")
    first = live.url
    live.address_slug = "two"
    second = publish(live).url
    live.address_slug = "one"
    live = publish(live)
    assert live.url == first
    assert leads_to(second) == first


def test_the_same_slug_may_serve_on_another_day_and_in_another_section(paper):
    story("Tide tables")
    other_day = story("Tide tables", at=datetime(2026, 3, 15, 12, tzinfo=UTC))
    other_section = story("Tide tables", section="harbour")
    assert other_day.url == "/world/2026/03/15/tide-tables/"
    assert other_section.url == "/harbour/2026/03/14/tide-tables/"


def test_on_one_day_the_second_gets_a_number_and_keeps_it(paper):
    story("Tide tables")
    second = story("Tide tables")
    assert second.url == "/world/2026/03/14/tide-tables-2/"
    assert publish(second).url == second.url


def test_the_day_is_the_papers_own(paper, settings):
    settings.PAPER_TIME_ZONE = "Pacific/Auckland"
    live = story(at=datetime(2026, 3, 14, 20, tzinfo=UTC))
    assert live.url == "/world/2026/03/15/ferry-returns/"


def test_a_section_of_any_size_is_reslugged_in_rows_per_section(paper):
    lives = [story(f"Story {n}", section="world/islands") for n in range(5)]
    old = [live.url for live in lives]
    rows = ArticleAddress.objects.count()
    paths = SectionPath.objects.count()
    reslug("world", "abroad")
    assert ArticleAddress.objects.count() == rows
    assert SectionPath.objects.count() == paths + 2
    for live, before in zip(lives, old, strict=True):
        assert live.url == before.replace("/world/", "/abroad/")
        assert leads_to(before) == live.url
    assert leads_to("/world/") == "/abroad/"
    assert leads_to("/world/islands/") == "/abroad/islands/"
    assert leads_to("/world/islands/2026/03/") == "/abroad/islands/2026/03/"
    assert leads_to("/world/feed/") == "/abroad/feed/"


def test_a_reslug_costs_the_same_at_any_number_of_stories(paper):
    def cost(slug: str) -> int:
        found = Section.objects.get(title="Harbour")
        found.slug = slug
        with CaptureQueriesContext(connection) as asked:
            publish_section(found)
        return len(asked)

    few = cost("port")
    for n in range(6):
        story(f"Story {n}", section="port")
    assert cost("docks") <= few


def test_chains_never_come_to_be(paper):
    live = story(section="world/islands")
    places = [live.url]
    reslug("world", "abroad")
    places.append(live.url)
    move(section("abroad/islands"), section("harbour"))
    places.append(live.url)
    reslug("harbour", "port")
    live.address_slug = "back"
    live = publish(live)
    assert live.url == "/port/islands/2026/03/14/back/"
    for place in places:
        assert leads_to(place) == live.url, place
    assert leads_to("/world/islands/2026/03/14/ferry-returns/") == live.url


def test_a_path_taken_over_by_another_section_still_leads_to_old_stories(paper):
    live = story(section="harbour")
    before = live.url
    reslug("harbour", "port")
    create_section("Harbour News", slug="harbour")
    fresh = story("Ferry sinks", section="harbour")
    assert leads_to(before) == live.url
    assert leads_to("/harbour/") == "/harbour/"
    assert leads_to(fresh.url) == fresh.url


def test_a_new_story_never_hides_an_old_address_of_its_path(paper):
    before = story(section="harbour").url
    reslug("harbour", "port")
    create_section("Harbour News", slug="harbour")
    fresh = story(section="harbour")
    assert fresh.url == "/harbour/2026/03/14/ferry-returns-2/"
    assert leads_to(before) == "/port/2026/03/14/ferry-returns/"


def test_a_section_cannot_take_a_path_where_both_hold_a_story(paper):
    story(section="harbour")
    reslug("harbour", "port")
    story(section="world")
    with pytest.raises(AddressTaken, match=r"/harbour/2026/03/14/ferry-returns/"):
        reslug("world", "harbour")
    assert section("world")


@pytest.mark.parametrize("act", [delete, lambda live: kill(live, reason="wrong")])
def test_what_is_taken_down_answers_410_at_every_address(paper, act):
    live = story(address_slug="one")
    places = [live.url]
    live.address_slug = "two"
    live = publish(live)
    places.append(live.url)
    act(live)
    assert [print_page(place).status for place in places] == [410, 410]


def test_a_deleted_section_answers_410_with_all_below_it(paper):
    live = story(section="world/islands")
    delete(section("world"))
    for place in ("/world/", "/world/islands/", "/world/islands/2026/03/14/ferry-returns/"):
        assert print_page(place).status == 410, place
    assert not type(live).objects.filter(pk=live.pk).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/world/2026/03/14/never/",
        "/world/2026/02/30/ferry-returns/",
        "/world/2026/13/",
        "/nowhere/2026/03/14/ferry-returns/",
        "/authors/nobody/",
        "/topics/nothing/",
        "/2031/01/",
    ],
)
def test_what_never_was_is_not_found(paper, path):
    story()
    with pytest.raises(PageNotFound):
        print_page(path)


@pytest.mark.parametrize("slug", ["desk", "search", "feed", "2026", "-", "x" * 61])
def test_the_papers_own_words_cannot_be_sections(paper, slug):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="slug"):
        create_section("Any", slug=slug)


def renamed(author: Author, slug: str) -> Author:
    author.slug = slug
    author.save()
    return author


def test_an_authors_former_slugs_lead_to_the_page_in_one_step(paper):
    mira = Author.objects.get(slug="mira-lund")
    story(byline=[mira])
    before = print_page("/authors/mira-lund/")
    renamed(mira, "mira")
    assert {f"author:{mira.pk}", "authors:all"} <= touched()
    assert before.tags & touched()
    renamed(mira, "mira-aho")
    for former in ("mira-lund", "mira"):
        for below in ("", "2026/03/", "feed/", "feed/full/"):
            assert leads_to(f"/authors/{former}/{below}") == f"/authors/mira-aho/{below}"


def test_a_redirect_hears_when_its_author_is_renamed_again_or_comes_back(paper):
    mira = renamed(Author.objects.get(slug="mira-lund"), "mira")
    redirect = print_page("/authors/mira-lund/")
    renamed(mira, "mira-lund")
    assert redirect.tags & touched()
    assert leads_to("/authors/mira-lund/") == "/authors/mira-lund/"
    assert leads_to("/authors/mira/") == "/authors/mira-lund/"


def test_a_former_slug_is_nobody_elses(paper):
    renamed(Author.objects.get(slug="mira-lund"), "mira")
    assert create_author("Mira Lund").slug == "mira-lund-2"
    with pytest.raises(ValidationError, match="was another author's page"):
        Author(name="Mira Lunde", slug="mira-lund").full_clean()
    with pytest.raises(AuthorAddressTaken):
        Author(name="Mira Lunde", slug="mira-lund").save()
    assert not Author.objects.filter(name="Mira Lunde").exists()
    assert leads_to("/authors/mira-lund/") == "/authors/mira/"


def test_a_deleted_authors_addresses_say_so(paper):
    mira = renamed(Author.objects.get(slug="mira-lund"), "mira")
    page = print_page("/authors/mira/")
    mira.delete()
    assert page.tags & touched()
    for slug in ("mira-lund", "mira"):
        assert print_page(f"/authors/{slug}/").status == 410
    with pytest.raises(PageNotFound):
        print_page("/authors/nobody/")
