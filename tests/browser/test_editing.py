"""An editor in a hurry, through the desk's own pages; readers see each step within moments."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.readers import new_reader
from tests.waiting import until

pytestmark = pytest.mark.browser
HEADLINE = "Lantern walk returns to the east pier"
TEXT = "Three hundred lanterns will walk to the east pier on Saturday, the harbour office said."
NOTE = "An earlier version named the west pier. It is the east pier."
LISTS = ("/", "/world/", "/latest/", "/-/parts/latest/", "/feed/", "/world/feed/")
SLOW_MS = 30_000  # the desk on a loaded machine


def write(page: Page) -> None:
    """Fill in a new story as an editor does."""
    page.goto("/desk/")
    page.get_by_text("New story", exact=False).first.click()
    page.get_by_role("group").get_by_role("link", name="World", exact=True).click()
    page.get_by_placeholder("Headline").fill(HEADLINE)
    page.get_by_role("textbox", name="Standfirst").fill("The walk was last held five years ago.")
    page.get_by_role("button", name="Add name").click()
    page.locator("#panel-child-story-byline-section").get_by_text("Choose").first.click()
    page.get_by_role("dialog").locator("table a").first.click()
    body = page.locator("#panel-child-story-body-section")
    body.get_by_title("Insert a block").first.click()
    page.get_by_role("option", name="Text").first.click()
    body.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type(TEXT)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible(timeout=SLOW_MS)


def preview(page: Page) -> None:
    """Look at the draft in the readers' theme, at phone and desktop width."""
    page.get_by_role("button", name="Toggle preview").first.click()
    frame = page.frame_locator("#w-preview-iframe")
    for size in ("Preview in mobile size", "Preview in desktop size"):
        page.get_by_label(size).check(force=True)
        expect(frame.get_by_role("heading", level=1)).to_have_text(HEADLINE, timeout=SLOW_MS)
        expect(frame.locator(".story__body")).to_contain_text(TEXT)


def live_address(page: Page) -> str:
    said = page.locator(".messages")
    expect(said).to_contain_text("Live: ", timeout=SLOW_MS)
    return said.locator("a[href^='/world/']").first.inner_text()


def stands_in(served, place: str, path: str) -> bool:
    return path in served.get(place).text


def test_a_story_is_written_previewed_published_corrected_and_unpublished(log_in, visit, served):
    page = log_in("editor")
    write(page)
    preview(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    path = live_address(page)
    assert served.get(path).status_code == 200
    story = re.search(r"/desk/pages/(\d+)/", page.url)[1]
    author = re.search(r'href="(/authors/[^"]+)"', served.get(path).text)[1]
    for place in (*LISTS, author):
        until(lambda place=place: stands_in(served, place, path), f"the story in {place}")

    page.get_by_role("link", name=re.compile("Correct or update")).last.click()
    page.get_by_role("radio", name=re.compile("^Correction")).check()
    page.get_by_label("What readers are told").fill(NOTE)
    page.get_by_role("button", name="Publish with this note").click()
    assert live_address(page) == path
    reader = visit(path, **new_reader().options())
    until(lambda: NOTE in served.get(path).text, "the correction on the story")
    reader.reload()
    expect(reader.locator(".notice")).to_contain_text(NOTE)
    expect(reader.locator(".facts")).to_contain_text("Last update")
    until(lambda: NOTE in served.get("/corrections/").text, "the correction on its page")

    page.goto(f"/desk/pages/{story}/unpublish/")
    page.get_by_label("Reason").fill("The walk is off.")
    page.get_by_role("button", name=re.compile("unpublish", re.IGNORECASE)).click()
    expect(page.locator(".messages")).to_contain_text("is off the site", timeout=SLOW_MS)
    until(lambda: served.get(path).status_code == 410, "the address to answer 410")
    for place in (*LISTS, author, "/corrections/"):
        until(
            lambda place=place: not stands_in(served, place, path),
            f"the story to be gone from {place}",
        )


def test_a_reporter_cannot_publish(log_in):
    page = log_in("reporter")
    write(page)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)


def test_a_wrong_password_is_refused(visit, served):
    page = visit("/desk/login/")
    page.get_by_label("Username").fill("chief")
    page.locator("input[name=password]").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".messages")).to_contain_text("didn't match")
