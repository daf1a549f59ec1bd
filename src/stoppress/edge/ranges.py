"""Ranges of a file (RFC 9110, 14): one at a time, of bytes.

A request for several at once is answered whole, which 14.2 allows: no browser asks for them, and
many small ones make an answer larger than the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

_RANGE = re.compile(rb"bytes\s*=\s*(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))\s*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range begins behind the file's end."""


@dataclass(frozen=True, slots=True)
class Range:
    """Some bytes of a file: from `start`, before `stop`."""

    start: int
    stop: int


def asked_range(header: bytes | None, size: int) -> Range | None:
    """The range a request asks for; None for the whole file. Raises Unsatisfiable."""
    found = None if header is None else _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last, suffix = (None if number is None else int(number) for number in found.groups())
    if first is None:
        first, last = max(0, size - (suffix or 0)), size - 1
        if not suffix:
            raise Unsatisfiable
    elif last is not None and last < first:
        return None  # no range at all (14.1.1)
    if first >= size:
        raise Unsatisfiable
    return Range(first, min(size - 1 if last is None else last, size - 1) + 1)


def range_still_holds(if_range: bytes | None, etag: bytes, modified: float) -> bool:
    """Whether If-Range lets a range be sent: the validator is exactly ours, and a strong one."""
    if if_range is None:
        return True
    if if_range.startswith((b'"', b"W/")):
        return if_range == etag and not etag.startswith(b"W/")
    return if_range == http_date(modified)


def is_modified_since(header: bytes, modified: float) -> bool:
    """Whether a file changed after a date; a date that is none says nothing (13.1.3)."""
    try:
        return int(modified) > parsedate_to_datetime(header.decode("latin-1")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return True


def http_date(moment: float) -> bytes:
    """A moment in whole seconds as HTTP writes it."""
    return formatdate(int(moment), usegmt=True).encode()
