"""What the clock does: each function does what is due and says in how many seconds to ask again."""

import time
from datetime import datetime
from functools import cache
from threading import Lock

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from stoppress.edge.journal import Journal

SHIP_SECONDS = 1.0
PRINT_COUNTS_SECONDS = 10.0
SCHEDULE_SECONDS = 1.0  # an editor may schedule something sooner than what is due next
HOUSEKEEPING_SECONDS = 3600.0
SUM_UP_SECONDS = 5.0
SUM_UP_SHARE = 20  # summing up takes at most so small a part of the time
SPIKES_SECONDS = 60.0
FORGET_SECONDS = 600.0
NEXT_STEP_SECONDS = 0.1  # others may write in between

_opening = Lock()


def ship_views() -> float:
    """Move this machine's counted views to the totals in the database."""
    from stoppress.readership.shipping import ship

    ship(_journal())
    return SHIP_SECONDS


def forget_reading_here() -> float:
    """Drop what this machine's journal need not remember any more, one step at a time."""
    from stoppress.readership.retention import drop_batches

    _journal().tidy(time.time())
    return NEXT_STEP_SECONDS if drop_batches(_journal(), timezone.now()) else FORGET_SECONDS


def forget_reading() -> float:
    """Make coarser, or delete, what the totals need not know any more, one step at a time."""
    from stoppress.readership.retention import drop_sources, fold_hours

    now = timezone.now()
    has_more = [drop_sources(now), fold_hours(now)]
    return NEXT_STEP_SECONDS if any(has_more) else FORGET_SECONDS


def print_counts() -> float:
    """Move the view counts that pages show, where the rule lets them move."""
    from stoppress.readership.counts import refresh_printed_counts

    refresh_printed_counts()
    return PRINT_COUNTS_SECONDS


def rank_most_read(name: str) -> float:
    """Bring the most read of the last hour, day or week in line with the totals."""
    from stoppress.newsroom.mostread import refresh
    from stoppress.readership.mostread import WINDOWS

    window = WINDOWS[name]
    refresh(window)
    return window.refresh_seconds


def sum_up_reading() -> float:
    """Bring the desk's sums of reading in line with the totals."""
    from stoppress.newsroom.desk.readership.sums import AT_ONCE, sum_up

    began = time.monotonic()
    is_behind = sum_up() == AT_ONCE
    took = time.monotonic() - began
    return took if is_behind else max(SUM_UP_SECONDS, SUM_UP_SHARE * took)


def look_for_spikes() -> float:
    """Flag what looks like abuse, for editors."""
    from stoppress.readership.spikes import look

    look()
    return SPIKES_SECONDS


def forget_old_numbers() -> float:
    """Drop minutes and sums of hours that nothing is told from any more."""
    from stoppress.newsroom.desk.readership.sums import forget_old_hours, forget_old_sources
    from stoppress.readership.minutes import forget_old
    from stoppress.readership.retention import sources_kept_from

    forget_old()
    forget_old_hours()
    has_more = forget_old_sources(sources_kept_from(timezone.now()))
    return NEXT_STEP_SECONDS if has_more else HOUSEKEEPING_SECONDS


def _journal() -> Journal:
    with _opening:  # duties begin at the same time
        return _open_journal()


@cache
def _open_journal() -> Journal:
    # The clock recognises no readers, it only takes batches out: it needs no reader key.
    return Journal.open(settings.JOURNAL_DIR)


def carry_out_schedule() -> float:
    """Publish and take down what is due; wake for the next one to the second."""
    from stoppress.newsroom.schedule import carry_out_due, next_due

    carry_out_due(timezone.now())
    return _seconds_until(next_due())


def _seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return SCHEDULE_SECONDS
    return max(0.0, min(SCHEDULE_SECONDS, moment.timestamp() - time.time()))


def clear_sessions() -> float:
    """Remove sessions that have run out, so that the table doesn't grow for ever."""
    call_command("clearsessions")
    return HOUSEKEEPING_SECONDS


def read_demo_stories() -> float:
    """Let the demo's invented readers read on."""
    from stoppress.demo.readers import read_on

    return read_on()


def publish_demo_story() -> float:
    """Let the demo wire publish its next invented story."""
    from stoppress.demo.wire import publish_next

    return publish_next()
