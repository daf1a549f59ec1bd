"""The numbers at the desk: what is shown, given away, refused, and who may settle what."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.edge.views import SITE, Batch, Counts
from stoppress.newsroom.clock import paper_day
from stoppress.newsroom.desk.models import ReadingDay
from stoppress.newsroom.desk.readership.charts import Event, draw
from stoppress.newsroom.desk.readership.exports import as_csv
from stoppress.newsroom.desk.readership.sources import SourceClass, class_of
from stoppress.newsroom.desk.readership.spans import month_span
from stoppress.newsroom.desk.readership.sums import sum_up
from stoppress.newsroom.desk.readership.tables import Column, Kind, Row, Table
from stoppress.readership import totals
from stoppress.readership.models import SuspectHour
from stoppress.readership.spikes import judge
from stoppress.readership.totals import set_opening_balance
from tests.newsroom.desk.conftest import edit_url, said
from tests.newsroom.desk.reading import read

PAGE = "/desk/readership/"
HOUR = timedelta(hours=1)
READ = Counts(views=40, robots=9, staff=2, readers=30, engaged_seconds=1600, read_half=20)


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def story_page(article) -> str:
    return f"{PAGE}stories/{article.pk}/"


def told(browser, address: str) -> dict:
    response = browser.get(address, {} if "?" in address else {"format": "json"})
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def rows_of(browser, address: str) -> list[dict[str, str]]:
    response = browser.get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


@pytest.fixture
def editor(desk, paper):
    return desk(paper.editor)


@pytest.fixture
def ferry(paper, story):
    """A story of World that was read in this hour, and its sums."""
    one = story("Ferry service resumes")
    read(one.pk, this_hour(), READ, {"www.google.com".removeprefix("www."): 10, "t.co": 4})
    read(SITE, this_hour(), Counts(readers=25))
    sum_up()
    return one


@pytest.mark.parametrize("span", ["now", "today", "30d"])
def test_a_span_tells_of_the_paper_its_sections_authors_and_stories(editor, paper, ferry, span):
    page = editor.get(f"{PAGE}?range={span}").content.decode()
    for words in ("Ferry service resumes", "World", "Mira Lund", "Search", "Social", "t.co"):
        assert words in page, words
    numbers = told(editor, f"{PAGE}?range={span}&format=json")
    assert numbers["figures"] == {
        "views": 40,
        "readers": 25,
        "engaged_seconds": 40.0,
        "read_half_percent": 50.0,
        "read_all_percent": 0.0,
    }
    assert [row["views"] for row in numbers["series"] if row["views"]] == [40]
    assert numbers["stories"][0]["headline"] == "Ferry service resumes"
    assert numbers["stories"][0]["readers"] == 30
    assert {row["section"]: row["views"] for row in numbers["sections"]} == {"World": 40}
    assert {row["author"]: row["views"] for row in numbers["authors"]} == {"Mira Lund": 40}
    assert {row["source"]: row["views"] for row in numbers["sources"]} == {
        "direct": 26,
        "search": 10,
        "social": 4,
        "other": 0,
        "own": 0,
    }
    assert {row["what"]: row["reports"] for row in numbers["apart"]} == {
        "robots": 9,
        "staff": 2,
        "doubtful": 0,
    }


def test_sections_hold_those_inside(editor, paper, story, ferry):
    inner = story("Islands cut off", section=paper.islands)
    read(inner.pk, this_hour(), Counts(views=7))
    sum_up()
    rows = {row["section"]: row["views"] for row in told(editor, PAGE)["sections"]}
    assert rows == {"World": 47, "Islands": 7}
    world = told(editor, f"{PAGE}?section={paper.world.pk}&format=json")
    assert world["figures"]["views"] == 47
    assert "readers" not in world["figures"]  # of several stories together nobody knows
    islands = told(editor, f"{PAGE}?range=now&section={paper.islands.pk}&format=json")
    assert (islands["of"], islands["figures"]["views"]) == ("section", 7)


def test_an_author_has_numbers(editor, paper, ferry):
    for span in ("now", "today", "30d"):
        numbers = told(editor, f"{PAGE}?range={span}&author={paper.author.pk}&format=json")
        assert (numbers["name"], numbers["figures"]["views"]) == ("Mira Lund", 40)


def test_chosen_days_are_told_by_hour_if_they_are_few(editor, paper, ferry):
    today = paper_day(timezone.now())
    before = today - timedelta(days=40)
    few = told(editor, f"{PAGE}?from={today}&to={today}&format=json")
    many = told(editor, f"{PAGE}?from={before}&to={today}&format=json")
    assert (few["by"], few["figures"]["views"]) == ("hour", 40)
    assert (many["by"], len(many["series"]), many["figures"]["views"]) == ("day", 41, 40)
    assert many["series"][-1]["begins"] == today.isoformat()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("range=tomorrow", "no range"),
        ("range=first", "no range"),
        ("from=2026-01-01", "No day is given"),
        ("from=01.02.2026&to=2026-02-02", "is no day"),
        ("from=2026-02-30&to=2026-03-01", "is no day"),
        ("from=2026-02-03&to=2026-02-02", "Exchange them"),
        ("from=2020-01-01&to=2026-01-01", "at most 366"),
        ("from=9999-01-01&to=9999-12-31", "yet to come"),
        ("section=99999", "no section"),
        ("section=world", "is no section"),
        ("section=" + "9" * 40, "is no section"),
        ("author=99999", "no author"),
        ("author=-1", "is no author"),
        ("author=%00", "is no author"),
        ("author=٣", "is no author"),
        ("section=1&author=1", "Choose one"),
        ("format=xlsx", "is no format"),
        ("format=csv&table=users", "no table"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(editor, asked, answer):
    response = editor.get(f"{PAGE}?{asked}")
    assert response.status_code == 400
    assert answer in response.content.decode()
    if "format" not in asked:
        assert b"Readership" in response.content  # the page stands, with the way to go on
        other = editor.get(f"{PAGE}?{asked}&format=json")
        assert (other.status_code, answer in other.json()["error"]) == (400, True)


def test_a_paper_that_nobody_read_says_so(editor):
    for span in ("now", "today", "30d"):
        page = editor.get(f"{PAGE}?range={span}").content.decode()
        assert "Nothing was read in this time." in page
        assert told(editor, f"{PAGE}?range={span}&format=json")["stories"] == []


def test_tables_are_given_as_csv(editor, paper, story, ferry):
    hostile = story('=HYPERLINK("http://evil.example","Read")')
    read(hostile.pk, this_hour(), Counts(views=2))
    sum_up()
    response = editor.get(f"{PAGE}?format=csv&table=stories")
    assert "attachment" in response["Content-Disposition"]
    assert response.content.count(b"\r\n") == 3
    rows = rows_of(editor, f"{PAGE}?format=csv&table=stories")
    assert [row["views"] for row in rows] == ["40", "2"]
    assert rows[0]["engaged_seconds"] == "40.0"
    assert rows[1]["headline"] == '\'=HYPERLINK("http://evil.example","Read")'
    by_hour = rows_of(editor, f"{PAGE}?range=today&format=csv")
    begins = datetime.fromisoformat(by_hour[-1]["begins"])
    assert begins == this_hour()
    assert by_hour[-1]["views"] == "42"


def test_a_csv_holds_texts_as_they_are_and_nothing_a_spreadsheet_runs():
    columns = (Column("text", "Text", Kind.TEXT), Column("number", "Number"))
    texts = ['say "no",\nthen', "٣ ألف", "@SUM(A1)", "+1", "-1", "\tcmd", "plain = text"]
    table = Table("t", "T", columns, tuple(Row((text, -3)) for text in texts))
    rows = list(csv.DictReader(io.StringIO(as_csv(table).decode(), newline="")))
    assert [row["text"] for row in rows] == [
        'say "no",\nthen', "٣ ألف", "'@SUM(A1)", "'+1", "'-1", "'\tcmd", "plain = text"
    ]  # fmt: skip
    assert {row["number"] for row in rows} == {"-3"}


def test_a_story_shows_its_update_log_on_the_curve(editor, paper, story):
    corrected = ("correction", timezone.now() - 2 * HOUR, "It is the east.")
    one = story("Ferry resumes", at=timezone.now() - 5 * HOUR, updates=[corrected])
    read(one.pk, this_hour(), READ, {"t.co": 4})
    set_opening_balance(one.pk, 700, "old site", timezone.now())
    numbers = told(editor, f"{story_page(one)}?format=json")
    assert (numbers["range"], numbers["figures"]["views"]) == ("first", 40)
    assert (numbers["total"], numbers["counted"]) == (740, 40)
    assert numbers["opening_balance"]["source"] == "old site"
    assert [(mark["what"], mark["text"]) for mark in numbers["marks"]] == [
        ("Published", ""),
        ("Correction", "It is the east."),
    ]
    page = editor.get(story_page(one)).content.decode()
    assert "<title>2: Correction</title>" in page
    assert "an opening balance of 700 from old site" in page


def test_every_span_of_a_story_adds_up(editor, paper, story):
    one = story("Ferry resumes", at=timezone.now() - timedelta(days=20))
    read(one.pk, this_hour(), Counts(views=4))
    read(one.pk, this_hour() - timedelta(days=19, hours=20), Counts(views=6))
    first = told(editor, f"{story_page(one)}?range=first&format=json")
    month = told(editor, f"{story_page(one)}?range=30d&format=json")
    since = told(editor, f"{story_page(one)}?format=json")
    assert (first["figures"]["views"], first["by"]) == (6, "hour")
    assert month["figures"]["views"] == 10
    assert (since["range"], len(since["series"]), since["figures"]["views"]) == ("since", 21, 10)
    assert told(editor, f"{story_page(one)}?range=now&format=json")["figures"]["views"] == 4


def test_the_editing_form_shows_the_storys_numbers_once_readers_have_it(
    editor, paper, draft, ferry
):
    page = editor.get(edit_url(ferry)).content.decode()
    assert 'data-side-panel="readership"' in page
    assert "All numbers of this story" in page
    assert 'data-side-panel="readership"' not in editor.get(edit_url(draft())).content.decode()


def test_the_news_list_shows_views_and_leads_to_the_numbers(editor, paper, ferry):
    page = editor.get("/desk/stories/").content.decode()
    assert story_page(ferry) in page


def test_marks_that_would_cover_each_other_stand_in_rows(paper):
    now = timezone.now()
    moments = [now - HOUR * hours for hours in (5, 5, 5, 300, 600)]
    chart = draw(month_span(now), [0] * 30, None, [Event(at, "Update") for at in moments])
    assert [mark.row for mark in chart.marks] == [0, 0, 0, 1, 2]
    assert [mark.number for mark in chart.marks] == [1, 2, 3, 4, 5]
    assert chart.above == 10 + 3 * 20


def test_a_very_old_story_shows_the_last_366_days(editor, paper, story):
    one = story("Ferry resumes", at=timezone.now() - timedelta(days=900))
    told_of = told(editor, f"{story_page(one)}?format=json")
    assert (told_of["range"], len(told_of["series"])) == ("since", 366)
    first = told(editor, f"{story_page(one)}?range=first&format=json")
    assert (first["by"], len(first["series"])) == ("day", 4)  # its hours are folded by now


def test_a_story_that_is_not_there_is_a_404(editor):
    assert editor.get(f"{PAGE}stories/999999/").status_code == 404


def test_numbers_are_for_journalists_and_all_of_them(desk, paper, ferry):
    stranger = get_user_model().objects.create_user("stranger", password="a-long-enough-phrase")
    for page in (PAGE, f"{PAGE}?format=json", story_page(ferry)):
        assert desk(stranger).get(page).status_code in (302, 403)
        assert Client().get(page).status_code == 302
        assert desk(paper.reporter).get(page).status_code == 200


@pytest.fixture
def suspect(paper, story):
    """A story of Harbour, which is not the editor's, and one of World, both read by a script."""
    found = []
    for section in (paper.harbour, paper.world):
        one = story(f"Read by a script in {section.title}", section=section, user=paper.chief)
        read(one.pk, this_hour(), Counts(views=900, readers=3))
        found.append(one)
    judge([this_hour()])
    return found


