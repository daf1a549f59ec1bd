"""The crew: stale pages printed by other processes, which may die at any time."""

import json
import os
import signal
import sys
import time

import pytest
from django.db import connection

from stoppress.press.changes import changing
from stoppress.press.crew import Crew, spare_cores
from stoppress.press.editions import print_page
from stoppress.press.models import PrintAlarm
from stoppress.press.printing import Printer
from tests.press import paper as tiny
from tests.press.conftest import settle
from tests.waiting import until

PATIENCE_SECONDS = 60
LARGE_BYTES = 256 * 2**20  # more than a hand for the tiny paper may have
# A hand takes seconds to start, so what does not depend on the database is tried on one.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def crew(paper, settings, monkeypatch):
    """A hand for the tiny paper; a handful of stale pages is worth it."""
    monkeypatch.setattr("stoppress.press.crew.WORTH_A_HAND", 4)
    monkeypatch.setattr("stoppress.press.crew.JOB", 3)
    monkeypatch.setattr("stoppress.press.crew.PAUSE_SECONDS", 0.05)
    monkeypatch.setattr("stoppress.press.limits.RENDER_SECONDS", 0.5)
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    declared = {n: connection.settings_dict[n] for n in names if n in connection.settings_dict}
    chosen = {
        "DATABASE": declared,
        "ROOT_URLCONF": settings.ROOT_URLCONF,
        "STORE_DIR": str(settings.STORE_DIR),
        "ORIGIN": settings.ORIGIN,
    }
    command = (sys.executable, "-m", "tests.press.hand", json.dumps(chosen, default=str))
    crew = Crew(command, most=1)
    yield crew
    crew.close()
    assert not crew.hands


@pytest.fixture
def printer(store, crew):
    printer = Printer(store, "node-a", crew)
    settle(printer)
    return printer


def printed_stories(printer, headlines):
    stories = [tiny.publish("world", headline) for headline in headlines]
    settle(printer)
    for story in stories:
        printer.store.put(print_page(path_of(story)))
    return stories


def path_of(story):
    return f"/world/{story.pk}/"


def touch_everything():
    with changing("another theme") as change:
        change.touch("epoch:theme")


def work_until(printer, condition):
    def has_come():
        printer.work()
        return condition()

    until(has_come, "the crew", seconds=PATIENCE_SECONDS)


def only_the_crew(monkeypatch):
    """Let the printer itself print nothing stale."""
    monkeypatch.setattr("stoppress.press.printing.STALE_BATCH", 0)


def test_the_crew_prints_what_is_stale(printer, store, crew, monkeypatch):
    crew.most = 2
    stories = printed_stories(printer, [f"story {n}" for n in range(12)])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: not store.stale_paths(1))
    assert {store.find(path_of(story)).change for story in stories} == {store.applied()}
    until(lambda: printer.work() or not crew.is_at_work, "the last answers")
    assert not crew.in_hand


@on_sqlite
def test_a_publish_does_not_wait_for_the_crew(printer, store, crew, monkeypatch):
    printed_stories(printer, [f"story {n}" for n in range(12)])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: crew.is_at_work)
    os.kill(crew.hands[0].process.pid, signal.SIGSTOP)
    story = tiny.publish("world", "now")
    assert printer.apply_changes()
    assert store.find(path_of(story)) is not None
    os.kill(crew.hands[0].process.pid, signal.SIGCONT)
    work_until(printer, lambda: not store.stale_paths(1))


@on_sqlite
@pytest.mark.parametrize("when", ["starting", "at work"])
def test_a_hand_that_is_killed_loses_nothing(printer, store, crew, monkeypatch, when):
    stories = printed_stories(printer, [f"story {n}" for n in range(12)])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: crew.hands if when == "starting" else crew.is_at_work)
    for hand in crew.hands:
        hand.process.kill()
    work_until(printer, lambda: not store.stale_paths(1))
    assert {store.find(path_of(story)).change for story in stories} == {store.applied()}
    until(lambda: printer.work() or not PrintAlarm.objects.exists(), "the alarms to end")


