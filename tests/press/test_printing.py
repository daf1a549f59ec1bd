"""The printer: after it settles, every stored page is right, and what is gone is gone."""

import pytest
from django.db import connection

from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import RenderTookTooLong
from stoppress.press.models import Change, PrintAlarm
from stoppress.press.printing import CORE_SET, Printer, core_set
from stoppress.press.receipts import receipts_of
from tests.press import paper as tiny
from tests.press.conftest import settle


def test_a_new_story_is_printed_though_nobody_asked(printer, store):
    story = tiny.publish("world", "Bridge opens")
    settle(printer)
    assert store.find(f"/world/{story.pk}/").body.startswith(b"<h1>Bridge opens")


def test_pages_that_list_a_story_are_new_in_the_same_switch(printer, store):
    for path in ("/", "/world/", "/-/parts/latest/"):
        store.put(print_page(path))
    before = store.applied()
    story = tiny.publish("world", "Bridge opens")
    assert printer.apply_changes()
    assert [number for number, _ in store.changes_after(before, 10)] == [store.applied()]
    for path in ("/", "/world/", "/-/parts/latest/"):
        assert b"Bridge opens" in store.find(path).body
        assert not store.find(path).is_stale
    assert store.find(f"/world/{story.pk}/").change == store.find("/").change


def test_a_burst_is_applied_as_one(printer, store):
    before = store.applied()
    for n in range(7):
        tiny.publish("world", f"story {n}")
    assert printer.apply_changes()
    assert not printer.apply_changes()
    assert len(store.changes_after(before, 10)) == 1
    assert len(receipts_of(before + 1)) == 1
    assert receipts_of(before + 1) == receipts_of(before + 7)


