"""Ages, dates and counts in many languages, each as exact as it is stated."""

from datetime import datetime, timedelta

import pytest

from stoppress.wires.pagedump.ages import ages, clock_time, named_day, whole_age
from stoppress.wires.pagedump.counts import reading_times, view_counts
from stoppress.wires.pagedump.dates import clock_of_the_day, dates
from stoppress.wires.pagedump.plain import plain

NOW = datetime.fromisoformat("2031-12-06T12:00:00+00:00")
SECOND, MINUTE, HOUR, DAY, WEEK = 1, 60, 3_600, 86_400, 604_800
MONTH, YEAR = 30 * DAY, 365 * DAY

AGES = {
    "43 seconds ago": (43, SECOND),
    "1 minutes ago": (60, MINUTE),
    "7 mins ago": (420, MINUTE),
    "an hour ago": (HOUR, HOUR),
    "2h ago": (2 * HOUR, HOUR),
    "about 3 hours ago": (3 * HOUR, HOUR),
    "half an hour ago": (HOUR // 2, HOUR // 2),
    "1 hour 20 minutes ago": (80 * MINUTE, MINUTE),
    "2 days ago": (2 * DAY, DAY),
    "two weeks ago": (2 * WEEK, WEEK),
    "vor 5 Min.": (300, MINUTE),
    "vor einer Stunde": (HOUR, HOUR),
    "vor zwei Tagen": (2 * DAY, DAY),
    "il y a 3 jours": (3 * DAY, DAY),
    "il y a environ 2 heures": (2 * HOUR, HOUR),
    "il y a une heure": (HOUR, HOUR),
    "hace 2 días": (2 * DAY, DAY),
    "hace una hora": (HOUR, HOUR),
    "2 giorni fa": (2 * DAY, DAY),
    "há 2 dias": (2 * DAY, DAY),
    "3 uur geleden": (3 * HOUR, HOUR),
    "för 2 dagar sedan": (2 * DAY, DAY),
    "2 дня назад": (2 * DAY, DAY),
    "2 dni temu": (2 * DAY, DAY),
    "20 dk önce": (1200, MINUTE),
    "منذ يومين": (2 * DAY, DAY),
    "منذ ساعة": (HOUR, HOUR),
    "قبل ٥ دقائق": (300, MINUTE),
    "منذ 11 دقيقة": (660, MINUTE),
    "לפני שעתיים": (2 * HOUR, HOUR),
    "3分钟前": (180, MINUTE),
    "两天前": (2 * DAY, DAY),
    "1小時前": (HOUR, HOUR),
    "2時間前": (2 * HOUR, HOUR),
    "5분 전": (300, MINUTE),
}


@pytest.mark.parametrize(("text", "age"), AGES.items())
def test_an_age_is_a_length_and_its_precision(text, age):
    (found,) = ages(plain(text))
    assert text[found.start : found.end] == text
    seconds, precision = age
    assert NOW - found.before(NOW) == timedelta(seconds=seconds)
    assert found.precision_seconds == precision


@pytest.mark.parametrize(
    "text", ["in 5 days", "5 days", "ago", "the 2 days agony", "vorgestern", "Tag 2 vor Ort"]
)
def test_what_is_no_age_is_left_alone(text):
    assert not list(ages(plain(text)))


def test_months_and_years_follow_the_calendar():
    (months,) = ages("9 months ago")
    assert (months.before(NOW), months.precision_seconds) == (NOW.replace(month=3), MONTH)
    (years,) = ages("1 year ago")
    assert (years.before(NOW), years.precision_seconds) == (NOW.replace(year=2030), YEAR)
    (month,) = ages("1 month ago")
    assert month.before(NOW.replace(month=3, day=31)).day == 28


def test_an_age_before_the_calendar_is_the_moment_itself():
    (found,) = ages("9999 years ago")
    assert found.before(NOW) == NOW


@pytest.mark.parametrize(
    ("text", "seconds", "precision"),
    [
        ("just now", 0, MINUTE),
        ("à l'instant", 0, MINUTE),
        ("刚刚", 0, MINUTE),
        ("5m", 300, MINUTE),
        ("2d", 2 * DAY, DAY),
        ("last week", WEEK, WEEK),
    ],
)
def test_a_short_age_counts_where_it_stands_alone(text, seconds, precision):
    age = whole_age(plain(text))
    assert NOW - age.before(NOW) == timedelta(seconds=seconds)
    assert age.precision_seconds == precision


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("yesterday", "2031-12-05T12:00", DAY),
        ("today", "2031-12-06T12:00", DAY),
        ("gestern, 14:30 Uhr", "2031-12-05T14:30", MINUTE),
        ("vorgestern", "2031-12-04T12:00", DAY),
        ("hier à 14h30", "2031-12-05T14:30", MINUTE),
        ("ayer a las 9:05", "2031-12-05T09:05", MINUTE),
        ("أمس", "2031-12-05T12:00", DAY),
        ("昨天 18:40", "2031-12-05T18:40", MINUTE),
        ("Yesterday at 3:20 pm", "2031-12-05T15:20", MINUTE),
    ],
)
def test_a_named_day_is_a_day_unless_a_clock_stands_beside_it(text, at, precision):
    found = named_day(plain(text), NOW)
    assert found == (datetime.fromisoformat(f"{at}+00:00"), precision)


