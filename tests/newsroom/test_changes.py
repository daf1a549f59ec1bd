"""Every act is one change that touches exactly the tags of what readers see differently."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail import coreutils

from stoppress.newsroom.actions import (
    create_article,
    create_author,
    create_section,
    kill,
    lift_kill,
    move,
    publish,
    publish_section,
    unpublish,
)
from stoppress.newsroom.errors import EmbargoInForce, StoryKilled
from stoppress.newsroom.models import Author, Front, FrontSlot
from stoppress.press.changes import ALL
from stoppress.press.editions import print_page
from tests.newsroom.paper import NOON, last_change, picture, section, story, touched


def test_a_draft_changes_nothing_for_readers(paper):
    before = last_change().pk
    draft = create_article(section="world", headline="Later")
    draft.title = "Later still"
    draft.save_revision()
    assert last_change().pk == before


def test_a_first_publish_touches_its_lists_and_names_its_pages(paper):
    mira = Author.objects.get(name="Mira Lund")
    live = story(section="world/islands", byline=[mira])
    change = last_change()
    islands = section("world/islands").pk
    assert {
        f"article:{live.pk}",
        f"card:{live.pk}",
        "list:latest",
        "list:latest:2026-03",
        f"list:section-{islands}",
        f"list:author-{mira.pk}",
    } <= touched()
    assert ALL not in touched()
    assert "list:corrections" not in touched()
    assert "epoch:navigation" not in touched()
    assert change.first[:7] == [
        live.url,
        "/",
        "/-/parts/latest/",
        "/latest/",
        "/world/islands/",
        "/world/",
        "/authors/mira-lund/",
    ]
    assert "/world/feed/" in change.first
    assert "/sitemap/2026-03-14.xml" in change.first


def test_a_change_of_the_body_alone_touches_the_article_alone(paper):
    live = story(standfirst="As ever.")
    live.body = [("text", "<p>Another text of much the same length.</p>")]
    publish(live)
    assert touched() == {f"article:{live.pk}", "day:2026-03-14"}


def test_a_new_headline_touches_the_card_but_no_list(paper):
    live = story(address_slug="ferry")
    live.title = "Ferry back"
    publish(live)
    assert f"card:{live.pk}" in touched()
    assert "list:latest" not in touched()


def test_an_old_story_enters_its_month_but_not_the_newest(paper, monkeypatch):
    monkeypatch.setattr("stoppress.newsroom.listings.WINDOW", 2)
    for n in range(3):
        story(f"New {n}")
    story("Old", at=datetime(2025, 1, 1, tzinfo=UTC))
    assert "list:latest" not in touched()
    assert "list:latest:2025-01" in touched()
    assert "list:latest:2026-03" not in touched()


def test_a_correction_is_told_on_the_story_and_on_the_record(paper):
    live = story()
    live.updates.create(kind="correction", dated_at=NOON + timedelta(days=1), text="Two decks.")
    publish(live)
    assert {"list:corrections", f"card:{live.pk}", f"article:{live.pk}"} <= touched()
    assert "Two decks." in print_page("/corrections/").body.decode()
    assert "Two decks." in print_page("/corrections/2026/03/").body.decode()
    assert "Two decks." in print_page(live.url).body.decode()


def test_a_new_story_reprints_no_archive_page(paper):
    """The rail that shows it is a part, laid in by the edge."""
    old = print_page(story("Long ago").url)
    rail = print_page("/-/parts/latest/")
    assert b"<!--part:latest-->" in old.body
    for number in range(3):
        story(f"New {number}", at=NOON + timedelta(days=60))
        assert not touched() & old.tags
        assert touched() & rail.tags


def test_a_silent_fix_is_told_to_nobody_and_moves_no_date(paper):
    live = story()
    live.updates.create(kind="silent", dated_at=NOON + timedelta(days=1), text="A comma.")
    live = publish(live)
    assert live.updated_at is None
    assert "list:corrections" not in touched()
    assert "A comma." not in print_page(live.url).body.decode()


@pytest.mark.parametrize("kind", ["update", "correction", "clarification", "retraction"])
def test_last_update_moves_with_what_readers_are_told(paper, kind):
    live = story(updates=[(kind, NOON + timedelta(days=2), "Told.")])
    assert live.updated_at == NOON + timedelta(days=2)


def test_taking_down_is_hard(paper):
    live = story()
    unpublish(live)
    assert set(last_change().gone) == {
        f"article:{live.pk}",
        f"card:{live.pk}",
        "day:2026-03-14",  # the sitemap, whose addresses say what stories were about
    }
    assert "list:latest" in last_change().touched


def test_an_unpublished_story_can_come_back(paper):
    live = story()
    url = live.url
    back = publish(unpublish(live))
    assert back.url == url
    assert print_page(url).status == 200
    assert back.published_at == NOON


def test_a_killed_story_stays_dead_until_the_kill_is_lifted(paper):
    live = story()
    url = live.url
    dead = kill(live, reason="wrong name")
    assert not dead.live
    assert print_page(url).status == 410
    with pytest.raises(StoryKilled, match="wrong name"):
        publish(dead)
    publish(lift_kill(dead))
    assert print_page(url).status == 200


def test_a_draft_can_be_killed(paper):
    dead = kill(create_article(section="world", headline="Never"), reason="hoax")
    with pytest.raises(StoryKilled):
        publish(dead)


def test_nothing_is_published_before_its_embargo_ends(paper):
    until = timezone.now() + timedelta(hours=1)
    draft = create_article(section="world", headline="Budget", embargoed_until=until)
    with pytest.raises(EmbargoInForce, match="Budget"):
        publish(draft)
    assert not type(draft).objects.get(pk=draft.pk).live


def test_moving_a_story_touches_both_sections(paper):
    live = story(section="world/islands")
    move(live, section("harbour"))
    islands, harbour = section("world/islands").pk, section("harbour").pk
    assert {f"list:section-{islands}", f"list:section-{harbour}", f"card:{live.pk}"} <= touched()
    assert "list:latest" not in touched()


def test_an_authors_name_is_told_to_every_page_that_shows_it(paper):
    mira = Author.objects.get(name="Mira Lund")
    live = story(byline=[mira])
    shown = [print_page(path) for path in (live.url, "/", "/world/", "/latest/", "/feed/")]
    mira.name = "Mira Lund-Aho"
    mira.save()
    assert touched() == {f"author:{mira.pk}"}
    assert all(edition.tags & touched() for edition in shown)


def test_a_sections_description_leaves_the_navigation_alone(paper):
    harbour = section("harbour")
    harbour.description = "Boats."
    publish_section(harbour)
    assert touched() == {f"section:{harbour.pk}"}
    harbour.title = "The Harbour"
    publish_section(harbour)
    assert "epoch:navigation" in touched()


def test_the_front_shows_curated_stories_first_and_none_twice(paper):
    old = story("Long read", at=datetime(2025, 1, 1, tzinfo=UTC))
    story("Ferry returns")
    front = Front.objects.get()
    front.slots = [FrontSlot(article=old, sort_order=0)]
    front.publish(front.save_revision())
    assert touched() == {"front:slots"}
    text = print_page("/").body.decode()
    assert text.index("Long read</") < text.index("Ferry returns</")
    assert text.count(f'href="{old.url}"') == text.count('href="/world/2026/03/14/ferry-returns/"')


def test_a_curated_story_that_is_taken_down_leaves_the_front(paper):
    curated = story("Long read")
    front = Front.objects.get()
    front.slots = [FrontSlot(article=curated, sort_order=0)]
    front.publish(front.save_revision())
    edition = print_page("/")
    unpublish(curated)
    assert edition.tags & touched()
    assert "Long read" not in print_page("/").body.decode()


def test_a_picture_is_known_by_every_page_that_shows_it(paper):
    quay = picture()
    live = story(lead_picture=quay, body=[("picture", {"picture": quay})])
    for path in (live.url, "/", "/world/"):
        assert f"picture:{quay.pk}" in print_page(path).tags


def test_a_related_story_that_is_gone_leaves_no_trace(paper):
    other = story("Other")
    link = f'<p>As <a linktype="page" id="{other.pk}">we reported</a>.</p>'
    live = story(body=[("text", link), ("related_story", other)])
    assert f'href="{other.url}"' in print_page(live.url).body.decode()
    before = print_page(live.url)
    unpublish(other)
    assert before.tags & touched()
    text = print_page(live.url).body.decode()
    assert "Other" not in text
    assert "<p>As we reported.</p>" in text


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"headline": "x" * 10_000}, "title", "at most 255 characters (it has 10000)"),
        ({"headline": "a\x07"}, "title", "Character 2 is a control character"),
        ({"headline": ""}, "title", "cannot be blank"),
        ({"headline": "H", "kicker": "k\u202e"}, "kicker", "Character 2 (U+202E"),
        ({"headline": "H", "standfirst": "s\x00"}, "standfirst", "Character 2 is a control"),
        ({"headline": "H", "dateline": "a\nb"}, "dateline", "Character 2 is a line break"),
        ({"headline": "H", "language": "klingon!"}, "language", "is not a language tag"),
        ({"headline": "H", "kind": "gossip"}, "kind", "is not a valid choice"),
        ({"headline": "H", "body": [("text", "<p>a\x01</p>")]}, "body", "Block 1 (text): Char"),
        (
            {"headline": "H", "body": [("embed", {"address": "https://x.example", "title": "t"})]},
            "body",
            "Allowed are pages of",
        ),
        (
            {"headline": "H", "published_at": datetime(2999, 1, 1, tzinfo=UTC)},
            "published_at",
            "schedule the story",
        ),
    ],
)
def test_a_fault_is_told_with_its_field_and_nothing_is_written(paper, fields, field, told):
    before = Front.objects.get().get_descendants().count()
    with pytest.raises(ValidationError) as refused:
        create_article(section="world", **fields)
    assert told in " ".join(refused.value.message_dict[field])
    assert Front.objects.get().get_descendants().count() == before


def test_text_of_any_script_arrives_intact(paper):
    headline = "“Cafe\u0301” – 北京 👩‍🚒 שלום &amp; <b>"
    live = story(headline, standfirst="e\u0301 ≠ é", language="he")
    live.refresh_from_db()
    assert live.headline == headline
    assert live.standfirst == "e\u0301 ≠ é"
    assert live.text_direction == "rtl"
    text = print_page(live.url).body.decode()
    assert "“Cafe\u0301” – 北京 👩‍🚒 שלום &amp;amp; &lt;b&gt;" in text


def test_new_sections_and_authors_are_told(paper):
    create_section("Tides")
    assert "epoch:navigation" in touched()
    create_author("Ana Reis")
    assert "authors:all" in touched()


def test_taking_down_a_corrected_story_is_told_to_the_whole_record(paper):
    note = ("correction", NOON, "Two decks.")
    live = story(updates=[note])
    story("Other", updates=[("correction", NOON - timedelta(days=40), "One deck.")])
    other_month = print_page("/corrections/2026/02/")  # it counts this month's, too
    unpublish(live)
    assert other_month.tags & touched()


def test_a_sections_description_is_told_to_its_feed(paper):
    harbour = section("harbour")
    feed = print_page("/harbour/feed/")
    harbour.description = "Boats."
    publish_section(harbour)
    assert feed.tags & touched()


def test_a_section_that_is_taken_down_is_gone_with_its_feed_and_months(paper):
    story(section="harbour")
    pages = ("/harbour/", "/harbour/feed/", "/harbour/2026/03/")
    before = [print_page(path) for path in pages]
    section("harbour").unpublish()
    gone = set(last_change().gone)
    assert all(edition.tags & gone for edition in before)
    assert [print_page(path).status for path in pages] == [410, 410, 410]


def test_an_agency_that_turns_out_to_be_a_person_is_told_to_lists_and_sitemap(paper):
    agency = Author.objects.get(kind="agency")
    live = story(byline=[agency])
    before = [print_page(path) for path in (live.url, "/", "/latest/", "/sitemap/pages.xml")]
    agency.kind = "person"
    agency.save()
    assert all(edition.tags & touched() for edition in before)


def test_a_paper_that_changes_its_language_goes_on_writing(paper, settings):
    settings.LANGUAGE_CODE = "de"
    coreutils.get_content_languages.cache_clear()
    coreutils.get_supported_content_language_variant.cache_clear()
    try:
        assert story("Die Fähre fährt wieder").language == "de"
        create_section("Hafenviertel")
    finally:
        coreutils.get_content_languages.cache_clear()
        coreutils.get_supported_content_language_variant.cache_clear()
