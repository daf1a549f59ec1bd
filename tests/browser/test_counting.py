"""What is a view, in a browser: docs/reference/counting.md, word by word.

Where it matters that nothing is counted, somebody else reads another story meanwhile: when their
second is counted, a second has passed for all.
"""

import json
import re
import secrets
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from stoppress.demo.readers import NEWEST
from tests.browser.readers import new_reader
from tests.browser.tabs import started_chromium
from tests.waiting import until

pytestmark = pytest.mark.browser
A_VIEW_MS = 1000
A_MINUTE = timedelta(minutes=1)
LONG_MS = 60_000  # with a stopped clock it takes no time
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ELSEWHERE = "https://news.example/a/story?that=nobody&needs=to-know"
READS = """performance.getEntriesByType("resource")
    .filter(entry => entry.name.endsWith("/-/reads") && entry.responseEnd).length"""


def every_story(served):
    """The paths of all stories, by the sitemaps."""
    for sitemap in re.findall(r"<loc>[^<]+?(/[^<:]+\.xml)</loc>", served.get("/sitemap.xml").text):
        yield from re.findall(
            r"<loc>[^<]+?((?:/[a-z-]+)+/\d{4}/[^<]+)</loc>", served.get(sitemap).text
        )


@pytest.fixture(scope="module")
def stories(served):
    """Stories, a new one each time: of the demo, but old. Its invented readers read the newest."""
    query = "SELECT article_id FROM readership_nodetotal WHERE node = 'demo' ORDER BY article_id"
    old = {article for (article,) in asked(served, query)[:-NEWEST]}
    return (path for path in every_story(served) if article_of(served, path) in old)


@pytest.fixture
def story(served, stories):
    """The next story, when its live count has caught up with the totals."""
    path = next(stories)
    until(lambda: counted(served, path) == total(served, path), "the live count to be the total")
    return path


@pytest.fixture
def a_second_passes(visit, stories):
    """Let somebody read another story until it is counted."""
    another = next(stories)

    def passes():
        page = visit("/robots.txt", **new_reader().options())
        with page.expect_response("**/-/reads") as answer:
            page.goto(another)
        assert answer.value.ok
        page.context.close()

    return passes


@pytest.fixture
def stopped(chromium, served):
    """A new reader's page whose clock stands still; the test moves it."""
    contexts = []

    def opened(**options):
        context = chromium.new_context(base_url=served.address, **new_reader().options(), **options)
        contexts.append(context)
        page = context.new_page()
        page.clock.install(time=NOW)
        page.clock.pause_at(NOW + A_MINUTE)  # till here it runs, and a slow machine takes a while
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def tabs(tmp_path):
    """An ordinary Chromium of a new reader."""
    with started_chromium(tmp_path / "profile") as browser:
        yield browser


def article_of(served, path) -> int:
    return int(re.search(r'data-article="(\d+)"', served.get(path).text)[1])


def counted(served, path) -> int:
    """The live count, as a robot is told it: its own view adds nothing."""
    report = {"version": 2, "article": article_of(served, path), "visit": secrets.token_hex(8)}
    answer = served.post("/-/reads", json=report)
    assert answer.status_code == 200, answer.text
    return answer.json()["views"]


def asked(served, query, *values) -> list[tuple]:
    """Ask the newsroom's database, beside those that write to it."""
    file = served.home / "data" / "newsroom.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


def total(served, path) -> int:
    tables = ("readership_openingbalance", "readership_nodetotal")
    article = article_of(served, path)
    return sum(
        views
        for table in tables
        for (views,) in asked(served, f"SELECT views FROM {table} WHERE article_id = ?", article)
    )


def kept(served, path) -> Counter[str]:
    """What the totals hold of a story: by column, and by the domain that readers came from."""
    columns = ("views", "readers", "engaged_seconds", "read_all")
    sums = ", ".join(f"COALESCE(SUM({column}), 0)" for column in columns)
    article = article_of(served, path)
    hours = f"SELECT {sums} FROM readership_articlehour WHERE article_id = ?"
    (found,) = asked(served, hours, article)
    sources = "SELECT name, views FROM readership_sourceday WHERE article_id = ?"
    return Counter(dict(zip(columns, found, strict=True))) + Counter(
        dict(asked(served, sources, article))
    )


