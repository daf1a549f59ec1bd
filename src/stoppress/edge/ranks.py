"""Ranks: which editions are used least, so that they make room first.

The rule is "least frequently used, with dynamic aging" (Arlitt, Cherkasova, Dilley, Friedrich and
Jin, 2000, as in Squid): an edition stands as high as its uses above the *tide*, and the tide rises
to the standing of what was let go. So what is read often stays, what was read often once sinks, and
a crawler that asks for everything once pushes out only what it fetched itself. Among equals the one
that has not moved for longest goes first.

cards   key -> change, standing, transaction, uses: small, so that a walk over them stays in memory
ranks   standing, transaction -> keys (duplicates)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import lmdb

    Txn = lmdb.Transaction[memoryview]

MOST_USES = 16  # a page that was read more often sinks no slower

_CARD = struct.Struct(">QIQI")
_RANK = struct.Struct(">IQ")
_TIDE = struct.Struct(">I")


class Card(NamedTuple):
    """What is known of an edition without reading it."""

    change: int  # the last change its render saw
    standing: int
    moved_in: int  # the transaction that gave it this standing
    uses: int


class Ranks:
    """The two tables, and the tide in `meta`. Methods work inside the caller's transaction."""

    def __init__(self, cards: Any, ranks: Any, meta: Any) -> None:
        self._cards, self._ranks, self._meta = cards, ranks, meta

    def card(self, txn: Txn, key: bytes | memoryview) -> Card | None:
        """The card of an edition; None if there is none."""
        packed = txn.get(key, db=self._cards)
        return None if packed is None else Card._make(_CARD.unpack(packed))

    def enter(self, txn: Txn, key: bytes, change: int) -> None:
        """Note a print. A new edition stands just above the tide; a reprint stands where it was."""
        card = self.card(txn, key)
        if card is None:
            card = Card(change, self._tide(txn) + 1, txn.id(), 1)
            txn.put(_RANK.pack(card.standing, card.moved_in), key, db=self._ranks)
        txn.put(key, _CARD.pack(change, *card[1:]), db=self._cards)

    def leave(self, txn: Txn, key: bytes, card: Card) -> None:
        """Forget an edition."""
        txn.delete(_RANK.pack(card.standing, card.moved_in), key, db=self._ranks)
        txn.delete(key, db=self._cards)

    def note(self, txn: Txn, key: bytes, uses: int) -> None:
        """Add uses to an edition's card. One that stands as high as it can is not written."""
        card = self.card(txn, key)
        if card is None:
            return
        total = min(card.uses + uses, MOST_USES)
        standing = self._tide(txn) + total
        if standing <= card.standing:
            return
        txn.delete(_RANK.pack(card.standing, card.moved_in), key, db=self._ranks)
        txn.put(_RANK.pack(standing, txn.id()), key, db=self._ranks)
        txn.put(key, _CARD.pack(card.change, standing, txn.id(), total), db=self._cards)

    def take_least(self, txn: Txn) -> bytes | None:
        """The key of the edition used least, with the tide raised to it; None in an empty store."""
        cursor = txn.cursor(self._ranks)
        if not cursor.first():
            return None
        standing = _RANK.unpack(cursor.key())[0]
        if standing > self._tide(txn):
            txn.put(b"tide", _TIDE.pack(standing), db=self._meta)
        return bytes(cursor.value())

    def most_used(self, txn: Txn) -> Iterator[bytes]:
        """The keys of editions, those used most first."""
        cursor = txn.cursor(self._ranks)
        if cursor.last():
            yield from (bytes(key) for key in cursor.iterprev(keys=False, values=True))

    def _tide(self, txn: Txn) -> int:
        packed = txn.get(b"tide", db=self._meta)
        return 0 if packed is None else int(_TIDE.unpack(packed)[0])
