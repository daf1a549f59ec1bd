"""The desk's home: what is out, what is in hand, what comes next."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.actions import publish
from stoppress.newsroom.desk import home
from tests.newsroom.desk.forms import add_url

HOME = "/desk/"


def panels(response):
    shown = [p for p in response.context["panels"] if isinstance(p, home.StoriesPanel)]
    return {panel.title: [line.headline for line in panel.lines()] for panel in shown}


def test_home_shows_what_is_live_in_hand_and_scheduled(desk, paper, draft, story):
    live = story("Ferry resumes")
    draft("My own draft", user=paper.editor)
    draft("Rosa's draft", user=paper.reporter)
    moment = datetime.now(UTC) + timedelta(hours=3)
    publish(draft("Tomorrow's column"), at=moment)
    response = desk(paper.editor).get(HOME)
    assert panels(response) == {
        "Live now": ["Ferry resumes"],
        "My drafts": ["My own draft"],
        "Drafts of others": ["Rosa's draft"],
        "Scheduled": ["Tomorrow's column"],
    }
    page = response.content.decode()
    assert live.url in page
    assert "goes live" in page


def test_a_scheduled_moment_is_told_on_the_papers_clock(desk, paper, draft, settings):
    settings.PAPER_TIME_ZONE = "Asia/Kathmandu"  # 5 h 45 min ahead
    moment = datetime(2031, 1, 2, 3, 0, tzinfo=UTC)
    publish(draft("Tomorrow's column"), at=moment)
    page = desk(paper.editor).get(HOME).content.decode()
    assert "Thu 2 Jan 2031, 08:45" in page
    assert "Asia/Kathmandu" in page


def test_a_new_story_starts_in_a_section_of_ones_own(desk, paper):
    page = desk(paper.reporter).get(HOME).content.decode()
    assert add_url(paper.world) in page
    assert add_url(paper.islands) in page
    assert add_url(paper.harbour) not in page


def test_rooms_above_add_panels_of_their_own(desk, paper, monkeypatch):
    monkeypatch.setattr(home, "_panels", [*home._panels])

    @home.register_panel
    class Weather(home.HomePanel):
        title = "Weather"
        order = 60

        def render_html(self, parent_context=None):
            return "It rains."

    assert "It rains." in desk(paper.reporter).get(HOME).content.decode()


def test_home_asks_as_much_for_many_stories_as_for_few(desk, paper, story, draft):
    client = desk(paper.editor)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HOME).status_code == 200
        return len(asked.captured_queries)

    story("One")
    draft("Two")
    queries()
    few = queries()
    for number in range(6):
        story(f"Story {number}")
        draft(f"Draft {number}")
    assert queries() == few


def test_the_menu_holds_what_journalists_need(desk, paper):
    page = desk(paper.reporter).get(HOME).content.decode()
    for word in ("Stories", "Sections", "Pictures", "Corrections"):
        assert f'"{word}"' in page
    for word in ("Snippets", "Documents", "Help"):
        assert f'"{word}"' not in page
