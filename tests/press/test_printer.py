"""The printer's process: one per node, awake at once, through outages."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Queue

import pytest
from django.db import connection

from stoppress.cli import supervisor
from stoppress.press import crew, proving, purging
from stoppress.press.errors import PrinterAlreadyRuns
from stoppress.press.models import Change
from stoppress.press.node import node_name
from stoppress.press.printer import only_printer, run_printer
from stoppress.press.receipts import make_up, receipts_of
from stoppress.press.waking import Wakeups
from tests.press import paper as tiny
from tests.press.conftest import settle
from tests.waiting import until

PATIENCE_SECONDS = 20


@contextmanager
def running_printer() -> Iterator[threading.Event]:
    stop, errors = threading.Event(), Queue()

    def run():
        try:
            run_printer(stop)
        except BaseException as error:
            errors.put(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert errors.empty(), errors.get()


def test_a_publish_reaches_the_store_by_itself(paper, store):
    with running_printer():
        until(lambda: store.lineage() != "", "the printer")
        story = tiny.publish("world", "Bridge opens")
        until(lambda: store.find(f"/world/{story.pk}/") is not None, "the printer")
        tiny.update(story, "Bridge closes")
        until(lambda: b"closes" in store.find(f"/world/{story.pk}/").body, "the printer")


def test_the_second_printer_of_a_node_says_so(paper, settings):
    with (
        only_printer(settings.RUN_DIR),
        pytest.raises(PrinterAlreadyRuns, match=r"printer\.lock"),
    ):
        run_printer(threading.Event())
    with only_printer(settings.RUN_DIR):
        pass


def test_the_printer_outlives_an_error_of_its_own(paper, store, monkeypatch):
    failures = iter([OSError("disk away"), ValueError("a bug")])

    def apply_or_fail(self):
        failure = next(failures, None)
        if failure is not None:
            raise failure
        return apply(self)

    from stoppress.press.printing import Printer

    apply = Printer.apply_changes
    monkeypatch.setattr("stoppress.press.printer.FAULT_SECONDS", 0.01)
    monkeypatch.setattr(Printer, "apply_changes", apply_or_fail)
    with running_printer():
        until(lambda: store.lineage() != "", "the printer")
        story = tiny.publish("world", "x")
        until(lambda: store.find(f"/world/{story.pk}/") is not None, "the printer")


def test_a_commit_by_another_wakes_a_waiter(paper):
    never, woke = threading.Event(), threading.Event()
    with closing(Wakeups()) as wakeups:
        for _ in range(3):  # opening, and what was committed before
            wakeups.wait(never, 0.05)

        def publish():
            tiny.publish("world", "x")
            connection.close()

        thread = threading.Thread(target=publish)
        thread.start()
        began = time.monotonic()
        wakeups.wait(never, PATIENCE_SECONDS)
        woke.set()
        thread.join()
        assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_a_waiter_stops_when_told(paper):
    stop = threading.Event()
    with closing(Wakeups()) as wakeups:
        wakeups.wait(stop, 1)
        stop.set()
        began = time.monotonic()
        wakeups.wait(stop, PATIENCE_SECONDS)
        assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_a_node_keeps_its_name(paper):
    assert node_name() == node_name()
    assert len(node_name()) == 32


def test_the_receipt_of_a_printer_that_died_after_its_switch_is_made_up(printer, store):
    tiny.publish("world", "first")
    settle(printer)
    story = tiny.publish("world", "second")
    number = Change.objects.order_by("-number")[0].number
    printer._write_receipts = lambda: None  # it dies here
    printer.apply_changes()
    assert receipts_of(number) == []
    make_up("node-a", store.applied())
    make_up("node-a", store.applied())
    (receipt,) = receipts_of(number)
    assert receipt.printed == [{"path": f"/world/{story.pk}/"}]


def test_it_ends_before_the_supervisor_kills_it() -> None:
    """The edge has ended by then: nothing that the printer asks it for will be answered."""
    ends = (proving.END_SECONDS, purging.END_SECONDS, crew.END_SECONDS)
    assert sum(ends) < supervisor.END_SECONDS
