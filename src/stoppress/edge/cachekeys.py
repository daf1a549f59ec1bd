"""Cache keys: what outer caches know an edition by, so that one order removes all that changed.

A key is a tag in the alphabet that all of them take. The limits of several are kept at once:

- RFC 9875, 2: every implementation takes 32 groups of 32 characters;
- CloudFront looks at 50 tags of an object, Akamai at 128, and both ignore the rest;
- Akamai refuses colons and slashes; Cloudflare and CloudFront know no upper case;
- Varnish matches keys as regular expressions, so none of their signs may be in one.

An edition that depends on more is known by coarser keys ("any card") in place of its commonest
ones. Whoever purges a tag names both, so coarseness costs an outer cache a page too many, never one
too few.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from stoppress.edge.editions import EPOCH_PREFIX, Headers

MOST_KEYS = 32
LONGEST_KEY_CHARACTERS = 32
EVERY_PAGE = "epoch"  # epochs are carried by every page, so one key does for all of them

_PLAIN = re.compile(r"[a-z0-9_-]+")


def keys_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The keys an edition with these tags is known by: at most 32, in a stable order."""
    found = set(tags)
    coarse = {EVERY_PAGE}
    while len(_keys(found) | coarse) > MOST_KEYS:
        kinds = Counter(_kind(tag) for tag in found)
        commonest = max(kinds, key=lambda kind: (kinds[kind], kind))
        found = {tag for tag in found if _kind(tag) != commonest}
        coarse.add(_any_of(commonest))
    return tuple(sorted(_keys(found) | coarse))


def keys_to_purge(tags: Iterable[str]) -> frozenset[str]:
    """The keys whose pages must go when these tags have changed."""
    changed = set(tags)
    if any(tag.startswith(EPOCH_PREFIX) for tag in changed):
        return frozenset({EVERY_PAGE})
    return frozenset(_keys(changed) | {_any_of(_kind(tag)) for tag in changed})


def surrogate_headers(tags: Iterable[str]) -> Headers:
    """An edition's keys as content delivery networks and Varnish read them."""
    keys = keys_of(tags)
    return (
        (b"surrogate-key", " ".join(keys).encode()),  # Fastly, and the usage with Varnish
        (b"cache-tag", ",".join(keys).encode()),  # Cloudflare, CloudFront; Akamai by option
    )


def group_header(tags: Iterable[str]) -> Headers:
    """An edition's groups (RFC 9875): a structured-fields list of strings.

    Without the key of every page: a cache that drops one member may drop its whole group.
    """
    groups = [key for key in keys_of(tags) if key != EVERY_PAGE]
    if not groups:
        return ()
    return ((b"cache-groups", ", ".join(f'"{group}"' for group in groups).encode()),)


def _keys(tags: Iterable[str]) -> set[str]:
    return {EVERY_PAGE if tag.startswith(EPOCH_PREFIX) else _key(tag) for tag in tags}


def _key(tag: str) -> str:
    key = tag.replace(":", "_")
    if len(key) <= LONGEST_KEY_CHARACTERS and _PLAIN.fullmatch(key):
        return key
    return "h-" + hashlib.blake2b(tag.encode(), digest_size=14).hexdigest()


def _kind(tag: str) -> str:
    return "epoch" if tag.startswith(EPOCH_PREFIX) else tag.partition(":")[0]


def _any_of(kind: str) -> str:
    return _key(f"any-{kind}")
