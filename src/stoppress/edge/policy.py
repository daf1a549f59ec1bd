"""Headers that every reader's page gets, whatever rendered it: caching and safety.

A browser asks each time (the ETag makes that cheap). What an outer cache may keep depends on
whether we can take it back: by key, a day; by address, ten minutes, since a page that the store has
evicted can't be named; not at all, a second, which still collapses a crowd into one request.
What we know to be old is never theirs to keep.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from stoppress.edge.cachekeys import group_header, surrogate_headers
from stoppress.edge.editions import Headers, StoredEdition

Purges = Literal["nothing", "paths", "keys", "both"]  # what outer caches are told of a change

REVALIDATED = b"public, max-age=0, must-revalidate"
UNSTORED = b"no-store"  # not an edition: nobody could take it back
OUTER_SECONDS: dict[Purges, int] = {"nothing": 1, "paths": 600, "keys": 86_400, "both": 600}
COMPOSED_SECONDS = 60  # a page with parts: nobody purges it when only its latest rail is new
# When nobody answers, a cache that we can purge may show what it has: had it changed, it were gone.
IN_NEED = b", stale-while-revalidate=10, stale-if-error=86400"
HASHES_HEADER = b"x-press-csp-hashes"  # "'sha256-…' 'sha256-…'", of inline scripts and styles

_OURS = frozenset(  # made here or by the connection: an edition can't set them
    {b"connection", b"content-encoding", b"content-length", b"date", b"etag", b"keep-alive"}
    | {b"server", b"set-cookie", b"transfer-encoding", b"vary"}
)
_CACHING = frozenset({b"cache-control", b"cdn-cache-control", b"expires", b"surrogate-control"})
_CONSTANT: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Policy:
    """What a reader's browser may do with our pages."""

    def __init__(
        self, *, origin: str, frame_hosts: Collection[str] = (), purges: Purges = "nothing"
    ) -> None:
        self._purges: Purges = purges
        self._frames = " ".join(sorted(frame_hosts)) or "'none'"
        self._constant = _CONSTANT
        if origin.startswith("https://"):
            self._constant += ((b"strict-transport-security", b"max-age=31536000"),)

    def headers_of(self, edition: StoredEdition) -> Headers:
        """A stored edition's headers: its own, cleaned, with caching, keys and safety added."""
        given = dict(edition.headers)
        caching = () if b"cache-control" in given else self._caching(edition)
        keys = group_header(edition.tags)
        if self._purges in (
            "keys",
            "both",
        ):  # who never purges has no use for them, and readers pay for them
            keys += surrogate_headers(edition.tags)
        return self._with_safety(edition.headers) + caching + keys

    def headers_unstored(self, headers: Headers) -> Headers:
        """The headers of an answer that is no edition: nobody may keep it."""
        ours = tuple(pair for pair in headers if pair[0] not in _CACHING)
        return (*self._with_safety(ours), (b"cache-control", UNSTORED))

    def _caching(self, edition: StoredEdition) -> Headers:
        seconds = OUTER_SECONDS[self._purges]
        if edition.parts:
            seconds = min(seconds, COMPOSED_SECONDS)
        if edition.is_stale:
            return ((b"cache-control", REVALIDATED),)
        browsers = (b"cache-control", b"public, max-age=0, s-maxage=%d, must-revalidate" % seconds)
        if self._purges == "nothing":
            return (browsers,)
        # RFC 9213: for outer caches alone, so that "must-revalidate" can't forbid them the rest.
        return (browsers, (b"cdn-cache-control", b"max-age=%d" % seconds + IN_NEED))

    def _with_safety(self, headers: Headers) -> Headers:
        given = dict(headers)
        kept = tuple(
            (name, value)
            for name, value in headers
            if name not in _OURS and not name.startswith(b"x-press-")
        )
        if b"content-security-policy" not in given:
            hashes = given.get(HASHES_HEADER, b"").decode("latin-1").split()
            kept += ((b"content-security-policy", self._content_security(hashes)),)
        return kept + tuple(pair for pair in self._constant if pair[0] not in given)

    def _content_security(self, hashes: Iterable[str]) -> bytes:
        ours = " ".join(["'self'", *hashes])
        directives = (
            "default-src 'none'",
            f"script-src {ours}",
            f"style-src {ours}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"frame-src {self._frames}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
        return "; ".join(directives).encode("latin-1")
