"""JSON-LD on an article's page."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from stoppress.newsroom.models import Author
from stoppress.press.editions import print_page
from stoppress.readership.counts import print_count_now
from stoppress.readership.totals import set_opening_balance
from tests.newsroom.paper import picture, story

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def data_of(path: str) -> dict[str, Any]:
    (found,) = SCRIPT.findall(print_page(path).body.decode())
    return json.loads(found)


def test_a_story_says_what_search_engines_require(paper):
    mira = Author.objects.get(name="Mira Lund")
    live = story(
        section="world/islands",
        byline=[mira],
        lead_picture=picture(),
        topics=["medtop:20000003"],
        dateline="VELHA",
        updates=[("correction", datetime(2026, 3, 15, tzinfo=UTC), "The ferry had two decks.")],
    )
    data = data_of(live.url)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Ferry returns"
    assert data["datePublished"] == "2026-03-14T12:00:00Z"
    assert data["dateModified"] == "2026-03-15T00:00:00Z"
    assert data["author"] == [
        {"@type": "Person", "name": "Mira Lund", "url": "https://paper.example/authors/mira-lund/"}
    ]
    assert data["publisher"]["name"] == "The Tidewater Post"
    assert data["articleSection"] == ["World", "Islands"]
    assert data["inLanguage"] == "en"
    assert data["wordCount"] == live.word_count == 7
    ratios = [round(image["width"] / image["height"], 2) for image in data["image"]]
    assert ratios == [1.0, 1.33, 1.78]
    assert all(image["url"].startswith("https://paper.example/media/") for image in data["image"])
    assert data["correction"][0]["text"] == "The ferry had two decks."
    assert data["dateline"] == "VELHA"


def test_the_views_are_those_of_the_last_print(paper):
    live = story()
    assert data_of(live.url)["interactionStatistic"]["userInteractionCount"] == 0
    set_opening_balance(live.pk, 738, "an archive", datetime(2026, 1, 1, tzinfo=UTC))
    print_count_now(live.pk)
    assert data_of(live.url)["interactionStatistic"]["userInteractionCount"] == 738


def test_no_text_can_end_the_script(paper):
    live = story("</script><b>&")
    assert data_of(live.url)["headline"] == "</script><b>&"


def test_a_story_without_byline_is_the_papers_own(paper):
    assert data_of(story().url)["author"][0]["@type"] == "NewsMediaOrganization"
