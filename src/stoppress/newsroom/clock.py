"""Days and months as the paper counts them: in its own time zone."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def paper_zone() -> ZoneInfo:
    """The paper's time zone, which decides the dates in addresses."""
    return _zone(settings.PAPER_TIME_ZONE)


def paper_day(moment: datetime) -> date:
    """The paper's date at a moment."""
    return moment.astimezone(paper_zone()).date()


def month_of(moment: datetime) -> date:
    """The first day of the paper's month at a moment."""
    return paper_day(moment).replace(day=1)


def next_month(first_day: date) -> date:
    """The first day of the month after."""
    return date(first_day.year + first_day.month // 12, first_day.month % 12 + 1, 1)


def start_of(day: date) -> datetime:
    """The moment a day of the paper begins, in UTC."""
    return datetime.combine(day, time.min, tzinfo=paper_zone()).astimezone(UTC)
