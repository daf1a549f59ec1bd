"""Bad input on a raw socket: a clear refusal or a closed connection, and the edge lives on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edition, read_all, read_answer

HOST = b"Host: paper.example\r\n"


@pytest.fixture(autouse=True)
def page(store: Store) -> None:
    store.put(edition("/", "front"))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no Host
        (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400),
        (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS where none is spoken
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n c: folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Bad Name: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: \x00\r\n\r\n", 400),
        (b"GET /\xe4 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /a%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /%0d%0aSet-Cookie:a=b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 20_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * 600_000, 431),
        (b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"CONNECT paper.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"TRACE / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", 405),
        # Smuggling: whatever could mean two things is refused.
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (
            b"POST / HTTP/1.1\r\n"
            + HOST
            + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
    ],
)
def test_a_bad_request_is_refused(edge: Worker, request_bytes: bytes, status: int) -> None:
    with edge.connect() as connection:
        connection.sendall(request_bytes)
        answer = read_answer(connection)
    assert answer.split()[1] == b"%d" % status
    assert b"Traceback" not in answer
    assert edge.process.poll() is None


def test_a_refusal_ends_the_connection(edge: Worker) -> None:
    smuggled = b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n"
    assert edge.raw(smuggled).count(b"HTTP/1.1 ") == 1


def test_a_body_on_a_get_is_not_the_next_request(edge: Worker, app: App) -> None:
    inner = b"GET /desk/ HTTP/1.1\r\nHost: x\r\n\r\n"
    asked = b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(inner) + inner
    with edge.connect() as connection:
        connection.sendall(asked)
        read_answer(connection)
        connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert read_all(connection).count(b"HTTP/1.1 200") == 1
    assert not app.asked


def test_an_unsupported_upgrade_is_answered_plainly(edge: Worker) -> None:
    upgrade = b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    with edge.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + upgrade)
        assert read_answer(connection).startswith(b"HTTP/1.1 200")


def test_http_1_0_is_answered_and_closed(edge: Worker) -> None:
    answer = edge.raw(b"GET / HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"front")


def test_a_foreign_host_changes_nothing_readers_see(edge: Worker, app: App) -> None:
    app.pages["/miss/"] = (200, {}, b"page")
    asked = b"GET /miss/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
    edge.raw(asked + b"Connection: close\r\n\r\n")
    _, _, headers = app.asked[-1]
    assert headers[b"host"] == b"paper.example"
    assert b"x-forwarded-host" not in headers


STARTS = [b"GET ", b"POST ", b"/", b"/world/", b"?a=b", b"%", b"%zz", b" HTTP/1.1", b" HTTP/1.0"]
ENDS = [b"\r\n", b"\n", b"\r", b"\r\n\r\n", b": ", b" ", b"\x00", b"\xff\xfe"]
FIELDS = [b"Host: x", b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Connection: close"]
ODD_FIELDS = [b'If-None-Match: "', b"Accept-Encoding: *;q=", b"Expect: 100-continue"]
CHUNKS = [b"0\r\n\r\n", b"5\r\nhello\r\n"]
TOKENS = st.sampled_from([*STARTS, *ENDS, *FIELDS, *ODD_FIELDS, *CHUNKS])


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(TOKENS | st.binary(max_size=8), max_size=30))
def test_no_bytes_bring_the_edge_down(edge: Worker, pieces: list[bytes]) -> None:
    with edge.connect() as connection:
        connection.sendall(b"".join(pieces))
        connection.shutdown(1)
        answer = read_all(connection)
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert edge.process.poll() is None
