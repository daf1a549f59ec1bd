"""Is it out? The desk answers with the receipt, and shows what the press is doing."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.edge.health import Health
from stoppress.edge.metrics import Metrics
from stoppress.press.models import Change, Node, PrintAlarm
from stoppress.press.numbers import numbers_folder
from stoppress.press.receipts import Printed, draft_receipt
from tests.newsroom.desk.conftest import edit_url
from tests.newsroom.desk.forms import article_form

PUBLISH = {"action-publish": "1"}
PRESS = "/desk/press/"


def receipt_link(response):
    """Where the message after a publish points."""
    page = response.content.decode()
    return re.search(r'data-desk-receipt href="([^"]+)"', page)[1]


@pytest.fixture
def node():
    return Node.objects.create(name="n" * 32, applied=0, heard_at=timezone.now())


def switch(node, change, *pages, gone=()):
    """What the printer writes after a switch."""
    receipt = draft_receipt(
        node.name,
        after=change.number - 1,
        change=change.number,
        printed=[Printed(page, 4.0) for page in pages],
        gone=gone,
        oldest=change.written_at,
    )
    receipt.ms = 180.0
    receipt.save()
    return receipt


def prove(receipt):
    for page in receipt.pages:
        page["fresh_ms"] = 212.0
    receipt.fetched_at = timezone.now()
    receipt.save()


def test_after_a_publish_the_editor_follows_its_receipt(desk, paper, draft, node):
    browser = desk(paper.editor)
    response = browser.post(edit_url(draft()), article_form(**PUBLISH), follow=True)
    link = receipt_link(response)

    def told():
        return browser.get(link, {"format": "json"}).json()

    assert told() == {"state": "waiting", "text": "Being printed…"}
    receipt = switch(node, Change.objects.latest("number"), "/", "/world/")
    assert told() == {
        "state": "live",
        "text": "Live on 2 pages in 180 ms; fetching them back…",
    }
    prove(receipt)
    assert told() == {
        "state": "proven",
        "text": "Live on 2 pages in 180 ms; each fetched back through the edge within 212 ms.",
    }
    page = browser.get(link).content.decode()
    assert "/world/" in page
    assert "after 212 ms" in page


def test_a_takedown_has_a_receipt_too(desk, paper, story, node):
    live = story()
    browser = desk(paper.editor)
    killed = browser.post(
        f"/desk/stories/{live.pk}/kill/", {"reason": "A court order."}, follow=True
    )
    prove(switch(node, Change.objects.latest("number"), "/", gone=[live.url]))
    told = browser.get(receipt_link(killed), {"format": "json"}).json()
    assert told["text"].startswith("Gone from 1 page and new on 1 page in 180 ms; each fetched")


def test_a_publish_not_proven_in_time_is_an_alarm_at_home(desk, paper, story, node):
    story()
    receipt = switch(node, Change.objects.latest("number"), "/")
    receipt.alarmed_at, receipt.why_open = timezone.now(), "/ answered 200 with change 3"
    receipt.save()
    browser = desk(paper.editor)
    for page in ("/desk/", PRESS):
        assert (
            "is not proven fresh: / answered 200 with change 3"
            in browser.get(page).content.decode()
        )
    prove(receipt)
    assert "not proven" not in browser.get("/desk/").content.decode()


def test_a_page_that_fails_to_print_is_an_alarm_at_home(desk, paper):
    now = timezone.now()
    PrintAlarm.objects.create(
        node="a", path="/world/", why="ZeroDivisionError: <b>", tries=2, first_at=now, last_at=now
    )
    home = desk(paper.chief).get("/desk/").content.decode()
    assert "fails to print" in home
    assert "ZeroDivisionError: &lt;b&gt;" in home


def test_a_machine_that_prints_nothing_is_told_after_five_seconds(desk, paper, story, node):
    story()
    Change.objects.update(written_at=timezone.now() - timedelta(seconds=6))
    number = Change.objects.latest("number").number
    told = desk(paper.editor).get(f"{PRESS}receipts/{number}/", {"format": "json"}).json()
    assert told["state"] == "late"
    assert "stoppress doctor" in told["text"]


def test_a_second_machine_is_waited_for(desk, paper, story, node):
    story()
    Node.objects.create(name="m" * 32, applied=0, heard_at=timezone.now())
    change = Change.objects.latest("number")
    prove(switch(node, change, "/"))
    told = desk(paper.editor).get(f"{PRESS}receipts/{change.number}/", {"format": "json"}).json()
    assert told == {"state": "waiting", "text": "Being printed on 1 machine…"}


def test_the_press_page_shows_what_edge_and_printer_count(desk, paper, story, node):
    story()
    prove(switch(node, Change.objects.latest("number"), "/"))
    edge = Metrics(numbers_folder(), Counter(lane_hits=97, misses=3, stale_served=2), dict)
    edge.write()
    press = Metrics(numbers_folder(), Counter(printed=9), dict, process="press")
    press.time("switch", 0.2)
    press.write()
    try:
        page = desk(paper.editor).get(PRESS).content.decode()
    finally:
        edge.close()
        press.close()
    for said in ("97.0 %", "≤ 250 ms", "Every change is applied", "Live on 1 page in 180 ms"):
        assert said.lower() in page.lower(), said


def test_the_press_page_asks_the_same_however_much_was_published(desk, paper, story, node):
    browser = desk(paper.editor)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PRESS).status_code == 200
        return len(asked)

    story("First")
    queries()
    few = queries()
    for headline in ("Second", "Third", "Fourth"):
        story(headline)
        prove(switch(node, Change.objects.latest("number"), "/"))
    assert queries() == few


@pytest.mark.parametrize("name", ["0", "999999", "nothing-like-it", "%00", "9" * 30])
def test_a_receipt_that_is_not_there_is_a_404(desk, paper, name):
    assert desk(paper.editor).get(f"{PRESS}receipts/{name}/").status_code == 404


def test_receipts_are_for_the_newsroom_only(desk, paper):
    stranger = get_user_model().objects.create_user("stranger", password="a-long-enough-phrase")
    for page in (PRESS, f"{PRESS}receipts/1/"):
        assert desk(stranger).get(page).status_code in (302, 403)
        assert Client().get(page).status_code == 302


def test_views_that_are_not_counted_are_an_alarm_at_home(desk, paper, settings, tmp_path):
    settings.JOURNAL_DIR = tmp_path
    browser = desk(paper.chief)
    assert "not counted" not in browser.get("/desk/").content.decode()
    health = Health(tmp_path)
    health.note_failure("The journal can't be used until its disk has room.")
    home = browser.get("/desk/").content.decode()
    assert "Views are not counted on this machine since <time" in home
    assert "until its disk has room. Readers are served all the same." in home
    health.note_success()
    assert "not counted" not in browser.get("/desk/").content.decode()