def test_a_hidden_tab_is_no_view_until_it_is_shown(served, tabs, story, a_second_passes):
    before = counted(served, story)
    front = tabs.open_tab(served.address)
    until(lambda: front.evaluate("document.readyState") == "complete", "the front page")
    behind = tabs.open_tab(served.address + story, in_background=True)
    until(lambda: behind.evaluate("document.readyState") == "complete", "the story behind")
    assert behind.evaluate("document.visibilityState") == "hidden"
    a_second_passes()
    assert counted(served, story) == before
    behind.show()
    until(lambda: counted(served, story) == before + 1, "the view, now that it is shown")
    assert behind.evaluate("document.visibilityState") == "visible"
    front.show()
    behind.show()
    a_second_passes()
    assert counted(served, story) == before + 1


def test_a_prerendered_page_is_no_view_until_it_is_shown(served, tabs, story, a_second_passes):
    before = counted(served, story)
    tab = tabs.open_tab("about:blank")
    tab.ask("Page.setBypassCSP", enabled=True)  # our pages hold no rules: those of a browser
    tab.ask("Page.navigate", url=served.address)
    until(lambda: tab.evaluate("document.readyState") == "complete", "the front page")
    tab.prerender(story)
    prerendered = until(tab.prerendered, "the story to be prerendered")
    a_second_passes()
    assert counted(served, story) == before
    tab.evaluate(f"location.href = {json.dumps(story)}")
    tab.page = prerendered
    until(lambda: tab.evaluate("document.prerendering") is False, "the story to be shown")
    until(lambda: counted(served, story) == before + 1, "the view, now that it is shown")
    started = "performance.getEntriesByType('navigation')[0].activationStart"
    assert tab.evaluate(started) > A_VIEW_MS, "it was shown from what was prerendered"


def reports_of(tab):
    """The views that a tab has reported, oldest first."""
    asked = [event["request"] for event in tab.happened("Network.requestWillBeSent")]
    bodies = [json.loads(each["postData"]) for each in asked if each["url"].endswith("/-/reads")]
    return [body for body in bodies if "engaged" not in body]


def streams_of(tab):
    asked = tab.happened("Network.requestWillBeSent")
    return [each for each in asked if each["request"]["url"].endswith("/-/live")]


def test_a_page_that_the_browser_kept_is_seen_again(served, tabs, story):
    before = counted(served, story)
    tab = tabs.open_tab(served.address + story)
    until(lambda: tab.evaluate(READS), "the first view")
    until(lambda: streams_of(tab), "the live stream, which must not keep the page from being kept")
    tab.evaluate("addEventListener('pageshow', event => { window.wasKept = event.persisted })")
    tab.evaluate("location.href = '/'")
    until(lambda: tab.evaluate("location.pathname") == "/", "the front page")
    until(lambda: len(streams_of(tab)) == 2, "the front page's live stream")
    tab.evaluate("history.back()")
    until(lambda: tab.evaluate("location.pathname") == story, "the story again")
    assert tab.evaluate("window.wasKept") is True, tab.evaluate(
        "JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)"
    )
    first, second = until(lambda: len(reports_of(tab)) == 2 and reports_of(tab), "the second view")
    assert first["visit"] != second["visit"], "a view of its own"
    assert counted(served, story) == before + 1, "within 30 seconds it is a repeat"
    until(lambda: len(streams_of(tab)) == 3, "the live stream, opened again")


@pytest.mark.parametrize("path", ["/", "/world/", "/latest/"])
def test_lists_are_kept_by_the_browser_too(served, tabs, story, path):
    tab = tabs.open_tab(served.address + path)
    until(lambda: tab.evaluate("document.readyState") == "complete", "the list")
    tab.evaluate("addEventListener('pageshow', event => { window.wasKept = event.persisted })")
    tab.evaluate(f"location.href = {json.dumps(story)}")
    until(lambda: tab.evaluate("location.pathname") == story, "the story")
    tab.evaluate("history.back()")
    until(lambda: tab.evaluate("location.pathname") == path, "the list again")
    assert tab.evaluate("window.wasKept") is True


