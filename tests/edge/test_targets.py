"""One page, one name, however it is spelled."""

from __future__ import annotations

import pytest

from stoppress.edge.errors import BadTarget
from stoppress.edge.targets import canonical_path, encode_target

KNOWN = frozenset({"page", "section"})


@pytest.mark.parametrize(
    ("path", "query", "canonical"),
    [
        (b"/", b"", "/"),
        (b"/world/", b"utm_source=x&gclid=1", "/world/"),
        (b"/%77orld/", b"", "/world/"),
        (b"/latest/", b"page=2&utm_medium=y", "/latest/?page=2"),
        (b"/latest/", b"section=a&page=2", "/latest/?page=2&section=a"),
        (b"/latest/", b"page=2&page=3", "/latest/?page=3"),
        (b"/latest/", b"page=", "/latest/"),
        (b"/latest/", b"page=" + b"9" * 100, "/latest/"),
        (b"/latest/", b"page=a%20b", "/latest/?page=a+b"),
        (b"/t%C3%B3pico/", b"", "/tópico/"),
        (b"/a//b/", b"", "/a//b/"),
        (b"/a/..b/", b"", "/a/..b/"),
    ],
)
def test_many_spellings_one_name(path: bytes, query: bytes, canonical: str) -> None:
    assert canonical_path(path, query, KNOWN) == canonical


@pytest.mark.parametrize(
    "path",
    [
        b"/../etc/passwd",
        b"/a/%2e%2e/b",
        b"/a/%2E./",
        b"/a/.",
        b"/a%00b",
        b"/a%0d%0ab",
        b"/a%3fpage=2",
        b"/a%23b",
        b"/a%5cb",
        b"/%ff",
        b"a",
        b"*",
        b"",
        b"/" + b"a" * 5000,
    ],
)
def test_what_could_climb_or_confuse_is_refused(path: bytes) -> None:
    with pytest.raises(BadTarget):
        canonical_path(path, b"", KNOWN)


@pytest.mark.parametrize("path", ["/", "/latest/?page=2", "/tópico/", "/a b/100%/", "/~x/(1)/"])
def test_a_name_can_be_spelled_again(path: str) -> None:
    target = encode_target(path)
    address, _, query = target.partition(b"?")
    assert canonical_path(address, query, KNOWN) == path
