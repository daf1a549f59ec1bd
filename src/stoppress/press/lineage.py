"""Lineage: does this store come from this database, as it is now?

The store keeps the database's name and the last change it applied; a file beside it keeps when that
change was written. If the log has no such row, or one written at another moment, the database was
replaced or restored (its numbers start again from an older one), or the log was trimmed while this
node slept. Then no edition can be trusted, and the store is discarded.
"""

import json
import uuid
from datetime import datetime
from pathlib import Path

from django.db import models

from stoppress.edge.store import Store
from stoppress.press.changes import ALL
from stoppress.press.models import Change, Lineage

MARK = "applied.json"
NEW = "it is new"  # why a store is not trusted that never was filled
ROW = 1


def lineage() -> str:
    """Return this database's name; a new or flushed one draws it now."""
    row, _ = Lineage.objects.get_or_create(pk=ROW, defaults={"name": uuid.uuid4().hex})
    return row.name


def find_lineage() -> str:
    """Return this database's name, or an empty text if it has none yet. Never writes."""
    return Lineage.objects.values_list("name", flat=True).filter(pk=ROW).first() or ""


def write_mark(directory: Path, change: Change) -> None:
    """Note which change is about to be applied. A mark from before a crash still holds."""
    mark = directory / MARK
    fresh = mark.with_suffix(".new")
    fresh.write_text(json.dumps({"number": change.number, "at": change.written_at.isoformat()}))
    fresh.replace(mark)


def why_not_trusted(store: Store) -> str | None:
    """Return why the store's editions are not of this database, or None if they are."""
    applied, name = store.applied(), store.lineage()
    if not name:
        return NEW
    of_database, lowest, applied_at = _look(applied)
    if name != of_database:
        return "it was filled from another database"
    if applied and applied_at is None:
        return f"the log of changes does not hold change {applied}, the last one applied"
    if lowest > applied + 1:
        return f"the log of changes starts at {lowest}, above change {applied}, the last applied"
    return _why_mark_differs(store.directory, applied, applied_at)


def _look(applied: int) -> tuple[str, int, datetime | None]:
    """The database's name, its log's lowest number, and when a change was written; one query."""
    log = Change.objects.filter(number__isnull=False).order_by("number")
    found = Lineage.objects.filter(pk=ROW).values_list(
        "name",
        models.Subquery(log.values("number")[:1]),
        models.Subquery(log.filter(number=applied).values("written_at")[:1]),
    )
    name, lowest, written_at = found.first() or ("", 0, None)
    return name, lowest or 0, written_at


def _why_mark_differs(directory: Path, applied: int, applied_at: datetime | None) -> str | None:
    try:
        mark = json.loads((directory / MARK).read_text())
        number, noted_at = int(mark["number"]), str(mark["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no mark says nothing
    written_at = applied_at if number == applied else _look(number)[2]
    if written_at is not None and written_at.isoformat() != noted_at:
        return f"change {number} is not the one that was applied: the database was restored"
    return None


def start_over(store: Store) -> None:
    """Empty the store and let it begin at the newest change of this database.

    A render that began before is refused: the coarse tag counts as changed just now.
    """
    name = lineage()
    (store.directory / MARK).unlink(missing_ok=True)
    store.discard(name)
    newest = Change.objects.filter(number__isnull=False).order_by("-number").first()
    if newest is not None and newest.number is not None:
        write_mark(store.directory, newest)
        store.apply(newest.number, touched={ALL}, gone=())
