"""Reports through the lane and through ASGI: the same answers, in one piece, several, in a row."""

from __future__ import annotations

import itertools
import re
import socket

import pytest

from stoppress.edge.store import Store
from tests.edge.newsroom import Worker, edition, eventually, read_all, read_answer
from tests.edge.test_lane import unread_bytes

ARTICLE = 7
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSER = {
    "Host": "paper.example",
    "User-Agent": AGENT,
    "Accept": "*/*",
    "Accept-Language": "en-GB,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://paper.example/story/",
    "Content-Type": "application/json",
    "Origin": "http://paper.example",
    "Connection": "keep-alive",
    "Sec-Fetch-Site": "same-origin",
}
fresh = itertools.count(1)


@pytest.fixture(autouse=True)
def story(store: Store) -> None:
    store.put(edition("/story/", "text", tags={f"article:{ARTICLE}"}))


def body(article: object = ARTICLE, visit: int | None = None) -> bytes:
    number = next(fresh) if visit is None else visit
    return f'{{"version":2,"article":{article},"visit":"{number:016x}","referrer":""}}'.encode()


def post(content: bytes, *, line: str = "POST /-/reads HTTP/1.1", **headers: str | None) -> bytes:
    """A request; a header of None is left out."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = BROWSER | {"Content-Length": str(len(content))} | more
    lines = [f"{name}: {value}" for name, value in pairs.items() if value is not None]
    return "\r\n".join([line, *lines, "", ""]).encode() + content


def head_of(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def ask(edge: Worker, *pieces: bytes) -> bytes:
    with edge.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(pieces):
            if number:
                assert eventually(lambda: unread_bytes(connection) == 0)
            connection.sendall(piece)
        return read_answer(connection)


def undated(answer: bytes) -> bytes:
    return re.sub(rb"(?m)^date: .*\r\n", b"", answer)


@pytest.mark.parametrize(
    ("status", "content", "headers"),
    [
        (200, body(), {}),
        (200, body(), {"Content_Type": "text/plain;charset=UTF-8"}),
        (200, body(), {"Referer": None}),
        (200, body(), {"Referer": "http://paper.example/\r\nReferer: http://paper.example/story/"}),
        (400, body(), {"Referer": "http://paper.example/\r\n folded"}),
        (200, body().replace(b",", b",\r\n\r\n", 1), {}),
        (200, body(), {"User_Agent": "curl/8.5.0"}),
        (200, body(), {"Cookie": "stoppress_staff=1"}),
        (200, body(), {"Origin": None}),
        (200, body(), {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https"}),
        (403, body(), {"Origin": "http://elsewhere.example"}),
        (403, body(), {"Sec_Fetch_Site": "cross-site"}),
        (415, body(), {"Content_Type": "text/html"}),
        (415, body(), {"Content_Type": None}),
        (404, body(987_654), {}),
        (400, b"{}", {}),
        (400, b"\xff\xfe", {}),
        (413, b'{"x":"' + b"x" * 1024 + b'"}', {}),
        (400, body(), {"Host": "paper.example\r\nHost: paper.example"}),
        (400, body(), {"Host": None}),
        (400, body(), {"Content_Length": "x"}),
    ],
)
def test_whole_and_in_pieces_a_report_is_answered_alike(
    edge: Worker, status: int, content: bytes, headers: dict[str, str | None]
) -> None:
    request = post(content, **headers)
    whole = ask(edge, request)
    again = ask(edge, request)  # by a head that is remembered now
    in_pieces = ask(edge, request[:10], request[10:])
    assert whole.startswith(b"HTTP/1.1 %d " % status)
    assert undated(whole) == undated(again) == undated(in_pieces)


def test_a_body_that_comes_after_its_head_is_taken(edge: Worker) -> None:
    request = post(body())
    assert ask(edge, head_of(request), request[len(head_of(request)) :]).startswith(
        b"HTTP/1.1 200 "
    )


def test_a_client_that_asks_to_go_on_is_told_to(edge: Worker) -> None:
    request = post(body(), Expect="100-continue")
    with edge.connect() as connection:
        connection.sendall(head_of(request))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(request[len(head_of(request)) :])
        assert read_answer(connection).startswith(b"HTTP/1.1 200 ")


def test_a_chunked_report_is_taken_up_to_the_limit(edge: Worker) -> None:
    def chunked(content: bytes) -> bytes:
        pieces = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
        head = head_of(post(b"", Content_Length=None, Transfer_Encoding="chunked"))
        return head + pieces

    assert ask(edge, chunked(body())).startswith(b"HTTP/1.1 200 ")
    assert ask(edge, chunked(b" " * 1025 + body())).startswith(b"HTTP/1.1 413 ")
    both = post(body(), Transfer_Encoding="chunked")  # may mean two things to two servers
    assert ask(edge, both).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /-/reads HTTP/1.1", 405),
        ("HEAD /-/reads HTTP/1.1", 405),
        ("OPTIONS /-/reads HTTP/1.1", 204),
        ("POST /-/reads?x=1 HTTP/1.1", 200),
        ("POST /-/%72eads HTTP/1.1", 200),
    ],
)
def test_other_methods_and_spellings_are_the_apps(edge: Worker, line: str, status: int) -> None:
    content = body() if line.startswith("POST") else b""
    with edge.connect() as connection:
        connection.sendall(post(content, line=line))
        answer = read_answer(connection, has_body=status == 200)
    assert answer.startswith(b"HTTP/1.1 %d " % status)


def test_what_comes_behind_a_report_is_answered_behind_it(edge: Worker) -> None:
    page = b"GET /story/ HTTP/1.1\r\nHost: paper.example\r\n"
    last = page + b"Connection: close\r\n\r\n"
    reports = [post(body(), User_Agent=f"{AGENT}.{number}") for number in range(3)]
    first, second, third = reports
    for pieces in (
        [first + second + page + b"\r\n" + third + last],
        [first, second, page + b"\r\n", third, last],
        [first + second, page + b"\r\n" + third, last],
        [first, second[:200], second[200:] + page + b"\r\n" + third[:10], third[10:] + last],
    ):
        with edge.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            received = read_all(connection)
        kinds = re.findall(rb'("views": \d+|text(?!/)(?=HTTP|$))', received)
        assert [kind[:4] for kind in kinds] == [b'"vie', b'"vie', b"text", b'"vie', b"text"]


@pytest.mark.parametrize("connection", ["keep-alive", "close"])  # the lane's, and the app's
def test_a_client_that_is_gone_is_counted_all_the_same(
    edge: Worker, store: Store, connection: str
) -> None:
    store.put(edition("/other/", "text", tags={"article:8"}))
    with edge.connect() as client:
        client.sendall(post(body(8), Connection=connection))
        client.shutdown(socket.SHUT_WR)
    robot = post(body(8), User_Agent="curl/8.5.0")
    assert eventually(lambda: b'"views": 1}' in ask(edge, robot))


def test_an_article_that_was_taken_down_is_refused(edge: Worker, store: Store) -> None:
    request = post(body())
    assert ask(edge, request).startswith(b"HTTP/1.1 200 ")
    store.apply(store.applied() + 1, touched=[], gone=[f"article:{ARTICLE}"])
    assert eventually(lambda: ask(edge, request).startswith(b"HTTP/1.1 404 "))