@on_sqlite
@pytest.mark.parametrize("fate", ["hang", "die"])
def test_a_page_that_takes_its_process_along_is_an_alarm(printer, store, crew, monkeypatch, fate):
    good, bad = printed_stories(printer, ["good", "bad"])
    only_the_crew(monkeypatch)
    with changing("worse") as change:
        tiny.Story.objects.filter(pk=bad.pk).update(headline=fate)
        change.touch("epoch:theme")
    monkeypatch.setattr("stoppress.press.crew.WORTH_A_HAND", 1)
    work_until(printer, lambda: PrintAlarm.objects.exists())
    alarm = PrintAlarm.objects.get()
    assert (alarm.path, alarm.node) == (path_of(bad), "node-a")
    assert "ended with code -9" in alarm.why
    work_until(printer, lambda: not store.find(path_of(good)).is_stale)
    assert b"bad" in store.find(path_of(bad)).body
    tiny.update(bad, "mended")
    work_until(printer, lambda: b"mended" in store.find(path_of(bad)).body)
    until(lambda: printer.work() or not PrintAlarm.objects.exists(), "the alarm to end")


@on_sqlite
def test_hands_that_idle_are_let_go(printer, store, crew, monkeypatch):
    printed_stories(printer, [f"story {n}" for n in range(6)])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: not store.stale_paths(1) and crew.hands)
    processes = [hand.process for hand in crew.hands]
    monkeypatch.setattr("stoppress.press.crew.IDLE_SECONDS", 0.0)
    work_until(printer, lambda: not crew.hands)
    until(lambda: all(process.poll() == 0 for process in processes), "the hands to end")


@on_sqlite
def test_hands_of_a_large_printer_print(printer, store, crew, monkeypatch):
    printed_stories(printer, [f"story {n}" for n in range(6)])
    only_the_crew(monkeypatch)
    touch_everything()
    ballast = b"\1" * LARGE_BYTES  # a child's ru_maxrss begins with what its parent had
    work_until(printer, lambda: crew.hands)
    del ballast
    hand = crew.hands[0]
    work_until(printer, lambda: not store.stale_paths(1))
    assert crew.hands == [hand]


@on_sqlite
def test_a_hand_that_has_grown_large_is_replaced(printer, store, crew, monkeypatch):
    stories = printed_stories(printer, [*(f"story {n}" for n in range(5)), "swell"])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: crew.is_at_work)
    process = crew.hands[0].process
    until(lambda: printer.work() or process.poll() == 0, "its end", seconds=PATIENCE_SECONDS)
    work_until(printer, lambda: not store.stale_paths(1))
    assert {store.find(path_of(story)).change for story in stories} == {store.applied()}
    assert not PrintAlarm.objects.exists()


@on_sqlite
def test_hands_end_when_the_printer_is_gone(crew, store):
    crew._hire(1)
    process = crew.hands[0].process
    until(lambda: crew.collect() or crew.hands[0].is_ready, "a hand", seconds=PATIENCE_SECONDS)
    crew.hands[0].line.close()  # as the kernel does for a printer that was killed
    until(lambda: process.poll() == 0, "the hand to end")
    crew.hands.clear()


def test_one_core_is_left_to_readers():
    assert 1 <= spare_cores() <= max(1, os.cpu_count() - 1)


@on_sqlite
def test_a_print_is_not_ahead_of_its_switch(printer, store, crew, monkeypatch):
    stories = printed_stories(printer, [f"story {n}" for n in range(6)])
    only_the_crew(monkeypatch)
    touch_everything()
    work_until(printer, lambda: any(hand.is_ready for hand in crew.hands))
    until(lambda: printer.work() or not store.stale_paths(1), "the crew")
    touch_everything()
    printer.apply_changes()
    tiny.update(stories[0], "newer")  # not applied yet
    printer.print_stale()
    time.sleep(0.3)
    assert b"newer" not in store.find(path_of(stories[0])).body
    settle(printer)
    work_until(printer, lambda: b"newer" in store.find(path_of(stories[0])).body)
