"""The demo paper keeps its promises: how much there is, and that it fits together."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from stoppress.demo.library import CONTENT, Library, read_library
from stoppress.demo.markup import plain
from stoppress.demo.wire_copy import read_wire
from stoppress.newsroom.topics import packaged_topics

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
REAL_NAMES = (
    "London", "Paris", "Berlin", "Rotterdam", "Hamburg", "Washington", "Moscow", "Kyiv", "Beijing",
    "Brussels", "Europe", "America", "Britain", "Germany", "France", "Russia", "China", "NATO",
    "United Nations", "European Union", "Trump", "Putin", "Biden", "Macron", "Merkel", "Google",
    "Amazon", "Facebook", "Microsoft", "Apple Inc", "Twitter", "Reuters", "Maersk", "Wikipedia",
    "euro ", "dollar", "Christmas Island", "Guardian",
)  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(NOW)


@pytest.mark.parametrize("hour", range(24))
def test_it_fits_together_at_any_hour(hour):
    library = read_library(NOW.replace(hour=hour))
    assert library.manuscripts[-1].published_at <= NOW.replace(hour=hour)


def is_full(story) -> bool:
    return (CONTENT / "stories" / story.file).exists() and story.kind != "picture-story"


def test_there_is_as_much_as_promised(library):
    stories = library.manuscripts
    assert len(stories) >= 150
    assert sum(300 <= story.words <= 900 for story in stories if is_full(story)) >= 32
    assert len(library.sections) >= 8
    assert sum("/" in section.path for section in library.sections) >= 2
    assert sum(author.kind == "person" for author in library.authors) >= 12
    assert any(author.kind == "agency" for author in library.authors)


def test_full_pieces_have_300_to_900_words(library):
    odd = {s.slug: s.words for s in library.manuscripts if is_full(s) and not 300 <= s.words <= 900}
    assert odd == {}


def test_short_pieces_have_60_to_200_words(library):
    shorts = [s for s in library.manuscripts if (CONTENT / "shorts" / s.file).exists()]
    assert {s.headline: s.words for s in shorts if not 60 <= s.words <= 200} == {}


def test_stories_spread_over_ninety_days(library):
    ages = [NOW - story.published_at for story in library.manuscripts]
    assert min(ages) < timedelta(hours=1)
    assert timedelta(days=80) < max(ages) <= timedelta(days=90)


def test_five_picture_stories_have_six_pictures_each(library):
    told = [story for story in library.manuscripts if story.kind == "picture-story"]
    assert len(told) >= 5
    assert all(len(set(story.gallery)) >= 6 for story in told)


def test_every_kind_of_story_and_of_update_occurs(library):
    kinds = {story.kind for story in library.manuscripts}
    assert kinds == {"report", "analysis", "explainer", "opinion", "picture-story"}
    updates = [entry.kind for story in library.manuscripts for entry in story.updates]
    assert {"update", "correction", "clarification"} < set(updates)
    assert updates.count("retraction") == 1


def test_one_story_runs_right_to_left_and_one_is_japanese(library):
    assert {"en", "ar", "ja"} == {story.language for story in library.manuscripts}


def test_full_pieces_name_their_sources(library):
    bare = [s.slug for s in library.manuscripts if is_full(s) and s.kind == "report"]
    assert [s.slug for s in library.manuscripts if s.slug in bare and not s.sources] == []


def test_every_picture_can_be_shown_honestly(library):
    notes = [*library.pictures.values(), *(a.portrait for a in library.authors if a.portrait)]
    assert [note.key for note in notes if len(note.alt) < 20 or not note.credit] == []
    assert [note.key for note in notes if not note.caption] == []


def test_every_picture_is_used(library):
    used = {key for s in library.manuscripts for key in (s.picture, *s.gallery)}
    used |= {
        value["picture"].name
        for s in library.manuscripts
        for kind, value in s.body
        if kind == "picture"
    }
    assert set(library.pictures) - used == set()


def test_no_two_headlines_are_alike(library):
    headlines = [story.headline.casefold() for story in library.manuscripts]
    assert len(headlines) == len(set(headlines))


def test_every_topic_is_in_the_vocabulary(library):
    known = {row.label for row in packaged_topics() if not row.retired}
    named = {label for story in library.manuscripts for label in story.topics}
    named |= {label for copy in read_wire() for label in copy.topics}
    assert named - known == set()


def test_nothing_in_it_is_from_our_world(library):
    texts = {path.name: path.read_text("utf-8") for path in CONTENT.rglob("*") if path.is_file()}
    found = [
        (file, name)
        for file, text in texts.items()
        for name in REAL_NAMES
        if re.search(rf"\b{re.escape(name)}", text)
    ]
    assert found == []


def test_no_place_for_a_day_is_left_open(library):
    texts = [plain(list(s.body)) + s.headline + s.standfirst for s in library.manuscripts]
    assert [text for text in texts if "{" in text or "**" in text] == []


def test_running_stories_lead_back_to_what_came_before(library):
    by_slug = {story.slug: story for story in library.manuscripts}
    slug, chain = "first-ship-berths", []
    while slug:
        chain.append(slug)
        related = [v.name for kind, v in by_slug[slug].body if kind == "related_story"]
        slug = related[0] if related else ""
    assert len(chain) >= 4