@pytest.mark.parametrize("text", ["yesterday's men", "today in parliament", "hier spricht"])
def test_a_day_inside_a_sentence_is_no_time(text):
    assert named_day(text, NOW) is None


DATES = {
    "5 December 2031": ("2031-12-05T12:00+00:00", DAY),
    "Friday, December 5, 2031 2:30 PM EST": ("2031-12-05T14:30-05:00", MINUTE),
    "Dec. 5, 2031": ("2031-12-05T12:00+00:00", DAY),
    "2031-12-05": ("2031-12-05T12:00+00:00", DAY),
    "2031-12-05T14:30:11+01:00": ("2031-12-05T14:30:11+01:00", SECOND),
    "05.12.2031, 14:30 Uhr": ("2031-12-05T14:30+00:00", MINUTE),
    "5. Dezember 2031 um 14:30 Uhr": ("2031-12-05T14:30+00:00", MINUTE),
    "Mi., 3. Dez. 2031, 08:15 MEZ": ("2031-12-03T08:15+01:00", MINUTE),
    "5 décembre 2031 à 14h30": ("2031-12-05T14:30+00:00", MINUTE),
    "5 de diciembre de 2031": ("2031-12-05T12:00+00:00", DAY),
    "4 maggio 2031": ("2031-05-04T12:00+00:00", DAY),
    "3 мая 2031, 11:20": ("2031-05-03T11:20+00:00", MINUTE),
    "٥ ديسمبر ٢٠٣١": ("2031-12-05T12:00+00:00", DAY),
    "الجمعة 5 كانون الأول 2031 - 14:30": ("2031-12-05T14:30+00:00", MINUTE),
    "2031年12月5日 14:30": ("2031-12-05T14:30+00:00", MINUTE),
    "2031년 12월 5일": ("2031-12-05T12:00+00:00", DAY),
    "12/25/2030": ("2030-12-25T12:00+00:00", DAY),
    "Fri, 5 Dec 2031 14:30:00 +0100": ("2031-12-05T14:30+01:00", SECOND),
}


@pytest.mark.parametrize(("text", "moment"), DATES.items())
def test_a_date_is_a_moment_and_its_precision(text, moment):
    day = max(dates(plain(text), NOW), key=lambda d: d.end - d.start)
    assert (day.at, day.precision_seconds) == (datetime.fromisoformat(moment[0]), moment[1])
    assert (day.start, day.end) == (0, len(text))


@pytest.mark.parametrize("text", ["31 February 2031", "2031-13-01", "45.12.2031", "May be 2031"])
def test_a_day_that_no_calendar_has_is_no_date(text):
    assert not list(dates(text, NOW))


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("5 December 2031, 14:30", "no time zone"),
        ("24 December", "no year"),
        ("05/12/2031", "day first"),
    ],
)
def test_what_a_date_leaves_open_is_said(text, doubt):
    (day,) = dates(text, NOW)
    assert any(doubt in said for said in day.doubts)


def test_a_date_without_a_year_is_the_last_such_day():
    (day,) = dates("24 December", NOW)
    assert day.at.year == 2030


def test_a_bare_clock_is_the_last_time_it_was_that_late():
    assert clock_of_the_day("11:48", NOW) == NOW.replace(hour=11, minute=48)
    assert clock_of_the_day("23:50", NOW) == datetime.fromisoformat("2031-12-05T23:50+00:00")
    assert clock_time("25:10") is None


READING = {
    "3 min read": 3,
    "5-minute read": 5,
    "Reading time: 4 minutes": 4,
    "Lesezeit: 3 Min.": 3,
    "3 Minuten Lesezeit": 3,
    "Temps de lecture : 5 minutes": 5,
    "2 min de lecture": 2,
    "Tiempo de lectura: 4 min": 4,
    "Lettura: 2 min": 2,
    "Время чтения: 3 мин.": 3,
    "٣ دقائق قراءة": 3,
    "مدة القراءة: ٤ دقائق": 4,
    "阅读时间：3分钟": 3,
    "约3分钟阅读": 3,
    "閱讀時間：2分鐘": 2,
    "読了時間 3分": 3,
}


@pytest.mark.parametrize(("text", "minutes"), READING.items())
def test_a_reading_time_is_read(text, minutes):
    assert [count.value for count in reading_times(plain(text))] == [minutes]


VIEWS = {
    "737 Views": (737, True),
    "Views: 1,234": (1234, True),
    "12.345 Aufrufe": (12345, True),
    "1 234 vues": (1234, True),
    "1\u202f234 vues": (1234, True),
    "1.234.567 visitas": (1234567, True),
    "1'204 Aufrufe": (1204, True),
    "٧٣٧ مشاهدة": (737, True),
    "2 814 просмотров": (2814, True),
    "浏览量 8,204": (8204, True),
    "1.2K views": (1200, False),
    "1,2 k vues": (1200, False),
    "2,3 Mio. Aufrufe": (2300000, False),
    "阅读 1.2万": (12000, False),
    "10万次阅读": (100000, False),
}


@pytest.mark.parametrize(("text", "views"), VIEWS.items())
def test_a_number_of_views_is_read_with_its_separators(text, views):
    assert [(count.value, count.is_exact) for count in view_counts(plain(text))] == [views]


@pytest.mark.parametrize("text", ["12 comments", "737 people", "views on the war", "阅读 3分钟"])
def test_other_numbers_are_no_views(text):
    assert not list(view_counts(plain(text)))
