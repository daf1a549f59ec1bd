"""Every kind of page is valid HTML by the Nu checker, and structured data says what it must."""

import json
import re

import pytest

from tests.judges import nu_messages

pytestmark = pytest.mark.standards
REQUIRED_OF_AN_ARTICLE = (  # schema.org NewsArticle, and what search engines ask of one
    "headline",
    "datePublished",
    "dateModified",
    "author",
    "publisher",
    "articleSection",
    "wordCount",
    "inLanguage",
    "mainEntityOfPage",
    "interactionStatistic",
)
RATIOS = {1.0, 1.33, 1.78}  # 1:1, 4:3, 16:9


def test_every_kind_of_page_is_valid_html(served, kinds, tmp_path):
    for kind, path in kinds.items():
        (tmp_path / f"{kind}.html").write_text(served.get(path).text, "utf-8")
    assert nu_messages(tmp_path) == []


def news_article(page: str) -> dict:
    documents = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return next(d for d in map(json.loads, documents) if d["@type"] == "NewsArticle")


def test_an_article_says_what_it_is(served, kinds):
    data = news_article(served.get(kinds["article"]).text)
    assert [name for name in REQUIRED_OF_AN_ARTICLE if not data.get(name)] == []
    assert data["interactionStatistic"]["userInteractionCount"] >= 0
    assert data["author"][0]["name"]
    assert data["publisher"]["name"]


def test_a_picture_story_offers_its_picture_in_three_ratios(served, kinds):
    images = news_article(served.get(kinds["picture story"]).text)["image"]
    ratios = {round(image["width"] / image["height"], 2) for image in images}
    assert ratios >= RATIOS
    for image in images:
        path = re.sub(r"^https?://[^/]+", "", image["url"])
        assert served.get(path).headers["content-type"].startswith("image/")


def test_a_correction_is_in_the_structured_data(served, kinds):
    assert news_article(served.get(kinds["corrected article"]).text)["correction"]
