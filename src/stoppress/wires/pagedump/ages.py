"""Relative ages: "2 days ago", "vor einer Stunde", "il y a 3 jours", "منذ يومين", "3分钟前".

An age is read with the precision it is stated in. A language is a row in a table; adding one
needs no other code.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from stoppress.wires.pagedump.tongues import (
    DAY,
    DUALS,
    HOUR,
    LAST,
    MINUTE,
    MONTH,
    SECOND,
    TONGUES,
    WEEK,
    YEAR,
    Tongue,
)

_ROUGHLY = (
    r"(?:(?:about|around|over|almost|nearly|more than|etwa|rund|ca\.|circa|über|environ|"
    r"plus de|unos|unas|más de|cerca de|circa|حوالي|نحو|大约|约)\s*)?"
)
_COMPACT = re.compile(r"(\d{1,3})\s?(s|m|min|h|hr|hrs|d|w|wk|mo|y|j|Std\.?|Min\.?)", re.IGNORECASE)
_COMPACT_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK, "y": YEAR, "j": DAY}
_CLOCK = re.compile(
    r"(?:,|at|um|à|a las|alle|às|om|kl\.?|в|الساعة|-|–)?\s*"
    r"([01]?\d|2[0-3])\s?[:.h時点]\s?([0-5]\d)(?:\s?([ap])\.?m\.?|分)?(?:\s?(?:Uhr|Uhr\.|hrs|"
    r"h))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Age:
    """An age found in a line: where, how long, how exactly."""

    start: int
    end: int
    amount: int
    unit: int
    precision_seconds: int

    def before(self, retrieved: datetime) -> datetime:
        """Return the moment that was this long before the page was saved."""
        try:
            if self.unit in {MONTH, YEAR}:
                return _months_before(retrieved, self.amount * (12 if self.unit == YEAR else 1))
            return retrieved - timedelta(seconds=self.amount * self.unit)
        except (OverflowError, ValueError):
            return retrieved


def ages(line: str) -> Iterator[Age]:
    """Yield the ages stated in a plain line, as "2 days ago", wherever they stand."""
    for pattern, tongue in _patterns():
        for match in pattern.finditer(line):
            amount, unit = _amount(match["first"], tongue)
            second, finer = _amount(match["second"], tongue) if match["second"] else (0, unit)
            if unit and finer and finer <= unit:
                total = (amount * unit + second * finer) // finer if second else amount
                yield Age(match.start(), match.end(), total, finer if second else unit, finer)


def whole_age(text: str) -> Age | None:
    """Read a text that is nothing but a short age: "5m", "just now", "last week"."""
    core = text.strip()
    lead = len(text) - len(text.lstrip())
    span = (lead, lead + len(core))
    if match := _COMPACT.fullmatch(core):
        name = match[2].lower().rstrip(".")
        unit = MONTH if name == "mo" else HOUR if name == "std" else _COMPACT_UNITS[name[0]]
        return Age(*span, int(match[1]), unit, unit)
    if found := LAST.get(core.casefold()):
        return Age(*span, *found, found[1])
    if _now().fullmatch(core):
        return Age(*span, 0, MINUTE, MINUTE)
    return None


def named_day(text: str, retrieved: datetime) -> tuple[datetime, int] | None:
    """Read "yesterday" or "gestern, 14:30 Uhr": a moment and its precision in seconds.

    Without a clock time the day is known and no more: the moment is that day's noon.
    """
    core = text.strip()
    lowered = core[:20].casefold()
    for name, days in _day_names():
        if lowered.startswith(name):
            rest = core[len(name) :].strip()
            day = retrieved - timedelta(days=days)
            if not rest:
                return min(day.replace(hour=12, minute=0, second=0, microsecond=0), retrieved), DAY
            if clock := clock_time(rest):
                return day.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0), MINUTE
    return None


def clock_time(text: str) -> tuple[int, int] | None:
    """Read a text that is nothing but a time of day."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hour = int(match[1])
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return hour, int(match[2])


@cache
def _now() -> re.Pattern[str]:
    return re.compile("|".join(tongue.now for tongue in TONGUES), re.IGNORECASE)


@cache
def _day_names() -> tuple[tuple[str, int], ...]:
    pairs = ((name.casefold(), days) for t in TONGUES for name, days in t.days.items())
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Tongue], ...]:
    return tuple((_pattern(tongue), tongue) for tongue in TONGUES)


def _pattern(tongue: Tongue) -> re.Pattern[str]:
    gap = r"\s{1,3}" if tongue.is_spaced else r"\s?"
    edge = (r"(?<!\w)", r"(?!\w)") if tongue.is_spaced else ("", "")
    number = "|".join([r"\d{1,4}", *sorted(map(re.escape, tongue.numbers), key=len, reverse=True)])
    unit = "|".join(tongue.units.values())
    alone = [unit, *map(re.escape, DUALS)] if tongue.before and not tongue.numbers else []
    if tongue.after == "ago":
        alone = ["half an hour", "half hour"]
    bare = "|".join(alone)
    # A number word needs its space ("a day"); digits may do without ("5min").
    quantity = rf"(?:\d{{1,4}}\s?(?:{unit})|(?:{number}){gap if tongue.is_spaced else ''}(?:{unit})"
    quantity += rf"|(?:{bare}))" if bare else ")"
    joint = r"\s?(?:,|and|und|et|y|e|og|och|و|个)?\s?"
    before = rf"(?:{tongue.before})\s{{1,3}}" if tongue.before.strip("()?") else ""
    if tongue.before.endswith("?"):
        before = rf"(?:{tongue.before}\s{{1,3}})?"
    end = (
        rf"(?!\w)(?:\s{{1,3}}(?:{tongue.after}))" if tongue.is_spaced else rf"\s?(?:{tongue.after})"
    )
    end = end if tongue.after else ""
    if tongue.after.endswith("?"):
        end = rf"(?:\s{{1,3}}{tongue.after[:-1]})?"
    return re.compile(
        rf"{edge[0]}{before}{_ROUGHLY}(?P<first>{quantity})"
        rf"(?:{joint}(?P<second>\d{{1,2}}\s?(?:{unit})))?{end}{edge[1]}",
        re.IGNORECASE,
    )


@cache
def _unit_pattern(forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{forms})\Z", re.IGNORECASE)


def _amount(text: str, tongue: Tongue) -> tuple[int, int]:
    """Split "2 days" into its number and unit; (0, 0) if it is none."""
    if found := DUALS.get(text.casefold()):
        return found
    lowered = text.casefold()
    digits = re.match(r"\d+", text)
    number = int(digits[0]) if digits else 1
    rest = text[digits.end() :].strip() if digits else text
    if not digits:
        for name in sorted(tongue.numbers, key=len, reverse=True):
            if lowered.startswith(name.casefold()):
                number, rest = tongue.numbers[name], text[len(name) :].strip()
                break
    for unit, forms in tongue.units.items():
        if _unit_pattern(forms).match(rest):
            return number, unit
    return 0, 0


def _months_before(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
