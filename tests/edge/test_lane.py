"""The lane and the ASGI app behind it give the same answers; one connection may use both."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edition, eventually, read_all, read_answer

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200
BROWSER = b"".join(
    b"%s: %s\r\n" % header
    for header in (
        (b"Host", b"paper.example"),
        (b"Connection", b"keep-alive"),
        (b"User-Agent", b"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"),
        (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        (b"Accept-Language", b"en-GB,en;q=0.5"),
        (b"Accept-Encoding", b"gzip, deflate, br, zstd"),
        (b"Sec-Fetch-Dest", b"document"),
        (b"Sec-Fetch-Mode", b"navigate"),
        (b"Sec-Fetch-Site", b"none"),
    )
)


@pytest.fixture(autouse=True)
def pages(store: Store) -> None:
    store.put(edition("/world/", PAGE))
    store.put(edition("/story/", f"{PAGE}<aside><!--part:latest--></aside>"))
    store.put(edition("/-/parts/latest/", "<ol></ol>"))
    store.put(edition("/old/", status=301, headers=((b"location", b"/world/"),)))
    store.put(edition("/gone/", "taken down", status=410))


def request(line: bytes, more: bytes = b"") -> bytes:
    return line + b"\r\n" + BROWSER + more + b"\r\n"


def undated(answer: bytes) -> bytes:
    return re.sub(rb"(?m)^date: .*\r\n", b"", answer)


def ask(edge: Worker, *pieces: bytes, is_head: bool = False) -> bytes:
    with edge.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(pieces):
            if number:  # until the edge has surely read the first piece
                assert eventually(lambda: unread_bytes(connection) == 0)
            connection.sendall(piece)
        return read_answer(connection, has_body=not is_head)


def unread_bytes(connection: socket.socket) -> int:
    """What the edge has not read of what we sent: the receive queue of its side."""
    local, peer = connection.getsockname(), connection.getpeername()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = [int(field.rsplit(":", 1)[1], 16) for field in fields[1:3]]
        if ports == [peer[1], local[1]]:
            return int(fields[4].split(":")[1], 16)
    return 1


def etag_of(edge: Worker, line: bytes) -> bytes:
    answer = ask(edge, request(line), is_head=line.startswith(b"HEAD"))
    return re.search(rb"\r\netag: (.*)\r\n", answer)[1]


@pytest.mark.parametrize("path", [b"/world/", b"/old/"])
def test_the_date_moves_and_nothing_else_does(edge: Worker, path: bytes) -> None:
    whole = request(b"GET %s HTTP/1.1" % path)
    ask(edge, whole)
    first = ask(edge, whole)
    later = eventually(lambda: (again := ask(edge, whole)) != first and again)
    head = ask(edge, request(b"HEAD %s HTTP/1.1" % path), is_head=True)
    assert undated(later) == undated(first)
    assert undated(first).startswith(undated(head))
    assert head.endswith(b"\r\n\r\n")
    assert later.count(b"\r\ndate: ") == first.count(b"\r\ndate: ") == 1


def status_of(edge: Worker, *pieces: bytes) -> bytes:
    with edge.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(pieces):
            if number:
                assert eventually(lambda: unread_bytes(connection) == 0)
            connection.sendall(piece)
        return connection.recv(len(b"HTTP/1.1 200"), socket.MSG_WAITALL)


def lane_answers(edge: Worker) -> int:
    with edge.client() as client:
        text = client.get("/metrics").text
    counts = re.findall(r'events_total\{event="lane_(?:hits|not_modified)".*\} ([\d.]+)', text)
    return int(sum(map(float, counts)))


@pytest.mark.parametrize(
    ("line", "more"),
    [
        (b"GET /world/ HTTP/1.1", b""),
        (b"HEAD /world/ HTTP/1.1", b""),
        (b"GET /world/?utm_source=x HTTP/1.1", b""),
        (b"GET /story/ HTTP/1.1", b""),
        (b"GET /old/ HTTP/1.1", b""),
        (b"GET /gone/ HTTP/1.1", b""),
        (b"GET /world/ HTTP/1.1", b"If-None-Match: *\r\n"),
        (b"GET /world/ HTTP/1.1", b'If-None-Match: "other"\r\n'),
        (b"GET /gone/ HTTP/1.1", b"If-None-Match: *\r\n"),
        (b"GET /world/ HTTP/1.1", b"If-None-Match: ETAG\r\n"),
        (b"GET /story/ HTTP/1.1", b"If-None-Match: ETAG\r\n"),
        (b"HEAD /world/ HTTP/1.1", b'If-None-Match: "other", ETAG\r\n'),
        (b"GET /world/ HTTP/1.1", b"IF-NONE-MATCH:ETAG\r\nX-Last: 1\r\n"),
    ],
)
def test_the_lane_answers_as_the_app_does(edge: Worker, line: bytes, more: bytes) -> None:
    is_head = line.startswith(b"HEAD")
    more = more.replace(b"ETAG", etag_of(edge, line))  # and puts the page on the shelf
    whole = request(line, more)
    before = lane_answers(edge)
    first, again = ask(edge, whole, is_head=is_head), ask(edge, whole, is_head=is_head)
    assert lane_answers(edge) == before + 2
    by_asgi = ask(edge, whole[:20], whole[20:], is_head=is_head)
    assert lane_answers(edge) == before + 2
    assert undated(first) == undated(again) == undated(by_asgi)
    assert b"\r\ndate: " in first
    assert first.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "trick",
    [
        b"If-None-Match: ETAG\r\n folded: 1\r\n",
        b'If-None-Match: ETAG\r\nIf-None-Match: "other"\r\n',
        b'If-None-Match: "other"\r\nIf-None-Match: ETAG\r\n',
        b"If-None-Match: ETAG\r\nHost: other.example\r\n",
        b"If-None-Match: ETAG\r\nContent-Length: 5\r\n",
        b"X: 1\nIf-None-Match: ETAG\r\n",
        b"X: 1\r\n\r\nIf-None-Match: ETAG\r\n",
    ],
)
def test_a_known_head_does_not_smuggle_an_odd_one_in(edge: Worker, trick: bytes) -> None:
    """However often it comes: what a known browser's head is mixed with is parsed anew."""
    line = b"GET /world/ HTTP/1.1"
    trick = trick.replace(b"ETAG", etag_of(edge, line))
    ask(edge, request(line, b"If-None-Match: " + etag_of(edge, line) + b"\r\n"))
    whole = request(line, trick)
    by_asgi = status_of(edge, whole[:20], whole[20:])
    assert [status_of(edge, whole) for _ in range(3)] == [by_asgi] * 3


