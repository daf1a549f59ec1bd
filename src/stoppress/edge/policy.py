"""Headers that every reader's page gets, whatever rendered it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from stoppress.edge.editions import Headers

CACHE_CONTROL = b"public, max-age=0, must-revalidate"  # the ETag does the work
HASHES_HEADER = b"x-press-csp-hashes"  # "'sha256-…' 'sha256-…'", of inline scripts and styles

_OURS = frozenset(  # made here or by the connection: an edition can't set them
    {b"connection", b"content-encoding", b"content-length", b"date", b"etag", b"keep-alive"}
    | {b"server", b"set-cookie", b"transfer-encoding", b"vary"}
)
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

    def __init__(self, *, origin: str, frame_hosts: Collection[str] = ()) -> None:
        self._frames = " ".join(sorted(frame_hosts)) or "'none'"
        self._constant = _CONSTANT
        if origin.startswith("https://"):
            self._constant += ((b"strict-transport-security", b"max-age=31536000"),)

    def headers_for(self, headers: Headers) -> Headers:
        """An edition's headers, cleaned, with caching and safety added."""
        given = dict(headers)
        kept = tuple(
            (name, value)
            for name, value in headers
            if name not in _OURS and not name.startswith(b"x-press-")
        )
        if b"cache-control" not in given:
            kept += ((b"cache-control", CACHE_CONTROL),)
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
