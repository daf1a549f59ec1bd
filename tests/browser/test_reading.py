"""A reader with a story: its count and age, the rail, sharing, pictures, search."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.readers import new_reader
from tests.browser.stories import VISIBLE_WITHIN_SECONDS, published_story
from tests.waiting import until

pytestmark = pytest.mark.browser
SHOWN_WITHIN_MS = VISIBLE_WITHIN_SECONDS * 1000
PLACES_OF_TEXT = """[...document.querySelectorAll("h1, .story__body > *")]
    .map(element => element.getBoundingClientRect().y)"""


@pytest.fixture(scope="module")
def story(served, tmp_path_factory):
    """One story that the tests of this module read; none of them changes it."""
    return published_story(served, tmp_path_factory.mktemp("story"))


def views(page) -> int:
    return int(page.locator("[data-views]").inner_text().replace(",", ""))


def read_once(visit, path, reader, expected) -> None:
    page = visit(path, **reader.options())
    until(lambda: views(page) == expected, f"the count {expected}")
    page.context.close()


def test_every_reader_counts_once(visit, story):
    _, path = story
    opening_balance = 12
    first, second = new_reader(), new_reader()
    read_once(visit, path, first, opening_balance + 1)
    read_once(visit, path, second, opening_balance + 2)
    read_once(visit, path, first, opening_balance + 2)


def test_a_robot_is_shown_the_count_but_adds_nothing(visit, served, story, tmp_path):
    _, path = published_story(served, tmp_path)
    with (page := visit(path)).expect_response("**/-/reads") as answer:
        pass
    assert answer.value.json()["views"] == 12
    assert views(page) == 12


def test_staff_are_shown_the_count_but_add_nothing(visit, log_in, served, tmp_path):
    _, path = published_story(served, tmp_path)
    page = log_in("editor", **new_reader().options())
    with page.expect_response("**/-/reads") as answer:
        page.goto(path)
    assert answer.value.json()["views"] == 12
    read_once(visit, path, new_reader(), 13)


def test_the_age_stays_current(visit, story):
    _, path = story
    page = visit(path, **new_reader().options())
    age = page.locator(".facts time[data-age]").first
    expect(age).to_have_text(re.compile("ago"))
    expect(age).to_have_attribute("title", re.compile(r"\d{1,2} \w+ 20\d\d, \d\d:\d\d"))


def test_without_script_the_page_is_complete(visit, story):
    headline, path = story
    page = visit(path, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.locator(".facts time").first).to_have_text(re.compile(r"\d{4}, \d\d:\d\d"))
    assert views(page) >= 12
    assert page.locator("[data-rail-list] li").count() == 10


def test_an_open_page_takes_in_a_new_story(visit, served, story, tmp_path):
    _, path = story
    page = visit(path, **new_reader().options())
    page.wait_for_load_state("load")
    page.mouse.move(300, 500)
    before = page.evaluate(PLACES_OF_TEXT)
    headline, _ = published_story(served, tmp_path)
    expect(page.locator("[data-rail-list]")).to_contain_text(headline, timeout=SHOWN_WITHIN_MS)
    assert page.locator("[data-rail-list] li").count() == 10
    assert page.evaluate(PLACES_OF_TEXT) == before


def test_a_story_is_shared_by_copying_its_address(visit, story):
    _, path = story
    permissions = ["clipboard-read", "clipboard-write"]
    page = visit(path, permissions=permissions, **new_reader().options())
    page.locator("summary", has_text="Share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(path)


def test_a_picture_story_opens_on_the_whole_screen(visit):
    page = visit("/search/?q=the&kind=picture-story", **new_reader().options())
    page.locator(".card__headline a").first.click()
    page.get_by_role("button", name="View full screen").click()
    expect(page.locator("dialog[data-viewer]")).to_be_visible()
    expect(page.locator("[data-viewer-count]")).to_have_text(re.compile(r"^1 of \d+$"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-viewer-count]")).to_have_text(re.compile(r"^2 of \d+$"))
    picture = page.locator("[data-viewer-frame] img")
    until(lambda: picture.evaluate("image => image.naturalWidth > 0"), "the second picture")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-viewer]")).to_be_hidden()


def test_search_finds_a_story_and_its_filters_hold(visit, story):
    headline, path = story
    page = visit("/", **new_reader().options())
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").first.fill(headline)
    page.get_by_role("button", name="Search").first.click()
    found = page.get_by_role("link", name=headline, exact=True)
    expect(found).to_be_visible()
    page.get_by_label("Section", exact=True).select_option(label="Sport")
    page.get_by_role("button", name="Search").first.click()
    expect(found).to_have_count(0)
    page.get_by_label("Section", exact=True).select_option(label="World")
    page.get_by_role("button", name="Search").first.click()
    found.click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize(
    ("address", "status"),
    [("/no/such/page/", 404), ("/search/?q=buoy&since=yesterday", 400), ("/world", 301)],
)
def test_a_wrong_address_is_answered_with_the_right_status(served, address, status):
    assert served.get(address).status_code == status