def test_what_is_not_in_the_switch_is_stale_and_printed_after(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.press.printing.CORE_SET", 2)
    stories = [tiny.publish("world", f"story {n}") for n in range(4)]
    paths = ["/", "/world/", *(f"/world/{s.pk}/" for s in stories)]
    settle(printer)
    for path in paths:
        store.put(print_page(path))
    with changing("rename everything") as change:
        tiny.Story.objects.update(headline="renamed")
        change.touch(*(f"article:{s.pk}" for s in stories), *(f"card:{s.pk}" for s in stories))
    printer.apply_changes()
    assert {path for path in paths if not store.find(path).is_stale} == {"/", "/world/"}
    settle(printer)
    assert all(b"renamed" in store.find(path).body for path in paths)
    assert not any(store.find(path).is_stale for path in paths)


def test_the_core_set_takes_named_pages_first_then_the_low_ranks(printer, store):
    story = tiny.publish("world", "x")
    settle(printer)
    for path in ("/world/", "/", "/-/parts/latest/"):
        store.put(print_page(path))
    row = Change(touched=["list:world", "list:latest", f"article:{story.pk}"], first=["/sport/7/"])
    assert core_set(store, [row]) == [
        "/sport/7/",
        "/",
        "/-/parts/latest/",
        "/world/",
        f"/world/{story.pk}/",
    ]
    many = Change(touched=[], first=[f"/world/{n}/" for n in range(200)])
    assert len(core_set(store, [many])) == CORE_SET


def test_a_killed_story_is_gone_before_anything_is_printed(printer, store, monkeypatch):
    story = tiny.publish("world", "secret")
    settle(printer)
    store.put(print_page("/"))
    path, read, while_printing = f"/world/{story.pk}/", tiny.newest, []

    def look(section):
        while_printing.append(store.find(path))
        return read(section)

    tiny.kill(story)
    monkeypatch.setattr(tiny, "newest", look)
    printer.apply_changes()
    assert [found is None or found.status == 410 for found in while_printing] == [True]
    assert store.find(path).status == 410


def test_a_deleted_story_leaves_the_store(printer, store):
    story = tiny.publish("world", "x")
    settle(printer)
    tiny.delete(story)
    settle(printer)
    assert store.find(f"/world/{story.pk}/") is None


def test_a_page_that_is_no_more_without_a_takedown_leaves_the_store(printer, store):
    stories = [tiny.publish("world", f"story {n}") for n in range(4)]
    settle(printer)
    store.put(print_page("/world/?page=2"))
    tiny.move(stories[0], "sport")
    settle(printer)
    assert store.find("/world/?page=2") is None


def test_an_epoch_makes_every_page_new(printer, store):
    tiny.publish("world", "x")
    settle(printer)
    for path in ("/", "/world/"):
        store.put(print_page(path))
    with changing("another name") as change:
        change.touch("epoch:settings")
    printer.apply_changes()
    assert store.find("/").is_stale
    settle(printer)
    assert store.stale_paths(10) == []
    assert store.find("/").change == store.applied()


def test_a_page_that_fails_raises_an_alarm_and_blocks_nothing(printer, store):
    story = tiny.publish("world", "fine")
    settle(printer)
    tiny.update(story, "explode")
    other = tiny.publish("sport", "other")
    settle(printer)
    path = f"/world/{story.pk}/"
    assert b"fine" in store.find(path).body  # the old edition serves on
    assert store.find(path).is_stale
    assert store.find(f"/sport/{other.pk}/") is not None
    alarm = PrintAlarm.objects.get()
    assert (alarm.path, alarm.tries, alarm.node) == (path, 1, "node-a")
    assert "ValueError: explode" in alarm.why


def test_a_page_that_failed_is_tried_again_later_and_later(printer, store):
    story = tiny.publish("world", "explode")
    settle(printer)
    path = f"/world/{story.pk}/"
    waits = []
    for _ in range(12):
        setback = printer.setbacks.pages[path]
        waits.append(setback.tries)
        printer.setbacks.note(path, ValueError("again"))
    assert waits == list(range(1, 13))
    assert PrintAlarm.objects.get().tries == 13
    assert path in printer.setbacks.waiting()


def test_an_alarm_goes_when_the_page_prints_again(printer, store):
    story = tiny.publish("world", "fine")
    settle(printer)
    tiny.update(story, "explode")
    settle(printer)
    tiny.update(story, "mended")
    printer.setbacks.pages[f"/world/{story.pk}/"].again_at = 0
    settle(printer)
    assert b"mended" in store.find(f"/world/{story.pk}/").body
    assert not PrintAlarm.objects.exists()


def test_a_page_that_breaks_the_snapshot_does_not_fail_its_neighbours(printer, store, monkeypatch):
    good, bad = tiny.publish("world", "good"), tiny.publish("world", "bad")
    settle(printer)
    find = tiny.find_story

    @tiny.reads
    def find_or_break(pk):
        tiny.record(f"article:{pk}")
        if pk == bad.pk:
            connection.cursor().execute("SELECT no_such_column FROM press_tests_story")
        return find(pk)

    monkeypatch.setattr(tiny, "find_story", find_or_break)
    tiny.update(bad, "worse")
    tiny.update(good, "better")
    settle(printer)
    assert b"better" in store.find(f"/world/{good.pk}/").body
    assert "no_such_column" in PrintAlarm.objects.get().why


ENDLESS_QUERY = (
    "WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless) "
    "SELECT count(*) FROM endless"
)


def run_for_ever():
    try:
        while True:
            pass
    except RenderTookTooLong:  # as a page's own code does that catches everything
        while True:
            pass


def ask_for_ever():
    connection.cursor().execute(ENDLESS_QUERY)


@pytest.mark.parametrize("hang", [run_for_ever, ask_for_ever])
def test_a_page_that_never_ends_is_given_up(printer, store, monkeypatch, hang):
    good, bad = tiny.publish("world", "good"), tiny.publish("world", "bad")
    settle(printer)
    find = tiny.find_story

    @tiny.reads
    def find_or_hang(pk):
        tiny.record(f"article:{pk}")
        if pk == bad.pk:
            hang()
        return find(pk)

    monkeypatch.setattr(tiny, "find_story", find_or_hang)
    monkeypatch.setattr("stoppress.press.limits.RENDER_SECONDS", 0.4)
    monkeypatch.setattr("stoppress.press.snapshot.STATEMENT_MS", 300)
    tiny.update(bad, "worse")
    tiny.update(good, "better")
    settle(printer)
    assert b"better" in store.find(f"/world/{good.pk}/").body
    assert b"bad" in store.find(f"/world/{bad.pk}/").body
    assert PrintAlarm.objects.get().path == f"/world/{bad.pk}/"


def test_an_error_in_a_template_is_an_alarm(printer, store, monkeypatch):
    from jinja2 import Environment, StrictUndefined

    template = Environment(undefined=StrictUndefined, autoescape=True).from_string("{{ s.name }}")
    tiny.publish("world", "fine")
    settle(printer)
    store.put(print_page("/"))
    monkeypatch.setattr(tiny.Story, "__str__", lambda self: template.render(s=self))
    story = tiny.publish("world", "next")
    settle(printer)
    assert store.find(f"/world/{story.pk}/") is not None
    assert b"fine" in store.find("/").body
    assert "UndefinedError" in PrintAlarm.objects.get(path="/").why


def test_a_receipt_names_the_pages_of_its_switch(printer, store):
    store.put(print_page("/"))
    story = tiny.publish("world", "x")
    settle(printer)
    (receipt,) = receipts_of(store.applied())
    assert {page["path"] for page in receipt.printed} == {"/", f"/world/{story.pk}/"}
    assert all(page["ms"] > 0 for page in receipt.printed)
    assert (receipt.node, receipt.change) == ("node-a", store.applied())
    assert receipt.ms > 0


def test_each_node_prints_for_itself(printer, store, tmp_path, settings):
    from stoppress.edge.store import Store

    other_store = Store.open(tmp_path / "other", max_bytes=2**24)
    other = Printer(other_store, "node-b")
    settle(other)
    story = tiny.publish("world", "x")
    settle(printer)
    settle(other)
    assert other_store.find(f"/world/{story.pk}/") is not None
    assert {receipt.node for receipt in receipts_of(store.applied())} == {"node-a", "node-b"}
    other_store.close()


def test_every_page_that_a_burst_names_is_there_after_its_switch(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.press.printing.CORE_SET", 3)
    monkeypatch.setattr("stoppress.press.printing.SWITCH_SECONDS", 0.0)
    stories = [tiny.publish("world", f"story {n}") for n in range(9)]
    printer.apply_changes()
    assert all(store.find(f"/world/{story.pk}/") for story in stories)


def test_pages_named_beside_a_takedown_are_there_too(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.press.printing.CORE_SET", 3)
    monkeypatch.setattr("stoppress.press.printing.SWITCH_SECONDS", 0.0)
    tiny.kill(tiny.publish("world", "secret"))
    stories = [tiny.publish("world", f"story {n}") for n in range(9)]
    printer.apply_changes()
    assert all(store.find(f"/world/{story.pk}/") for story in stories)
