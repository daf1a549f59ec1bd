"""The page this project grew from, the whole way: taken in, published, found again as served.

The page lies outside the repository; without it these tests are skipped. Nothing of its text is
kept here: what must be found is read from the page itself.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest
from django.test import Client

from stoppress.wires.models import Take
from stoppress.wires.page_import import import_page
from stoppress.wires.pagedump import decode

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "page.txt"
RETRIEVED = datetime(2025, 12, 5, 12, 0, tzinfo=UTC)
TWO_DAYS_BEFORE = "2025-12-03"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"{SEED} is not here")


@pytest.fixture
def lines():
    return SEED.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def report(paper):
    text = decode(SEED.read_bytes())
    return import_page(text, RETRIEVED, section="World", source=SEED.name, publish_it=True)


@pytest.fixture
def page(report):
    response = Client().get(report.address)
    assert response.status_code == 200
    return lxml.html.fromstring(response.content.decode())


def text_of(element):
    return re.sub(r"\s+", " ", element.text_content()).strip()


def fact(page, name):
    """The fact that stands behind a label on the page."""
    (found,) = [dd for dd in page.iter("dd") if name in text_of(dd.getprevious())]
    return found


def test_the_address_has_the_section_and_the_day_of_the_story(report):
    assert report.address.startswith("/world/2025/12/03/")


def test_the_headline_stands_on_the_page(page, lines):
    assert [text_of(h1) for h1 in page.iter("h1")] == [lines[0]]


def test_the_author_stands_on_the_page_and_leads_to_a_page_of_their_own(page, lines):
    name = lines[14].split(": ")[1]
    (link,) = [a for a in page.iter("a") if a.get("rel") == "author" or text_of(a) == name]
    assert text_of(link) == name
    assert name in Client().get(link.get("href")).content.decode()


def test_the_section_stands_on_the_page(page):
    assert [a for a in page.iter("a") if a.get("href") == "/world/" and text_of(a) == "World"]


def test_the_last_update_is_two_days_before_the_page_was_saved(page):
    for name in ("Last update", "Published"):
        (time,) = fact(page, name).iter("time")
        assert time.get("datetime") == TWO_DAYS_BEFORE


def test_no_clock_time_is_made_up_for_it(page, report):
    times = [time for time in page.iter("time") if TWO_DAYS_BEFORE in time.get("datetime")]
    assert {text_of(time) for time in times} == {"3 December 2025"}
    assert not [time for time in times if time.get("data-age") is not None]
    rail = lxml.html.fromstring(Client().get("/-/parts/latest/").content.decode())
    assert [text_of(time) for time in rail.iter("time")] == ["3 December 2025"]


def test_the_reading_time_that_the_page_stated_stands_on_the_page(page, report):
    assert report.dump.reading_minutes == 3
    assert text_of(fact(page, "Reading time")) == "3 min read"


def test_the_opening_views_stand_on_the_page(page):
    (output,) = page.iter("output")
    assert text_of(output) == "737"


def test_every_paragraph_stands_on_the_page_untouched_and_in_order(page, lines):
    (body,) = page.find_class("story__body")
    served = [p.text_content().strip() for p in body.iter("p")]
    assert [text for text in served if text in lines] == lines[5:14]


def test_no_furniture_stands_in_the_story(page, lines):
    (body,) = page.find_class("story__body")
    served = {text_of(p) for p in body.iter("p")}
    assert not served & {lines[1], lines[2], lines[3], lines[4], lines[14], lines[15]}
    assert not [text for text in served if "min read" in text]


def test_the_page_offers_to_share_the_story(page):
    assert page.find_class("share")


def test_the_story_is_the_newest_of_its_section_and_of_the_front(report, lines):
    for path in ("/", "/world/", "/latest/", "/world/feed/"):
        assert lines[0] in lxml.html.fromstring(Client().get(path).content).text_content(), path


def test_the_ten_stories_of_the_rail_wait_as_takes(report, lines):
    waiting = Take.objects.filter(status=Take.Status.NEW)
    assert [take.headline for take in waiting] == lines[16:36:2]
    assert {take.section_name for take in waiting} == {lines[4].removeprefix("- ")}
    assert waiting.exclude(published_at__gte=RETRIEVED).count() == 10
