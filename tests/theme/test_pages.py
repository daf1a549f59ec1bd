"""Every page kind renders, completely, with nothing hostile let through."""

from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from stoppress.theme import render
from stoppress.theme.errors import MissingPaper
from tests.theme import sample_kinds, sample_pages

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


def test_an_article_names_itself_for_the_count_and_leaves_a_hole_for_the_rail():
    template, context = PAGES["article"]
    page = render(template, **context)
    assert f'<body data-article="{context["page"].card.id}">' in page
    assert "<!--part:latest-->" in page
    assert "1,738</output>" in page
    assert "23 November 2026, 14:04 GMT" in page
