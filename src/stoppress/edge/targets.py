"""Request targets: from what a client asked to the one name an edition has.

Many spellings, one edition: percent-encoding is undone, query parameters that no edition knows
(`utm_source` and every other) are dropped, the rest is sorted. So no spelling can make the app
render a page again, or fill the store.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from urllib.parse import parse_qs, quote, unquote_to_bytes, urlencode

from stoppress.edge.errors import BadTarget

LONGEST_TARGET_BYTES = 4096
LONGEST_VALUE_CHARACTERS = 64
MOST_FIELDS = 64

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f?#\\]|/\.{1,2}(?:/|$)")
_SAFE_IN_PATH = "/:@!$&'()*+,;=~"


def canonical_path(path: bytes, query: bytes, known: AbstractSet[str]) -> str:
    """Return the path of the edition that a path and query ask for. Raises BadTarget."""
    address = decode_path(path)
    if not query:
        return address
    asked = _known_fields(query, known)
    return f"{address}?{urlencode(asked)}" if asked else address


def decode_path(path: bytes) -> str:
    """Undo the percent-encoding of a path. Raises BadTarget for what could climb or confuse."""
    if not path.startswith(b"/") or len(path) > LONGEST_TARGET_BYTES:
        raise BadTarget("A path starts with a slash and has at most 4,096 bytes.")
    try:
        address = (unquote_to_bytes(path) if b"%" in path else path).decode()
    except UnicodeDecodeError as error:
        raise BadTarget("A path is UTF-8, percent-encoded.") from error
    if _FORBIDDEN.search(address):
        raise BadTarget("A path has no control characters, no dot segments and no ?, # or \\.")
    return address


def encode_target(path: str) -> bytes:
    """Spell an edition's path as a request target."""
    address, mark, query = path.partition("?")
    return (quote(address, safe=_SAFE_IN_PATH) + mark + query).encode("ascii")


def _known_fields(query: bytes, known: AbstractSet[str]) -> list[tuple[str, str]]:
    """The fields that name an edition, sorted; of one given twice the last counts, as in Django."""
    try:
        fields = parse_qs(query.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return []
    return sorted(
        (name, values[-1])
        for name, values in fields.items()
        if name in known and len(values[-1]) <= LONGEST_VALUE_CHARACTERS
    )