def test_a_page_that_is_closed_at_once_is_no_view(served, stopped, story, a_second_passes):
    before = counted(served, story)
    page = stopped()
    page.goto(story)
    page.clock.run_for(A_VIEW_MS - 100)
    page.close()
    a_second_passes()
    assert counted(served, story) == before


def test_a_page_that_is_closed_says_how_it_was_read(served, stopped, story):
    before = kept(served, story)
    page = stopped()
    page.goto(story)
    see_all(page)
    with page.expect_response("**/-/reads"):
        page.clock.run_for(3 * A_VIEW_MS)
    page.close()
    expected = Counter(views=1, readers=1, engaged_seconds=3, read_all=1)
    until(lambda: kept(served, story) - before == expected, "what was told as the page closed")


def test_a_view_is_on_its_way_even_if_the_page_is_closed_then(served, stopped, story):
    before = counted(served, story)
    page = stopped()
    page.goto(story)
    with page.expect_request("**/-/reads"):
        page.clock.run_for(A_VIEW_MS)
    page.close()
    until(lambda: counted(served, story) == before + 1, "the view of a page that is gone")


def test_without_script_there_is_no_view_and_all_stands_as_printed(
    served, visit, story, a_second_passes
):
    before = counted(served, story)
    page = visit(story, java_script_enabled=False, **new_reader().options())
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    page.reload()
    a_second_passes()
    printed = served.get(story).text
    count = re.search(r"data-views[^>]*>([^<]+)<", printed)[1]
    assert page.locator("[data-views]").inner_text() == count
    for time in page.locator("time").all():
        assert "ago" not in time.inner_text()
    expect(page.locator(".facts time").first).to_have_text(re.compile(r"\d{4}, \d\d:\d\d"))
    assert requested
    assert not [address for address in requested if "/-/" in address]
    assert counted(served, story) == before


def test_a_view_without_a_network_is_reported_once_when_there_is_one(served, stopped, story):
    before = counted(served, story)
    page = stopped()
    answers = []
    page.on("response", lambda answer: answers.append(answer) if "/-/reads" in answer.url else 0)
    page.goto(story)
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: "/-/reads" in request.url):
        page.clock.run_for(A_VIEW_MS)
    assert counted(served, story) == before
    page.context.set_offline(False)
    until(lambda: page.evaluate("navigator.onLine"), "the network")
    with page.expect_response("**/-/reads") as answer:
        page.clock.run_for(A_VIEW_MS)
    assert answer.value.json()["views"] == before + 1
    expect(page.locator("[data-views]")).to_have_text(f"{before + 1:,}")
    page.context.set_offline(True)
    page.context.set_offline(False)
    page.clock.run_for(LONG_MS)
    assert len(answers) == 1
    assert counted(served, story) == before + 1


def see_all(page):
    to_the_end = "text => text.scrollIntoView({ block: 'end', behavior: 'instant' })"
    page.locator(".story__main").evaluate(to_the_end)


def read_and_leave(page, story):
    page.goto(story, referer=ELSEWHERE)
    see_all(page)
    with page.expect_response("**/-/reads") as answer:
        page.clock.run_for(2 * A_VIEW_MS)
    assert answer.value.ok
    page.goto("/robots.txt")


@pytest.mark.parametrize("signal", ["DNT", "Sec-GPC"])
def test_of_a_reader_who_wants_privacy_only_the_view_is_kept(served, stopped, stories, signal):
    private, other = next(stories), next(stories)
    before = {path: kept(served, path) for path in (private, other)}
    read_and_leave(stopped(extra_http_headers={signal: "1"}), private)
    read_and_leave(stopped(), other)
    expected = Counter({"views": 1, "readers": 1, "engaged_seconds": 2, "read_all": 1})
    expected["news.example"] = 1
    until(lambda: kept(served, other) - before[other] == expected, "what is kept of others")
    assert kept(served, private) - before[private] == Counter(views=1)
