"""Lineage: a store that is not of this database, as it is now, is discarded."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from stoppress.press import lineage
from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import UnguardedWrite
from stoppress.press.fingerprint import announce
from stoppress.press.models import Change, Lineage, Node, Receipt
from stoppress.press.receipts import report
from stoppress.press.trimming import trim
from tests.press import paper as tiny
from tests.press.conftest import settle


def restore(rows: list[Change]) -> None:
    """Put the log back to what a backup held, as pg_restore does: without triggers."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET LOCAL session_replication_role = replica")
        Change.objects.all().delete()
        Change.objects.bulk_create(rows)


def test_a_new_store_takes_the_name_of_its_database(printer, store):
    assert store.lineage() == lineage.lineage() == Lineage.objects.get().name
    assert store.applied() == Change.objects.order_by("number").last().number
    assert lineage.why_not_trusted(store) is None


def test_a_store_of_another_database_is_discarded(printer, store):
    tiny.publish("world", "x")
    settle(printer)
    store.put(print_page("/"))
    Lineage.objects.update(name="another")
    assert printer.apply_changes()
    assert store.find("/") is None
    assert store.lineage() == "another"


def test_a_flushed_database_is_another_one(printer, store):
    before = store.lineage()
    Lineage.objects.all().delete()
    settle(printer)
    assert store.lineage() not in ("", before)


def test_a_database_restored_to_an_older_change_is_noticed(printer, store):
    tiny.publish("world", "kept")
    settle(printer)
    backup = list(Change.objects.order_by("pk"))
    tiny.publish("world", "lost with the disk")
    settle(printer)
    store.put(print_page("/"))
    restore(backup)
    printer.apply_changes()
    assert store.find("/") is None
    assert store.applied() == backup[-1].number


def test_a_restored_database_that_has_gone_on_is_noticed(printer, store):
    """Its numbers have passed the last one applied, but that one is not the same change."""
    backup = list(Change.objects.order_by("pk"))
    tiny.publish("world", "lost with the disk")
    settle(printer)
    store.put(print_page("/"))
    lost = Change.objects.order_by("number").last()
    again = Change(pk=lost.pk, number=lost.number, what="other", written_at=timezone.now())
    restore([*backup, again])
    assert "restored" in (lineage.why_not_trusted(store) or "")
    printer.apply_changes()
    assert store.find("/") is None


def test_a_log_that_lost_what_was_applied_is_noticed(printer, store):
    tiny.publish("world", "x")
    settle(printer)
    for _ in range(3):
        tiny.publish("world", "y")
    Change.objects.filter(number__lte=store.applied() + 1).delete()
    assert "does not hold change" in (lineage.why_not_trusted(store) or "")


def test_a_render_from_before_a_store_started_over_is_not_kept_as_fresh(printer, store):
    old = print_page("/")
    tiny.publish("world", "x")
    settle(printer)
    lineage.start_over(store)
    with pytest.raises(Exception, match="Render it again"):
        store.put(old)


def test_the_log_is_kept_for_the_slowest_live_node(printer, store):
    for n in range(6):
        tiny.publish("world", f"story {n}")
    slow = store.applied() + 2
    settle(printer)
    report("node-b", slow)
    assert trim(keep=timedelta(0)) == slow - 1
    assert Change.objects.order_by("number").first().number == slow


def test_a_node_that_has_been_silent_is_not_waited_for(printer, store):
    tiny.publish("world", "x")
    settle(printer)
    report("node-b", 0)
    Node.objects.filter(name="node-b").update(heard_at=timezone.now() - timedelta(hours=2))
    trim(keep=timedelta(0))
    assert [row.number for row in Change.objects.all()] == [store.applied()]


def test_the_newest_change_is_never_trimmed(printer):
    Node.objects.all().delete()
    trim(keep=timedelta(0))
    assert Change.objects.count() == 1


def test_young_changes_and_receipts_are_kept_for_the_desk(printer, store):
    tiny.publish("world", "x")
    settle(printer)
    count = Change.objects.count()
    assert trim() == 0
    assert Change.objects.count() == count
    assert Receipt.objects.exists()


def test_other_software_or_settings_touch_everything(printer, store, settings):
    announce("node-a")
    before = Change.objects.count()
    announce("node-a")
    assert Change.objects.count() == before
    settings.PAPER_NAME = "Another Paper"
    announce("node-a")
    assert Change.objects.order_by("number").last().touched == ["epoch:all"]
    announce("node-new")
    assert Change.objects.count() == before + 1


def test_the_guard_covers_the_tiny_paper(paper):
    with pytest.raises(UnguardedWrite):
        tiny.Story.objects.create(section="world", headline="x")
    with changing("x") as change:
        change.touch("list:world")
        tiny.Story.objects.create(section="world", headline="x")
