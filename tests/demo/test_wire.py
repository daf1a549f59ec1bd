"""The demo wire never runs dry, never stutters and never sends a place unfilled."""

import re
from datetime import UTC, datetime

from stoppress.demo.library import read_library
from stoppress.demo.markup import blocks_of, plain
from stoppress.demo.wire import next_story, pause_after
from stoppress.demo.wire_copy import read_wire

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def test_sixty_stories_and_more_before_one_comes_again():
    copies = read_wire()
    assert len(copies) >= 60
    sent = [next_story(number, NOW) for number in range(len(copies))]
    assert len({story.headline for story in sent}) == len(copies)


def test_stories_that_come_again_read_differently():
    headlines = [next_story(number, NOW).headline for number in range(5 * len(read_wire()))]
    assert len(set(headlines)) > 0.8 * len(headlines)


def test_the_same_number_is_the_same_story():
    assert next_story(417, NOW) == next_story(417, NOW)


def test_stories_have_80_to_150_words_whatever_is_chosen():
    sizes = {
        story.headline: len(plain(blocks_of(story.text)).split())
        for story in (next_story(number, NOW) for number in range(300))
    }
    assert {headline: size for headline, size in sizes.items() if not 75 <= size <= 155} == {}


def test_no_place_is_left_unfilled():
    texts = [next_story(n, NOW) for n in range(300)]
    assert [s.headline for s in texts if re.search(r"[{}]", s.headline + s.text)] == []


def test_every_sentence_begins_with_a_capital():
    for number in range(200):
        story = next_story(number, NOW)
        assert story.headline[0].isupper() or not story.headline[0].isalpha(), story.headline


def test_sections_authors_and_pictures_exist():
    library = read_library(NOW)
    for copy in read_wire():
        assert copy.section in {section.path for section in library.sections}
        assert set(copy.byline) <= {author.slug for author in library.authors}
        assert copy.picture in {"", *library.pictures}


def test_a_story_comes_every_20_to_60_seconds():
    pauses = [pause_after(number) for number in range(500)]
    assert min(pauses) >= 20
    assert max(pauses) <= 60
    assert len(set(pauses)) > 400
