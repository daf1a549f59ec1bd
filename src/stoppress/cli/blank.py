"""The blank database: an empty SQLite database as text, for who doesn't have one yet.

Wagtail's history of 170 migrations takes ten seconds of processor time to run, nearly all of which
goes into Django's picture of the models in between. Run once, by `make blank`, they leave what
`blank.sql` says. Migrations newer than the file are run as ever, so an old file costs time and
nothing else. tests/cli holds that both ways lead to the same database.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from importlib.resources import files

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page

from stoppress.press.changes import ALL, changing

FILE = "blank.sql"
HEADER = "-- An empty database after all migrations. Written by `make blank`; see blank.py.\n"
# Each database's own: these rows are never dumped; of these columns, a mark is.
OWN_ROWS = frozenset({"press_change", "press_lineage"})
OWN_VALUES = frozenset({"applied", "translation_key", "language_code"})
MIGRATION = 'INSERT INTO "django_migrations" VALUES('


def make_blank() -> bool:
    """Make the tables of an empty SQLite database at once; False if that can't be done here.

    Call `fill_own_values` when newer migrations have run: models may know columns the file doesn't.
    """
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return False
    text = blank_text()
    if not named_migrations(text) <= MigrationLoader(None).disk_migrations.keys():
        return False  # of another version of what is installed
    with connection.cursor():  # connects
        connection.connection.executescript(f"BEGIN IMMEDIATE;\n{text}\nCOMMIT;")
    return True


def fill_own_values() -> None:
    """Give a database that was made from the file what each draws for itself."""
    with changing("migrations") as change:
        _fill_own_values()
        change.touch(ALL)


def blank_text() -> str:
    """The statements of the file."""
    return files("stoppress.cli").joinpath(FILE).read_text("utf-8")


def dump() -> Iterator[str]:
    """The current SQLite database as statements that make it, without what each draws itself."""
    with connection.cursor():
        database: sqlite3.Connection = connection.connection
    tables, others = _definitions(database)
    yield from tables.values()
    yield from others
    for table, statement in tables.items():
        if table not in OWN_ROWS and not statement.startswith("CREATE VIRTUAL"):
            yield from _rows(database, table)
    yield 'DELETE FROM "sqlite_sequence";'  # what the rows above left there
    sequences = list(_rows(database, "sqlite_sequence"))
    yield from (row for row in sequences if not any(f"'{table}'" in row for table in OWN_ROWS))


def named_migrations(text: str) -> set[tuple[str, str]]:
    """The migrations, as (app, name), that a dump has been through."""
    lines = (line for line in text.splitlines() if line.startswith(MIGRATION))
    rows = (line.removeprefix(MIGRATION).split(",") for line in lines)
    return {(app.strip("'"), name.strip("'")) for _, app, name, *_ in rows}


def _fill_own_values() -> None:
    MigrationRecorder.Migration.objects.update(applied=timezone.now())
    for pk in Page.objects.values_list("pk", flat=True):
        Page.objects.filter(pk=pk).update(translation_key=uuid.uuid4())
    language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    Locale.objects.update(language_code=language)


def _definitions(database: sqlite3.Connection) -> tuple[dict[str, str], list[str]]:
    """The tables, by name, with how each is made, and how indexes and triggers are made."""
    found = database.execute(
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger', rowid"
    ).fetchall()
    virtual = [name for _, name, sql in found if sql.startswith("CREATE VIRTUAL")]
    shadows = tuple(f"{name}_" for name in virtual)  # SQLite makes these with the virtual table
    tables = {
        name: f"{sql};"
        for kind, name, sql in found
        if kind == "table" and not name.startswith(shadows)
    }
    return tables, [f"{sql};" for kind, _, sql in found if kind != "table"]


def _rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    values = " || ',' || ".join(
        "quote('own ' || rowid)" if name in OWN_VALUES else f'quote("{name}")' for name in columns
    )
    rows = database.execute(f'SELECT {values} FROM "{table}" ORDER BY rowid')  # noqa: S608
    for (row,) in rows.fetchall():
        yield f'INSERT INTO "{table}" VALUES({row});'
