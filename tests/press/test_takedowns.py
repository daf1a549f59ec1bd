"""Takedowns go first: past what waits, into what is under way, and past the prints of their own."""

import threading
from dataclasses import replace

from django.db import connection

from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.receipts import receipts_of
from tests.press import paper as tiny
from tests.press.conftest import settle


def path_of(story):
    return f"/world/{story.pk}/"


def kill_with_lists(story):
    """Kill a story as the newsroom does: the lists that show it go with its page."""
    with changing(f"kill {story.pk}") as change:
        tiny.Story.objects.filter(pk=story.pk).update(is_killed=True)
        change.gone(f"article:{story.pk}", f"card:{story.pk}")
        change.touch("list:world", "list:latest")


def elsewhere(act, *arguments):
    """Do something as another process would, on another connection."""

    def run():
        act(*arguments)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_a_takedown_does_not_wait_for_the_changes_before_it(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.press.bursts.LONGEST", 3)
    secret = tiny.publish("world", "secret")
    settle(printer)
    before, read, while_printing = store.applied(), tiny.newest, []
    for n in range(8):
        tiny.publish("world", f"story {n}")
    tiny.kill(secret)
    later = tiny.publish("world", "later")

    def look(section):
        found = store.find(path_of(secret))
        while_printing.append(found is None or found.status == 410)
        return read(section)

    store.put(print_page("/"))
    monkeypatch.setattr(tiny, "newest", look)
    assert printer.apply_changes()
    assert while_printing
    assert all(while_printing)
    assert store.applied() >= before + 9
    assert len(receipts_of(before + 1)) == 1  # one receipt proves them all
    settle(printer)
    assert b"later" in store.find("/").body
    assert store.find(path_of(later)) is not None


def test_a_takedown_of_very_many_pages_names_some_and_counts_all(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.edge.store.SHARED_BY_MANY", 10)
    monkeypatch.setattr("stoppress.press.printing.MOST_GONE", 15)
    monkeypatch.setattr("stoppress.press.receipts.MOST_GONE", 15)
    story = tiny.publish("world", "secret")
    settle(printer)
    page = print_page(path_of(story))
    copies = [replace(page, path=f"/old/{number}/") for number in range(900, 940)]
    assert store.put_all(copies) == []
    tiny.kill(story)
    assert printer.apply_changes()
    (receipt,) = receipts_of(store.applied())
    assert receipt.gone_count == 41  # forty that are no pages of the paper, and the story says 410
    assert len(receipt.gone) == 15
    assert all(store.find(copy.path) is None for copy in copies)


def test_a_burst_of_both_takes_down_first_and_publishes_then(printer, store):
    secret = tiny.publish("world", "secret")
    settle(printer)
    for path in ("/", "/world/"):
        store.put(print_page(path))
    fresh = tiny.publish("world", "fresh")
    tiny.kill(secret)
    assert printer.apply_changes()
    assert store.find(path_of(secret)).status == 410
    for path in ("/", "/world/"):
        assert b"fresh" in store.find(path).body
        assert b"secret" not in store.find(path).body
        assert not store.find(path).is_stale
    assert store.find(path_of(fresh)) is not None


def test_a_takedown_ends_a_print_that_is_under_way(printer, store, monkeypatch):
    monkeypatch.setattr("stoppress.press.waking.LOOK_SECONDS", 0.0)
    secret = tiny.publish("world", "secret")
    settle(printer)
    before, find, rendered = store.applied(), tiny.find_story, []

    def find_and_kill(pk):
        rendered.append(pk)
        if len(rendered) == 1:
            elsewhere(tiny.kill, secret)
        return find(pk)

    monkeypatch.setattr(tiny, "find_story", find_and_kill)
    stories = [tiny.publish("world", f"story {n}") for n in range(9)]
    assert printer.apply_changes()
    assert len(rendered) == 1
    assert store.applied() == before  # nothing half done
    assert printer.apply_changes()
    assert store.find(path_of(secret)).status == 410
    settle(printer)
    assert all(store.find(path_of(story)) is not None for story in stories)


def test_lists_that_went_with_a_story_come_back_before_all_else(printer, store, monkeypatch):
    secret = tiny.publish("world", "secret")
    settle(printer)
    for path in ("/", "/world/"):
        store.put(print_page(path))
    tiny.publish("sport", "other")
    kill_with_lists(secret)
    find, when_others_print = tiny.find_story, []

    def look(pk):
        if pk != secret.pk:
            when_others_print.append(store.find("/"))
        return find(pk)

    monkeypatch.setattr(tiny, "find_story", look)
    assert printer.apply_changes()
    (front,) = when_others_print
    assert b"secret" not in front.body
    (receipt,) = receipts_of(store.applied())
    assert [page["path"] for page in receipt.gone] == [path_of(secret)]


def test_a_list_that_fails_after_a_takedown_stays_gone(printer, store, monkeypatch):
    secret = tiny.publish("world", "secret")
    settle(printer)
    store.put(print_page("/"))
    monkeypatch.setattr(tiny, "newest", lambda section: 1 / 0)
    kill_with_lists(secret)
    settle(printer)
    assert store.find("/") is None
    assert printer.setbacks.pages["/"].tries == 1
