"""Receipts are proven: each page is fetched back through a real edge worker."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from stoppress.press.models import Change, Receipt
from stoppress.press.proving import ALARM_AFTER, Prover
from stoppress.press.receipts import MOST_GONE, draft_receipt, find_change
from stoppress.press.trimming import KEPT, trim
from tests.edge.newsroom import App, Worker, edge_worker
from tests.press import paper as tiny
from tests.press.conftest import settle

NODE = "node-a"


@pytest.fixture
def edge(store, settings) -> Iterator[Worker]:
    """An edge worker on the paper's store; behind it an app that knows no page."""
    folder = Path(tempfile.mkdtemp(prefix="edge-"))  # a socket's path must be short
    (folder / "store").symlink_to(store.directory)
    try:
        with (
            App(folder / "app.sock", store).running(),
            edge_worker(folder) as worker,
        ):
            yield worker
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def prover(store, edge) -> Prover:
    return Prover(NODE, store, edge.url, "paper.example")


def test_a_publish_is_proven_page_by_page(printer, prover):
    story = tiny.publish("world", "Bridge opens")
    settle(printer)
    assert prover.look() is False
    receipt = Receipt.objects.latest("change")
    assert receipt.is_proven
    assert receipt.why_open == ""
    fresh = {page["path"]: page["fresh_ms"] for page in receipt.printed}
    assert f"/world/{story.pk}/" in fresh
    assert min(fresh.values()) >= receipt.ms


def test_a_takedown_is_proven_by_what_is_gone(printer, prover):
    story = tiny.publish("world", "Bridge opens")
    settle(printer)
    tiny.kill(story)
    settle(printer)
    prover.look()
    receipt = Receipt.objects.latest("change")
    assert receipt.is_proven
    assert [page["path"] for page in receipt.gone] == [f"/world/{story.pk}/"]
    assert receipt.gone_count == 1


def test_a_page_that_is_still_old_leaves_the_receipt_open(printer, prover, store):
    story = tiny.publish("world", "Bridge opens")
    settle(printer)
    prover.look()
    newest = Receipt.objects.latest("change")
    ahead = draft_receipt(
        NODE, after=newest.change, change=newest.change + 1, printed=[], oldest=timezone.now()
    )
    ahead.printed = [{"path": f"/world/{story.pk}/", "ms": 1.0}]
    ahead.save()
    assert prover.look() is True
    ahead.refresh_from_db()
    assert not ahead.is_proven
    assert ahead.alarmed_at is None
    assert ahead.why_open == (f"/world/{story.pk}/ answered 200 with change {newest.change}")

    tiny.update(story, "Bridge closes")
    settle(printer)
    prover.look()
    ahead.refresh_from_db()
    assert ahead.is_proven
    assert ahead.why_open == ""


def test_what_is_not_fresh_after_five_seconds_is_an_alarm(printer, prover):
    tiny.publish("world", "Bridge opens")
    settle(printer)
    receipt = Receipt.objects.latest("change")
    receipt.change += 1000  # as if the edge were that far behind
    receipt.applied_at -= ALARM_AFTER + timedelta(seconds=1)
    receipt.save()
    prover.look()
    receipt.refresh_from_db()
    assert receipt.alarmed_at is not None
    assert "answered 200 with change" in receipt.why_open


def test_an_edge_that_is_away_leaves_receipts_open_until_it_is_back(printer, store, edge):
    tiny.publish("world", "Bridge opens")
    settle(printer)
    nowhere = Prover(NODE, store, "http://127.0.0.1:1", "paper.example")
    assert nowhere.look() is True
    receipt = Receipt.objects.latest("change")
    assert receipt.why_open.startswith("The edge does not answer at http://127.0.0.1:1")
    assert Prover(NODE, store, edge.url, "paper.example").look() is False
    receipt.refresh_from_db()
    assert receipt.is_proven


def test_a_page_taken_down_since_counts_as_fetched_back(printer, prover):
    story = tiny.publish("world", "Bridge opens")
    settle(printer)
    tiny.kill(story)
    settle(printer)
    assert prover.look() is False
    assert not Receipt.objects.filter(fetched_at=None).exists()


def test_another_nodes_receipts_are_left_to_it(printer, prover):
    tiny.publish("world", "Bridge opens")
    settle(printer)
    Receipt.objects.update(node="node-b")
    assert prover.look() is False
    assert Receipt.objects.filter(fetched_at=None).exists()


def test_a_large_takedown_names_some_pages_and_counts_all():
    gone = [f"/world/{number}/" for number in range(MOST_GONE + 5)]
    receipt = draft_receipt(NODE, after=1, change=2, printed=[], gone=gone, oldest=timezone.now())
    assert len(receipt.gone) == MOST_GONE
    assert receipt.gone_count == MOST_GONE + 5


def test_a_change_is_found_by_number_and_by_reference(printer):
    tiny.publish("world", "Bridge opens")
    change = Change.objects.latest("number")
    assert len(change.reference) == 12
    assert find_change(str(change.number)) == change
    assert find_change(change.reference) == change
    assert find_change("no such change") is None
    assert find_change("9" * 40) is None


def test_open_receipts_of_a_live_node_are_not_trimmed(printer):
    tiny.publish("world", "Bridge opens")
    settle(printer)
    tiny.publish("world", "Bridge closes")
    settle(printer)
    proven, still_open = Receipt.objects.order_by("-change")[:2]
    Receipt.objects.update(applied_at=timezone.now() - KEPT - timedelta(hours=1))
    Receipt.objects.filter(pk=proven.pk).update(fetched_at=timezone.now())
    trim()
    assert list(Receipt.objects.values_list("pk", flat=True).filter(pk=still_open.pk))
    assert not Receipt.objects.filter(pk=proven.pk).exists()
