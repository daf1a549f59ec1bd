"""Times as readers see them, in the paper's language and time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from stoppress.theme.words import Words


def iso(moment: datetime) -> str:
    """Write a moment for machines: "2026-11-23T14:05:09Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact(moment: datetime, words: Words, time_zone: str) -> str:
    """Write a moment in full, with its zone: "23 November 2026, 14:05 CET"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return _filled(words.text("date_exact"), local, words["months"])


def short(moment: datetime, words: Words, time_zone: str) -> str:
    """Write a moment as cards have room for: "23 Nov 2026, 14:05"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return _filled(words.text("date_short"), local, words["months_short"])


def day(moment: datetime, words: Words, time_zone: str) -> str:
    """Write the day of a moment: "23 November 2026"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return _filled(words.text("date_day"), local, words["months"])


def month(year: int, number: int, words: Words) -> str:
    """Write a month of the archive: "November 2026"."""
    return _filled(words.text("date_month"), datetime(year, number, 1, tzinfo=UTC), words["months"])


def _filled(pattern: str, local: datetime, months: object) -> str:
    assert isinstance(months, list)  # noqa: S101 - checked for every table by the tests
    return pattern.format(
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
