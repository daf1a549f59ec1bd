"""Times as readers see them, in the paper's language and time zone.

No time is written more exactly than it is known: `WRITINGS` decides, for readers and for machines.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from stoppress.theme.shapes import Precision
from stoppress.theme.words import Words


@dataclass(frozen=True, slots=True)
class Writing:
    """How a moment is written that is known to some precision."""

    machine: str  # for strftime; in UTC if it has a clock time
    full: str  # an entry of the words tables
    brief: str  # the same, where there is little room


WRITINGS: dict[Precision, Writing] = {
    "second": Writing("%Y-%m-%dT%H:%M:%SZ", "date_exact", "date_short"),
    "minute": Writing("%Y-%m-%dT%H:%MZ", "date_exact", "date_short"),
    "hour": Writing("%Y-%m-%dT%H:%MZ", "date_hour", "date_hour_short"),
    "day": Writing("%Y-%m-%d", "date_day", "date_day"),
    "month": Writing("%Y-%m", "date_month", "date_month"),
    "year": Writing("%Y", "date_year", "date_year"),
}


def iso(moment: datetime, precision: Precision = "second", time_zone: str = "UTC") -> str:
    """Write a moment for machines: "2026-11-23T14:05:09Z", or "2026-11-23" of a day."""
    local = _known(moment, precision, time_zone)
    return (local if is_coarse(precision) else local.astimezone(UTC)).strftime(
        WRITINGS[precision].machine
    )


def exact(moment: datetime, words: Words, time_zone: str, precision: Precision = "second") -> str:
    """Write a moment as exactly as it is known: "23 November 2026, 14:05 CET"."""
    return _filled(WRITINGS[precision].full, _known(moment, precision, time_zone), words)


def short(moment: datetime, words: Words, time_zone: str, precision: Precision = "second") -> str:
    """Write a moment as cards have room for: "23 Nov 2026, 14:05"."""
    return _filled(WRITINGS[precision].brief, _known(moment, precision, time_zone), words)


def day(moment: datetime, words: Words, time_zone: str, precision: Precision = "second") -> str:
    """Write the day of a moment, or what is known of it: "23 November 2026"."""
    return exact(moment, words, time_zone, precision if is_coarse(precision) else "day")


def calendar_day(of: date, words: Words) -> str:
    """Write a day of the archive: "23 November 2026"."""
    return _filled("date_day", datetime(of.year, of.month, of.day, tzinfo=UTC), words)


def month(year: int, number: int, words: Words) -> str:
    """Write a month of the archive: "November 2026"."""
    return _filled("date_month", datetime(year, number, 1, tzinfo=UTC), words)


def is_coarse(precision: Precision) -> bool:
    """Whether no clock time is known, so that there is no age to count either."""
    return precision in ("day", "month", "year")


def _known(moment: datetime, precision: Precision, time_zone: str) -> datetime:
    local = moment.astimezone(ZoneInfo(time_zone))
    if precision == "hour":  # to the nearest, as one says "about two"
        local = (local + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)
    return local


def _filled(entry: str, local: datetime, words: Words) -> str:
    months = words["months_short" if entry.endswith("_short") else "months"]
    assert isinstance(months, list)  # noqa: S101 - checked for every table by the tests
    return words.text(entry).format(
        day=local.day,
        month=months[local.month - 1],
        number=local.month,
        year=local.year,
        time=local.strftime("%H:%M"),
        zone=_zone(local),
    )


def _zone(local: datetime) -> str:
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name
