"""Content codings: made once when an edition is put, only looked up when it is served.

A page without holes is kept in brotli, zstd and gzip. A page with holes is served as gzip only,
kept in segments that end on a byte boundary and refer to nothing before them (deflate's full
flush), so that the edge can lay parts between them in microseconds. Neither brotli nor zstd allows
that: a brotli stream knows its position, and not every client reads a zstd body of several frames.
The identity bytes are unpacked from what is kept when they are wanted, which is seldom.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterable, Sequence

import brotli
import zstandard
from zlib_ng import zlib_ng as zlib

BROTLI_QUALITY = 5  # 1.4 ms for 49 KB; quality 11 takes 91 ms for a tenth less
ZSTD_LEVEL = 6  # of a whole page; 9 takes twice as long for as many bytes
GZIP_LEVEL = 6  # of zlib-ng: half the time that zlib's takes, for three per cent less
MIN_COMPRESSED_BYTES = 256  # below this a coding costs more than it saves

Segments = tuple[bytes, ...]
Encodings = dict[str, Segments]


class _Zstd(threading.local):
    """What each thread compresses with: to make one takes half as long as a page."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_zstd = _Zstd()
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_EMPTY_LAST_BLOCK = b"\x03\x00"


def encode(segments: Sequence[bytes]) -> Encodings:
    """What to keep of a page: every coding worth it if whole, joinable segments if it has holes."""
    if len(segments) > 1:
        return {"gzip": tuple(map(deflate, segments))}
    (body,) = segments
    if len(body) < MIN_COMPRESSED_BYTES:
        return {"identity": (body,)}
    smallest_first = {
        "br": brotli.compress(body, quality=BROTLI_QUALITY),
        "zstd": _zstd.compress(body),
        "gzip": gzip_of([deflate(body)], zlib.crc32(body), len(body)),
    }
    kept: Encodings = {
        coding: (data,) for coding, data in smallest_first.items() if len(data) < len(body)
    }
    return kept if "zstd" in kept else {"identity": (body,)}


def in_coding(coding: str, body: bytes) -> bytes:
    """A whole body in "br", "zstd" or "gzip", however short it is."""
    if coding == "br":
        compressed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return compressed
    if coding == "zstd":
        return _zstd.compress(body)
    return gzip_of([deflate(body)], zlib.crc32(body), len(body))


def identity_of(kept: Encodings) -> Segments:
    """The plain bytes of what was kept."""
    if "identity" in kept:
        return kept["identity"]
    if "zstd" in kept:
        return tuple(map(_zstd.decompress, kept["zstd"]))
    return tuple(map(_inflate, kept["gzip"]))


def deflate(data: bytes) -> bytes:
    """A deflate segment that `gzip_of` can lay anywhere in a stream."""
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


def _inflate(segment: bytes) -> bytes:
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(segment)


def gzip_of(deflated: Iterable[bytes], checksum: int, length: int) -> bytes:
    """One gzip stream of deflate segments, given CRC-32 and length of the plain text (RFC 1952)."""
    tail = struct.pack("<II", checksum, length & 0xFFFFFFFF)
    return b"".join((_GZIP_HEAD, *deflated, _EMPTY_LAST_BLOCK, tail))
