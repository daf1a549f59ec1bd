"""A page becomes an article and takes: all of it, once, or nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from stoppress.newsroom.models import Article, Author, Section
from stoppress.press.models import Change
from stoppress.readership.models import OpeningBalance
from stoppress.readership.totals import views
from stoppress.wires.errors import NoHeadlineFound, NoSectionNamed, PageRefused
from stoppress.wires.models import Take
from stoppress.wires.page_import import import_page
from tests.wires.dumps import FIXTURES

RETRIEVED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FERRY = (FIXTURES / "english__facts_under_headline.txt").read_text(encoding="utf-8")
REEF = (FIXTURES / "english__menu_cookies_and_labels_above.txt").read_text(encoding="utf-8")
LAMPS = (FIXTURES / "wrapped__blank_lines_between.txt").read_text(encoding="utf-8")


def imported(text=FERRY, retrieved=RETRIEVED, **options):
    return import_page(text, retrieved, source="page.txt", **{"section": "National", **options})


def everything():
    return [
        model.objects.count() for model in (Article, Section, Author, Take, OpeningBalance, Change)
    ]


def test_a_draft_is_made_unless_publishing_is_asked_for(paper):
    report = imported()
    assert not report.article.live
    assert report.address == ""
    assert not Article.objects.filter(live=True).exists()


def test_a_missing_section_is_made_and_said(paper):
    assert imported().made_section
    assert Section.objects.get(title="National").live


@pytest.mark.parametrize("name", ["World", "world", "/world/", "WORLD"])
def test_a_section_that_exists_is_found_by_name_or_path(paper, name):
    report = imported(section=name)
    assert (report.section, report.made_section) == ("World", False)


def test_the_pages_own_section_serves_if_none_is_named(paper):
    assert imported(section="").section == "National"


def test_a_page_without_a_section_needs_one_named(paper):
    before = everything()
    with pytest.raises(NoSectionNamed):
        imported(FERRY.replace("- NATIONAL\n", ""), section="")
    assert everything() == before


def test_an_author_is_made_once(paper):
    assert imported().made_authors == ["Ingrid Vantongeren"]
    other = FERRY.replace("third day", "fourth day")
    assert imported(other).made_authors == []
    assert Author.objects.filter(name="Ingrid Vantongeren").count() == 1


def test_views_become_an_opening_balance_that_says_where_it_is_from(paper):
    report = imported()
    balance = OpeningBalance.objects.get(article_id=report.article.pk)
    assert (balance.views, balance.source, balance.retrieved_at) == (1204, "page.txt", RETRIEVED)
    assert views(report.article.pk) == 1204


def test_an_age_becomes_a_time_and_its_precision_is_kept(paper):
    article = imported(publish_it=True).article
    assert article.published_at == RETRIEVED - timedelta(hours=5)
    assert article.updated_at == RETRIEVED - timedelta(hours=5)
    assert (article.published_precision, article.updated_precision) == ("hour", "hour")
    take = Take.objects.get(article=article)
    assert (take.updated_at, take.updated_precision_seconds) == (article.updated_at, 3600)
    assert take.reading_minutes == 4


@pytest.mark.parametrize(
    ("age", "precision"),
    [
        ("20 seconds ago", "second"),
        ("20 minutes ago", "minute"),
        ("2 days ago", "day"),
        ("2 weeks ago", "month"),
        ("2 years ago", "year"),
    ],
)
def test_what_a_page_tells_coarsely_is_kept_coarsely(paper, age, precision):
    article = imported(FERRY.replace("5 hours ago", age)).article
    assert (article.published_precision, article.updated_precision) == (precision, precision)


def test_a_page_without_a_time_was_there_on_the_day_it_was_saved(paper):
    lines = [line for line in FERRY.splitlines() if "5 hours ago" not in line]
    article = imported("\n".join(lines)).article
    assert (article.published_at, article.published_precision) == (RETRIEVED, "day")


def test_the_pages_own_take_keeps_the_untouched_text(paper):
    take = Take.objects.get(article=imported().article)
    assert (take.status, take.raw) == (Take.Status.USED, FERRY)


def test_the_rail_becomes_new_takes(paper):
    report = imported()
    assert [take.status for take in report.takes] == [Take.Status.NEW] * 3
    newest = Take.objects.filter(status=Take.Status.NEW).first()
    assert newest.headline == "Lighthouse keeper's log found in a biscuit tin"
    assert newest.published_at == RETRIEVED - timedelta(seconds=20)
    assert (newest.published_precision_seconds, newest.reading_minutes) == (1, 2)
    assert newest.section_name == "CULTURE"


def test_importing_a_page_again_changes_nothing(paper):
    first = imported(publish_it=True)
    before = everything()
    again = imported(publish_it=True)
    assert not again.is_new
    assert again.article == first.article
    assert everything() == before


def test_the_same_text_with_another_moment_is_the_same_page(paper):
    first = imported()
    assert imported(retrieved=RETRIEVED - timedelta(days=9)).article == first.article


def test_the_same_headline_at_the_same_moment_is_the_same_page(paper):
    first = imported()
    assert imported(FERRY.replace("Bread is not yet", "Bread was never")).article == first.article


def test_a_story_seen_in_two_rails_is_one_take(paper):
    imported()
    later = FERRY.replace("third day", "fourth day").replace("20 seconds ago", "1 minute ago")
    later = later.replace("4 minutes ago", "5 minutes ago").replace("11 minutes", "12 minutes")
    report = imported(later, RETRIEVED + timedelta(minutes=1))
    assert (report.takes, report.known_takes) == ([], 3)


def test_the_body_is_the_pages_words_with_their_subheading(paper):
    article = imported(REEF.replace("3 May 2031", "1 March 2026")).article
    kinds = [block.block_type for block in article.body]
    assert kinds == ["text", "subheading", "text"]
    assert article.body[1].value == "What the chart missed"
    assert article.body[0].value.source.count("<p>") == 2


def test_markup_in_a_page_is_text_and_nothing_else(paper):
    article = imported(FERRY.replace("a question", "").replace("Bread", "<b>Bread & jam</b>"))
    source = article.article.body[0].value.source
    assert "&lt;b&gt;Bread &amp; jam&lt;/b&gt;" in source


def test_a_wrapped_headline_is_one_line(paper):
    report = imported(LAMPS)
    assert report.article.title == (
        "The town that voted to turn off its streetlights, and what it saw when it did"
    )


def refused_pages():
    yield FERRY.replace("Bread", "Br\x02ead"), "control character"
    yield FERRY.replace("Bread", "Br\u202eead"), "never closed"
    yield f"{'A very long headline ' * 15}\n{FERRY.split(chr(10), 1)[1]}", "255"


@pytest.mark.parametrize(
    ("text", "fault"), list(refused_pages()), ids=["control", "bidi", "headline"]
)
def test_a_page_the_newsroom_refuses_leaves_nothing_behind(paper, text, fault):
    before = everything()
    with pytest.raises(PageRefused, match=fault):
        imported(text, publish_it=True)
    assert everything() == before


def test_a_section_that_can_not_be_made_leaves_nothing_behind(paper):
    before = everything()
    with pytest.raises(PageRefused):
        imported(section="Latest")
    assert everything() == before


def test_a_page_without_a_headline_leaves_nothing_behind(paper):
    before = everything()
    with pytest.raises(NoHeadlineFound):
        imported("\n".join(FERRY.splitlines()[5:10]))
    assert everything() == before
