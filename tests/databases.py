"""Real databases for tests that need real commits: a fresh one for each test, SQLite or PostgreSQL.

pytest-django's `db` wraps a test in a transaction that never commits, which hides what the press
and the readership rooms are about. Here the connection "default" is pointed at a database that has
the tables of the given apps and models.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, models, transaction

from stoppress.config.database import django_database
from stoppress.press.changes import ALL, write_row
from tests.postgres import Cluster, is_installed, running_cluster

APPS = ("contenttypes", "press", "readership")
_counter = count(1)


class Templates:
    """Makes databases for tests, each a copy of one that was migrated once."""

    def __init__(self, folder: Path, extra: Sequence[type[models.Model]]) -> None:
        self.folder = folder
        self.extra = extra
        self._sqlite: Path | None = None
        self._has_postgresql = False

    @contextmanager
    def sqlite(self) -> Iterator[None]:
        if self._sqlite is None:
            template = self.folder / "template.sqlite3"
            with pointed_at(str(template)):
                self._fill()
            self._sqlite = template
        fresh = self.folder / f"test-{next(_counter)}.sqlite3"
        shutil.copy(self._sqlite, fresh)
        with pointed_at(str(fresh)):
            yield

    @contextmanager
    def postgresql(self, cluster: Cluster) -> Iterator[None]:
        """One database for all tests, emptied before each (copying one takes a second)."""
        if not self._has_postgresql:
            cluster.run("CREATE DATABASE test_press")
        with pointed_at(cluster.address("test_press")):
            if not self._has_postgresql:
                self._fill()
                self._has_postgresql = True
            self._empty()
            yield

    def _empty(self) -> None:
        """Deleting a few rows is faster than TRUNCATE, which makes new files."""
        kept = {"django_migrations", "django_content_type"}
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for table in set(connection.introspection.table_names()) - kept:
                cursor.execute(f'DELETE FROM "{table}";')
            cursor.execute("RESET session_replication_role")
            cursor.execute("ALTER SEQUENCE press_change_number RESTART")
        with transaction.atomic():
            write_row("migrations", {ALL})

    def _fill(self) -> None:
        for app in APPS:
            call_command("migrate", app, verbosity=0, skip_checks=True)
        with connection.schema_editor() as editor:
            for model in self.extra:
                editor.create_model(model)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def pointed_at(database: str) -> Iterator[None]:
    """Let "default" mean this database, in this thread and in threads that start inside."""
    declared: dict[str, Any] = connections.settings["default"]
    before, before_connection = dict(declared), connections["default"]
    declared.clear()
    declared.update({**before, **django_database(database)})
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before_connection
        declared.clear()
        declared.update(before)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL server, started when a test first asks."""
    if not is_installed():
        pytest.skip("PostgreSQL 15 is not installed")
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """What fresh databases are made from."""
    from tests.press.paper import MODELS

    return Templates(tmp_path_factory.mktemp("databases"), MODELS)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, templates, django_db_blocker) -> Iterator[str]:
    """A fresh database; each test that asks runs on both."""
    with django_db_blocker.unblock():
        if request.param == "sqlite":
            with templates.sqlite():
                yield request.param
        else:
            with templates.postgresql(request.getfixturevalue("cluster")):
                yield request.param
