"""Receipts: proof that a publish reached readers' pages.

One row per switch and node names the changes it covers, each page printed in it, how long each
took, and the time from the oldest change to the switch. What is not in `printed` was marked
stale in the same transaction and follows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from stoppress.press.models import Node, Receipt


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


def draft_receipt(
    node: str, *, after: int, change: int, printed: list[Printed], oldest: datetime
) -> Receipt:
    """Make a receipt for a switch that has just been done; save it when the database has time."""
    now = timezone.now()
    pages: list[dict[str, Any]] = [{"path": p.path, "ms": round(p.ms, 2)} for p in printed]
    return Receipt(
        node=node,
        after=after,
        change=change,
        printed=pages,
        applied_at=now,
        ms=round((now - oldest).total_seconds() * 1000, 2),
    )


def report(node: str, applied: int) -> None:
    """Say that this node lives and how far it has come; the log is trimmed behind the slowest."""
    Node.objects.update_or_create(
        name=node, defaults={"applied": applied, "heard_at": timezone.now()}
    )
