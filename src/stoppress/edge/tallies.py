"""What was counted since the last seal: sums by article and hour, and views by source.

Each group of reports writes its sums behind those of the groups before; sealing adds them up.
"""

from __future__ import annotations

import struct
from typing import Final

from stoppress.edge.views import COUNTED

SOURCE_KINDS: Final = {"referrer": ord("r"), "country": ord("c"), "refused": ord("x")}
_KINDS_OF_SOURCES = {mark: kind for kind, mark in SOURCE_KINDS.items()}
_ROWS = struct.Struct(">I")
_ROW = struct.Struct(f">QQ{len(COUNTED)}q")  # article, hour, counts
_SOURCE = struct.Struct(">QQqBB")  # article, hour, views, kind, length of the name
_NOTHING = [0] * len(COUNTED)


class Tallies:
    """Sums that can be added to, and added up."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[int]] = {}
        self._sources: dict[tuple[int, int, int, str], int] = {}

    def __bool__(self) -> bool:
        """Whether anything was counted."""
        return bool(self._rows or self._sources)

    def add(self, article: int, hour: int, place: int, number: int) -> None:
        """Add to one count of an article's hour; `place` is that in COUNTED."""
        row = self._rows.get((article, hour))
        if row is None:
            row = self._rows[article, hour] = _NOTHING.copy()
        row[place] += number

    def add_source(self, article: int, hour: int, kind: str, name: str, number: int = 1) -> None:
        """Count a view that came from somewhere, or reports that were refused for a reason."""
        key = (article, hour, SOURCE_KINDS[kind], name)
        self._sources[key] = self._sources.get(key, 0) + number

    def rows(self) -> tuple[tuple[int, ...], ...]:
        """What a batch has as rows: (article, hour, *Counts)."""
        return tuple((*key, *counts) for key, counts in sorted(self._rows.items()))

    def sources(self) -> tuple[tuple[int, int, str, str, int], ...]:
        """What a batch has as sources: (article, hour, kind, name, views)."""
        return tuple(
            (article, hour, _KINDS_OF_SOURCES[kind], name, views)
            for (article, hour, kind, name), views in sorted(self._sources.items())
        )

    def pack(self) -> bytes:
        """As bytes that `add_packed` reads."""
        parts = [_ROWS.pack(len(self._rows))]
        parts += [_ROW.pack(*key, *counts) for key, counts in self._rows.items()]
        for (article, hour, kind, name), views in self._sources.items():
            encoded = name.encode()
            parts += (_SOURCE.pack(article, hour, views, kind, len(encoded)), encoded)
        return b"".join(parts)

    def add_packed(self, packed: bytes) -> None:
        """Add what was packed."""
        end = _ROWS.size + _ROWS.unpack_from(packed)[0] * _ROW.size
        for article, hour, *counts in _ROW.iter_unpack(packed[_ROWS.size : end]):
            known = self._rows.get((article, hour))
            if known is None:
                self._rows[article, hour] = counts
            else:
                known[:] = map(int.__add__, known, counts)
        while end < len(packed):
            article, hour, views, kind, length = _SOURCE.unpack_from(packed, end)
            end += _SOURCE.size + length
            key = (article, hour, kind, packed[end - length : end].decode())
            self._sources[key] = self._sources.get(key, 0) + views
