"""Answers: editions made ready to send, kept in a worker's memory while they hold.

An answer holds while the store's generation is the one it was made in; if the store has moved, the
prints it was made of are compared by stamp. So a hit costs one empty LMDB transaction, never shows
anything but the store's present state, and the checksum of a record is proved once per worker.
Pages with holes are composed here, once for each (print, prints of its parts, coding).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from stoppress.edge.editions import Headers, StoredEdition, part_path, split_at_holes
from stoppress.edge.encodings import deflate, join_gzip
from stoppress.edge.negotiation import IDENTITY
from stoppress.edge.policy import Policy
from stoppress.edge.store import Store

KEPT_BYTES = 96 * 2**20  # per worker

CHANGE_HEADER = b"stoppress-change"  # the last change the print saw: receipts are proven by it

_ON_NOT_MODIFIED = frozenset({b"cache-control", b"content-location", b"etag", b"expires", b"vary"})


@dataclass(slots=True)
class Answer:
    """One edition in one coding: `headers` and `body` for ASGI, `head` as the lane writes it."""

    path: str
    status: int
    headers: Headers
    body: bytes
    etag: bytes
    stamps: tuple[bytes | None, ...]  # of the edition and its parts
    parts: tuple[str, ...]
    missing: tuple[str, ...]  # parts the store does not have
    is_stale: bool
    generation: int
    head: bytes = field(init=False)
    not_modified: Headers = field(init=False)

    def __post_init__(self) -> None:
        self.head = serialize(self.headers)
        self.not_modified = tuple(pair for pair in self.headers if pair[0] in _ON_NOT_MODIFIED)


class Shelf:
    """The answers a worker has ready."""

    def __init__(self, store: Store, policy: Policy, *, max_bytes: int = KEPT_BYTES) -> None:
        self._store = store
        self._policy = policy
        self._max_bytes = max_bytes
        self._kept_bytes = 0
        self._answers: dict[tuple[str, tuple[str, ...]], Answer] = {}
        self._deflated: dict[str, tuple[bytes, bytes]] = {}

    def find(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer at a path in the best accepted coding; None if the store has no such page.

        Raises StoreUnavailable.
        """
        generation = self._store.generation()
        answer = self._answers.get((path, accepted))
        if answer is not None:
            if answer.generation == generation:
                return answer
            if self._still_holds(answer):
                answer.generation = generation
                return answer
            self._drop(path, accepted)
        edition = self._store.find(path)
        if edition is None:
            return None
        answer = self._make(edition, accepted, generation)
        self._keep(path, accepted, answer)
        return answer

    def fill_holes(self, body: bytes) -> bytes:
        """A body that is not stored, with its parts in place."""
        segments, parts = split_at_holes(body)
        plain = [_plain(self._store.find(part_path(name))) for name in parts]
        return b"".join(_alternate(segments, plain))

    def _still_holds(self, answer: Answer) -> bool:
        sources = (answer.path, *map(part_path, answer.parts))
        stamps, is_stale = self._store.stamps(sources)
        answer.is_stale = is_stale
        return stamps == answer.stamps

    def _make(self, edition: StoredEdition, accepted: tuple[str, ...], generation: int) -> Answer:
        fillings = {name: self._store.find(part_path(name)) for name in set(edition.parts)}
        coding = next((name for name in accepted if name in edition.encodings), IDENTITY)
        if edition.parts:
            body = self._compose(edition, fillings, coding)
            etag = b'W/"%s"' % edition.etag.encode()
        else:
            body = edition.encodings[coding][0]
            suffix = "" if coding == IDENTITY else f"-{coding}"
            etag = b'"%s%s"' % (edition.etag.encode(), suffix.encode())
        headers = self._policy.headers_for(edition.headers)
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
            body=body,
            etag=etag,
            stamps=(
                edition.stamp,
                *(part.stamp if (part := fillings[name]) else None for name in edition.parts),
            ),
            parts=edition.parts,
            missing=tuple(name for name, part in fillings.items() if part is None),
            is_stale=edition.is_stale,
            generation=generation,
        )

    def _compose(
        self, edition: StoredEdition, fillings: dict[str, StoredEdition | None], coding: str
    ) -> bytes:
        """Lay the parts into the holes; a part that is missing leaves its hole empty."""
        plain = [_plain(fillings[name]) for name in edition.parts]
        identity = _alternate(edition.encodings[IDENTITY], plain)
        if coding == IDENTITY:
            return b"".join(identity)
        deflated = [self._deflate(name, fillings[name]) for name in edition.parts]
        return join_gzip(_alternate(edition.encodings[coding], deflated), identity)

    def _deflate(self, name: str, part: StoredEdition | None) -> bytes:
        if part is None:
            return b""
        stamp, deflated = self._deflated.get(name, (b"", b""))
        if stamp != part.stamp:
            deflated = deflate(_plain(part))
            self._deflated[name] = (part.stamp, deflated)
        return deflated

    def _keep(self, path: str, accepted: tuple[str, ...], answer: Answer) -> None:
        self._answers[path, accepted] = answer
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > self._max_bytes:
            self._drop(*next(iter(self._answers)))

    def _drop(self, path: str, accepted: tuple[str, ...]) -> None:
        self._kept_bytes -= len(self._answers.pop((path, accepted)).body)


def serialize(headers: Headers) -> bytes:
    """Headers as they go over the wire, with the empty line that ends them."""
    return b"".join([*(b"%s: %s\r\n" % pair for pair in headers), b"\r\n"])


def _plain(part: StoredEdition | None) -> bytes:
    return b"" if part is None or part.status != HTTPStatus.OK else part.body


def _alternate(segments: tuple[bytes, ...], fillings: list[bytes]) -> list[bytes]:
    return [piece for pair in zip(segments, [*fillings, b""], strict=True) for piece in pair]
