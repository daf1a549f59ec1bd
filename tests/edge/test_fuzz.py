"""Hostile bytes: never a crash, never a 500, never an answer to what nobody asked.

What is cut anywhere must be answered as if it came in one piece, which is also how the lane and
ASGI are compared: whatever is in pieces goes to ASGI.
"""

from __future__ import annotations

import re
import socket
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edition, read_all
from tests.edge.test_lane import undated

HOST = b"Host: paper.example\r\n"
CLOSE = b"GET /last/ HTTP/1.1\r\nHost: paper.example\r\nConnection: close\r\n\r\n"
INNER = b"GET /desk/smuggled/ HTTP/1.1\r\nHost: paper.example\r\n\r\n"
PATHS = [b"/", b"/world/", b"/gone/", b"/nowhere/", b"/static/none.css", b"/healthz"]
ODD_PATHS = [b"/%2e%2e/etc/passwd", b"/..%2f..%2fetc/passwd", b"//desk/", b"/%00", b"/%zz", b"/%ff"]
ODD_PATHS += [
    b"/static/%2e%2e/store/data.mdb",
    b"/media/..%5c..%5cx",
    b"/a/./b",
    b"/" + b"a" * 9000,
]
METHODS = [b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE"]
HEADERS = [b"If-None-Match: *", b"Accept-Encoding: gzip;q=0", b"Range: bytes=0-1", b"A: b"]
HEADERS += [b"Accept-Encoding: br, identity;q=0", b"X-Forwarded-For: 1.2.3.4", b"Cookie: a=b"]

SMUGGLING = {
    "CL.TE": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "TE.CL": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "TE.TE": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "TE twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "TE list": b"Transfer-Encoding: gzip, chunked\r\n",
    "TE space": b"Transfer-Encoding : chunked\r\n",
    "TE tab": b"Transfer-Encoding:\tchunked\x0b\r\n",
    "TE odd": b"Transfer-Encoding: xchunked\r\n",
    "TE quoted": b'Transfer-Encoding: "chunked"\r\n',
    "TE folded": b"Transfer-Encoding:\r\n chunked\r\n",
    "TE bare LF": b"Transfer-Encoding: chunked\nA: b\r\n",
    "TE bare CR": b"A: b\rTransfer-Encoding: chunked\r\n",
    "TE NUL": b"Transfer-Encoding: chunked\x00\r\n",
    "CL twice": b"Content-Length: 0\r\nContent-Length: 5\r\n",
    "CL list": b"Content-Length: 0, 5\r\n",
    "CL plus": b"Content-Length: +5\r\n",
    "CL minus": b"Content-Length: -5\r\n",
    "CL hex": b"Content-Length: 0x5\r\n",
    "CL space": b"Content-Length: 5 5\r\n",
    "CL huge": b"Content-Length: 99999999999999999999999\r\n",
    "CL name": b"Content Length: 5\r\n",
}


@pytest.fixture(autouse=True)
def pages(store: Store) -> None:
    store.put(edition("/", "front" * 200))
    store.put(edition("/world/", "world" * 200))
    store.put(edition("/last/", "last"))
    store.put(edition("/gone/", "taken down", status=410))


def answers(edge: Worker, sent: bytes, cuts: list[int] = []) -> bytes:  # noqa: B006
    """All that comes back for bytes that are sent in pieces."""
    with edge.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        edges = [0, *sorted(cuts), len(sent)]
        try:
            for start, stop in pairwise(edges):
                connection.sendall(sent[start:stop])
            if not sent.endswith(CLOSE):  # the edge ends a connection that is closed at one end
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it refused, and closed, before all was sent
        return read_all(connection)


def statuses(received: bytes) -> list[bytes]:
    return re.findall(rb"HTTP/1\.1 (\d{3}) ", received)


def memory_bytes(edge: Worker) -> int:
    text = Path(f"/proc/{edge.process.pid}/status").read_text()
    return 1024 * int(re.search(r"VmRSS:\s+(\d+)", text)[1])


@pytest.mark.parametrize("name", SMUGGLING)
def test_nothing_is_smuggled(edge: Worker, app: App, name: str):
    for method in (b"POST", b"GET"):
        head = method + b" /world/ HTTP/1.1\r\n" + HOST + SMUGGLING[name] + b"\r\n"
        received = answers(edge, head + b"0\r\n\r\n" + INNER)
        assert statuses(received) == [b"400"], received
    assert not app.asked


REQUESTS = st.builds(
    lambda method, path, headers: (
        method
        + b" "
        + path
        + b" HTTP/1.1\r\n"
        + HOST
        + b"".join(h + b"\r\n" for h in headers)
        + b"\r\n"
    ),
    st.sampled_from(METHODS),
    st.sampled_from(PATHS),
    st.lists(st.sampled_from(HEADERS), max_size=3, unique=True),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(requests=st.lists(REQUESTS, min_size=1, max_size=5), data=st.data())
def test_pieces_are_answered_as_the_whole(edge: Worker, requests: list[bytes], data: st.DataObject):
    sent = b"".join(requests) + CLOSE
    cuts = data.draw(st.lists(st.integers(1, len(sent) - 1), max_size=6, unique=True))
    whole = undated(answers(edge, sent))
    assert len(statuses(whole)) == len(requests) + 1
    assert whole.endswith(b"last")
    assert undated(answers(edge, sent, cuts)) == whole


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    line=st.tuples(st.sampled_from(METHODS) | st.binary(max_size=6), st.sampled_from(ODD_PATHS)),
    host=st.sampled_from([b"x", b"evil@x", b"x\x00", b"x/..", b"", b"a" * 40_000]),
    flood=st.integers(0, 3000),
)
def test_no_head_brings_more_than_a_refusal(
    edge: Worker, line: tuple[bytes, bytes], host: bytes, flood: int
):
    head = b"%s %s HTTP/1.1\r\nHost: %s\r\n" % (*line, host) + b"A: b\r\n" * flood + b"\r\n"
    found = statuses(answers(edge, head))
    assert len(found) <= 1 or line[0] == b""
    assert all(status[:1] in b"24" or status == b"501" for status in found), found
    assert edge.process.poll() is None


def test_floods_leave_the_worker_as_it_was(edge: Worker):
    flood = b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    pipelined = (b"GET /world/ HTTP/1.1\r\n" + HOST + b"\r\n") * 5000
    answers(edge, flood)
    answers(edge, pipelined)
    before = memory_bytes(edge)
    for _ in range(10):
        assert statuses(answers(edge, flood)) == [b"414"]
        answers(edge, pipelined)
    assert memory_bytes(edge) - before < 32 * 2**20
    with edge.client() as client:
        assert client.get("/last/").text == "last"
