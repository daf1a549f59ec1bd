"""Trimming: the log of changes is kept until every live node has applied it, and a week."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from stoppress.press.changes import newest_change
from stoppress.press.models import Change, Node, Receipt

LIVE = timedelta(hours=1)  # a node silent for longer is not waited for, and starts over later
KEPT = timedelta(days=7)  # so long the desk can look up what a change did


def trim(keep: timedelta = KEPT) -> int:
    """Delete changes and receipts that nobody needs; return how many changes went.

    The row that a live node has applied last stays (the node recognises the log by it), and so does
    the newest row, whatever its age. A receipt of a live node that is still open stays, too.
    """
    now = timezone.now()
    live = Node.objects.filter(heard_at__gt=now - LIVE)
    slowest = live.aggregate(slowest=Min("applied"))["slowest"]
    keep_from = newest_change() if slowest is None else min(slowest, newest_change())
    old = Receipt.objects.filter(applied_at__lt=now - keep)
    old.exclude(fetched_at=None, node__in=live.values("name")).delete()
    gone, _ = Change.objects.filter(number__lt=keep_from, written_at__lt=now - keep).delete()
    return gone
