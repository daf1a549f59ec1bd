"""Nothing in a publish, in a page or at the desk costs more because the archive is larger.

At 100 and at 5,000 stories the same acts ask as many queries, and no query's plan reads a table
that grows with the archive from end to end.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from stoppress.demo import archive
from stoppress.newsroom.actions import create_article, publish, unpublish
from stoppress.newsroom.actions.corepages import core_pages_of
from stoppress.newsroom.actions.placing import placed
from stoppress.newsroom.bulk.afterwards import take_stock
from stoppress.newsroom.models import Article, Author
from stoppress.newsroom.roles import give_role
from stoppress.press.editions import print_page

SMALL, LARGE, FEW = 100, 5_000, 10
GROWING = re.compile(
    r"wagtailcore_(page|revision|pagelogentry|referenceindex|workflowstate)|newsroom_article\w*"
    r"|newsroom_(listing|updateentry)|desk_newslistentry|press_(change|receipt)|readership_\w+"
)
SQLITE_SCAN = re.compile(r"SCAN (?P<table>\w+)(?P<index> USING (?:COVERING )?INDEX \w+)?")
POSTGRESQL_SCAN = re.compile(r"Seq Scan on (?P<table>\w+)")


@contextmanager
def listening() -> Iterator[list[tuple[str, Any]]]:
    """Note every query that is asked."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not many:
            asked.append((str(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def scans(asked: list[tuple[str, Any]]) -> set[str]:
    """The queries that read a growing table from end to end, with their plans."""
    found = set()
    for sql, params in asked:
        if sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
            plan = _plan(sql, params)
            if any(_is_scan(line, plan, sql) for line in plan):
                found.add("\n".join([sql[sql.find(" FROM ") :][:600], *plan]))
    return found


def _plan(sql: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET enable_seqscan = off")  # what is scanned even so has no index to it
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = [row[0] for row in cursor.fetchall()]
        cursor.execute("RESET enable_seqscan")
        return plan


def _is_scan(line: str, plan: list[str], sql: str) -> bool:
    pattern = SQLITE_SCAN if connection.vendor == "sqlite" else POSTGRESQL_SCAN
    scan = pattern.search(line)
    if scan is None or GROWING.fullmatch(scan["table"]) is None:
        return False
    # Walking an index in its order up to a LIMIT is no scan.
    is_walk = connection.vendor == "sqlite" and scan["index"] and "LIMIT" in sql
    return not is_walk or any("TEMP B-TREE" in other for other in plan)


def bring_out(name: str) -> tuple[Article, list[str]]:
    """A story of the kind an archive has, published; the pages that show it."""
    mira = Author.objects.get(name="Mira Lund")
    live = publish(
        create_article(
            section="world",
            headline=name,
            byline=[mira],
            topics=["medtop:20000003"],
            body=[("text", "<p>They said so at the quay.</p>")],
            updates=[("correction", timezone.now(), "One.")],
        )
    )
    others = ["/corrections/", "/sitemap.xml", f"/world/{timezone.now():%Y/%m}/"]
    return live, [live.url, *core_pages_of(placed(live, "world")), *others]


def one_round(name: str, desk: Client) -> dict[str, list[tuple[str, Any]]]:
    """Every query of a publish, its pages, the desk's lists and a takedown, by what asked it."""
    ContentType.objects.clear_cache()
    rounds = {}
    with listening() as rounds["publish"]:
        live, pages = bring_out(name)
    for path in pages:
        with listening() as rounds[path.replace(live.url, "article")]:
            print_page(path)
    for path in ("/desk/", "/desk/stories/", f"/desk/pages/{live.get_parent().pk}/"):
        with listening() as rounds[path]:
            assert desk.get(path).status_code == 200, path
    with listening() as rounds["unpublish"]:
        unpublish(live)
    return rounds


@pytest.fixture
def desk(paper: str) -> Client:
    user = get_user_model().objects.create_user("chief", password="x")
    give_role(user, "chief")
    client = Client()
    client.force_login(user)
    return client


def test_nothing_grows_with_the_archive(paper, desk):
    archive.extend(SMALL, until=timezone.now())
    one_round("Warm", desk)
    small = one_round("Small", desk)
    archive.extend(LARGE)
    large = one_round("Large", desk)
    with listening() as large["load"]:  # how many it asks depends on what the stories name
        archive.extend(LARGE + FEW)
    counts = {what: (len(small[what]), len(large[what])) for what in small}
    assert {what: pair for what, pair in counts.items() if pair[1] > pair[0]} == {}
    every = [query for queries in large.values() for query in queries]
    assert len(every) > 200
    take_stock()
    assert scans(every) == set()
