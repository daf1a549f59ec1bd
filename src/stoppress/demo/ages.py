"""How old the demo's stories are, counted back from the moment the newsroom is built.

    "3d 4h", "25m"      that long before
    "12d at 09:10"      that many days before, at that time of day (UTC)
    "0d at 07:50"       the last time it was ten to eight

Texts name days as they fall: {weekday}, {weekday -1} and {date +5} count from the story's own day.
"""

import re
from datetime import datetime, timedelta

_SPAN = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")
_CLOCK = re.compile(r"(\d+)d at (\d\d):(\d\d)")
_DAY = re.compile(r"\{(weekday|date)(?: ([+-]\d+))?\}")


def moment_of(age: str, now: datetime) -> datetime:
    """The moment an age stands for. Raises ValueError with a whole sentence."""
    if clock := _CLOCK.fullmatch(age):
        days, hour, minute = (int(part) for part in clock.groups())
        moment = (now - timedelta(days=days)).replace(
            hour=hour, minute=minute, second=0, microsecond=0
        )
        return moment if moment <= now else moment - timedelta(days=1)
    span = _SPAN.fullmatch(age)
    if not age or span is None:
        raise ValueError(f"“{age}” is no age. Write it as in “3d 4h”, “25m” or “2d at 22:10”.")
    days, hours, minutes = (int(part or 0) for part in span.groups())
    return now - timedelta(days=days, hours=hours, minutes=minutes)


def name_days(text: str, published: datetime) -> str:
    """Put the names of days where a text counts them from its own day."""

    def named(match: re.Match[str]) -> str:
        day = published + timedelta(days=int(match[2] or 0))
        return f"{day:%A}" if match[1] == "weekday" else f"{day.day} {day:%B}"

    return _DAY.sub(named, text)
