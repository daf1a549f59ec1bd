"""The printer's process is killed, really, at each of its steps; the next one finishes its work."""

import os
import signal

import pytest
from django.db import connections

from stoppress.press import node
from stoppress.press.printing import Printer
from tests.newsroom.settling.machine import check_receipts, check_settled, death_at, settle, started
from tests.newsroom.settling.room import NODE, Fate, do

STEPS = (0, 1, 2, 3, 4, 6, 8, 10)
SOFT, HARD = "change_headline", "kill_story"


def work_and_die(step: int) -> int | None:
    """Let a printer in a process of its own work until it dies; returns the signal that ended it.

    The child opens everything itself: what the parent has open is closed before they part.
    """
    connections.close_all()
    node.close_store()
    pid = os.fork()
    if pid == 0:
        try:
            store = node.store()
            with death_at(step, store, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                settle(Printer(store, NODE))
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else None


@pytest.mark.parametrize("name", [SOFT, HARD])
def test_a_killed_printer_leaves_nothing_wrong_behind(room, name):
    settle(Printer(node.store(), NODE))
    killed = 0
    for step in STEPS:
        while room.pick(0, Fate.LIVE) is None:
            do(room, "publish_story", step)
        assert do(room, name, step)
        killed += work_and_die(step) == signal.SIGKILL
        printer = started(node.store())
        settle(printer)
        check_settled(room, printer.store)
        check_receipts(printer.store)
    assert killed >= 4
