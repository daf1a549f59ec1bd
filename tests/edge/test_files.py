"""Static files and media: what is sent, how long it may be kept, and what is never reached."""

from __future__ import annotations

import os

import pytest

from tests.edge.conftest import House
from tests.edge.newsroom import Worker, read_answer

STYLE = "body { margin: 0 }\n" * 100


@pytest.fixture(autouse=True)
def files(house: House) -> None:
    (house.folder / "secret.txt").write_text("secret")
    static, media = house.folder / "static", house.folder / "media"
    (static / "paper").mkdir(exist_ok=True)
    (static / "paper" / "main.0123456789ab.css").write_text(STYLE)
    (static / "main.js").write_text("let a = 1;\n" * 100)
    (static / "font.woff2").write_bytes(bytes(300_000))
    (media / "chart.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (media / "empty.jpg").write_bytes(b"")
    if not (media / "link").exists():
        (media / "link").symlink_to(house.folder / "secret.txt")
        os.mkfifo(media / "pipe")


def test_a_hashed_name_is_kept_for_good_and_compressed(edge: Worker) -> None:
    with edge.client() as client:
        answer = client.get("/static/paper/main.0123456789ab.css")
    assert answer.text == STYLE
    assert answer.headers["content-encoding"] in ("br", "zstd", "gzip")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_a_plain_name_is_asked_for_again(edge: Worker) -> None:
    with edge.client() as client:
        answer = client.get("/static/main.js")
        assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
        again = client.get("/static/main.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_large_file_is_streamed_whole(edge: Worker) -> None:
    with edge.client() as client:
        answer = client.get("/static/font.woff2")
        head = client.head("/static/font.woff2")
        empty = client.get("/media/empty.jpg")
    assert answer.content == bytes(300_000)
    assert answer.headers["content-type"] == "font/woff2"
    assert (head.headers["content-length"], head.content) == ("300000", b"")
    assert (empty.status_code, empty.content) == (200, b"")


def test_media_can_not_run(edge: Worker) -> None:
    with edge.client() as client:
        headers = client.get("/media/chart.svg").headers
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (b"/media/../secret.txt", 400),
        (b"/media/%2e%2e/secret.txt", 400),
        (b"/media/..%2fsecret.txt", 400),
        (b"/media/..%5csecret.txt", 400),
        (b"/media//etc/passwd", 404),
        (b"/media/%2Fetc/passwd", 404),
        (b"/media/link", 404),
        (b"/media/pipe", 404),
        (b"/media/", 404),
        (b"/media", 404),
        (b"/static/paper", 404),
        (b"/static/" + b"a" * 300, 404),
        (b"/static/none.css", 404),
    ],
)
def test_nothing_outside_the_folder_is_reached(edge: Worker, path: bytes, status: int) -> None:
    with edge.connect() as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_answer(connection)
    assert answer.split()[1] == b"%d" % status
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]


def test_files_can_only_be_read(edge: Worker) -> None:
    with edge.client() as client:
        assert client.put("/media/new.jpg", content=b"x").status_code == 405
