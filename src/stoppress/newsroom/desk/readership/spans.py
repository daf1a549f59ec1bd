"""Spans of time that numbers are shown for, and their slots: minutes, hours or days.

Days and hours are the paper's: an hour belongs to the day in which it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from stoppress.newsroom.clock import paper_day, paper_zone, start_of
from stoppress.newsroom.desk.readership.errors import BadQuestion
from stoppress.newsroom.desk.readership.sums import KEPT_DAYS, hours_of
from stoppress.readership.retention import hours_kept_from

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTES_OF_NOW = 30
DAYS_OF_MONTH = 30
HOURS_OF_LONGEST_DAY = 25
MOST_DAYS = 366
MOST_DAYS_BY_HOUR = 3


class Grain(StrEnum):
    """How long a slot is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to another, in slots."""

    name: str  # "now", "today", "30d" or "chosen"; of a story also "first", "since"
    title: str
    grain: Grain
    slots: tuple[datetime, ...]  # the beginnings
    end: datetime
    now: datetime

    @property
    def start(self) -> datetime:
        """The beginning of its first slot."""
        return self.slots[0]

    @property
    def first_day(self) -> date:
        """The paper's day in which it begins."""
        return paper_day(self.start)

    @property
    def last_day(self) -> date:
        """The paper's day in which it ends; today, if that comes first."""
        return min(paper_day(self.end - timedelta(microseconds=1)), paper_day(self.now))

    @property
    def days(self) -> tuple[date, ...]:
        """The paper's days it touches, without those to come."""
        return days_between(self.first_day, self.last_day)

    @property
    def is_live(self) -> bool:
        """Whether its numbers still move."""
        return self.end > self.now

    def label(self, slot: datetime) -> str:
        """A slot in few words, on the paper's clock."""
        local = slot.astimezone(paper_zone())
        if self.grain is Grain.DAY:
            return f"{local:%-d %b}"
        if self.grain is Grain.HOUR and len(self.slots) > HOURS_OF_LONGEST_DAY:
            return f"{local:%-d %b, %H:%M}"
        return f"{local:%H:%M}"

    def key(self, slot: datetime) -> str:
        """A slot for programs: a date, or a moment with the paper's offset from UTC."""
        local = slot.astimezone(paper_zone())
        return local.date().isoformat() if self.grain is Grain.DAY else local.isoformat()


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Days from one to another, both included."""
    return tuple(first + DAY * number for number in range((last - first).days + 1))


def now_span(now: datetime) -> Span:
    """The last half hour, by the minute; the last minute is not over."""
    last = now.replace(second=0, microsecond=0)
    slots = tuple(last - MINUTE * back for back in reversed(range(MINUTES_OF_NOW)))
    return Span("now", "The last half hour", Grain.MINUTE, slots, last + MINUTE, now)


def today_span(now: datetime) -> Span:
    """The paper's day, by the hour."""
    return _by_hour("today", "Today", (paper_day(now),), now)


def month_span(now: datetime) -> Span:
    """The last thirty days with today, by the day."""
    today = paper_day(now)
    days = days_between(today - DAY * (DAYS_OF_MONTH - 1), today)
    return _by_day("30d", "The last 30 days", days, now)


def chosen_span(first: date, last: date, now: datetime) -> Span:
    """Days that somebody chose: by the hour if they are few and lately. Raises BadQuestion."""
    today = paper_day(now)
    if first > last:
        raise BadQuestion(
            f"The first day, {first.isoformat()}, is after the last, {last.isoformat()}. "
            "Exchange them."
        )
    if last > today:
        raise BadQuestion(
            f"{last.isoformat()} is yet to come. The last day with numbers is today, "
            f"{today.isoformat()}."
        )
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise BadQuestion(
            f"{days:,} days are more than can be shown at once. Choose at most {MOST_DAYS}."
        )
    title = f"{first:%-d %B %Y}" if days == 1 else f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    if days <= MOST_DAYS_BY_HOUR and (today - first).days < KEPT_DAYS:
        return _by_hour("chosen", title, days_between(first, last), now)
    return _by_day("chosen", title, days_between(first, last), now)


def since_span(published_at: datetime, now: datetime) -> Span:
    """The first three days of a story: by the hour as long as hours are kept, else by the day."""
    if published_at < hours_kept_from(now):
        first = paper_day(published_at)
        last = min(first + DAY * MOST_DAYS_BY_HOUR, paper_day(now))
        return _by_day("first", "The first three days", days_between(first, last), now)
    start = published_at.replace(minute=0, second=0, microsecond=0)
    slots = tuple(start + HOUR * number for number in range(24 * MOST_DAYS_BY_HOUR))
    return Span("first", "The first three days", Grain.HOUR, slots, slots[-1] + HOUR, now)


def read_days(said: Mapping[str, str]) -> tuple[date, date]:
    """The days that an address names. Raises BadQuestion."""
    first, last = (_read_day(said.get(name, ""), name) for name in ("from", "to"))
    return first, last


def _read_day(said: str, name: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        given = f"“{said[:40]}” is no day" if said else "No day is given"
        raise BadQuestion(
            f"{given} for “{name}”. Write it as year, month and day: 2026-11-25."
        ) from None


def life_span(published_at: datetime, now: datetime) -> Span:
    """All days of a story, or as many as can be shown: by the hour while they are few."""
    today = paper_day(now)
    first = max(min(paper_day(published_at), today), today - DAY * (MOST_DAYS - 1))
    days, title = days_between(first, today), "Since it was published"
    if len(days) == MOST_DAYS:
        title = f"The last {MOST_DAYS} days"
    by = _by_hour if len(days) <= MOST_DAYS_BY_HOUR else _by_day
    return by("since", title, days, now)


def _by_hour(name: str, title: str, days: tuple[date, ...], now: datetime) -> Span:
    slots = tuple(hour for day in days for hour in hours_of(day))
    return Span(name, title, Grain.HOUR, slots, slots[-1] + HOUR, now)


def _by_day(name: str, title: str, days: tuple[date, ...], now: datetime) -> Span:
    slots = tuple(map(start_of, days))
    return Span(name, title, Grain.DAY, slots, start_of(days[-1] + DAY), now)
