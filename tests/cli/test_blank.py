"""The blank database is the one that all migrations lead to, with what each draws for itself."""

import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from stoppress.cli import blank, schema
from stoppress.press.models import Change
from tests.databases import pointed_at

TEXT = Path(blank.__file__).with_name(blank.FILE)
NAMES = {  # rows of these are known by what they name; their numbers differ with when they came
    "django_content_type": "app_label || '.' || model",
    "auth_permission": "codename || ' ' || (SELECT app_label || '.' || model "
    "FROM django_content_type WHERE id = content_type_id)",
}


@pytest.fixture
def unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def blank_file(unblocked, tmp_path) -> Path:
    """A database as a new newsroom gets it."""
    file = tmp_path / "blank.sqlite3"
    with pointed_at(str(file)):
        assert schema.bring_up_to_date()
        assert schema.database_fit() is schema.Fit.EXACT
    return file


def test_the_blank_database_is_what_the_migrations_lead_to(blank_file, tmp_path):
    migrated = tmp_path / "migrated.sqlite3"
    with pointed_at(str(migrated)):
        call_command("migrate", verbosity=0, skip_checks=True)
    assert definitions(blank_file) == definitions(migrated)
    assert contents(blank_file) == contents(migrated)


def test_migrations_newer_than_the_file_are_run(unblocked, tmp_path, monkeypatch):
    newest = [line for line in TEXT.read_text().splitlines() if line.startswith(blank.MIGRATION)]
    wires = next(line for line in newest if "'wires'" in line)
    older = without_table(TEXT.read_text().replace(f"{wires}\n", ""), "wires_take")
    monkeypatch.setattr(blank, "blank_text", lambda: older)
    with pointed_at(str(tmp_path / "older.sqlite3")):
        schema.bring_up_to_date()
        assert "wires_take" in connection.introspection.table_names()
        assert schema.database_fit() is schema.Fit.EXACT


def test_columns_that_the_file_does_not_know_are_no_hindrance(unblocked, tmp_path, monkeypatch):
    lines = TEXT.read_text().splitlines()
    newest = "0003_receipts_fetched_back"
    older = [line for line in lines if newest not in line and "press_open_receipts" not in line]
    changes = next(line for line in older if line.startswith('CREATE TABLE "press_change"'))
    receipts = next(line for line in older if line.startswith('CREATE TABLE "press_receipt"'))
    told = "\n".join(older)
    told = told.replace(changes, without_columns(changes, "reference"))
    columns = ("gone", "gone_count", "fetched_at", "alarmed_at", "why_open")
    told = told.replace(receipts, without_columns(receipts, *columns))
    monkeypatch.setattr(blank, "blank_text", lambda: told)
    with pointed_at(str(tmp_path / "older.sqlite3")):
        schema.bring_up_to_date()
        assert schema.database_fit() is schema.Fit.EXACT
        assert Change.objects.filter(what="migrations").exists()


def test_each_database_draws_its_own_values(blank_file, unblocked, tmp_path, settings):
    settings.LANGUAGE_CODE = "pt-br"
    with pointed_at(str(tmp_path / "other.sqlite3")):
        schema.bring_up_to_date()
    other = ask(tmp_path / "other.sqlite3", "SELECT translation_key FROM wagtailcore_page")
    assert not set(other) & set(ask(blank_file, "SELECT translation_key FROM wagtailcore_page"))
    assert ask(tmp_path / "other.sqlite3", "SELECT language_code FROM wagtailcore_locale") == [
        ("pt-br",)
    ]


def test_a_database_with_tables_is_left_alone(blank_file):
    with pointed_at(str(blank_file)):
        assert not blank.make_blank()


def ask(file: Path, sql: str) -> list[tuple]:
    database = sqlite3.connect(file)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def definitions(file: Path) -> set[tuple]:
    return set(ask(file, "SELECT type, name, tbl_name, sql FROM sqlite_master"))


def contents(file: Path) -> dict[str, Counter]:
    """The rows of every table, with names for numbers that may differ."""
    tables = [name for (name,) in ask(file, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: Counter(ask(file, rows_of(file, table))) for table in tables if is_told(table)}


def is_told(table: str) -> bool:
    return table != "sqlite_sequence" and "_fts" not in table and table not in blank.OWN_ROWS


def rows_of(file: Path, table: str) -> str:
    leads_to = {row[3]: row[2] for row in ask(file, f'PRAGMA foreign_key_list("{table}")')}
    columns = []
    for _, name, *_, is_key in ask(file, f'PRAGMA table_info("{table}")'):
        if leads_to.get(name) in NAMES:
            target = leads_to[name]
            named = NAMES[target].replace("content_type_id", f"{target}.content_type_id")
            columns.append(f'(SELECT {named} FROM {target} WHERE {target}.id = outer."{name}")')
        elif name not in blank.OWN_VALUES and not is_key:
            columns.append(f'outer."{name}"')
    return f'SELECT {", ".join(columns) or "1"} FROM "{table}" AS outer'


def without_columns(statement: str, *names: str) -> str:
    head, _, columns = statement.removesuffix(");").partition(" (")
    kept = [c for c in re.split(r", (?=\")", columns) if c.split('"')[1] not in names]
    return f"{head} ({', '.join(kept)});"


def without_table(text: str, table: str) -> str:
    lines = text.splitlines()
    return "\n".join(line for line in lines if f'"{table}"' not in line)
