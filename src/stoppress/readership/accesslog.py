"""Access logs of web servers, line by line: nginx's and Apache's combined format, Caddy's JSON.

Combined is the address, two names, [time], "request", status, bytes, "referrer" and "agent". What
follows in quotes may say that a page was fetched ahead (`$http_sec_purpose`).
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from stoppress.readership.errors import BadLine, LogCutShort

LONGEST_LINE_BYTES = 64 * 1024  # no server logs longer ones: their heads are smaller
GZIP_MARK = b"\x1f\x8b"
ADDRESS_MAX_CHARACTERS = 64

_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_COMBINED = re.compile(
    rf"(\S+) \S+ [^\[]*\[([^\]]+)\] {_QUOTED} (\d{{3}}) (?:\d+|-) {_QUOTED} {_QUOTED}(.*)"
)
_TIME = re.compile(r"(\d{1,2})/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ESCAPED = re.compile(r'\\(x[0-9A-Fa-f]{2}|["\\])')
_AHEAD = ("prefetch", "prerender", "preview")  # Sec-Purpose, and the older Purpose


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a log."""

    at: float  # UTC seconds
    zone_minutes: int  # how far the log's clock is from UTC
    address: str
    method: str
    target: str
    status: int
    referrer: str
    agent: str
    is_ahead: bool  # fetched before anybody asked, as the log says


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a log with their numbers, from 1; unpacked if it is gzip.

    A line that is too long comes cut short. The file is never held as a whole. Raises OSError,
    LogCutShort.
    """
    with path.open("rb") as plain:
        is_gzip = plain.read(len(GZIP_MARK)) == GZIP_MARK
        plain.seek(0)
        number = 0
        try:
            with gzip.open(plain) if is_gzip else plain as log:
                while line := log.readline(LONGEST_LINE_BYTES):
                    number += 1
                    yield number, line
                    while len(line) == LONGEST_LINE_BYTES and not line.endswith(b"\n"):
                        line = log.readline(LONGEST_LINE_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise LogCutShort(path, number) from error


def parse(line: bytes) -> Request:
    """Read a line. Raises BadLine with the reason."""
    text = line.decode("utf-8", "surrogateescape").strip()
    if text.startswith("{"):
        return _parse_json(text)
    found = _COMBINED.fullmatch(text)
    if found is None:
        raise BadLine("It is neither of the combined format nor JSON of Caddy's.")
    address, moment, request, status, referrer, agent, more = found.groups()
    method, _, rest = request.partition(" ")
    at, zone_minutes = _moment(moment)
    return Request(
        at,
        zone_minutes,
        _checked(address),
        method,
        _unescaped(rest.rpartition(" ")[0] or rest),
        int(status),
        "" if referrer == "-" else _unescaped(referrer),
        "" if agent == "-" else _unescaped(agent),
        bool(more) and any(word in more for word in _AHEAD),
    )


@lru_cache(maxsize=1024)  # a busy server has many lines in a second
def _moment(text: str) -> tuple[float, int]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise BadLine(f"Its time {text!r} is not like 25/Nov/2026:13:55:36 +0100.")
    day, month, *numbers, sign, hours, minutes = found.groups()
    year, hour, minute, second = map(int, numbers)
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        place = _MONTHS.index(month) + 1
        zone = timezone(offset)
        moment = datetime(year, place, int(day), hour, minute, min(second, 59), tzinfo=zone)
    except ValueError as error:
        raise BadLine(f"There is no such time as {text!r}.") from error
    return moment.timestamp(), int(offset.total_seconds() // 60)


def _parse_json(text: str) -> Request:
    try:
        line = json.loads(text)
        request = line["request"]
        headers = {name.lower(): values[0] for name, values in request["headers"].items()}
        at, zone_minutes = _json_moment(line["ts"])
        return Request(
            at,
            zone_minutes,
            _checked(request.get("client_ip") or request["remote_ip"]),
            request["method"],
            request["uri"],
            int(line["status"]),
            headers.get("referer", ""),
            headers.get("user-agent", ""),
            any(word in headers.get("sec-purpose", headers.get("purpose", "")) for word in _AHEAD),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise BadLine(f"It is JSON, but no request as Caddy logs it ({error!r}).") from error


def _json_moment(value: Any) -> tuple[float, int]:
    if isinstance(value, int | float):
        return float(value), 0
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    offset = moment.utcoffset() or timedelta()
    return moment.timestamp(), int(offset.total_seconds() // 60)


def _checked(address: str) -> str:
    if len(address) > ADDRESS_MAX_CHARACTERS:
        raise BadLine("Its first field is too long for an address.")
    return address


def _unescaped(text: str) -> str:
    """Undo what servers do to quotes and what can't be printed."""
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if code[0] == "x" and len(code) > 1 else code
