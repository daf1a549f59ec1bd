"""The numbers at the desk: they follow readers, can be taken away, and everybody can read them."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.readers import new_reader
from tests.browser.stories import published_story
from tests.judges import axe_violations
from tests.waiting import until

pytestmark = pytest.mark.browser
SLOW_MS = 30_000  # the desk on a loaded machine
NUMBERS = "/desk/readership/"


@pytest.fixture(scope="module")
def story(served, tmp_path_factory) -> tuple[str, str, int]:
    """A new story: its headline, its path, its id."""
    folder = tmp_path_factory.mktemp("story")
    headline, path = published_story(served, folder, "Pilots weigh anchor at first light")
    return headline, path, int(re.search(r'data-article="(\d+)"', served.get(path).text)[1])


def summed(page: Page) -> bool:
    """Whether the clock has summed up the demo's thirty days."""
    page.goto(f"{NUMBERS}?range=30d")
    return page.locator(".desk-chart__views").count() >= 29


def test_an_open_page_follows_what_is_read(log_in, visit, story):
    _, path, pk = story
    page = log_in("editor")
    page.goto(f"{NUMBERS}stories/{pk}/?range=now")
    standing = page.locator("#live-standing")
    expect(standing).to_contain_text("an opening balance of 12")
    before = int(re.search(r"[\d,]+", standing.inner_text())[0].replace(",", ""))
    page.evaluate("document.documentElement.dataset.sameDocument = 'true'")
    reader = visit(path, **new_reader().options())
    expect(reader.locator("[data-views]")).to_have_text(str(before + 1), timeout=SLOW_MS)
    expect(standing).to_contain_text(f"{before + 1} views in all", timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.dataset.sameDocument") == "true"
    expect(page.locator("[data-numbers-status]")).to_contain_text("As of")


def test_a_page_that_reaches_nobody_says_so_and_recovers(log_in):
    page = log_in("editor")
    page.goto(f"{NUMBERS}?range=now")
    page.context.set_offline(True)
    status = page.locator("[data-numbers-status]")
    expect(status).to_contain_text("Not reached since", timeout=SLOW_MS)
    page.context.set_offline(False)
    expect(status).to_contain_text("As of", timeout=SLOW_MS)


def test_what_is_shown_is_taken_away_as_files(log_in, tmp_path):
    page = log_in("editor")
    until(lambda: summed(page), "the sums of thirty days")
    shown = page.locator("#live-sections tbody tr").count()
    with page.expect_download() as csv_file:
        page.locator("#live-sections").get_by_role("link", name=re.compile("^CSV")).click()
    saved = Path(csv_file.value.path())
    with saved.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert csv_file.value.suggested_filename.endswith("-sections.csv")
    assert len(rows) == shown > 5
    with page.expect_download() as json_file:
        page.get_by_role("link", name="All of this as JSON").click()
    told = json.loads(Path(json_file.value.path()).read_text(encoding="utf-8"))
    assert told["range"] == "30d"
    assert len(told["series"]) == 30


def test_the_editing_form_shows_the_curve_with_its_correction(log_in):
    page = log_in("editor")
    page.goto("/desk/stories/?q=Dockers+accept")
    page.locator("a.desk-headline").first.click()
    page.get_by_role("button", name="Toggle readership").click()
    panel = page.locator("[data-side-panel='readership']")
    expect(panel.locator(".desk-chart__mark")).to_have_count(2)
    expect(panel.get_by_role("table", name="Marks on the curve")).to_contain_text("Correction")
    panel.get_by_role("link", name="All numbers of this story").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Dockers accept")


def test_a_spike_is_settled_with_a_word(log_in):
    page = log_in("editor")
    page.goto("/desk/")
    alarm = page.locator(".desk-alarms")
    expect(alarm).to_contain_text("looks like abuse")
    alarm.get_by_role("link").first.click()
    page.get_by_label("What it was").fill("A script that a school had left running")
    page.get_by_role("button", name=re.compile("^Settle")).click()
    expect(page.locator(".messages")).to_contain_text("Settled: 1 hour")
    expect(page.locator("#live-suspicions")).to_contain_text("a school had left running")


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_in_the_numbers(log_in, story, scheme, width):
    page = log_in("editor", width=width, color_scheme=scheme)
    for address in (
        f"{NUMBERS}?range=30d",
        f"{NUMBERS}?range=now",
        f"{NUMBERS}stories/{story[2]}/",
    ):
        page.goto(address)
        for details in page.locator("main details > summary").all():
            details.click()
        assert axe_violations(page, "main") == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width
