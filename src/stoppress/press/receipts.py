"""Receipts: proof that a publish reached readers' pages.

One row per switch and node names the changes it covers, each page printed in it, how long each
took, which pages it took down, and the time from the oldest change to the switch. What is not in
`printed` was marked stale in the same transaction and follows. Each page is then fetched back
through the edge (see proving.py); a receipt without `fetched_at` is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from stoppress.press.models import Change, Node, Receipt

MOST_GONE = 200  # pages of a takedown that are named and fetched back: each costs the app a 410
MOST_MADE_UP = 200  # pages of a receipt that is written after its printer's death
LONGEST_NUMBER = 18  # digits that fit a BigIntegerField


@dataclass(frozen=True, slots=True)
class Printed:
    """One page of a switch."""

    path: str
    ms: float


def receipts_of(change: int) -> list[Receipt]:
    """Return the receipts that cover a change, one for each node that has applied it."""
    return list(
        Receipt.objects.filter(after__lt=change, change__gte=change).order_by("applied_at", "pk")
    )


def late_receipts() -> QuerySet[Receipt]:
    """Return the open receipts that have raised their alarm, the newest first."""
    return Receipt.objects.filter(fetched_at=None).exclude(alarmed_at=None).order_by("-change")


def find_change(name: str) -> Change | None:
    """Return the change with a number, or with the reference that the desk shows."""
    changes = Change.objects.filter(reference=name)
    if name.isdecimal() and len(name) <= LONGEST_NUMBER:
        changes = changes | Change.objects.filter(number=int(name))
    return changes.order_by("reference").first()


def draft_receipt(
    node: str,
    *,
    after: int,
    change: int,
    printed: list[Printed],
    gone: Iterable[str] = (),
    gone_unnamed: int = 0,
    oldest: datetime,
) -> Receipt:
    """Make a receipt for a switch that has just been done; save it when the database has time.

    `gone_unnamed` pages are gone beside those that are named.
    """
    now = timezone.now()
    taken_down = sorted(gone)
    pages: list[dict[str, Any]] = [
        {"path": p.path, "ms": round(p.ms, 2)} for p in printed if p.path not in taken_down
    ]
    return Receipt(
        node=node,
        after=after,
        change=change,
        printed=pages,
        gone=[{"path": path} for path in taken_down[:MOST_GONE]],
        gone_count=len(taken_down) + gone_unnamed,
        applied_at=now,
        ms=round(max(0.0, (now - oldest).total_seconds() * 1000), 2),
    )


def make_up(node: str, applied: int) -> None:
    """Write the receipt that a printer's death kept from being written after its switch.

    When each page was printed is not known any more: those that the changes name are listed, and
    fetched back like any. The time of the switch is told as that of now, which it did not exceed.
    """
    newest = Receipt.objects.filter(node=node).aggregate(newest=Max("change"))["newest"]
    if newest is None or newest >= applied:
        return
    changes = Change.objects.filter(number__gt=newest, number__lte=applied).order_by("number")
    oldest = changes.first()
    if oldest is None:
        return
    names = (path for row in changes.values_list("first", flat=True) for path in row)
    named = list(islice(dict.fromkeys(names), MOST_MADE_UP))
    receipt = draft_receipt(
        node, after=newest, change=applied, printed=[], oldest=oldest.written_at
    )
    receipt.printed = [{"path": path} for path in named]
    receipt.save()


def report(node: str, applied: int) -> None:
    """Say that this node lives and how far it has come; the log is trimmed behind the slowest."""
    Node.objects.update_or_create(
        name=node, defaults={"applied": applied, "heard_at": timezone.now()}
    )
