"""Calendar dates as pages print them: "5. Dezember 2031, 14:30 Uhr", "2031年12月5日", ISO 8601.

A date without a clock time is a day, told as that day's noon: nearest to all its hours, and the
same day in most time zones. What the page leaves open (zone, year, order of day and month) is
said in `doubts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from stoppress.wires.pagedump.ages import clock_time
from stoppress.wires.pagedump.tongues import DAY, MINUTE, SECOND

_MONTHS = (
    "jan|january|januar|jänner|janvier|janv|enero|ene|gennaio|gen|janeiro|januari|января|янв"
    "|січня|stycznia|ocak|يناير|كانون الثاني|جانفي|ינואר",
    "feb|february|februar|février|févr|fév|febrero|febbraio|fevereiro|fev|februari|февраля|фев"
    "|лютого|lutego|şubat|فبراير|شباط|فيفري|פברואר",
    "mar|march|märz|mär|mrz|mars|marzo|março|maart|марта|мар|березня|marca|mart|مارس|آذار|מרץ",
    "apr|april|avril|avr|abril|abr|aprile|апреля|апр|квітня|kwietnia|nisan|أبريل|إبريل|نيسان|אפריל",
    "may|mai|mayo|maggio|mag|maio|mei|maj|мая|травня|maja|mayıs|مايو|أيار|ماي|מאי",
    "jun|june|juni|juin|junio|giugno|giu|junho|июня|июн|червня|czerwca|haziran|يونيو|حزيران"
    "|جوان|יוני",
    "jul|july|juli|juillet|juil|julio|luglio|lug|julho|июля|июл|липня|lipca|temmuz|يوليو|تموز"
    "|جويلية|יולי",
    "aug|august|août|agosto|ago|augustus|augusti|августа|авг|серпня|sierpnia|ağustos|أغسطس|آب"
    "|أوت|אוגוסט",
    "sep|sept|september|septembre|septiembre|settembre|set|setembro|сентября|сен|вересня"
    "|września|eylül|سبتمبر|أيلول|ספטמבר",
    "oct|october|oktober|okt|octobre|octubre|ottobre|ott|outubro|out|октября|окт|жовтня"
    "|października|ekim|أكتوبر|تشرين الأول|אוקטובר",
    "nov|november|novembre|noviembre|novembro|ноября|ноя|листопада|listopada|kasım|نوفمبر"
    "|تشرين الثاني|נובמבר",
    "dec|december|dezember|dez|décembre|déc|diciembre|dic|dicembre|dezembro|декабря|дек"
    "|грудня|grudnia|aralık|ديسمبر|كانون الأول|דצמבר",
)
_MONTH_NUMBERS = {n: i + 1 for i, names in enumerate(_MONTHS) for n in names.split("|")}
_MONTH = "|".join(sorted(map(re.escape, _MONTH_NUMBERS), key=len, reverse=True))
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "mez": 1, "wet": 0, "west": 1, "cest": 2,
    "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9, "aest": 10,
}  # fmt: skip
_WEEKDAYS = (
    "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|"
    "saturday|sunday|"
    "mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|"
    "sábado|domingo|"
    "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|"
    "vrijdag|zaterdag|"
    "zondag|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    "السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة"
)
_WEEKDAY = rf"(?:(?:{_WEEKDAYS})\.?[,،]?\s{{1,3}})?"
_ZONE = (
    r"(?P<zone>[+-]\d{2}:?\d{2}|\(?(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?\)?"
    rf"|\(?(?:{'|'.join(_ZONES)})\)?)"
)
_CLOCK = (
    r"(?:(?:\s{0,3}(?:[,|·•–-]|at|um|à|a las|alle|às|om|kl\.?|в|الساعة|T)\s{0,3}|\s{1,3})"
    r"(?P<hour>[01]?\d|2[0-3])(?:[:.時点]|"
    r"\s?h\s?)(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,6})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s?Uhr)?(?:\s?(?!Uhr)" + _ZONE + r")?(?!\w))?"
)
_DATES = tuple(
    re.compile(rf"(?<!\w)(?:{date}){_CLOCK}", re.IGNORECASE)
    for date in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"
        r"(?:\s?(?:[(][一二三四五六日天月火水木金土][)]|(?:星期|周|週)[一二三四五六日天]))?",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s{{1,3}}(?:de |of |d')?"
        rf"(?P<name>{_MONTH})(?!\w)\.?,?(?:\s{{1,3}}(?:de |del )?(?P<year>\d{{4}})(?!\d))?",
        rf"{_WEEKDAY}(?P<name>{_MONTH})(?!\w)\.?\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
        r"(?:,?\s{1,3}(?P<year>\d{4})(?!\d))?",
        r"(?P<first>\d{1,2})(?P<sep>[./-])(?P<second_number>\d{1,2})(?P=sep)(?P<year>\d{4}|"
        r"\d{2})(?!\d)",
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date found in a line."""

    start: int
    end: int
    at: datetime
    precision_seconds: int
    has_year: bool
    doubts: tuple[str, ...]


