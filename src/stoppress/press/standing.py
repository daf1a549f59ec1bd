"""Where a change stands: waiting for print, live, proven, or late; in words for an editor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import chain

from django.utils import timezone

from stoppress.press.models import Change, Node, Receipt
from stoppress.press.proving import ALARM_AFTER
from stoppress.press.receipts import receipts_of
from stoppress.press.trimming import LIVE


class State(StrEnum):
    """How far a change has come, on the slowest machine."""

    WAITING = "waiting"  # not printed everywhere yet
    LIVE = "live"  # switched everywhere, not fetched back yet
    PROVEN = "proven"  # each page was fetched back fresh
    LATE = "late"  # not proven within the time we promise


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a change stands, and the receipts that say so."""

    change: Change
    state: State
    text: str
    receipts: tuple[Receipt, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing will change by itself within seconds."""
        return self.state in (State.PROVEN, State.LATE)


def standing_of(change: Change) -> Standing:
    """Look up where a change stands on all live machines."""
    receipts = receipts_of(change.number) if change.number else []
    live = Node.objects.filter(heard_at__gt=timezone.now() - LIVE)
    return judge(change, receipts, list(live))


def judge(change: Change, receipts: Sequence[Receipt], live: Sequence[Node]) -> Standing:
    """Say where a change stands, from its receipts and the machines that ought to have one."""
    have = {receipt.node for receipt in receipts}
    missing = [node.name for node in live if node.name not in have]
    if missing or not receipts:
        return _not_printed(change, receipts, len(missing))
    still_open = [receipt for receipt in receipts if not receipt.is_proven]
    live_on = _live_on(receipts)
    if not still_open:
        slowest = max(_fresh_after(receipt) for receipt in receipts)
        how = "each fetched back" if _pages(receipts) else "nothing to fetch back"
        text = f"{live_on}; {how} through the edge within {_duration(slowest)}."
        return Standing(change, State.PROVEN, text, tuple(receipts))
    late = [receipt for receipt in still_open if receipt.alarmed_at]
    if late:
        return Standing(
            change, State.LATE, f"{live_on}, but not proven: {late[0].why_open}.", tuple(receipts)
        )
    return Standing(change, State.LIVE, f"{live_on}; fetching them back…", tuple(receipts))


def _not_printed(change: Change, receipts: Sequence[Receipt], missing: int) -> Standing:
    age = timezone.now() - change.written_at
    where = f" on {_many(missing, 'machine')}" if receipts else ""
    if age <= ALARM_AFTER:
        return Standing(change, State.WAITING, f"Being printed{where}…", tuple(receipts))
    text = (
        f"Not printed{where} within {ALARM_AFTER // timedelta(seconds=1)} s. "
        "`stoppress doctor` says whether the printer runs."
    )
    return Standing(change, State.LATE, text, tuple(receipts))


def _live_on(receipts: Sequence[Receipt]) -> str:
    """The claim itself, as in "Live on 9 pages in 180 ms"."""
    printed = {page["path"] for receipt in receipts for page in receipt.printed}
    gone = max(receipt.gone_count for receipt in receipts)
    took = _duration(max(receipt.ms for receipt in receipts))
    machines = len({receipt.node for receipt in receipts})
    where = f" on {machines} machines" if machines > 1 else ""
    if gone and printed:
        pages = f"Gone from {_many(gone, 'page')} and new on {_many(len(printed), 'page')}"
    elif gone:
        pages = f"Gone from {_many(gone, 'page')}"
    elif printed:
        pages = f"Live on {_many(len(printed), 'page')}"
    else:
        return f"Live{where} in {took}: no stored page showed it"
    return f"{pages}{where} in {took}"


def _pages(receipts: Sequence[Receipt]) -> bool:
    return any(chain.from_iterable(receipt.pages for receipt in receipts))


def _fresh_after(receipt: Receipt) -> float:
    return max((page.get("fresh_ms", receipt.ms) for page in receipt.pages), default=receipt.ms)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _duration(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:,.0f} s"
