"""The guard: no watched table is written without a change that tells the printer.

A wrapper around every statement of every connection looks for INSERT, UPDATE and DELETE on watched
tables. Signals can't do this: queryset.update, bulk_create and moves in the page tree send none.
Outside `changing()` such a write raises in tests; in production it is let through and the tag
`epoch:all` is written in the same transaction, so that a forgotten `changing()` costs speed, never
truth. Django's own flush and migrations are let through: both write a new lineage or epoch.
"""

import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from stoppress.press.changes import ALL, current_change, write_row
from stoppress.press.errors import BadGuardSetting, UnguardedWrite
from stoppress.press.models import Change

log = structlog.get_logger("press.guard")

_watched: dict[str, frozenset[str]] = {}  # table -> columns that readers never see
_migrating = False
_WRITE = re.compile(
    r"""\s*(?:WITH\b.*?)?\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)
    \s+(?:ONLY\s+)?(?:"?\w+"?\.)?"?(?P<table>\w+)"?""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SET = re.compile(r"\sSET\s(?P<set>.*?)(?:\sWHERE\s|$)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r'"(\w+)"\s*=')


def watch(model: type[models.Model], *, ignore_columns: Collection[str] = ()) -> None:
    """Guard a model's own table. An UPDATE of nothing but the ignored columns is let through."""
    _watched[model._meta.db_table] = frozenset(ignore_columns)


def unwatch(model: type[models.Model]) -> None:
    """Stop guarding a model's table."""
    _watched.pop(model._meta.db_table, None)


def watched_tables() -> frozenset[str]:
    """Return the names of all guarded tables."""
    return frozenset(_watched)


def guard_raises() -> bool:
    """Tell whether an unguarded write raises (tests) or adds the coarse tag (production)."""
    mode = getattr(settings, "PRESS_GUARD", "tag")
    if mode not in ("raise", "tag"):
        raise BadGuardSetting(mode)
    return bool(mode == "raise")


def written_table(sql: str) -> str | None:
    """Return the watched table that a statement writes columns of that readers may see."""
    found = _WRITE.match(sql)
    if found is None or (ignored := _watched.get(found["table"])) is None:
        return None
    if _is_flush(sql) or (ignored and _columns_set(sql, found) <= ignored):
        return None
    return found["table"]


def _columns_set(sql: str, found: re.Match[str]) -> frozenset[str]:
    setting = _SET.search(sql, found.end())
    if setting is None:  # an INSERT or DELETE
        return frozenset({"every column"})
    return frozenset(_COLUMN.findall(setting["set"])) or frozenset({"some column"})


def _is_flush(sql: str) -> bool:
    """Django's flush alone ends its statements with a semicolon; it empties the log as well."""
    return sql.startswith("DELETE FROM ") and sql.endswith(";") and " WHERE " not in sql


Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]


def guard(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Wrap one statement (see Django's "database instrumentation")."""
    text = sql if isinstance(sql, str) else sql.as_string(None)
    table = written_table(text)
    connection: BaseDatabaseWrapper = context["connection"]
    if table is None or _migrating or connection.alias != DEFAULT_DB_ALIAS:
        return execute(sql, params, many, context)
    draft = current_change()
    if draft is not None:
        draft.wrote.add(table)
        return execute(sql, params, many, context)
    if guard_raises():
        raise UnguardedWrite(table, text)
    with transaction.atomic(savepoint=False):
        _touch_everything_once(connection, table, text)
        result = execute(sql, params, many, context)
        if connection.vendor == "sqlite" and "RETURNING" in text:
            context["cursor"].cursor = _Fetched(context["cursor"].cursor)
        return result


class _Fetched:
    """A cursor with its rows fetched: SQLite can't commit while a statement returns some."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._rows: Iterator[Any] = iter(cursor.fetchall())

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def _everything_touched() -> None:
    """Stand in the transaction's on-commit list for as long as our row is part of it."""


def _touch_everything_once(connection: BaseDatabaseWrapper, table: str, sql: str) -> None:
    """Write one coarse change per transaction.

    Django drops on-commit callbacks when their savepoint is rolled back, which is when our row is
    lost too; so the list tells whether the row is still there.
    """
    if any(entry[1] is _everything_touched for entry in connection.run_on_commit):
        return
    log.warning("unguarded write", table=table, statement=sql[:200])
    write_row(f"an unguarded write to {table}", {ALL})
    transaction.on_commit(_everything_touched)


def guard_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Put the guard on a connection, once."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)


def guard_every_connection() -> None:
    """Guard the connections there are and those to come."""
    from django.db.backends.signals import connection_created
    from django.db.models.signals import post_migrate, pre_migrate

    connection_created.connect(_on_connect, dispatch_uid="press.guard")
    pre_migrate.connect(_on_pre_migrate, dispatch_uid="press.guard")
    post_migrate.connect(_on_post_migrate, dispatch_uid="press.guard")
    for connection in connections.all(initialized_only=True):
        guard_connection(connection)


def _on_connect(connection: BaseDatabaseWrapper, **_: Any) -> None:
    guard_connection(connection)


def _on_pre_migrate(**_: Any) -> None:
    global _migrating
    _migrating = True


def _on_post_migrate(sender: Any, using: str, plan: Any = (), **_: Any) -> None:
    """Tell that migrations may have changed any page, once the log's own table is there."""
    global _migrating
    if sender.label != "press":
        return
    _migrating = False
    tables = connections[using].introspection.table_names() if plan else []
    if Change._meta.db_table in tables:
        with transaction.atomic():
            write_row("migrations", {ALL})
