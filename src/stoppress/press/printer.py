"""The printer's process: one per node, awake within milliseconds of a commit, never giving up."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from stoppress.edge.errors import StoreDamaged, StoreError
from stoppress.edge.uses import taken_uses
from stoppress.press.crew import Crew
from stoppress.press.errors import PrinterAlreadyRuns
from stoppress.press.fingerprint import announce
from stoppress.press.node import node_name, store
from stoppress.press.numbers import write_down
from stoppress.press.printing import Printer
from stoppress.press.proving import proving
from stoppress.press.purging import Purger, purging
from stoppress.press.receipts import make_up, report
from stoppress.press.trimming import trim
from stoppress.press.waking import Wakeups

log = structlog.get_logger("press.printer")

WAIT_SECONDS = 1.0  # between looks at pages whose next try may be due
LOOK_SECONDS = 10.0  # between looks at the log, though nothing woke us
REPORT_SECONDS = 30.0
NUMBERS_SECONDS = 1.0
TRIM_SECONDS = 600.0
USES_SECONDS = 10.0
FAULT_SECONDS = 1.0


def run_printer(stop: threading.Event | None = None) -> None:
    """Print until `stop` is set.

    Raises PrinterAlreadyRuns if this node has a printer, StoreDamaged if the store is to be set
    aside.
    """
    stop = stop or threading.Event()
    node = node_name()
    with ExitStack() as ending:
        ending.enter_context(only_printer(Path(settings.RUN_DIR)))
        wakeups = ending.enter_context(closing(Wakeups()))
        prover = ending.enter_context(proving())
        crew = ending.enter_context(closing(Crew()))
        purger = ending.enter_context(purging(node))
        printer, errands = None, Errands(node)
        is_news, looked_at = True, float("-inf")
        while not stop.is_set():
            try:
                printer = printer or _start(node, crew, purger)
                if is_news or printer.is_due() or time.monotonic() - looked_at > LOOK_SECONDS:
                    while not stop.is_set() and printer.work():
                        prover.wake()
                    looked_at = time.monotonic()
                errands.run(printer)
                is_news = wakeups.wait(stop, WAIT_SECONDS, also=crew.lines)
                if printer.store.must_reopen():
                    log.warning("printer opens the store anew", store=str(printer.store.directory))
                    printer, is_news = None, True
            except StoreDamaged:
                raise
            except (DatabaseFault, StoreError, OSError) as fault:
                log.warning("printer waits", why=str(fault))
                is_news = _start_clean(printer, wakeups, stop)
                if printer is not None and printer.store.must_reopen():
                    printer = None
            except Exception:
                log.exception("printer failed")
                is_news = _start_clean(printer, wakeups, stop)


def _start(node: str, crew: Crew, purger: Purger) -> Printer:
    announce(node)
    printer = Printer(store(), node, crew, purger)
    make_up(node, printer.store.applied())
    printer.setbacks.clear_all()
    return printer


def _start_clean(printer: Printer | None, wakeups: Wakeups, stop: threading.Event) -> bool:
    """Drop what may be broken, and rest. Whatever came meanwhile is news."""
    if printer is not None:
        printer.lookout.close()
    wakeups.close()
    connection.close()
    stop.wait(FAULT_SECONDS)
    return True


class Errands:
    """What the printer does now and then: tell that it lives, learn what is read, trim the log."""

    def __init__(self, node: str) -> None:
        self.node = node
        self._reported_at = self._trimmed_at = self._written_at = float("-inf")
        self._uses_taken_at = float("-inf")

    def run(self, printer: Printer) -> None:
        """Do what is due."""
        now = time.monotonic()
        if now - self._reported_at >= REPORT_SECONDS:
            report(self.node, printer.store.applied())
            printer.store.clear_dead_readers()
            self._reported_at = now
        if now - self._written_at >= NUMBERS_SECONDS:
            write_down(self.node, printer.store)
            self._written_at = now
        if now - self._uses_taken_at >= USES_SECONDS:
            for uses in taken_uses(printer.store.directory):
                printer.store.note_uses(uses)
            self._uses_taken_at = now
        if now - self._trimmed_at >= TRIM_SECONDS:
            trim()
            self._trimmed_at = now


@contextmanager
def only_printer(run_dir: Path) -> Iterator[None]:
    """Hold this node's printer lock. The kernel lets go of it when the process dies."""
    run_dir.mkdir(parents=True, exist_ok=True)
    path = run_dir / "printer.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise PrinterAlreadyRuns(path, lock.read().strip() or "unknown") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