def test_what_looks_like_abuse_is_shown_where_editors_look(editor, paper, suspect):
    for page in (PAGE, "/desk/", story_page(suspect[1])):
        shown = editor.get(page).content.decode()
        assert "hardly any distinct readers" in shown, page
    one_section = editor.get(f"{PAGE}?section={paper.harbour.pk}").content.decode()
    assert "script in Harbour" in one_section
    assert "script in World" not in one_section


def test_an_editor_settles_suspicions_of_their_own_sections(desk, paper, suspect):
    harbour, world = suspect
    browser = desk(paper.editor)
    settled = browser.post(f"{story_page(world)}settle/", {"note": "A class\nat school"})
    assert "Settled: 1 hour of" in said(settled)
    kept = SuspectHour.objects.get(article_id=world.pk)
    assert (kept.settled_by, kept.note) == ("edda", "A class at school")
    assert "A class at school" in browser.get(story_page(world)).content.decode()
    for page in ("/desk/", f"{PAGE}?range=now"):
        shown = browser.get(page).content.decode()
        assert f"{story_page(world)}settle/" not in shown
        assert shown.count("hardly any distinct readers") == 1  # of the other
    for user, page in [(paper.editor, harbour), (paper.reporter, harbour)]:
        answer = desk(user).post(f"{story_page(page)}settle/", {})
        assert answer.status_code in (302, 403)
    assert SuspectHour.objects.get(article_id=harbour.pk).settled_at is None
    assert browser.get(f"{story_page(world)}settle/").status_code == 405


