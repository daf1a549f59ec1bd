"""What the page on privacy promises is what the code does."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from stoppress.config.options import SETTINGS
from stoppress.newsroom.desk.models import ReadingDay, ReadingHour
from stoppress.readership.shipping import KEPT_BATCHES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/privacy.md").read_text("utf-8")
SECONDS = {"seconds": 1, "hours": 3600, "day": 86_400, "days": 86_400}
LENGTH = re.compile(r"(\d+) (seconds|hours|days|day)\b")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


KEPT = rows_of("What is kept, where, and how long")
STATEMENTS = rows_of("See for yourself")


def seconds_decided_by(name: str) -> int | None:
    """What a setting or a constant says, in seconds; None if it is no length of time."""
    if name.startswith("STOPPRESS_"):
        (setting,) = [setting for setting in SETTINGS if setting.name == name]
        assert setting.unit == "days"
        return int(setting.default) * SECONDS["days"]
    value = import_string(name)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, int):
        return value * (SECONDS["days"] if name.endswith("_DAYS") else 1)
    return None


@pytest.mark.parametrize(("what", "_where", "how_long", "decided_by"), KEPT)
def test_how_long_it_is_kept_is_what_decides(what, _where, how_long, decided_by):
    decided = seconds_decided_by(decided_by.strip("`"))
    told = LENGTH.search(how_long)
    assert bool(told) == (decided is not None), what
    if told:
        assert int(told[1]) * SECONDS[told[2]] == decided, what


def test_every_table_of_readership_is_on_the_page():
    listed = " ".join(what for what, *_ in KEPT)
    models = [*apps.get_app_config("readership").get_models(), ReadingHour, ReadingDay]
    for model in models:
        assert f"`{model.__name__}`" in listed, f"say how long a {model.__name__} is kept"


def test_every_setting_of_retention_is_on_the_page():
    deciding = {decided_by.strip("`") for *_, decided_by in KEPT}
    assert {s.name for s in SETTINGS if s.name.startswith("STOPPRESS_KEEP_")} <= deciding
    assert f"{KEPT_BATCHES:,} batches at most" in PAGE


@pytest.mark.parametrize("query", re.findall(r'"(SELECT [^"]+)"', PAGE))
def test_queries_can_be_asked(query):
    with sqlite3.connect(":memory:") as database:
        database.executescript((ROOT / "src/stoppress/cli/blank.sql").read_text("utf-8"))
        database.execute(query).fetchall()


@pytest.mark.parametrize("path", re.findall(r"tests/[\w/]+\.py", PAGE))
def test_tests_it_names_exist(path):
    assert (ROOT / path).exists()


def test_each_statement_has_a_command_and_what_to_expect():
    assert len(STATEMENTS) >= 8
    assert all(all(row) and "`" in row[1] for row in STATEMENTS)


def test_cookies_are_those_of_the_code(settings):
    from stoppress.edge.reads import STAFF_COOKIE

    named = {row[0].strip("`") for row in rows_of("Cookies")}
    assert named == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, STAFF_COOKIE}
