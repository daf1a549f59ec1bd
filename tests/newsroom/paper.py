"""An invented paper for tests, and databases that hold it from the start."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import wagtail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from PIL import Image

from stoppress.newsroom.actions import (
    create_article,
    create_author,
    create_picture,
    create_section,
    publish,
)
from stoppress.newsroom.models import Article, Picture, Section
from stoppress.newsroom.roles import create_roles
from tests.databases import Templates, pointed_at
from tests.postgres import Cluster
from tests.sharing import made_once

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class PaperTemplates(Templates):
    """Databases with every table, the roles, and the sections of the invented paper."""

    migrated: Path | None = None  # where an SQLite with every table is kept between runs

    def _fill(self) -> None:
        self._migrate()
        create_roles()
        world = create_section("World", description="From everywhere else.")
        create_section("Islands", parent=world)
        create_section("Harbour")
        create_author("Mira Lund", role="Correspondent", biography="<p>Writes of <b>tides</b>.</p>")
        create_author("Osk Press Agency", kind="agency")
        if connection.vendor == "sqlite":
            _checkpoint()

    @contextmanager
    def postgresql(self, cluster: Cluster) -> Iterator[None]:
        """A copy of the filled paper for each test."""
        if not self._has_postgresql:
            cluster.run("CREATE DATABASE paper")
            with pointed_at(cluster.address("paper")):
                self._fill()
            self._has_postgresql = True
        cluster.run("CREATE DATABASE paper_copy TEMPLATE paper")
        try:
            with pointed_at(cluster.address("paper_copy")):
                yield
        finally:
            cluster.run("DROP DATABASE paper_copy WITH (FORCE)")

    def _migrate(self) -> None:
        if connection.vendor != "sqlite" or self.migrated is None:
            call_command("migrate", verbosity=0, skip_checks=True)
            return
        database = Path(connection.settings_dict["NAME"])

        def migrate(kept: Path) -> None:
            call_command("migrate", verbosity=0, skip_checks=True)
            _checkpoint()
            shutil.copy(database, kept)

        kept = made_once(self.migrated / f"{migrations_digest()}.sqlite3", migrate)
        connection.close()
        shutil.copy(kept, database)


def migrations_digest() -> str:
    """A name for the state of all migrations: ours by their text, others' by their versions."""
    digest = sha256(f"{django.VERSION} {wagtail.VERSION}".encode())
    for file in sorted(Path("src").glob("**/migrations/*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _checkpoint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def fresh_caches() -> Iterator[None]:
    """Databases come and go; what was cached of one must not be taken for another's."""
    cache.clear()
    yield
    cache.clear()


def section(path: str) -> Section:
    from stoppress.newsroom.actions import get_section

    return get_section(path)


def story(headline: str = "Ferry returns", /, **fields: Any) -> Article:
    """A live story in World, dated a spring noon unless told otherwise."""
    at = fields.pop("at", NOON)
    fields.setdefault("section", "world")
    fields.setdefault("body", [("text", f"<p>{headline}, they said at the quay.</p>")])
    return publish(create_article(headline=headline, **fields), at=at)


def picture(
    title: str = "The quay", size: tuple[int, int] = (1500, 1000), **fields: Any
) -> Picture:
    fields.setdefault("alt_text", "Boats at a quay")
    return create_picture(png(size), f"{title}.png", title=title, **fields)


def png(size: tuple[int, int] = (60, 40), colour: str = "#247") -> bytes:
    output = BytesIO()
    Image.new("RGB", size, colour).save(output, "PNG")
    return output.getvalue()
