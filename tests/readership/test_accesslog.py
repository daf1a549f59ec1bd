"""Access logs: what is in a line, whoever wrote it."""

import gzip
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoppress.readership.accesslog import LONGEST_LINE_BYTES, Request, parse, read_lines
from stoppress.readership.errors import BadLine, LogCutShort

NOON = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC).timestamp()
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NGINX = (
    '203.0.113.9 - - [25/Nov/2026:13:00:05 +0100] "GET /world/2026/11/25/a-storm/?utm=x HTTP/1.1" '
    f'200 5120 "https://news.example/" "{BROWSER}"'
)
CADDY = {
    "level": "info",
    "ts": NOON,
    "logger": "http.log.access.log0",
    "msg": "handled request",
    "request": {
        "remote_ip": "203.0.113.9",
        "client_ip": "203.0.113.9",
        "proto": "HTTP/2.0",
        "method": "GET",
        "host": "news.example",
        "uri": "/world/2026/11/25/a-storm/?utm=x",
        "headers": {"User-Agent": [BROWSER], "Referer": ["https://news.example/"]},
    },
    "status": 200,
}
EXPECTED = Request(
    NOON,
    60,
    "203.0.113.9",
    "GET",
    "/world/2026/11/25/a-storm/?utm=x",
    200,
    "https://news.example/",
    BROWSER,
    False,
)


def test_a_line_in_the_combined_format():
    assert parse(NGINX.encode()) == EXPECTED
    assert parse(f"{NGINX}\r\n".encode()) == EXPECTED


def test_a_line_of_caddys():
    line = json.dumps(CADDY).encode()
    assert parse(line).at == NOON
    assert parse(line).agent == BROWSER
    assert parse(json.dumps(CADDY | {"ts": "2026-11-25T13:00:05+01:00"}).encode()) == EXPECTED


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("nginx", f'{NGINX} "prefetch;prerender"'),
        ("apache, after other fields", f'{NGINX} 0.003 "-" "prefetch"'),
        (
            "caddy",
            json.dumps(
                {
                    **CADDY,
                    "request": {**CADDY["request"], "headers": {"Sec-Purpose": ["prefetch"]}},
                }
            ),
        ),
    ],
)
def test_what_was_fetched_ahead_is_told_if_the_log_says_so(name, line):
    assert parse(line.encode()).is_ahead
    assert not parse(f'{NGINX} "-"'.encode()).is_ahead


def test_quotes_and_bytes_in_an_agent_come_back_as_they_were():
    assert parse(NGINX.replace(BROWSER, r"a \x22b\x22").encode()).agent == 'a "b"'
    assert parse(NGINX.replace(BROWSER, r"a \"b\" \\c").encode()).agent == r'a "b" \c'
    assert parse(NGINX.replace(BROWSER, "-").encode()).agent == ""
    assert parse(NGINX.encode().replace(b"a-storm", b"\xff\xfe")).target


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "neither"),
        ("a line of something else", "neither"),
        (NGINX.rpartition(' "')[0], "neither"),  # the common format, which names no agent
        (NGINX.replace("25/Nov", "31/Feb"), "no such time"),
        (NGINX.replace("25/Nov", "25/Foo"), "no such time"),
        (NGINX.replace("25/Nov/2026", "2026-11-25"), "is not like"),
        (NGINX.replace("+0100", "+9900"), "no such time"),
        (NGINX.replace("203.0.113.9", "x" * 65), "too long"),
        ("{}", "no request"),
        ('{"request": []}', "no request"),
        (json.dumps(CADDY | {"status": "many"}), "no request"),
        ("{" * 100_000, "no request"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line, why):
    with pytest.raises(BadLine, match=why):
        parse(line.encode())


@given(st.binary(max_size=200))
def test_no_line_raises_anything_else(line):
    for one in (line, b'{"request": ' + line, NGINX.encode()[: len(line)] + line):
        with suppress(BadLine):
            parse(one)


def test_lines_are_numbered_packed_or_not(tmp_path: Path):
    text = b"one\ntwo\n\nfour"
    (tmp_path / "plain").write_bytes(text)
    (tmp_path / "packed").write_bytes(gzip.compress(text))
    for name in ("plain", "packed"):
        lines = list(read_lines(tmp_path / name))
        assert lines == [(1, b"one\n"), (2, b"two\n"), (3, b"\n"), (4, b"four")]


def test_a_line_without_an_end_is_not_held(tmp_path: Path):
    file = tmp_path / "log"
    file.write_bytes(b"x" * (3 * LONGEST_LINE_BYTES) + b"\nnext\n")
    lines = list(read_lines(file))
    assert [(number, len(line)) for number, line in lines] == [(1, LONGEST_LINE_BYTES), (2, 5)]


def test_a_packed_log_that_is_cut_short_says_so(tmp_path: Path):
    file = tmp_path / "log.gz"
    file.write_bytes(gzip.compress(NGINX.encode() * 1000)[:-20])
    with pytest.raises(LogCutShort, match="cut short"):
        list(read_lines(file))
