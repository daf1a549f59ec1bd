"""Proving: every page of a receipt is fetched back through this node's edge.

A finished write proves only that we wrote. The edge says of each page which change its print saw;
the page is fresh if that is the receipt's or a later one. What was taken down must be gone. A page
not proven fresh within five seconds is an alarm at the desk, and its receipt stays open until it
is: it is never closed by time, and a printer that starts again takes up what the last one left.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from stoppress.edge.store import Store
from stoppress.press.fetching import EdgeAway, EdgeReader, Fetched
from stoppress.press.models import Receipt
from stoppress.press.node import node_name, store
from stoppress.press.numbers import counted, metrics

log = structlog.get_logger("press.proving")

ALARM_AFTER = timedelta(seconds=5)
MOST_OPEN = 200  # receipts looked at in one round, the newest first
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 10.0
END_SECONDS = 1.0  # the edge ends first: what is open is proven after the next start
GONE_STATUSES = frozenset({404, 410})


class Prover:
    """Closes this node's receipts, in a thread beside the printer."""

    def __init__(self, node: str, store: Store, address: str, host: str) -> None:
        self.node = node
        self.store = store
        self.address = address
        self.host = host
        self._stop = False
        self._news = threading.Event()

    def wake(self) -> None:
        """Say that there may be new receipts."""
        self._news.set()

    def stop(self) -> None:
        """End `run` soon."""
        self._stop = True
        self._news.set()

    def run(self) -> None:
        """Prove receipts until told to stop."""
        pause = 0.0
        while not self._stop:
            try:
                still_open = self.look()
            except Exception:  # the outermost loop of a thread: the next look may do better
                log.exception("receipts not proven")
                connection.close()
                still_open = True
            woken = self._news.wait(pause if still_open else None)
            self._news.clear()
            pause = 0.0 if woken else min(2 * pause, LONGEST_PAUSE_SECONDS)
            pause = pause or FIRST_PAUSE_SECONDS
        connection.close()

    def look(self) -> bool:
        """Fetch what open receipts wait for; return whether any stays open."""
        receipts = Receipt.objects.filter(node=self.node, fetched_at=None)
        waiting = list(receipts.order_by("-change")[:MOST_OPEN])
        if not waiting:
            return False
        answers: dict[str, Fetched] = {}
        with closing(EdgeReader(self.address, self.host)) as reader:
            for receipt in waiting:
                if self._stop:
                    break
                self._look_at(receipt, reader, answers)
        return any(not receipt.is_proven for receipt in waiting)

    def _look_at(self, receipt: Receipt, reader: EdgeReader, answers: dict[str, Fetched]) -> None:
        why = ""
        try:
            for page in receipt.pages:
                if "fresh_ms" not in page:
                    why = self._fetch_back(receipt, page, reader, answers) or why
        except EdgeAway as error:
            why = f"The edge does not answer at {self.address}: {error}"
        self._note(receipt, why)

    def _fetch_back(
        self,
        receipt: Receipt,
        page: dict[str, Any],
        reader: EdgeReader,
        answers: dict[str, Fetched],
    ) -> str:
        """Note that a page is fresh; else say what came instead."""
        path = page["path"]
        if path not in answers:
            answers[path] = reader.fetch(path)
        answer = answers[path]
        if (answer.change or 0) >= receipt.change or self._is_gone(receipt, path, answer):
            page["fresh_ms"] = since(receipt, timezone.now())
            return ""
        what = "no stored page" if answer.change is None else f"change {answer.change}"
        return f"{path} answered {answer.status} with {what}"

    def _is_gone(self, receipt: Receipt, path: str, answer: Fetched) -> bool:
        """Whether there is rightly no page: this change took it down, or a later one did."""
        if answer.status not in GONE_STATUSES or self.store.applied() < receipt.change:
            return False
        return self.store.find(path) is None

    def _note(self, receipt: Receipt, why: str) -> None:
        now = timezone.now()
        was = (receipt.why_open, receipt.alarmed_at)
        if not why:
            receipt.fetched_at, receipt.why_open = now, ""
            counted["fetched_back"] += len(receipt.pages)
            metrics().time("proof", since(receipt, now) / 1000)
            log.info(
                "fetched back",
                change=receipt.change,
                pages=len(receipt.pages),
                ms=since(receipt, now),
            )
        else:
            receipt.why_open = why[:500]
            if receipt.alarmed_at is None and now - receipt.applied_at > ALARM_AFTER:
                receipt.alarmed_at = now
                counted["late"] += 1
                log.error("not proven fresh", change=receipt.change, why=why)
        if receipt.is_proven or was != (receipt.why_open, receipt.alarmed_at):
            receipt.save(update_fields=["printed", "gone", "fetched_at", "alarmed_at", "why_open"])


def since(receipt: Receipt, moment: datetime) -> float:
    """Return the milliseconds from the writing of a receipt's oldest change to a moment."""
    after_switch = (moment - receipt.applied_at).total_seconds() * 1000
    return round(receipt.ms + max(0.0, after_switch), 1)


@contextmanager
def proving() -> Iterator[Prover]:
    """Run this node's prover beside the block."""
    host = settings.ORIGIN.partition("://")[2]
    prover = Prover(node_name(), store(), settings.EDGE_ADDRESS, host)
    thread = threading.Thread(target=prover.run, name="prover", daemon=True)
    thread.start()
    try:
        yield prover
    finally:
        prover.stop()
        thread.join(END_SECONDS)
