"""The bytes of one stored edition.

    stamp (16)   blake2b of all that follows: a checksum, and the name of this very print
    head  (14)   change (u64), status (u16), length of the description (u32)
    description  JSON: path, headers, tags, ETag, parts, sums, segment lengths per coding
    segments     end to end, in the order the description gives

The head has a fixed place so that a walk over a tag reads change numbers without parsing.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from stoppress.edge import encodings
from stoppress.edge.editions import Edition, StoredEdition, split_at_holes

STAMP_BYTES = 16
_HEAD = struct.Struct("<QHI")
_BODY_AT = STAMP_BYTES + _HEAD.size


def pack(edition: Edition) -> bytes:
    """Compress an edition and lay it out. Slow (milliseconds): never inside a transaction."""
    segments, parts = split_at_holes(edition.body)
    codings = encodings.encode(segments)
    description = json.dumps(
        {
            "path": edition.path,
            "headers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in edition.headers],
            "tags": sorted(edition.tags),
            "etag": _etag(edition),
            "parts": parts,
            "sums": [(zlib.crc32(each), len(each)) for each in segments] if parts else [],
            "lengths": {name: [len(s) for s in pieces] for name, pieces in codings.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    head = _HEAD.pack(edition.change, edition.status, len(description))
    payload = b"".join((head, description, *(s for pieces in codings.values() for s in pieces)))
    return _stamp(payload) + payload


def unpack(record: bytes, *, is_stale: bool) -> StoredEdition | None:
    """Read a record back; None if a byte of it is wrong."""
    if len(record) < _BODY_AT or _stamp(record[STAMP_BYTES:]) != record[:STAMP_BYTES]:
        return None
    change, status, length = _HEAD.unpack_from(record, STAMP_BYTES)
    description = _description(record)
    return StoredEdition(
        path=description["path"],
        status=status,
        headers=tuple(
            (n.encode("latin-1"), v.encode("latin-1")) for n, v in description["headers"]
        ),
        tags=frozenset(description["tags"]),
        change=change,
        etag=description["etag"],
        parts=tuple(description["parts"]),
        sums=tuple((checksum, size) for checksum, size in description["sums"]),
        encodings=dict(_segments(record, _BODY_AT + length, description["lengths"])),
        is_stale=is_stale,
        stamp=record[:STAMP_BYTES],
    )


def stamp_of(record: bytes | memoryview) -> bytes:
    """The name of the print, without reading the rest."""
    return bytes(record[:STAMP_BYTES])


def change_of(record: bytes | memoryview) -> int:
    """The last change the print saw, without reading the rest."""
    change: int = _HEAD.unpack_from(record, STAMP_BYTES)[0]
    return change


def tags_of(record: bytes | memoryview) -> list[str]:
    """The tags of the print; none if the description can't be read."""
    try:
        tags: list[str] = _description(record)["tags"]
    except (ValueError, KeyError, struct.error):
        return []
    return tags


def path_of(record: bytes | memoryview) -> str:
    """The path of the print; empty if the description can't be read."""
    try:
        path: str = _description(record)["path"]
    except (ValueError, KeyError, struct.error):
        return ""
    return path


def _description(record: bytes | memoryview) -> dict[str, Any]:
    length = _HEAD.unpack_from(record, STAMP_BYTES)[2]
    found: dict[str, Any] = json.loads(bytes(record[_BODY_AT : _BODY_AT + length]))
    return found


def _segments(
    record: bytes, start: int, lengths: dict[str, list[int]]
) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for coding, sizes in lengths.items():
        pieces = []
        for size in sizes:
            pieces.append(record[start : start + size])
            start += size
        yield coding, tuple(pieces)


def _stamp(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=STAMP_BYTES).digest()


def _etag(edition: Edition) -> str:
    """The same content has the same ETag, whenever it was printed."""
    digest = hashlib.blake2b(digest_size=12)
    digest.update(b"%d\n" % edition.status)
    for name, value in edition.headers:
        digest.update(b"%s: %s\n" % (name, value))
    digest.update(edition.body)
    return digest.hexdigest()
