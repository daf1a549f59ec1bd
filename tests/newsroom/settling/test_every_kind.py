"""Every kind of change is one row of the log, and tells of every page that differs after it."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection

from stoppress.edge.editions import EPOCH_PREFIX, Edition
from stoppress.press.changes import changing
from stoppress.press.errors import PageNotFound
from stoppress.press.guard import watched_tables
from stoppress.press.models import Change
from stoppress.press.render import render_edition
from stoppress.press.snapshot import snapshot
from tests.newsroom.settling.machine import settings_kept
from tests.newsroom.settling.paper_kinds import kind  # noqa: F401
from tests.newsroom.settling.room import KINDS, Fate, Room, do

Pages = dict[str, Edition | None]


def all_pages(room: Room) -> Pages:
    """Every page as it is in the database now; None for an address without one."""
    pages: Pages = {}
    with snapshot() as seen:
        for path in sorted(room.paths):
            try:
                pages[path] = render_edition(path, seen)
            except PageNotFound:
                pages[path] = None
    return pages


def is_same(before: Edition, after: Edition | None) -> bool:
    if after is None:
        return False
    return (before.status, before.headers, before.body) == (
        after.status,
        after.headers,
        after.body,
    )


def untold(before: Pages, after: Pages, told: set[str]) -> list[str]:
    """Pages that differ, though nothing they depended on was touched."""
    if any(tag.startswith(EPOCH_PREFIX) for tag in told):
        return []
    return [
        path
        for path, page in before.items()
        if page and not is_same(page, after[path]) and not page.tags & told
    ]


class Undone(Exception):
    """The transaction of a change is rolled back here."""


def undo(room: Room, name: str, n: int) -> None:
    """Make a change and take it back: neither what it wrote nor its row is left."""
    assert room.desk  # whose session must outlive what is undone
    stories, shown, rows = deepcopy(room.stories), room.topics, written()
    with settings_kept(), suppress(Undone), changing("undone"):
        KINDS[name](room, n)
        raise Undone
    room.stories, room.topics = stories, shown
    assert written() == rows, name


def written() -> dict[str, list[Any]]:
    """All that readers' pages are made of, and the log."""
    tables = sorted({*watched_tables(), Change._meta.db_table})
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
    return cursor.fetchall()


def newest_row() -> int:
    return Change.objects.order_by("-pk").values_list("pk", flat=True)[0]


@pytest.mark.long
def test_each_is_one_row_that_tells_of_every_page_it_changes(room):
    before, missing, faults = all_pages(room), [], []
    for n, name in enumerate(KINDS):
        while sum(told.fate is Fate.LIVE for told in room.stories.values()) < 3:
            do(room, "publish_story", n)
            before = all_pages(room)
        newest = newest_row()
        undo(room, name, n)
        if not do(room, name, n):
            missing.append(name)
            continue
        rows = list(Change.objects.filter(pk__gt=newest))
        after = all_pages(room)
        told = {tag for row in rows for tag in (*row.touched, *row.gone)}
        if len(rows) != 1:
            faults.append(f"{name} wrote {len(rows)} rows: {[row.what for row in rows]}")
        faults += [
            f"{name} ({sorted(told)}) does not tell {p}" for p in untold(before, after, told)
        ]
        before = after
    assert not faults, "\n".join(faults)
    assert not missing
