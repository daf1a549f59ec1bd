"""Ranges and dates of files: RFC 9110, 13 and 14, through the public port."""

from __future__ import annotations

import os
from email.utils import formatdate

import httpx
import pytest

from tests.edge.conftest import House

BODY = bytes(range(256)) * 4
MODIFIED = 1_700_000_000


@pytest.fixture
def picture(house: House, client: httpx.Client) -> httpx.Response:
    """The whole answer for a picture of 1,024 bytes."""
    file = house.folder / "media" / "picture.jpg"
    file.write_bytes(BODY)
    os.utime(file, (MODIFIED, MODIFIED))
    return client.get("/media/picture.jpg")


@pytest.mark.parametrize(
    ("asked", "status", "content", "where"),
    [
        ("bytes=0-9", 206, BODY[:10], "bytes 0-9/1024"),
        ("bytes=1000-", 206, BODY[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", 206, BODY[1000:], "bytes 1000-1023/1024"),
        ("bytes=-5000", 206, BODY, "bytes 0-1023/1024"),
        ("bytes=1000-5000", 206, BODY[1000:], "bytes 1000-1023/1024"),
        ("Bytes = 0-0", 206, BODY[:1], "bytes 0-0/1024"),
        ("bytes=1024-", 416, None, "bytes */1024"),
        ("bytes=-0", 416, None, "bytes */1024"),
        ("bytes=9-0", 200, BODY, None),
        ("bytes=0-9,20-29", 200, BODY, None),  # several: whole, as 14.2 allows
        ("pages=1-2", 200, BODY, None),
        ("bytes=a-b", 200, BODY, None),
        ("bytes=" + "9" * 400 + "-", 200, BODY, None),
    ],
)
def test_a_range_is_sent_or_refused(client, picture, asked, status, content, where):
    answer = client.get("/media/picture.jpg", headers={"range": asked})
    assert answer.status_code == status
    assert answer.headers.get("content-range") == where
    if content is not None:
        assert answer.content == content
        assert answer.headers["content-length"] == str(len(content))
        assert answer.headers["etag"] == picture.headers["etag"]


def test_a_range_of_what_has_changed_is_the_whole(client, picture):
    etag, date = picture.headers["etag"], picture.headers["last-modified"]
    for validator, status in (
        (etag, 206),
        (date, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        (formatdate(MODIFIED + 1, usegmt=True), 200),
        ("nonsense", 200),
    ):
        headers = {"range": "bytes=0-9", "if-range": validator}
        assert client.get("/media/picture.jpg", headers=headers).status_code == status, validator


def test_a_head_has_no_ranges(client, picture):
    answer = client.head("/media/picture.jpg", headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.headers["content-length"]) == (200, "1024")
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_date_counts_where_there_is_no_tag(client, picture):
    same, before = formatdate(MODIFIED, usegmt=True), formatdate(MODIFIED - 1, usegmt=True)
    assert picture.headers["last-modified"] == same
    for headers, status in (
        ({"if-modified-since": same}, 304),
        ({"if-modified-since": before}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": same, "if-none-match": '"other"'}, 200),
        ({"if-modified-since": before, "if-none-match": picture.headers["etag"]}, 304),
        ({"if-match": '"other"'}, 412),
        ({"if-match": picture.headers["etag"]}, 200),
        ({"if-match": "*"}, 200),
    ):
        assert client.get("/media/picture.jpg", headers=headers).status_code == status, headers
