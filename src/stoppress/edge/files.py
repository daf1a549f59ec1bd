"""Static files and media, straight from disk.

Only regular files below the folder are served, whatever a path or a link says. Names that carry a
hash of their content never change and are kept by browsers for good. Small texts are compressed
once and kept in memory; everything else is streamed.
"""

from __future__ import annotations

import asyncio
import mimetypes
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from stoppress.edge import encodings
from stoppress.edge.asgi import NOSNIFF, Scope, Send, headers_of, respond, respond_as_is
from stoppress.edge.negotiation import IDENTITY, accepted_codings, match_holds, none_match_holds
from stoppress.edge.notices import send_notice
from stoppress.edge.ranges import (
    Range,
    Unsatisfiable,
    asked_range,
    http_date,
    is_modified_since,
    range_still_holds,
)

IMMUTABLE = b"public, max-age=31536000, immutable"
REVALIDATED = b"public, max-age=0, must-revalidate"
MEDIA_CACHE_CONTROL = b"public, max-age=86400"
SANDBOX = (b"content-security-policy", b"default-src 'none'; sandbox")
LARGEST_COMPRESSED_BYTES = 1024 * 1024
KEPT_BYTES = 32 * 2**20
PIECE_BYTES = 128 * 1024

_HASHED_NAME = re.compile(r"\.[0-9a-f]{8,64}\.[A-Za-z0-9]+$")
_TEXT = re.compile(r"text/|application/(?:json|javascript|manifest\+json|xml)|image/svg\+xml")
_TYPES = {".woff2": "font/woff2", ".mjs": "text/javascript", ".js": "text/javascript"} | {
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    modified: float
    etag: bytes
    content_type: str


class Folder:
    """One folder of files, served below a prefix."""

    def __init__(self, root: Path, *, is_media: bool) -> None:
        self._root = root
        self._is_media = is_media
        self._kept: dict[tuple[Path, bytes], encodings.Encodings] = {}

    async def serve(self, scope: Scope, send: Send, name: str) -> None:
        """Answer with the file of a name below the folder, already percent-decoded."""
        if scope["method"] not in ("GET", "HEAD"):
            await send_notice(scope, send, 405, [(b"allow", b"GET, HEAD, OPTIONS")])
            return
        file = await asyncio.to_thread(self._find, name)
        if file is None:
            await send_notice(scope, send, 404)
            return
        headers = headers_of(scope)
        accepted = accepted_codings(headers.get(b"accept-encoding"))
        if (if_match := headers.get(b"if-match")) and not match_holds(if_match, file.etag):
            await send_notice(scope, send, 412)
        elif _is_known(headers, file):
            await respond_as_is(scope, send, 304, tuple(self._headers(file)), b"")
        elif _TEXT.match(file.content_type) and file.size <= LARGEST_COMPRESSED_BYTES:
            await self._send_text(scope, send, file, accepted)
        elif IDENTITY not in accepted:
            await send_notice(scope, send, 406)
        else:
            await self._send_ranged(scope, send, file, headers)

    def _find(self, name: str) -> _File | None:
        try:
            path = (self._root / name).resolve()
            found = path.stat()
        except (OSError, ValueError):
            return None
        if not path.is_relative_to(self._root.resolve()) or not stat.S_ISREG(found.st_mode):
            return None
        etag = b'"%x-%x"' % (found.st_mtime_ns, found.st_size)
        return _File(path, found.st_size, found.st_mtime, etag, _content_type(path))

    def _headers(self, file: _File) -> Iterator[tuple[bytes, bytes]]:
        yield b"content-type", file.content_type.encode("latin-1")
        if _TEXT.match(file.content_type):  # one ETag for several codings is a weak one
            yield b"etag", b"W/" + file.etag
            yield b"vary", b"accept-encoding"
        else:
            yield b"etag", file.etag
        yield b"last-modified", http_date(file.modified)
        yield NOSNIFF
        if self._is_media:
            yield b"cache-control", MEDIA_CACHE_CONTROL
            yield SANDBOX
        else:
            is_hashed = _HASHED_NAME.search(file.path.name)
            yield b"cache-control", IMMUTABLE if is_hashed else REVALIDATED

    async def _send_text(
        self, scope: Scope, send: Send, file: _File, accepted: tuple[str, ...]
    ) -> None:
        kept = self._kept.get((file.path, file.etag))
        if kept is None:
            body = await asyncio.to_thread(file.path.read_bytes)
            kept = await asyncio.to_thread(encodings.encode, (body,)) | {IDENTITY: (body,)}
            self._keep(file, kept)
        coding = next((coding for coding in accepted if coding in kept), None)
        if coding is None:
            await send_notice(scope, send, 406)
            return
        headers = list(self._headers(file))
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding.encode()))
        await respond(scope, send, HTTPStatus.OK, headers, kept[coding][0])

    def _keep(self, file: _File, kept: encodings.Encodings) -> None:
        self._kept[file.path, file.etag] = kept
        while sum(len(piece) for e in self._kept.values() for (piece,) in e.values()) > KEPT_BYTES:
            del self._kept[next(iter(self._kept))]

    async def _send_ranged(
        self, scope: Scope, send: Send, file: _File, headers: dict[bytes, bytes]
    ) -> None:
        """Send a file from disk, or the part of it that is asked for."""
        part, ours = None, [*self._headers(file), (b"accept-ranges", b"bytes")]
        holds = range_still_holds(headers.get(b"if-range"), file.etag, file.modified)
        if scope["method"] == "GET" and holds:  # a range means nothing to other methods
            try:
                part = asked_range(headers.get(b"range"), file.size)
            except Unsatisfiable:
                await send_notice(scope, send, 416, [(b"content-range", b"bytes */%d" % file.size)])
                return
        if part is None:
            await _send_stream(scope, send, file, HTTPStatus.OK, ours, Range(0, file.size))
            return
        where = b"bytes %d-%d/%d" % (part.start, part.stop - 1, file.size)
        ours.append((b"content-range", where))
        await _send_stream(scope, send, file, HTTPStatus.PARTIAL_CONTENT, ours, part)


def _is_known(headers: dict[bytes, bytes], file: _File) -> bool:
    """Whether the client has the file as it is; a date counts where there is no tag (13.2.2)."""
    none_match = headers.get(b"if-none-match")
    if none_match is not None:
        return not none_match_holds(none_match, file.etag)
    since = headers.get(b"if-modified-since")
    return since is not None and not is_modified_since(since, file.modified)


async def _send_stream(
    scope: Scope,
    send: Send,
    file: _File,
    status: int,
    headers: list[tuple[bytes, bytes]],
    part: Range,
) -> None:
    left = part.stop - part.start
    headers = [*headers, (b"content-length", b"%d" % left)]
    descriptor = await asyncio.to_thread(os.open, file.path, os.O_RDONLY)
    try:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        at, left = part.start, left if scope["method"] == "GET" else 0
        while left:
            size = min(left, PIECE_BYTES)
            piece = await asyncio.to_thread(os.pread, descriptor, size, at)
            if not piece:
                return  # the file was cut short under us; the connection tells the client
            at, left = at + len(piece), left - len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        os.close(descriptor)


def _content_type(path: Path) -> str:
    guessed = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    if guessed is None:
        return "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
