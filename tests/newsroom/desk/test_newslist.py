"""The news list: complete, in order, and as fast on its last page as on its first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stoppress.newsroom.actions import kill, lift_kill, move, publish, unpublish
from stoppress.newsroom.desk import keeping, newslist
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.desk.newslist import Mark, Question, find
from stoppress.newsroom.models import Article

STORIES = "/desk/stories/"
State = NewsListEntry.State


def headlines(answer):
    return [entry.headline for entry in answer.entries]


def state(article):
    return NewsListEntry.objects.get(pk=article.pk).state


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(newslist, "PAGE_SIZE", 3)


def test_a_story_is_on_the_list_from_its_first_save(draft):
    article = draft("Harbour reopens")
    entry = NewsListEntry.objects.get(pk=article.pk)
    assert (entry.headline, entry.state, entry.section_id) == (
        "Harbour reopens",
        State.DRAFT,
        article.get_parent().pk,
    )


def test_the_list_follows_every_act(draft, paper):
    article = draft()
    assert state(article) == State.DRAFT
    publish(article)
    assert state(article) == State.LIVE
    Article.objects.get(pk=article.pk).save_revision()
    assert state(article) == State.CHANGED
    unpublish(Article.objects.get(pk=article.pk))
    assert state(article) == State.DOWN
    kill(Article.objects.get(pk=article.pk), reason="A court order.")
    assert state(article) == State.KILLED
    lift_kill(Article.objects.get(pk=article.pk))
    assert state(article) == State.DOWN
    move(Article.objects.get(pk=article.pk), paper.harbour)
    assert NewsListEntry.objects.get(pk=article.pk).section_id == paper.harbour.pk
    Article.objects.get(pk=article.pk).delete()
    assert not NewsListEntry.objects.filter(pk=article.pk).exists()


def test_a_scheduled_story_says_when(draft):
    moment = datetime.now(UTC) + timedelta(hours=2)
    article = publish(draft(), at=moment)
    entry = NewsListEntry.objects.get(pk=article.pk)
    assert entry.state == State.SCHEDULED
    assert abs(entry.goes_live_at - moment) < timedelta(seconds=1)


def test_a_lost_list_is_made_anew(story):
    article = story()
    NewsListEntry.objects.all().delete()
    assert keeping.count_out_of_step() == 1
    assert keeping.rebuild() == 1
    assert keeping.count_out_of_step() == 0
    assert state(article) == State.LIVE


def test_a_row_that_is_not_its_storys_any_more_is_noticed(story, draft):
    live, changed = story(), story("Pier found")
    changed.title = "Pier lost"
    changed.save_revision()
    draft()
    assert keeping.count_out_of_step() == 0
    NewsListEntry.objects.filter(pk=live.pk).update(state=State.DOWN)
    assert keeping.count_out_of_step() == 1
    NewsListEntry.objects.filter(pk=changed.pk).update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert keeping.count_out_of_step() == 2


def test_walking_older_and_newer_shows_each_story_once(draft, small_pages):
    for number in range(8):
        draft(f"Story {number}")
    wanted = [f"Story {number}" for number in reversed(range(8))]
    seen, answer = [], find(Question())
    while True:
        seen += headlines(answer)
        if answer.older is None:
            break
        answer = find(Question(), before=answer.older)
    assert seen == wanted
    back = find(Question(), after=answer.newer)
    assert headlines(back) == wanted[3:6]


def test_stories_of_one_moment_are_not_lost_between_pages(draft, small_pages):
    ids = [draft(f"Story {number}").pk for number in range(7)]
    NewsListEntry.objects.update(changed_at=datetime(2026, 11, 1, tzinfo=UTC))
    first = find(Question())
    second = find(Question(), before=first.older)
    third = find(Question(), before=second.older)
    seen = [entry.pk for answer in (first, second, third) for entry in answer.entries]
    assert seen == sorted(ids, reverse=True)


@pytest.mark.parametrize(
    "text", ["", "x", "1-", "-1", "١-٢", "9" * 39, "99999999999999999999999999-1", "1-2-3"]
)
def test_nonsense_for_a_mark_is_no_mark(text):
    assert Mark.read(text) is None


def test_a_mark_survives_the_address():
    mark = Mark(datetime(2026, 11, 23, 4, 5, 6, 789, tzinfo=UTC), 7)
    assert Mark.read(str(mark)) == mark


def test_filters_narrow_by_state_kind_author_day_and_words(desk, paper, draft, story):
    draft("A draft on tides", kind="analysis")
    story("Tides explained", kind="explainer", at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    client = desk(paper.chief)

    def shown(**query):
        response = client.get(STORIES, query)
        assert response.status_code == 200
        return [line.headline for line in response.context["lines"]]

    assert shown(state="draft") == ["A draft on tides"]
    assert shown(state="live") == ["Tides explained"]
    assert shown(kind="analysis") == ["A draft on tides"]
    assert shown(q="TIDES explained") == ["Tides explained"]
    assert shown(since="2026-03-04", until="2026-03-04") == ["Tides explained"]
    assert shown(since="2026-03-05", until="2026-03-06") == []
    assert len(shown(author=str(paper.author.pk))) == 2
    assert len(shown(state="nonsense", since="yesterday", author="x")) == 2


def test_words_are_found_whatever_their_case_and_script(desk, paper, draft):
    draft("ÉLECTION à Évora")
    draft("ΕΚΛΟΓΕΣ στην πόλη")
    client = desk(paper.chief)
    for words in ("élection", "ÉVORA", "εκλογεσ", "ΠΌΛΗ"):
        lines = client.get(STORIES, {"q": words}).context["lines"]
        assert len(lines) == 1, words


def test_a_word_is_taken_as_it_is_written(desk, paper, draft):
    draft("Tax up 5%")
    draft("Tax up 50")
    lines = desk(paper.chief).get(STORIES, {"q": "5%"}).context["lines"]
    assert [line.headline for line in lines] == ["Tax up 5%"]


def test_scripts_in_a_headline_are_shown_and_not_run(desk, paper, draft):
    draft("<script>alert(1)</script> & “quotes”")
    page = desk(paper.chief).get(STORIES).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “quotes”" in page


def test_a_reporter_sees_their_sections_only(desk, paper, draft):
    draft("In World")
    draft("In Islands", section=paper.islands)
    draft("In Harbour", section=paper.harbour)
    lines = desk(paper.reporter).get(STORIES).context["lines"]
    assert [line.headline for line in lines] == ["In Islands", "In World"]


def test_exploring_a_section_shows_its_news_list(desk, paper, draft):
    draft("In World")
    draft("In Islands", section=paper.islands)
    response = desk(paper.chief).get(reverse("wagtailadmin_explore", args=[paper.world.pk]))
    assert [line.headline for line in response.context["lines"]] == ["In World"]
    assert "Sections inside" in response.content.decode()


def test_a_list_asks_as_much_for_fifty_stories_as_for_two(desk, paper, story):
    client = desk(paper.chief)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(STORIES).status_code == 200
        return asked.captured_queries

    for number in range(2):
        story(f"Story {number}")
    queries()  # warms content types
    few = queries()
    for number in range(10):
        story(f"More {number}")
    many = queries()
    assert len(many) == len(few)
    assert not [q["sql"] for q in many if "COUNT(" in q["sql"].upper()]


ONE_SECTION = (1,)
QUESTIONS = {
    "all": Question(),
    "section": Question(sections=ONE_SECTION),
    "sections": Question(sections=(1, 2)),
    "section and state": Question(sections=ONE_SECTION, states=(State.DRAFT,)),
    "state": Question(states=(State.DRAFT,)),
    "live": Question(states=(State.LIVE, State.CHANGED)),
    "live in section": Question(sections=ONE_SECTION, states=(State.LIVE, State.CHANGED)),
    "kind": Question(sections=ONE_SECTION, kind="analysis"),
    "words": Question(sections=ONE_SECTION, words=("tides",)),
    "author": Question(author_id=1),
    "days": Question(sections=ONE_SECTION, since=datetime(2026, 1, 1, tzinfo=UTC).date()),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
@pytest.mark.parametrize("side", ["newest", "before", "after"])
def test_no_page_is_sorted_or_scanned_for(paper, question, side):
    mark = Mark(datetime(2026, 5, 1, tzinfo=UTC), 5)
    rows = newslist.matching(question)
    asked = {
        "newest": newslist._before(rows, question.column, None),
        "before": newslist._before(rows, question.column, mark),
        "after": newslist._after(rows, question.column, mark),
    }[side]
    plan = asked[: newslist.PAGE_SIZE + 1].explain()
    assert "TEMP B-TREE" not in plan, plan
    assert "desk_newslistentry USING INDEX desk_" in plan, plan
