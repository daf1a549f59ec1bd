"""Every page kind renders, completely, with nothing hostile let through."""

import re
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from stoppress.theme import render, shapes
from stoppress.theme.errors import MissingPaper
from tests.theme import sample_kinds, sample_pages
from tests.theme.preview import most_read

PAGES = sample_kinds.kinds() | sample_kinds.hard_cases()
HOSTILE = "<script>alert('x')</script>\"' onload=x javascript:alert(1) {{ 7*7 }}"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_renders_a_whole_document(name):
    template, context = PAGES[name]
    page = render(template, **context)
    assert page.lstrip().startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert page.count("<h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_no_page_holds_inline_style_or_script(name):
    template, context = PAGES[name]
    page = render(template, **context)
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script type=")
    assert "<script>" not in page


def test_a_page_is_the_same_every_time():
    template, context = PAGES["article"]
    assert render(template, **context) == render(template, **context)


def test_a_missing_name_is_an_error():
    template, context = PAGES["article"]
    with pytest.raises(UndefinedError):
        render(template, paper=context["paper"], head=context["head"])


def test_a_page_without_a_paper_is_refused():
    with pytest.raises(MissingPaper):
        render("components/rail.html", cards=())


def test_hostile_text_is_shown_as_text():
    card = sample_pages.card(0, headline=HOSTILE, kicker=HOSTILE, standfirst=HOSTILE)
    context = sample_pages.story_page(card, dateline=HOSTILE, sources=HOSTILE)
    context["head"] = replace(
        context["head"], structured_data=('{"a":"</script><script>alert(1)</script>"}',)
    )
    page = render("pages/article.html", **context)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "49" not in page.split("</h1>")[0].split("<h1")[1]


def test_the_rail_shows_ages_reading_times_and_sections():
    rail = render("components/rail.html", cards=sample_pages.cards(0, 10), paper=sample_pages.PAPER)
    assert rail.count("data-story=") == 10
    assert rail.count("data-age") == 10
    assert "1 min read" in rail
    assert "World" in rail


def test_the_most_read_are_a_numbered_list_that_says_of_what_and_when():
    part = most_read(section=sample_pages.WORLD)
    assert '<h2 class="band__title">Most read in World <small>Last 24 hours</small>' in part
    assert part.count("<li") == 5
    assert ">Most read <small>" in most_read()


@pytest.mark.parametrize("name", ["article", "front", "section", "picture-story"])
def test_a_page_has_one_hole_for_the_most_read_and_no_trace_of_it_while_that_is_empty(name):
    template, context = PAGES[name]
    page = render(template, **context)
    assert len(re.findall(r"<!--part:most-read(-\d+)?-->", page)) == 1
    assert page.count("most-read") == 1


def test_an_article_names_itself_for_the_count_and_leaves_a_hole_for_the_rail():
    template, context = PAGES["article"]
    page = render(template, **context)
    assert f'<body data-article="{context["page"].card.id}">' in page
    assert "<!--part:latest-->" in page
    assert "1,738</output>" in page
    assert "23 November 2026, 14:04 GMT" in page


def test_a_story_known_only_to_the_day_has_a_date_and_no_age():
    card = sample_pages.card(0, published_precision="day")
    page = render("pages/article.html", **sample_pages.story_page(card))
    facts = page.split('<dl class="facts">')[1].split("</dl>")[0]
    assert '<time class="age" datetime="2026-11-23">23 November 2026</time>' in facts
    assert "data-age" not in facts


def test_an_hour_is_said_to_be_about_and_counted_in_hours():
    rail = render(
        "components/rail.html",
        cards=(sample_pages.card(0, published_precision="hour"),),
        paper=sample_pages.PAPER,
    )
    assert 'data-age="hour"' in rail
    assert "23 Nov 2026, about 14:00" in rail


@pytest.mark.parametrize("template", ["pages/article.html", "pages/picture_story.html"])
@pytest.mark.parametrize(
    "body",
    [(), (shapes.Subheading("Ashore", "ashore"),), (shapes.Paragraphs("<pre>07:10</pre>"),)],
    ids=["no body", "a subheading first", "no paragraph first"],
)
def test_a_dateline_without_a_paragraph_to_run_into_stands_alone(template, body):
    context = sample_pages.story_page(sample_pages.card(0), dateline="Harrow Quay", body=body)
    page = render(template, **context)
    assert page.count('<p class="dateline dateline--alone">Harrow Quay</p>') == 1


def test_a_dateline_runs_into_the_first_paragraph():
    body = (shapes.Paragraphs("<p>The ferry sails.</p>"),)
    page = render("pages/article.html", **sample_pages.story_page(sample_pages.card(0), body=body))
    assert '<p><span class="dateline">Harrow Quay</span> The ferry sails.</p>' in page
    assert "dateline--alone" not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-11-01"},
        {"until": "2026-11-01"},
        {"kinds": (shapes.Choice("opinion", "Opinion", True),)},
        {"sections": (shapes.Choice("city", "City", True),)},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_filters_alone_bring_results(asked):
    page = replace(sample_kinds.search(), query="", since="", sections=(), kinds=())
    context = PAGES["search"][1]
    empty = render("pages/search.html", **{**context, "page": page})
    found = render("pages/search.html", **{**context, "page": replace(page, **asked)})
    assert "search__answer" not in empty
    assert "Stories that match" in found
    assert page.cards[0].headline in found


@pytest.mark.parametrize("language", ["ar", "de", "en", "fr", "zh"])
def test_a_topic_names_its_source_and_licence(language):
    context = PAGES["topic"][1]
    paper = replace(context["paper"], language=language)
    page = render("pages/topic.html", **{**context, "paper": paper})
    assert ">IPTC Media Topics</a>" in page
    assert 'rel="license">CC BY 4.0</a>' in page
