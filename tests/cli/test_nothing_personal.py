"""Nothing personal is kept: a reader with marks all over, and then a look into every file.

The marked reader comes from an address of this machine that nobody else uses, with an agent, a
cookie, a referrer and words of their own. They read, search, go astray, send nonsense and try to
log in, while the log is at its most talkative. Then neither the log nor any file of the newsroom
may hold one of the marks.
"""

import re
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.served import Served, demo_copy, serving
from tests.waiting import until

pytestmark = pytest.mark.browser  # it serves the demo newsroom, though no browser visits it
ADDRESS = "127.77.66.55"
AGENT_MARK = "140.0.7754233"
COOKIE, REFERRER = "marked-cookie-5521", "marked-referrer-9935"
WORD, PATH, NAME = "zaunkoenig77", "marked-path-4410", "marked.name.3317"
DOMAIN = "news-of-the-marked.example"  # a domain alone is kept: it shows that we look well
MARKS = [mark.encode() for mark in (ADDRESS, AGENT_MARK, COOKIE, REFERRER, WORD, PATH, NAME)]
HEADERS = {
    "User-Agent": f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/{AGENT_MARK}",
    "Accept-Language": "en-GB",
    "Cookie": f"visitor={COOKIE}",
    "Referer": f"https://{DOMAIN}/{REFERRER}?q={REFERRER}",
}
NONSENSE = (
    b"GET / HTTP/1.1\r\nHost: one\r\nHost: two\r\nUser-Agent: %(agent)s\r\n\r\n",
    b"NONSENSE /%(path)s\r\n\r\n",
    b"GET /%(path)s/%%00 HTTP/1.1\r\nHost: elsewhere.example\r\nUser-Agent: %(agent)s\r\n\r\n",
    b"POST /desk/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
    b"User-Agent: %(agent)s\r\n\r\nhalf",
)


class MarkedReader:
    """Everything that a reader can do, with marks on it."""

    def __init__(self, newsroom: Served) -> None:
        self.port = urlsplit(newsroom.address).port
        self.origin = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(
            base_url=self.origin,
            headers=HEADERS,
            transport=httpx.HTTPTransport(local_address=ADDRESS),
            timeout=30,
        )

    def read(self) -> None:
        front = self.client.get("/").text
        story = re.search(r'href="((?:/[a-z-]+)+/\d{4}/\d\d/\d\d/[^"/]+/)"', front)[1]
        page = self.client.get(story)
        article = int(re.search(r'data-article="(\d+)"', page.text)[1])
        visit = secrets.token_hex(8)
        seen = {"version": 2, "article": article, "visit": visit, "referrer": DOMAIN}
        stayed = {"version": 2, "article": article, "visit": visit, "engaged": 1, "depth": 50}
        assert self._report(seen) == 200
        assert self._report(stayed) == 200
        assert self._report(seen | {"referrer": HEADERS["Referer"], "visit": visit[::-1]}) == 200
        assert self._report(seen | {"name": NAME}) == 400
        with self.client.stream("GET", "/-/live") as live:
            assert live.status_code == 200

    def _report(self, body: dict) -> int:
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        return self.client.post("/-/reads", json=body, headers=headers).status_code

    def search(self) -> None:
        assert self.client.get("/search/", params={"q": WORD}).status_code == 200
        assert self.client.get("/search/", params={"since": WORD}).status_code == 400

    def go_astray(self) -> None:
        for path in (f"/{PATH}/", f"/world/2026/01/01/{PATH}/", f"/media/{PATH}.jpg"):
            assert self.client.get(path, params={"token": WORD}).status_code == 404
        for template in NONSENSE:
            with socket.create_connection(
                ("127.0.0.1", self.port), timeout=10, source_address=(ADDRESS, 0)
            ) as connection:
                connection.sendall(
                    template % {b"agent": AGENT_MARK.encode(), b"path": PATH.encode()}
                )
                connection.shutdown(socket.SHUT_WR)
                connection.recv(4096)

    def try_to_log_in(self) -> None:
        assert self.client.get(f"/desk/{PATH}/").status_code in (302, 404)
        form = self.client.get("/desk/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        said = {"username": NAME, "password": WORD, "csrfmiddlewaretoken": token}
        assert self.client.post("/desk/login/", data=said).status_code in (200, 403)
        assert self.client.post("/desk/login/", data={"username": NAME}).status_code == 403
        assert self.client.post("/desk/password_reset/", data=said).status_code in (200, 302, 403)


def holding(mark: bytes, files: list[Path]) -> list[str]:
    return [file.name for file in files if mark in content_of(file)]


def content_of(file: Path) -> bytes:
    """Nothing, if it has been put in another's place since it was listed."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def files_of(home: Path) -> list[Path]:
    within = [file for file in home.rglob("*") if file.is_file()]
    return [*within, home.with_suffix(".log")]


def test_no_log_and_no_file_holds_anything_of_a_reader(tmp_path_factory):
    home = demo_copy(tmp_path_factory)
    with serving(home, log_level="debug", log_format="json") as newsroom:
        reader = MarkedReader(newsroom)
        reader.read()
        reader.search()
        reader.go_astray()
        assert not list(reader.client.cookies.jar), "readers get no cookie"
        reader.try_to_log_in()
        database = sorted((home / "data").glob("newsroom.sqlite3*"))
        until(lambda: holding(DOMAIN.encode(), database), "the domain in the totals")
        assert not {mark: found for mark in MARKS if (found := holding(mark, files_of(home)))}
    assert not {mark: found for mark in MARKS if (found := holding(mark, files_of(home)))}
    assert b'"level": "info"' in home.with_suffix(".log").read_bytes(), "the log did talk"
