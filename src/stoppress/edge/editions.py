"""Editions: finished pages, exactly as readers get them.

An edition names its holes in its body: `<!--part:latest-->` is where the edge puts the body of the
edition `/-/parts/latest/` when it serves the page. Tags say what the page depends on; those that
start with `epoch:` are carried by every page and compared by number instead of being indexed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stoppress.edge.encodings import Encodings, Segments, identity_of
from stoppress.edge.negotiation import IDENTITY

EPOCH_PREFIX = "epoch:"
PARTS_PREFIX = "/-/parts/"

_HOLE = re.compile(rb"<!--part:([a-z0-9][a-z0-9-]{0,63})-->")

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One finished page. `change` is the last change its render saw.

    `headers` describe the representation (content-type, location, link …); lengths, encodings,
    ETags, Date and security headers are the edge's.
    """

    path: str
    status: int
    headers: Headers
    body: bytes
    tags: frozenset[str]
    change: int


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition as the store keeps it: compressed, in segments around its holes.

    `encodings` maps a content coding to the segments; with holes, `parts` has one name fewer than
    there are segments, and `sums` has the CRC-32 and length of each segment's plain bytes. `stamp`
    tells this print from every other; `etag` tells its content.
    """

    path: str
    status: int
    headers: Headers
    tags: frozenset[str]
    change: int
    etag: str
    parts: tuple[str, ...]
    sums: tuple[tuple[int, int], ...]
    encodings: Encodings
    is_stale: bool
    stamp: bytes

    @property
    def body(self) -> bytes:
        """The identity bytes, holes included, as they were put."""
        holes = [b"<!--part:%s-->" % name.encode() for name in self.parts]
        pairs = zip(self.segments(IDENTITY), [*holes, b""], strict=True)
        return b"".join(piece for pair in pairs for piece in pair)

    def segments(self, coding: str) -> Segments:
        """The text around the holes, in a coding that it has or as identity."""
        return identity_of(self.encodings) if coding == IDENTITY else self.encodings[coding]


def split_at_holes(body: bytes) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Return the text around the holes and the names of the parts that fill them."""
    pieces = _HOLE.split(body)
    return tuple(pieces[::2]), tuple(name.decode() for name in pieces[1::2])


def part_path(name: str) -> str:
    """Where the edition that fills the hole `name` is kept."""
    return f"{PARTS_PREFIX}{name}/"
