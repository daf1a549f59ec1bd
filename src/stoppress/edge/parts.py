"""Parts laid into pages: the holes of an edition are filled when it is served.

A frame is a page around its holes, in one coding; a filling is what a part holds now. Both are kept
in a worker's memory, so that a new story costs each page that is asked for one join of bytes that
were compressed long ago (10 to 20 µs), and reprints no page.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from stoppress.edge.editions import StoredEdition
from stoppress.edge.encodings import deflate, gzip_of
from stoppress.edge.negotiation import IDENTITY

_zeros = bytes(256 * 1024)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a page in one coding, with the CRC-32 and length of what they stand for."""

    data: bytes
    checksum: int
    length: int


@dataclass(frozen=True, slots=True)
class Filling:
    """A part as it is now; a part that nobody has printed is empty and has no stamp."""

    stamp: bytes | None
    plain: Piece
    deflated: Piece

    @classmethod
    def of(cls, part: StoredEdition | None) -> Filling:
        """Make a part ready to be laid into pages."""
        text = b"" if part is None or part.status != HTTPStatus.OK else part.body
        checksum = zlib.crc32(text)
        return cls(
            stamp=None if part is None else part.stamp,
            plain=Piece(text, checksum, len(text)),
            deflated=Piece(deflate(text) if text else b"", checksum, len(text)),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A page around its holes."""

    coding: str
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, edition: StoredEdition, coding: str) -> Frame:
        """The frame of an edition with holes, in identity or gzip."""
        segments = zip(edition.segments(coding), edition.sums, strict=True)
        return cls(coding, tuple(Piece(data, *sums) for data, sums in segments))

    def fill(self, fillings: Sequence[Filling]) -> bytes:
        """The body with a part in each hole, in order."""
        if self.coding == IDENTITY:
            pieces = _alternate(self.pieces, [filling.plain for filling in fillings])
            return b"".join(piece.data for piece in pieces)
        pieces = _alternate(self.pieces, [filling.deflated for filling in fillings])
        checksum = 0
        for piece in pieces:
            checksum = _crc32_of_both(checksum, piece)
        length = sum(piece.length for piece in pieces)
        return gzip_of([piece.data for piece in pieces], checksum, length)

    def __len__(self) -> int:
        return sum(len(piece.data) for piece in self.pieces)


def _alternate(pieces: Sequence[Piece], fillings: Sequence[Piece]) -> list[Piece]:
    """A piece, a filling, a piece … and the last piece."""
    pairs = zip(pieces, fillings, strict=False)
    return [*(piece for pair in pairs for piece in pair), pieces[-1]]


def _crc32_of_both(before: int, piece: Piece) -> int:
    """The CRC-32 of some text followed by a piece, without the piece's text.

    CRC is linear in what came before: `before` adds to a text's checksum what it adds to that of
    as many zeros. (zlib's crc32_combine does the same, but Python has no door to it.)
    """
    zeros = _zeros if piece.length <= len(_zeros) else bytes(piece.length)
    with memoryview(zeros)[: piece.length] as blank:
        return piece.checksum ^ zlib.crc32(blank, before) ^ zlib.crc32(blank)
