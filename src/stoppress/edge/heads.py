"""Request heads the lane understands, and two bounded memories of heads already parsed.

Parsing costs one Python call per header; a browser sends sixteen. But readers' requests repeat:
the request line names one of the hot pages, and the rest of the head is the same for every reader
with the same browser. So both halves are remembered, each only after httptools has parsed them as
one complete message without a body. We parse no HTTP ourselves.

Readers who come back bring validators: one for each browser and page, too many to parse each once.
So a rest that is not known is tried without its `If-None-Match` line, if that is a line of the
plainest form: one entity tag. What is left must be a rest that httptools has parsed, and has no
such line of its own. So the line cut out is a whole header, and no other reading of the message is
possible. The whole is then remembered as well: many come back to the front page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import httptools

from stoppress.edge.errors import BadTarget
from stoppress.edge.negotiation import IDENTITY, accepted_codings

LONGEST_HEAD_BYTES = 4096
LONGEST_LINE_BYTES = 512  # of those remembered
MOST_LINES = 20_000
MOST_RESTS = 5_000

_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{0,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{0,5})?")
_END = b"\r\n\r\n"
_VALIDATORS = (b"\r\nIf-None-Match: ", b"\r\nif-none-match: ")
_ENTITY_TAG_LINE = re.compile(rb'((?:W/)?"[\x21\x23-\x7e]{1,128}")(?=\r\n[^ \t])')
LEFT_TO_ASGI = frozenset(
    {b"connection", b"content-length", b"expect", b"if-match", b"if-unmodified-since"}
    | {b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a request line asks for."""

    path: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """What the headers add: codings in order of preference, and If-None-Match."""

    accepted: tuple[str, ...]
    none_match: bytes | None


class Heads:
    """Reads a chunk that is one complete bodyless GET or HEAD, or says that it isn't."""

    def __init__(self, canonical: Callable[[bytes, bytes], str]) -> None:
        self._canonical = canonical
        self._lines: dict[bytes, Line] = {}
        self._rests: dict[bytes, Rest] = {}

    def recall(self, chunk: bytes) -> tuple[Line, Rest] | None:
        """What a chunk says, if both halves are remembered."""
        end = chunk.find(b"\r\n")
        line = self._lines.get(chunk[:end])
        if line is None:
            return None
        rest = chunk[end:]
        known = self._rests.get(rest) or self._recall_conditional(rest)
        return None if known is None else (line, known)

    def parse(self, chunk: bytes) -> tuple[Line, Rest] | None:
        """What a chunk says, by httptools; None if the lane must leave it to ASGI."""
        if not chunk.endswith(_END) or len(chunk) > LONGEST_HEAD_BYTES:
            return None
        message = _Message()
        message.parser = httptools.HttpRequestParser(message)
        try:
            message.parser.feed_data(chunk)
            method = message.parser.get_method()
            if not message.is_plain() or method not in (b"GET", b"HEAD"):
                return None
            url = httptools.parse_url(message.url)
            if url.schema or url.fragment is not None:
                return None
            line = Line(self._canonical(url.path, url.query or b""), method == b"HEAD")
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, BadTarget):
            return None
        accepted = accepted_codings(message.accept_encoding)
        if IDENTITY not in accepted:  # a rarity: whether anything will do is looked at elsewhere
            accepted = ()
        return line, Rest(accepted, message.none_match)

    def remember(self, chunk: bytes, line: Line, rest: Rest) -> None:
        """Keep both halves of a chunk that `parse` understood.

        Both memories are emptied when full: refilling costs one parse for each hot head.
        """
        end = chunk.find(b"\r\n")
        if end > LONGEST_LINE_BYTES:
            return
        if len(self._lines) >= MOST_LINES:
            self._lines.clear()
        self._lines[chunk[:end]] = line
        self._keep(chunk[end:], rest)
        if rest.none_match is None or (parted := _part_validator(chunk[end:])) is None:
            return
        without = self.parse(chunk[:end] + parted[0])
        if without is not None:
            self._keep(parted[0], without[1])

    def _recall_conditional(self, rest: bytes) -> Rest | None:
        parted = _part_validator(rest)
        if parted is None:
            return None
        known = self._rests.get(parted[0])
        if known is None or known.none_match is not None:
            return None
        made = Rest(known.accepted, parted[1])
        self._keep(rest, made)
        return made

    def _keep(self, rest: bytes, known: Rest) -> None:
        if len(self._rests) >= MOST_RESTS:
            self._rests.clear()
        self._rests[rest] = known


def _part_validator(head: bytes) -> tuple[bytes, bytes] | None:
    """The head without its If-None-Match line, and its value; None if there is no plain one."""
    for name in _VALIDATORS:
        start = head.rfind(name)  # browsers put it last
        if start >= 0 and (found := _ENTITY_TAG_LINE.match(head, start + len(name))):
            return head[:start] + head[found.end() :], found[1]
    return None


def is_host(value: bytes) -> bool:
    """Whether a Host field is one (RFC 9110, 7.2): a name or address, perhaps a port; or empty."""
    return _HOST.fullmatch(value.strip()) is not None


class _Message:
    """What httptools calls back about one chunk."""

    parser: httptools.HttpRequestParser

    def __init__(self) -> None:
        self.url = b""
        self.begun = self.completed = self.hosts = 0
        self.is_left_to_asgi = False
        self.accept_encoding: bytes | None = None
        self.none_match: bytes | None = None

    def is_plain(self) -> bool:
        """Whether the chunk was exactly one message, HTTP/1.1, kept alive, with nothing special."""
        return (
            self.begun == self.completed == self.hosts == 1
            and not self.is_left_to_asgi
            and self.parser.get_http_version() == "1.1"
        )

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_message_complete(self) -> None:
        self.completed += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"host":
            self.hosts += 1
            self.is_left_to_asgi |= not is_host(value)
        elif name == b"accept-encoding":
            self.accept_encoding = _joined(self.accept_encoding, value)
        elif name == b"if-none-match":
            self.none_match = _joined(self.none_match, value)
        elif name in LEFT_TO_ASGI and (name, value.lower()) != (b"connection", b"keep-alive"):
            self.is_left_to_asgi = True

    def on_body(self, body: bytes) -> None:
        self.is_left_to_asgi = True


def _joined(before: bytes | None, value: bytes) -> bytes:
    return value if before is None else before + b", " + value
