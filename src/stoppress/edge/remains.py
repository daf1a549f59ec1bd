"""Remains: editions of a store that was discarded, until they are cleared away.

LMDB has to look at every record to drop it: minutes for a million, in which nobody can publish. So
a discard drops the small tables at once. A record without a card is then what remains: nobody is
served it, a print takes its place, and the printer clears the others away in short steps.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stoppress.edge.ranks import Ranks, Txn

CLEARED_AT_ONCE = 128  # records looked at in one step

_DISCARDED = b"discarded"  # in meta: the key from which the next step goes on


class Remains:
    """What is left to clear. Every method works inside the caller's transaction."""

    def __init__(self, meta: Any, editions: Any, ranks: Ranks) -> None:
        self._meta, self._editions, self._ranks = meta, editions, ranks

    def leave(self, txn: Txn) -> None:
        """Say that all records that have no card remain of a store that was discarded."""
        if txn.stat(self._editions)["entries"]:
            txn.put(_DISCARDED, b"", db=self._meta)

    def are_there(self, txn: Txn) -> bool:
        """Whether anything is left to clear; nearly always not."""
        return txn.get(_DISCARDED, db=self._meta) is not None

    def hold(self, txn: Txn, key: bytes) -> bool:
        """Whether a record is one of those that remain."""
        return self.are_there(txn) and self._ranks.card(txn, key) is None

    def clear(self, txn: Txn, *, count: int = CLEARED_AT_ONCE, seconds: float) -> int:
        """Clear some away until the time is up; return how many went."""
        position = txn.get(_DISCARDED, db=self._meta)
        if position is None:
            return 0
        ends_at = time.monotonic() + seconds
        cursor = txn.cursor(self._editions)
        has_any = cursor.set_range(bytes(position)) if position else cursor.first()
        found = cursor.iternext(values=False) if has_any else iter(())
        keys = [bytes(key) for key in islice(found, CLEARED_AT_ONCE)]
        cleared = 0
        for key in keys:
            if cleared >= count or time.monotonic() >= ends_at:
                txn.put(_DISCARDED, key, db=self._meta)
                return cleared
            if self._ranks.card(txn, key) is None:
                txn.delete(key, db=self._editions)
                cleared += 1
        if len(keys) == CLEARED_AT_ONCE:
            txn.put(_DISCARDED, keys[-1], db=self._meta)
        else:
            txn.delete(_DISCARDED, db=self._meta)
        return cleared
