"""HTTP as RFC 9110 and 9112 have it: one table, asked of the lane and of ASGI, on raw sockets."""

from __future__ import annotations

import pytest

from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edition, read_all, read_answer

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200
GET = b"GET /world/ HTTP/1.1\r\n"


@pytest.fixture(autouse=True)
def pages(store: Store) -> None:
    store.put(edition("/world/", PAGE))
    store.put(edition("/", "front"))


def answer_of(edge: Worker, request: bytes) -> bytes:
    with edge.connect() as connection:
        connection.sendall(request)
        return read_answer(connection, has_body=not request.startswith(b"HEAD"))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"news.example", 200),
        (b"NEWS.example.", 200),
        (b"news.example:8443", 200),
        (b"[2001:db8::7]:80", 200),
        (b"127.0.0.1", 200),
        (b"", 200),
        (b"news.example/", 400),
        (b"a@news.example", 400),
        (b"news example", 400),
        (b"news.example, other.example", 400),
        (b"news.example:80a", 400),
        (b"news.example:123456", 400),
        (b"[::1", 400),
        (b"<script>", 400),
        (b"x" * 300, 400),
    ],
)
def test_a_host_is_one_or_the_request_is_bad(edge: Worker, host: bytes, status: int):
    for pieces in (1, 2):  # the second time to a page that is on the shelf
        answer = answer_of(edge, GET + b"Host: " + host + b"\r\n\r\n")
        assert answer.split()[1] == b"%d" % status, pieces


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"OPTIONS * HTTP/1.1", 204),
        (b"OPTIONS /world/ HTTP/1.1", 204),
        (b"POST /world/ HTTP/1.1", 405),
        (b"PUT /static/x.css HTTP/1.1", 405),
        (b"TRACE /world/ HTTP/1.1", 405),
    ],
)
def test_methods_that_are_not_for_pages_say_which_are(edge: Worker, line: bytes, status: int):
    answer = answer_of(edge, line + b"\r\nHost: x\r\n\r\n").lower()
    assert answer.split()[1] == b"%d" % status
    assert b"\r\nallow: get, head, options\r\n" in answer


def test_a_method_nobody_knows_is_not_implemented(edge: Worker):
    assert answer_of(edge, b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n").split()[1] == b"501"
    assert answer_of(edge, b"\x16\x03\x01\x02").split()[1] == b"400"


def test_a_target_in_absolute_form_is_that_page_and_its_host_counts(edge: Worker, app: App):
    for target in (b"http://news.example/world/", b"HTTPS://news.example:8443/world/?x=y"):
        answer = answer_of(edge, b"GET " + target + b" HTTP/1.1\r\nHost: other.example\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
    assert answer_of(edge, b"GET http://news.example HTTP/1.1\r\nHost: x\r\n\r\n").endswith(
        b"front"
    )
    desk = (
        b"GET http://desk.example/desk/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    edge.raw(desk)
    assert app.asked[-1][2][b"host"] == app.asked[-1][2][b"x-forwarded-host"] == b"desk.example"
    for bad in (b"ftp://x/", b"http:///world/", b"http://a:b@news.example/", b"world/"):
        refused = answer_of(edge, b"GET " + bad + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert refused.split()[1] == b"400", bad


def test_http_1_0_is_answered_without_a_host_and_closed(edge: Worker):
    answer = edge.raw(b"GET /world/ HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"\r\ndate: ") == 1


def test_a_body_that_is_refused_is_not_asked_for(edge: Worker):
    head = b"POST /world/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    assert answer_of(edge, head).startswith(b"HTTP/1.1 405")


def test_a_body_that_is_wanted_is_asked_for(edge: Worker, app: App):
    with edge.connect() as connection:
        connection.sendall(
            b"POST /desk/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Connection: close\r\nContent-Length: 5\r\n\r\n"
        )
        assert connection.recv(25).startswith(b"HTTP/1.1 100")
        connection.sendall(b"hello")
        assert b"x-size: 5" in read_all(connection)
