"""Writing many rows of a model at once: COPY on PostgreSQL, one prepared statement on SQLite.

Django's bulk_create makes an object of each row and takes no model that inherits from another's
table. COPY goes around the wrappers that Django puts on statements, the guard of the press among
them: so nothing here may run outside a change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models

from stoppress.press.changes import current_change
from stoppress.press.errors import UnguardedWrite

CONVERTED = 2000  # times of a column remembered: a story's stand in each of its rows


def insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each a value for every column it names; all must name the same ones.

    Rows are made as they are written: PostgreSQL works at the last ones while we make the next. So
    nothing may be asked of it between the first row and the last. Columns left out take the
    database's default, as an id does. Raises UnguardedWrite outside `changing()`.
    """
    table = model._meta.db_table
    if current_change() is None:
        raise UnguardedWrite(table, f"bulk insert into {table}")
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return
    fields = [model._meta.get_field(name) for name in first]
    columns = [str(getattr(field, "column", "")) for field in fields]
    makers = [_maker(field) for field in fields]
    values = (
        [make(value) if make else value for make, value in zip(makers, row.values(), strict=True)]
        for row in chain([first], coming)
    )
    _write(table, columns, values)


def next_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Ids that nobody else gets, for rows that others must name before they are written."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction is the only writer, and inserting an id moves the sequence up to it.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


def _write(table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({quoted}) VALUES ({marks})",  # noqa: S608 - our own names
                list(values),
            )


def _maker(field: Any) -> Callable[[Any], Any] | None:
    """How a column's values are put as the database takes them; None if they are already."""
    ops = connection.ops
    if isinstance(field, models.DateTimeField):
        return lru_cache(CONVERTED)(ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return lru_cache(CONVERTED)(ops.adapt_datefield_value)
    if isinstance(field, models.UUIDField) and connection.vendor == "sqlite":
        return lambda value: value.hex
    return None
