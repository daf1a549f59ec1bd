"""Heads of reports that the lane understands, and a bounded memory of who sends them.

As with hits (see heads.py), readers' requests repeat: the head is the same for all readers with one
browser, but for the page they come from and, behind a proxy, their address. So the lines that say
these are cut out, if they are of the plainest form, and what is left is remembered, after httptools
has parsed it as the head of one complete message. It has no such line of its own, so the line cut
out is a whole header, and no other reading of the message is possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httptools

from stoppress.edge.asgi import Scope, headers_of
from stoppress.edge.heads import LEFT_TO_ASGI, is_host
from stoppress.edge.proxies import FORWARDED_FOR, FORWARDED_PROTO, Proxies
from stoppress.edge.readerkeys import Address
from stoppress.edge.reads import PATH, Reads, Sender
from stoppress.edge.reports import MAX_BODY_BYTES

START = b"POST %s HTTP/1.1\r\n" % PATH.encode()
LONGEST_HEAD_BYTES = 4096
MOST_HEADS = 2000

_END = b"\r\n\r\n"
_REFERERS = (b"\r\nReferer: ", b"\r\nreferer: ")
_FORWARDED = (b"\r\nX-Forwarded-For: ", b"\r\nx-forwarded-for: ")
_PLAIN_LINE = re.compile(rb"[\x21-\x7e][\x20-\x7e]*+(?=\r\n[^ \t])")

Pairs = list[tuple[bytes, bytes]]
Reported = tuple[Sender, Address, bytes]  # who, from where, the body


@dataclass(frozen=True, slots=True)
class _Known:
    """What a head says without the lines that were cut out."""

    headers: Pairs
    from_proxies: Pairs
    body_bytes: int
    senders: dict[str, Sender] = field(default_factory=dict)  # by scheme


class ReportHeads:
    """Reads a chunk that is one complete report, or says that it isn't."""

    def __init__(self, reads: Reads, proxies: Proxies) -> None:
        self._reads = reads
        self._proxies = proxies
        self._known: dict[bytes, _Known] = {}

    def read(self, chunk: bytes, peer: Address, scheme: str) -> Reported | None:
        """What a chunk that begins with START says; None if the lane must leave it to ASGI."""
        end = chunk.rfind(_END) + len(_END)  # a body in which it is found too is left to ASGI
        if not len(_END) <= end <= LONGEST_HEAD_BYTES:
            return None
        head, _ = _cut_out(chunk[:end], _REFERERS)
        body, forwarded = chunk[end:], b""
        known = self._known.get(head)
        if known is None:
            head, forwarded = _cut_out(head, _FORWARDED)
            known = self._known.get(head) or self._parse(head, body)
        if known is None or known.body_bytes != len(body):
            return None
        address = peer
        if self._proxies.are_any:
            if forwarded and any(name == FORWARDED_FOR for name, _ in known.from_proxies):
                return None
            more = [(FORWARDED_FOR, forwarded)] if forwarded else []
            scope: Scope = {"client": (peer.text, 0), "scheme": scheme}
            scope["headers"] = [*known.from_proxies, *more]
            self._proxies.resolve(scope)
            address, scheme = Address(scope["client"][0]), scope["scheme"]
        sender = known.senders.get(scheme)
        if sender is None:
            headers = headers_of({"headers": known.headers})
            sender = known.senders[scheme] = self._reads.sender("POST", scheme, headers)
        return sender, address, body

    def _parse(self, head: bytes, body: bytes) -> _Known | None:
        """Read a head by httptools and remember it; None if it is left to ASGI.

        The memory is emptied when full: refilling costs one parse for each head.
        """
        message = _Message()
        message.parser = httptools.HttpRequestParser(message)
        try:
            message.parser.feed_data(head + body)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return None
        if not message.is_plain(len(body)):
            return None
        proxied = [pair for pair in message.headers if pair[0] in (FORWARDED_FOR, FORWARDED_PROTO)]
        if len(self._known) >= MOST_HEADS:
            self._known.clear()
        known = self._known[head] = _Known(message.headers, proxied, len(body))
        return known


def _cut_out(head: bytes, names: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """The head without the last line of that name, if it is a plain one, and its value."""
    for name in names:
        start = head.rfind(name)  # browsers put it last
        if start >= 0 and (found := _PLAIN_LINE.match(head, start + len(name))):
            return head[:start] + head[found.end() :], found[0]
    return head, b""


class _Message:
    """What httptools calls back about one chunk."""

    parser: httptools.HttpRequestParser

    def __init__(self) -> None:
        self.headers: Pairs = []
        self.begun = self.completed = self.body_bytes = 0

    def is_plain(self, body_bytes: int) -> bool:
        """Whether the chunk was exactly one report, HTTP/1.1, kept alive, with nothing special."""
        names = [name for name, _ in self.headers]
        return (
            self.begun == self.completed == 1
            and 0 < body_bytes == self.body_bytes <= MAX_BODY_BYTES
            and self.parser.get_http_version() == "1.1"
            and names.count(b"host") == names.count(b"content-length") == 1
            and not any(_is_left_to_asgi(*pair) for pair in self.headers)
        )

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_message_complete(self) -> None:
        self.completed += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)


def _is_left_to_asgi(name: bytes, value: bytes) -> bool:
    if name == b"host":
        return not is_host(value)
    if name == b"connection":
        return value.lower() != b"keep-alive"
    return name in LEFT_TO_ASGI and name != b"content-length"
