"""Times as readers see them."""

from datetime import UTC, datetime

import pytest

from stoppress.theme import dates
from stoppress.theme.words import words_for

MOMENT = datetime(2026, 11, 23, 23, 30, 5, tzinfo=UTC)

EXACT = [
    ("en", "UTC", "23 November 2026, 23:30 UTC"),
    ("en", "Europe/Berlin", "24 November 2026, 00:30 CET"),
    ("en", "America/Sao_Paulo", "23 November 2026, 20:30 UTC-03"),
    ("de", "Europe/Berlin", "24. November 2026, 00:30 CET"),
    ("fr", "Europe/Paris", "24 novembre 2026, 00:30 CET"),
    ("ar", "Asia/Damascus", "24 نوفمبر 2026، 02:30 UTC+03"),
    ("zh", "Asia/Shanghai", "2026年11月24日 07:30 CST"),
]


@pytest.mark.parametrize(("language", "zone", "text"), EXACT)
def test_a_moment_is_written_in_the_papers_language_and_zone(language, zone, text):
    assert dates.exact(MOMENT, words_for(language), zone) == text


def test_machines_get_utc():
    assert dates.iso(MOMENT) == "2026-11-23T23:30:05Z"


KNOWN = [
    ("second", "2026-11-23T23:30:05Z", "24 November 2026, 00:30 CET", "24 Nov 2026, 00:30"),
    ("minute", "2026-11-23T23:30Z", "24 November 2026, 00:30 CET", "24 Nov 2026, 00:30"),
    ("hour", "2026-11-24T00:00Z", "24 November 2026, about 01:00 CET", "24 Nov 2026, about 01:00"),
    ("day", "2026-11-24", "24 November 2026", "24 November 2026"),
    ("month", "2026-11", "November 2026", "November 2026"),
    ("year", "2026", "2026", "2026"),
]


@pytest.mark.parametrize(("precision", "machine", "full", "brief"), KNOWN)
def test_no_time_is_written_more_exactly_than_it_is_known(precision, machine, full, brief):
    zone, words = "Europe/Berlin", words_for("en")
    assert dates.iso(MOMENT, precision, zone) == machine
    assert dates.exact(MOMENT, words, zone, precision) == full
    assert dates.short(MOMENT, words, zone, precision) == brief


def test_of_a_day_or_less_nothing_finer_than_the_day_is_written():
    words = words_for("de")
    assert dates.day(MOMENT, words, "UTC", "hour") == "23. November 2026"
    assert dates.day(MOMENT, words, "UTC", "month") == "November 2026"


def test_a_month_is_named():
    assert dates.month(2026, 2, words_for("fr")) == "février 2026"
