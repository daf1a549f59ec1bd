"""Answers: editions made ready to send, in one coding, with their parts in place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import InitVar, dataclass, field, replace

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from stoppress.edge.editions import Headers, StoredEdition
from stoppress.edge.negotiation import IDENTITY
from stoppress.edge.parts import Filling, Frame
from stoppress.edge.policy import Policy

CHANGE_HEADER = b"stoppress-change"  # the last change the print saw: receipts are proven by it
OVERHEAD_BYTES = 2048  # of an answer's objects in memory, beside its bytes: measured, rounded up

# RFC 9110, 15.4.5; and the keys, which may change when the page does not.
_ON_NOT_MODIFIED = frozenset(
    {b"cache-control", b"cdn-cache-control", b"content-location", b"etag", b"expires", b"vary"}
    | {b"cache-groups", b"cache-tag", b"surrogate-key"}
)


@dataclass(slots=True)
class Answer:
    """One edition in one coding: `headers` and `body` for ASGI, `message` as the lane writes it.

    `generation` is the store's when it was last seen to hold, `proven_at` the time (monotonic).
    What it says never changes, but for the date in `message`.
    """

    path: str
    status: int
    headers: Headers
    content: InitVar[bytes]
    etag: bytes
    stamp: bytes
    coding: str
    codings: Collection[str]  # those the edition has
    parts: tuple[str, ...]
    fillings: tuple[Filling, ...]
    frame: Frame | None  # what the body was composed of
    is_stale: bool
    generation: int
    proven_at: float
    message: bytes = field(init=False)  # status line, date, headers and body
    dated: bytes = field(init=False, default=b"")  # the date line in it
    head_bytes: int = field(init=False)  # how much of it is not body
    not_modified: Headers = field(init=False)
    not_modified_message: bytes = field(init=False)
    missing: tuple[str, ...] = field(init=False)  # parts the store does not have

    def __post_init__(self, content: bytes) -> None:
        head = STATUS_LINE[self.status] + serialize(self.headers)
        self.message, self.head_bytes = head + content, len(head)
        self.not_modified = tuple(pair for pair in self.headers if pair[0] in _ON_NOT_MODIFIED)
        self.not_modified_message = STATUS_LINE[304] + serialize(self.not_modified)
        pairs = zip(self.parts, self.fillings, strict=True)
        self.missing = tuple(name for name, filling in pairs if filling.stamp is None)

    def size(self) -> int:
        """What it takes of memory, in bytes."""
        framed = 0 if self.frame is None else len(self.frame)
        return len(self.message) + framed + self.head_bytes + OVERHEAD_BYTES

    @property
    def body(self) -> bytes:
        """The body alone."""
        return self.message[self.head_bytes :]

    def date(self, line: bytes) -> None:
        """Let the messages carry this date. They are made once a second, not for each reader."""
        status = STATUS_LINE[self.status]
        with memoryview(self.message) as message:
            rest = message[len(status) + len(self.dated) :]
            self.message = b"".join((status, line, rest))
        self.not_modified_message = b"".join((STATUS_LINE[304], line, serialize(self.not_modified)))
        self.head_bytes += len(line) - len(self.dated)
        self.dated = line


def best_coding(accepted: Sequence[str], codings: Collection[str]) -> str:
    """The coding to answer in: the client's first choice among those an edition has."""
    return next((name for name in accepted if name in codings), IDENTITY)


def answer_of(
    edition: StoredEdition,
    coding: str,
    policy: Policy,
    *,
    fillings: tuple[Filling, ...],
    generation: int,
    proven_at: float,
) -> Answer:
    """Make an edition ready to send in a coding it has."""
    frame = Frame.of(edition, coding) if edition.parts else None
    if frame is not None:
        body = frame.fill(fillings)
        etag = b'W/"%s"' % edition.etag.encode()
    else:
        body = edition.segments(coding)[0]
        suffix = "" if coding == IDENTITY else f"-{coding}"
        etag = b'"%s%s"' % (edition.etag.encode(), suffix.encode())
    headers = policy.headers_of(edition)
    if coding != IDENTITY:
        headers += ((b"content-encoding", coding.encode()),)
    return Answer(
        path=edition.path,
        status=edition.status,
        headers=(
            *headers,
            (b"content-length", b"%d" % len(body)),
            (b"etag", etag),
            (CHANGE_HEADER, b"%d" % edition.change),
            (b"vary", b"accept-encoding"),
        ),
        content=body,
        etag=etag,
        stamp=edition.stamp,
        coding=coding,
        codings=frozenset(edition.encodings),
        parts=edition.parts,
        fillings=fillings,
        frame=frame,
        is_stale=edition.is_stale,
        generation=generation,
        proven_at=proven_at,
    )


def refilled(
    answer: Answer, fillings: tuple[Filling, ...], *, generation: int, proven_at: float
) -> Answer:
    """The same print with other parts in its holes."""
    if answer.frame is None:
        raise ValueError(f"{answer.path} has no holes.")
    body = answer.frame.fill(fillings)
    length = b"%d" % len(body)
    return replace(
        answer,
        headers=tuple(
            (name, length if name == b"content-length" else value) for name, value in answer.headers
        ),
        content=body,
        fillings=fillings,
        generation=generation,
        proven_at=proven_at,
    )


def serialize(headers: Headers) -> bytes:
    """Headers as they go over the wire, with the empty line that ends them."""
    return b"".join([*(b"%s: %s\r\n" % pair for pair in headers), b"\r\n"])