def test_returning_readers_are_known_whatever_they_have(edge: Worker, store: Store) -> None:
    """Their browser's head is parsed once; each page's validator is compared, never remembered."""
    for number in range(30):
        store.put(edition(f"/{number}/", f"{PAGE}{number}"))
    before = lane_answers(edge)
    for number in range(30):
        line = b"GET /%d/ HTTP/1.1" % number
        more = b"Priority: u=0\r\nIf-None-Match: %s\r\n" % etag_of(edge, line)
        assert ask(edge, request(line, more)).startswith(b"HTTP/1.1 304")
        assert ask(edge, request(line, more.replace(b'"\r', b'x"\r'))).startswith(b"HTTP/1.1 200")
    assert lane_answers(edge) == before + 60


def test_one_connection_changes_between_lane_and_app(edge: Worker, app: App) -> None:
    app.pages["/search/x"] = (200, {}, b"found")
    etag_of(edge, b"GET /world/ HTTP/1.1")
    before = lane_answers(edge)
    with edge.connect() as connection:
        for _ in range(3):
            connection.sendall(request(b"GET /world/ HTTP/1.1"))
            assert read_answer(connection).startswith(b"HTTP/1.1 200")
            connection.sendall(request(b"GET /nowhere/ HTTP/1.1"))
            assert read_answer(connection).startswith(b"HTTP/1.1 404")
            body = b'{"version":1}'
            more = b"Content-Length: %d\r\n" % len(body)
            connection.sendall(request(b"POST /-/reads HTTP/1.1", more) + body)
            assert read_answer(connection).startswith(b"HTTP/1.1 403")
    assert lane_answers(edge) == before + 3


def test_pipelined_requests_are_answered_in_order(edge: Worker) -> None:
    paths = [b"/world/", b"/nowhere/", b"/gone/", b"/world/", b"/old/"]
    with edge.connect() as connection:
        asked = b"".join(request(b"HEAD %s HTTP/1.1" % path) for path in paths)
        connection.sendall(asked)
        statuses = []
        received = b""
        while len(statuses) < len(paths):
            received += connection.recv(65536)
            statuses = re.findall(rb"HTTP/1.1 (\d+)", received)
    assert statuses == [b"200", b"404", b"410", b"200", b"301"]


def test_a_request_in_single_bytes_is_answered(edge: Worker) -> None:
    with edge.connect() as connection:
        for byte in request(b"GET /world/ HTTP/1.1"):
            connection.sendall(bytes([byte]))
        assert read_answer(connection).startswith(b"HTTP/1.1 200")


def test_a_slow_client_gets_everything_it_asked_for(edge: Worker, store: Store) -> None:
    noise = bytes(range(256)) * 400
    store.put(edition("/large/", noise))
    with edge.connect() as connection:
        for _ in range(50):
            connection.sendall(b"GET /large/ HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.sendall(b"GET /gone/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = read_all(connection)
    assert received.count(noise) == 50
    assert received.endswith(b"taken down")
