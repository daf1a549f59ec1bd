"""What a request's headers ask for: content codings (RFC 9110, 12.5.3) and conditions (13.1)."""

from __future__ import annotations

import re
from functools import lru_cache

IDENTITY = "identity"
SERVER_ORDER = ("br", "zstd", "gzip", IDENTITY)  # of codings a client likes equally well

_ALIASES = {"x-gzip": "gzip"}
_WEIGHT = re.compile(r"\s*;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$", re.IGNORECASE)
_ENTITY_TAG = re.compile(rb'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


@lru_cache(maxsize=1024)
def accepted_codings(header: bytes | None) -> tuple[str, ...]:
    """The codings we may answer in, best first; empty if the client takes none of ours."""
    if not header or not header.strip():
        return (IDENTITY,)
    weights = _weights(header.decode("latin-1"))
    default = weights.pop("*", 0.0)
    ranked = {coding: weights.get(coding, default) for coding in SERVER_ORDER}
    if IDENTITY not in weights and "*" not in header.decode("latin-1"):
        ranked[IDENTITY] = 0.0001  # always acceptable unless refused, always the last choice
    acceptable = [coding for coding in SERVER_ORDER if ranked[coding] > 0]
    return tuple(sorted(acceptable, key=lambda coding: -ranked[coding]))


def _weights(header: str) -> dict[str, float]:
    weights = {}
    for member in header.split(","):
        coding, _, parameters = member.partition(";")
        coding = coding.strip().lower()
        if not parameters:
            weights[_ALIASES.get(coding, coding)] = 1.0
        elif weight := _WEIGHT.match(f";{parameters}"):
            weights[_ALIASES.get(coding, coding)] = float(weight[1])
    return weights


def none_match_holds(header: bytes, etag: bytes) -> bool:
    """Whether If-None-Match still lets the answer be sent. Compares weakly."""
    if header == etag:
        return False
    if header.strip() == b"*":
        return False
    opaque = etag.removeprefix(b"W/")
    return all(b'"%s"' % tag != opaque for _, tag in _ENTITY_TAG.findall(header))


def match_holds(header: bytes, etag: bytes) -> bool:
    """Whether If-Match lets the answer be sent. Compares strongly: a weak ETag never matches."""
    if header.strip() == b"*":
        return True
    return any(not weak and b'"%s"' % tag == etag for weak, tag in _ENTITY_TAG.findall(header))
