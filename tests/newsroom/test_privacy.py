"""What not everybody may see has no page, in any list either, until it is open again."""

import pytest
from wagtail.models import Page, PageViewRestriction

from stoppress.newsroom.actions import lift_restrictions, move, publish, restrict
from stoppress.newsroom.errors import FrontIsForEveryone
from stoppress.newsroom.models import Article, Front
from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound, UnguardedWrite
from tests.newsroom.paper import last_change, section, story, touched

LOGIN = PageViewRestriction.LOGIN
LISTS = ("/", "/latest/", "/world/", "/feed/", "/-/parts/latest/")


def status(path):
    try:
        return print_page(path).status
    except PageNotFound:
        return 404


def shown_in(headline):
    return [path for path in LISTS if status(path) == 200 and headline in body(path)]


def body(path):
    return print_page(path).body.decode()


def test_a_restricted_story_is_gone_from_its_address_and_every_list(paper):
    live = story("Bridge opens", section="world")
    url = live.url
    assert shown_in("Bridge opens") == list(LISTS)
    restrict(live, restriction_type=LOGIN)
    assert (status(url), shown_in("Bridge opens")) == (410, [])
    assert {f"article:{live.pk}", f"card:{live.pk}"} <= set(last_change().gone)
    lift_restrictions(live)
    assert (status(url), shown_in("Bridge opens")) == (200, list(LISTS))


def test_publishing_a_restricted_story_again_does_not_open_it(paper):
    live = story("Bridge opens", section="world")
    url = live.url
    restrict(live, restriction_type=LOGIN)
    publish(Article.objects.get(pk=live.pk))
    assert (status(url), shown_in("Bridge opens")) == (410, [])


def test_a_closed_section_takes_what_is_in_it_along(paper):
    inside = story("Islands vote", section="world/islands")
    beside = story("Harbour votes", section="harbour")
    world, paths = section("world"), ("/world/", "/world/islands/", inside.url)
    restrict(world, restriction_type=LOGIN)
    assert [status(path) for path in paths] == [410] * 3
    assert shown_in("Islands vote") == []
    assert 'href="/world/"' not in body("/")
    assert status(beside.url) == 200
    lift_restrictions(world)
    assert [status(path) for path in paths] == [200] * 3


def test_a_story_that_moves_into_a_closed_section_is_closed(paper):
    live = story("Harbour votes", section="harbour")
    restrict(section("world"), restriction_type=LOGIN)
    move(live, section("world"))
    assert shown_in("Harbour votes") == []
    move(Article.objects.get(pk=live.pk), section("harbour"))
    publish(Article.objects.get(pk=live.pk))
    assert "/latest/" in shown_in("Harbour votes")


def test_an_open_story_in_a_closed_section_stays_closed(paper):
    live = story("Bridge opens", section="world")
    url = live.url
    restrict(section("world"), restriction_type=LOGIN)
    restrict(live, restriction_type=LOGIN)
    lift_restrictions(live)
    assert status(url) == 410


@pytest.mark.parametrize("which", [Front, Page])
def test_the_front_is_for_everyone(paper, which):
    page = which.objects.first()
    with pytest.raises(FrontIsForEveryone, match="Restrict a section or a story"):
        restrict(page, restriction_type=LOGIN)
    assert not PageViewRestriction.objects.exists()


def test_a_restriction_made_without_a_change_is_noticed(paper):
    live = story("Bridge opens", section="world")
    with pytest.raises(UnguardedWrite):
        PageViewRestriction.objects.create(page=live, restriction_type=LOGIN)
    with changing("by hand"):
        PageViewRestriction.objects.create(page=live, restriction_type=LOGIN)
    assert f"article:{live.pk}" in touched() | set(last_change().gone)
