"""Sweeps: marking or taking down what very many editions share, without making a publish wait.

A change to a tag that a handful carry is written to each of them in its own transaction. If a
million carry it, that would take seconds, in which nobody can publish. So the change is written
down once, as a sweep: from that moment every read of an edition that carries the tag finds it stale
or gone, exactly as if it had been marked. The printer then writes the marks in short steps.

sweeps   kind, tag, change -> the key from which the next step goes on
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import lmdb

    Txn = lmdb.Transaction[memoryview]

_CHANGE = struct.Struct(">Q")
_STALE, _GONE = b"s", b"g"


class Sweep(NamedTuple):
    """A change to a tag that is not written to all who carry it."""

    tag: bytes  # as a key
    change: int
    is_gone: bool
    position: bytes  # empty at the beginning


class Sweeps:
    """The table. Every method works inside the caller's transaction."""

    def __init__(self, sweeps: Any, tagged: Any) -> None:
        self._sweeps, self._tagged = sweeps, tagged

    def begin(self, txn: Txn, tag: bytes, change: int, *, is_gone: bool) -> None:
        """Write a change down, beside earlier ones that are under way."""
        self.save(txn, Sweep(tag, change, is_gone, b""))

    def save(self, txn: Txn, sweep: Sweep) -> None:
        """Write down how far a sweep has come."""
        txn.put(_name(sweep), sweep.position, db=self._sweeps)

    def end(self, txn: Txn, sweep: Sweep) -> None:
        """Forget a sweep whose marks are all written."""
        txn.delete(_name(sweep), db=self._sweeps)

    def pending(self, txn: Txn) -> list[Sweep]:
        """The sweeps under way, takedowns first; nearly always none."""
        return [
            Sweep(
                tag=bytes(name[1 : -_CHANGE.size]),
                change=_CHANGE.unpack(name[-_CHANGE.size :])[0],
                is_gone=bytes(name[:1]) == _GONE,
                position=bytes(position),
            )
            for name, position in txn.cursor(self._sweeps)
        ]

    def next_for(self, txn: Txn, key: bytes, seen: int, *, is_gone: bool) -> int:
        """The first change that a sweep under way will write to an edition; 0 for none.

        `seen` is the last change that its render saw.
        """
        if not txn.stat(self._sweeps)["entries"]:
            return 0
        cursor = txn.cursor(self._tagged)
        return min(
            (
                sweep.change
                for sweep in self.pending(txn)
                if sweep.is_gone is is_gone
                and sweep.change > seen
                and cursor.set_key_dup(sweep.tag, key)
            ),
            default=0,
        )


def _name(sweep: Sweep) -> bytes:
    return (_GONE if sweep.is_gone else _STALE) + sweep.tag + _CHANGE.pack(sweep.change)
