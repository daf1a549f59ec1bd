"""Shipping: this node's journal to the totals, and what others counted back to the journal.

Runs on every node, each second. Whatever crashes in between, the next run sends again what is not
in the totals; the totals refuse what they have. Batches stay in the journal for a while after they
are shipped, so that a database restored from a backup gets them again.
"""

import threading
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from stoppress.edge.journal import Journal
from stoppress.edge.views import Batch
from stoppress.readership import totals
from stoppress.readership.models import NodeTotal, OpeningBalance

log = structlog.get_logger("readership.shipping")

KEPT_BATCHES = 100_000  # more than a day of one a second
OVERLAP = timedelta(seconds=30)  # a row may be committed some time after the moment it carries
BASES_AT_ONCE = 1000

_lock = threading.Lock()
_based_at: dict[str, datetime] = {}  # journal -> until when its bases are known to be right


def ship(journal: Journal) -> int:
    """Move what was counted to the totals and set the journal's bases. Return the batches added."""
    with _lock:
        journal.seal()
        added = sum(_add(batch) for batch in journal.batches_after(totals.last_batch(journal.node)))
        done = totals.last_batch(journal.node)
        if added and done > KEPT_BATCHES:
            journal.forget(done - KEPT_BATCHES)
        set_bases(journal)
        return added


def _add(batch: Batch) -> bool:
    applied = totals.last_batch(batch.node)
    if batch.number > applied + 1:
        log.error("batches lost", node=batch.node, after=applied, before=batch.number)
        totals.skip_to(batch.node, batch.number - 1)
    return totals.add(batch)


def set_bases(journal: Journal) -> None:
    """Tell the journal what was counted elsewhere, where that moved since the last time."""
    started = timezone.now()
    ids = sorted(_moved_since(_based_at.get(journal.node), journal.node))
    for start in range(0, len(ids), BASES_AT_ONCE):
        some = ids[start : start + BASES_AT_ONCE]
        journal.set_bases(totals.views_of(some, without_node=journal.node))
    _based_at[journal.node] = started - OVERLAP


def forget_bases(node: str) -> None:
    """Set all bases of a journal anew the next time, as when its folder was replaced."""
    _based_at.pop(node, None)


def _moved_since(moment: datetime | None, node: str) -> set[int]:
    others = NodeTotal.objects.exclude(node=node)
    balances = OpeningBalance.objects.all()
    if moment is not None:
        others = others.filter(moved_at__gte=moment)
        balances = balances.filter(moved_at__gte=moment)
    return {
        *others.values_list("article_id", flat=True),
        *balances.values_list("article_id", flat=True),
    }
