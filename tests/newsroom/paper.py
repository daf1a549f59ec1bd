"""An invented paper for tests, and databases that hold it from the start."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.db import connection
from PIL import Image

from stoppress.cli.schema import bring_up_to_date
from stoppress.newsroom.actions import (
    create_article,
    create_author,
    create_picture,
    create_section,
    publish,
)
from stoppress.newsroom.models import Article, Picture, Section
from stoppress.newsroom.roles import create_roles
from stoppress.press.models import Change
from tests.databases import Templates, pointed_at
from tests.postgres import Cluster
from tests.restoring import keep, restore

MIGRATED = "migrated"
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class PaperTemplates(Templates):
    """Databases with every table, the roles, and the sections of the invented paper."""

    name = "paper"  # of its PostgreSQL database: several templates may share a server
    _as_it_was: str | None = None

    def _fill(self) -> None:
        bring_up_to_date()
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
        """The filled paper, brought back to what it was for each test."""
        if self._as_it_was is None:
            _migrate_once(cluster)
            cluster.run(f"CREATE DATABASE {self.name} TEMPLATE {MIGRATED}")
        with pointed_at(cluster.address(self.name)):
            if self._as_it_was is None:
                self._fill()
                self._as_it_was = keep()
            else:
                restore(self._as_it_was)
            yield


def _migrate_once(cluster: Cluster) -> None:
    """Make a database with every table, unless another template has: it takes ten seconds."""
    if not cluster.has(MIGRATED):
        cluster.run(f"CREATE DATABASE {MIGRATED}")
        with pointed_at(cluster.address(MIGRATED)):
            bring_up_to_date()


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


def last_change() -> Change:
    return Change.objects.order_by("pk").last()


def touched() -> set[str]:
    change = last_change()
    return {*change.touched, *change.gone}