def test_refused_reports_are_shown_by_reason(editor, paper, ferry):
    sources = ((SITE, int(this_hour().timestamp()), "refused", "replayed", 3),)
    totals.add(Batch("node-refusing", 1, (), sources))
    sum_up()
    assert "replayed" not in str(told(editor, PAGE)["referrers"])
    assert {"what": "refused-replayed", "name": "Refused: replayed", "reports": 3} in told(
        editor, PAGE
    )["apart"]


def test_the_live_part_is_the_pages_own(editor, paper, ferry):
    live = editor.get(f"{PAGE}?range=now&format=live").content.decode()
    assert "<html" not in live
    assert 'id="live-figures"' in live
    read(ferry.pk, this_hour(), Counts(views=2))
    assert "<bdi>42</bdi>" in editor.get(f"{PAGE}?range=now&format=live").content.decode()


@pytest.mark.parametrize("span", ["now", "today", "30d"])
def test_pages_ask_as_much_of_many_stories_as_of_few(editor, paper, story, ferry, span):
    addresses = [f"{PAGE}?range={span}", f"{story_page(ferry)}?range={span}"]

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert editor.get(address).status_code == 200
            found.append(len(asked))
        return found

    queries()
    few = queries()
    for number in range(6):
        one = story(
            f"Story {number}", section=[paper.world, paper.islands, paper.harbour][number % 3]
        )
        read(one.pk, this_hour() - HOUR * number, READ, {f"site{number}.example": 3})
    ReadingDay.objects.all().delete()
    while sum_up():
        pass
    assert queries() == few


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("", "direct"),
        ("paper.example", "own"),
        ("google.com", "search"),
        ("news.google.co.uk", "search"),
        ("google.de", "search"),
        ("google.evil.example", "other"),
        ("mail.google.com", "other"),
        ("notgoogle.com", "other"),
        ("duckduckgo.com", "search"),
        ("m.facebook.com", "social"),
        ("old.reddit.com", "social"),
        ("t.co", "social"),
        ("at.co", "other"),
        ("example.org", "other"),
    ],
)
def test_domains_have_a_class(paper, domain, kind):
    assert class_of(domain) is SourceClass(kind)
