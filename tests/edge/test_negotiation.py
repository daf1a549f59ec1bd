"""Which coding a request gets, and whether a condition holds: RFC 9110 as a table."""

from __future__ import annotations

import pytest

from stoppress.edge.negotiation import accepted_codings, match_holds, none_match_holds

ALL = ("br", "zstd", "gzip", "identity")


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        (None, ("identity",)),
        (b"", ("identity",)),
        (b"gzip, deflate, br, zstd", ALL),
        (b"gzip, deflate, br", ("br", "gzip", "identity")),
        (b"gzip", ("gzip", "identity")),
        (b"x-gzip", ("gzip", "identity")),
        (b"GZIP;Q=0.5, br;q=0.4", ("gzip", "br", "identity")),
        (b"gzip;q=1.0, zstd; q=1.000 ,br ; q = 0.9", ("zstd", "gzip", "br", "identity")),
        (b"identity;q=1, gzip;q=0.5", ("identity", "gzip")),
        (b"gzip;q=0", ("identity",)),
        (b"gzip, identity;q=0", ("gzip",)),
        (b"*;q=0", ()),
        (b"identity;q=0", ()),
        (b"br, *;q=0", ("br",)),
        (b"*", ALL),
        (b"*;q=0.5, br;q=0", ("zstd", "gzip", "identity")),
        (b"*, identity;q=0", ("br", "zstd", "gzip")),
        (b"deflate, compress", ("identity",)),
        (b"gzip;q=2, br", ("br", "identity")),  # a weight that is none makes the member void
        (b"gzip;level=9, br", ("br", "identity")),
        (b",,;,gzip,", ("gzip", "identity")),
    ],
)
def test_accept_encoding(header: bytes | None, codings: tuple[str, ...]) -> None:
    assert accepted_codings(header) == codings


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (b'"a"', False),
        (b'W/"a"', False),
        (b'"b", "a"', False),
        (b'"b","c"', True),
        (b"*", False),
        (b'"a', True),
        (b"a", True),
        (b'"b, a"', True),
        (b"", True),
    ],
)
def test_if_none_match_compares_weakly(header: bytes, holds: bool) -> None:
    assert none_match_holds(header, b'"a"') is holds
    assert none_match_holds(header, b'W/"a"') is holds


@pytest.mark.parametrize(
    ("header", "etag", "holds"),
    [
        (b'"a"', b'"a"', True),
        (b'W/"a"', b'"a"', False),
        (b'"a"', b'W/"a"', False),
        (b'"b", "a"', b'"a"', True),
        (b"*", b'W/"a"', True),
    ],
)
def test_if_match_compares_strongly(header: bytes, etag: bytes, holds: bool) -> None:
    assert match_holds(header, etag) is holds
