"""The rules that keep the store right, inside a transaction of the store's.

What must hold: an edition is only ever replaced by one that saw at least as much; a print whose
render began before one of its tags changed is refused; a change reaches every edition that carries
one of its tags and has not seen it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from stoppress.edge.editions import Edition
from stoppress.edge.errors import ChangeOutOfOrder, StaleEdition
from stoppress.edge.tables import Tables, is_epoch, key_of, pack_number, unpack_number

if TYPE_CHECKING:
    from stoppress.edge.tables import Txn

MARKED_AT_ONCE = 2000  # editions marked in a publish's own transaction; more are swept
REMOVED_AT_ONCE = 200  # to remove one costs as much as to mark ten
KEPT_CHANGES = 4096  # live streams resume, and renders may be in flight, across so many changes


def switch(
    tables: Tables,
    txn: Txn,
    number: int,
    touched: Collection[str],
    gone: Collection[str],
    packed: Iterable[tuple[Edition, bytes]],
) -> list[str]:
    """Move the store to a change; return the paths of prints that were not fresh after all.

    Raises ChangeOutOfOrder.
    """
    applied = tables.number(txn, b"applied")
    if number <= applied:
        raise ChangeOutOfOrder(number, applied)
    for tag in {*touched, *gone}:
        txn.put(key_of(tag), pack_number(number), db=tables.last)
    _raise_epochs(tables, txn, number, touched, gone)
    _mark_all(tables, txn, number, gone, is_gone=True)
    _mark_all(tables, txn, number, touched, is_gone=False)
    refused = write_fresh(tables, txn, packed)
    _log(tables, txn, number, sorted({*touched, *gone}))
    tables.set_number(txn, b"applied", number)
    return refused


def refuse_unless_fresh(tables: Tables, txn: Txn, edition: Edition) -> None:
    """The freshness rule: all that an edition depends on, it has seen."""
    key = key_of(edition.path)

    def refuse_if_above(cause: str, changed_at: int) -> None:
        if changed_at > edition.change:
            raise StaleEdition(edition.path, edition.change, cause, changed_at)

    for tag in edition.tags:
        refuse_if_above(tag, tables.unpacked(txn, key_of(tag), tables.last))
    refuse_if_above("an epoch", tables.number(txn, b"epoch"))
    refuse_if_above("the store's horizon", tables.number(txn, b"floor"))
    refuse_if_above("its takedown", tables.taken_down_at(txn, key))
    refuse_if_above("the stored print", tables.change_of(txn, key))


def _mark_all(
    tables: Tables, txn: Txn, number: int, tags: Collection[str], *, is_gone: bool
) -> None:
    """Write a change to all that carry the tags: now if they are few, else in a sweep."""
    room = REMOVED_AT_ONCE if is_gone else MARKED_AT_ONCE
    for tag in sorted(tags):
        count = tables.count_tagged(txn, tag)
        if count > room:
            tables.sweeps.begin(txn, key_of(tag), number, is_gone=is_gone)
            continue
        room -= count
        for key in list(tables.keys_tagged(txn, tag)):
            tables.mark(txn, key, number, is_gone=is_gone)


def _raise_epochs(
    tables: Tables, txn: Txn, number: int, touched: Collection[str], gone: Collection[str]
) -> None:
    if any(map(is_epoch, [*touched, *gone])):
        tables.set_number(txn, b"epoch", number)
    if any(map(is_epoch, gone)):
        tables.set_number(txn, b"epoch-gone", number)


def _log(tables: Tables, txn: Txn, number: int, tags: list[str]) -> None:
    """Add to the log. What leaves it raises the floor and takes its `last` along.

    A render that saw the floor has seen the forgotten tag too; one that did not is refused.
    """
    changes = tables.changes
    txn.put(pack_number(number), json.dumps(tags).encode(), db=changes)
    while txn.stat(changes)["entries"] > KEPT_CHANGES:
        cursor = txn.cursor(changes)
        cursor.first()
        oldest, forgotten = bytes(cursor.key()), json.loads(bytes(cursor.value()))
        cursor.delete()
        for tag in forgotten:
            if unpack_number(txn.get(key_of(tag), db=tables.last)) == unpack_number(oldest):
                txn.delete(key_of(tag), db=tables.last)
        tables.set_number(txn, b"floor", unpack_number(oldest))


def write_fresh(tables: Tables, txn: Txn, packed: Iterable[tuple[Edition, bytes]]) -> list[str]:
    """Put the prints in place that are fresh; return the paths of the others."""
    refused = []
    for edition, record in packed:
        try:
            refuse_unless_fresh(tables, txn, edition)
        except StaleEdition:
            refused.append(edition.path)
        else:
            tables.write(txn, edition, record)
    return refused
