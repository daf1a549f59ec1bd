"""Takedowns: which pages a hard change will take down, without looking at each of them.

Very many pages may carry its tags. All are counted; only those that are among the most read are
named, and as many others as are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from stoppress.edge.tables import key_of

if TYPE_CHECKING:
    from stoppress.edge.tables import Tables, Txn


@dataclass(frozen=True, slots=True)
class Takedown:
    """What will be gone."""

    paths: frozenset[str]  # some of it, or all
    count: int


class Foresight:
    """One view of the store, and the last hard change to each tag that is to be applied to it."""

    def __init__(self, tables: Tables, txn: Txn, gone: Mapping[str, int]) -> None:
        self._tables, self._txn, self._gone = tables, txn, gone

    def count(self) -> int:
        """How many editions go. The tag that most carry is counted at the cost of one that few do.

        Editions of the other tags are looked at one by one: each counts once.
        """
        tables, txn = self._tables, self._txn
        tags = sorted(self._gone, key=lambda tag: tables.count_tagged(txn, tag), reverse=True)
        if not tags:
            return 0
        first = tags[0]
        spared = sum(
            tables.is_tagged(txn, key, first) for key in tables.seen_since(txn, self._gone[first])
        )
        return (
            tables.count_tagged(txn, first)
            - spared
            + sum(
                self._goes(key, [tag]) and not self._goes(key, tags[:place])
                for place, tag in enumerate(tags[1:], start=1)
                for key in tables.keys_tagged(txn, tag)
            )
        )

    def some(self, leading: Iterable[bytes], asked: Iterable[str], at_least: int) -> set[bytes]:
        """Those among the leading keys and the asked paths that go, and others to have so many."""
        found = {key for key in chain(leading, map(key_of, asked)) if self._goes(key, self._gone)}
        for tag in self._gone:
            for key in self._tables.keys_tagged(self._txn, tag):
                if len(found) >= at_least:
                    return found
                if self._goes(key, [tag]):
                    found.add(key)
        return found

    def _goes(self, key: bytes, tags: Collection[str]) -> bool:
        card = self._tables.ranks.card(self._txn, key)
        return card is not None and any(
            card.change < self._gone[tag] and self._tables.is_tagged(self._txn, key, tag)
            for tag in tags
        )