def dates(line: str, retrieved: datetime) -> Iterator[Day]:
    """Yield the calendar dates in a plain line, longest reading first."""
    for pattern in _DATES:
        for match in pattern.finditer(line):
            day = _read(match, retrieved)
            if day:
                yield day


def clock_of_the_day(text: str, retrieved: datetime) -> datetime | None:
    """Read a bare "14:05", as news tickers print it: the last time it was that late."""
    clock = clock_time(text)
    if clock is None:
        return None
    at = retrieved.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
    return at if at <= retrieved else at - timedelta(days=1)


def _read(match: re.Match[str], retrieved: datetime) -> Day | None:
    found = match.groupdict()
    doubts: list[str] = []
    month, day = _month_and_day(found, doubts)
    year = _year(found["year"], retrieved)
    zone = _zone(found["zone"]) if found["hour"] else None
    if found["hour"] and not zone:
        doubts.append("states no time zone that we know; it was read in that of the retrieval")
    try:
        noon = datetime(year or retrieved.year, month, day, 12, tzinfo=zone or retrieved.tzinfo)
        if not year:
            doubts.append("states no year; it was read as the last such day")
            if noon.date() > retrieved.date():
                noon = noon.replace(year=noon.year - 1)
    except ValueError:
        return None
    at, precision = _with_clock(noon, found)
    if precision == DAY and at > retrieved and noon.date() == retrieved.date():
        at = retrieved
    end = match.end()
    return Day(match.start(), end, at, precision, bool(year), tuple(doubts))


def _month_and_day(found: dict[str, str | None], doubts: list[str]) -> tuple[int, int]:
    if name := found.get("name"):
        return _MONTH_NUMBERS[name.casefold()], int(found["day"] or 0)
    if found.get("first"):
        first, second = int(found["first"] or 0), int(found["second_number"] or 0)
        if found["sep"] == "/" and second > 12 >= first:
            return first, second
        if found["sep"] == "/" and first <= 12 and first != second:
            doubts.append("may name the day or the month first; it was read day first")
        return second, first
    return int(found["month"] or 0), int(found["day"] or 0)


def _year(text: str | None, retrieved: datetime) -> int | None:
    if not text:
        return None
    year = int(text)
    return year if len(text) == 4 else retrieved.year // 100 * 100 + year


def _with_clock(noon: datetime, found: dict[str, str | None]) -> tuple[datetime, int]:
    if not found["hour"]:
        return noon, DAY
    hour = int(found["hour"])
    if found["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    second = found["second"]
    at = noon.replace(hour=hour, minute=int(found["minute"] or 0), second=int(second or 0))
    return at, SECOND if second else MINUTE


def _zone(text: str | None) -> tzinfo | None:
    name = (text or "").strip("()").casefold()
    if not name:
        return None
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])) if _ZONES[name] else UTC
    offset = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", name)
    if not offset or int(offset[2]) > 14:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
