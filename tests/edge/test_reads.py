"""Reports of reading through the public port: who is counted, who is refused, what is answered."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from stoppress.edge.journal import Journal
from stoppress.edge.store import Store
from tests.edge.newsroom import STORE_MAX_BYTES, edge_worker, edition
from tests.waiting import until

BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language": "en",
    "origin": "http://paper.example",
    "content-type": "application/json",
}
fresh_articles = itertools.count(1)
fresh_visits = itertools.count(1)
VISIT = f"{1:016x}"


@pytest.fixture
def article(store: Store) -> int:
    number = next(fresh_articles)
    store.put(edition(f"/story-{number}/", tags={f"article:{number}"}))
    return number


def report(
    client: httpx.Client, article: Any, visit: int | None = None, **headers: str
) -> httpx.Response:
    visit = next(fresh_visits) if visit is None else visit
    body = json.dumps({"version": 2, "article": article, "visit": f"{visit:016x}"})
    return client.post("/-/reads", content=body, headers=BROWSER | headers)


def stay(client: httpx.Client, article: int, visit: int, **told: int) -> httpx.Response:
    body = {"version": 2, "article": article, "visit": f"{visit:016x}", **told}
    return client.post("/-/reads", content=json.dumps(body), headers=BROWSER)


def reader(number: int) -> str:
    return f"{BROWSER['user-agent']}.{number}"


def test_a_view_is_answered_with_the_count(client: httpx.Client, article: int) -> None:
    answer = report(client, article)
    assert (answer.status_code, answer.json()) == (200, {"article": article, "views": 1})
    assert answer.headers["cache-control"] == "no-store"
    assert report(client, article).json()["views"] == 1
    assert report(client, article, **{"user-agent": reader(2)}).json()["views"] == 2


def test_a_beacon_counts_too(client: httpx.Client, article: int) -> None:
    sent = report(client, article, **{"content-type": "text/plain;charset=UTF-8"})
    assert sent.json()["views"] == 1


@pytest.mark.parametrize(
    "agent",
    [
        "curl/8.0",
        "Mozilla/5.0 (compatible; Examplebot/1.0; +https://example.org/bot)",
        "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537",
        "",
    ],
)
def test_a_robot_is_told_the_count_and_adds_nothing(
    client: httpx.Client, article: int, agent: str
) -> None:
    assert report(client, article, **{"user-agent": agent}).json()["views"] == 0


def test_staff_add_nothing(client: httpx.Client, article: int) -> None:
    assert report(client, article, cookie="a=b; stoppress_staff=1").json()["views"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_can_not_report(
    client: httpx.Client, article: int, headers: dict[str, str]
) -> None:
    answer = report(client, article, **headers)
    assert (answer.status_code, answer.json().keys()) == (403, {"error"})
    assert report(client, article).json()["views"] == 1


def test_the_address_it_was_opened_at_is_our_own(client: httpx.Client, article: int) -> None:
    at = str(client.base_url).rstrip("/")
    assert report(client, article, origin=at).json()["views"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 500, 400),
        (b'{"version":1,"article":1}', 400),
        (b'{"version":3,"article":1,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":1}', 400),
        (b'{"version":2,"article":1,"visit":"1"}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000000"}', 400),
        (b'{"version":2,"article":1,"visit":1}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","at":1}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","referrer":1}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","engaged":1}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","engaged":-1,"depth":1}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","engaged":1,"depth":101}', 400),
        (b'{"version":2,"article":1,"visit":"0000000000000001","engaged":1.5,"depth":1}', 400),
        (b'{"version":2,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":"1","visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":true,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":1.0,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":0,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":99999999999999999999,"visit":"0000000000000001"}', 400),
        (b'{"version":2,"article":-1,"visit":"0000000000000001"}', 400),
        (b"\xff\xfe\x00", 400),
        (b'{"version":2,"article":987654321,"visit":"0000000000000001"}', 404),
        (b'{"version":2,"article":1,"x":"' + b"x" * 1200 + b'"}', 413),
    ],
)
def test_what_is_no_report_is_refused(client: httpx.Client, body: bytes, status: int) -> None:
    answer = client.post("/-/reads", content=body, headers=BROWSER)
    assert (answer.status_code, answer.json().keys()) == (status, {"error"})


def test_a_report_sent_again_at_once_is_one_view(client: httpx.Client, article: int) -> None:
    visit = next(fresh_visits)
    assert report(client, article, visit).json()["views"] == 1
    again = report(client, article, visit)  # as when the answer was lost
    assert (again.status_code, again.json()["views"]) == (200, 1)


def test_how_a_visit_went_is_taken_for_its_own_view(client: httpx.Client, article: int) -> None:
    visit = next(fresh_visits)
    assert stay(client, article, visit, engaged=5, depth=50).status_code == 404
    report(client, article, visit)
    assert stay(client, article, visit, engaged=5, depth=50).json()["views"] == 1


def test_other_kinds_of_request_are_refused(client: httpx.Client, article: int) -> None:
    assert report(client, article, **{"content-type": "text/html"}).status_code == 415
    assert client.get("/-/reads").status_code == 405


def test_refused_reports_are_counted_by_reason_in_the_journal(folder: Path) -> None:
    """Each has its reason, and comes once, however many come at a time."""
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    store.discard("a lineage")
    store.put(edition("/story/", tags={"article:7"}))
    journal = Journal.open(folder / "journal")
    with edge_worker(folder) as worker, worker.client() as client:
        for _ in range(3):
            report(client, 7, origin="https://elsewhere.example")
            client.post("/-/reads", content=b"{}", headers=BROWSER)
        report(client, 8)
        stay(client, 7, next(fresh_visits), engaged=5, depth=50)
        assert report(client, 7).status_code == 200
        refused: Counter[str] = Counter()

        def has_all() -> bool:
            batch = journal.seal()
            for article, _, kind, reason, reports in batch.sources if batch else ():
                assert (article, kind) == (0, "refused")
                refused[reason] += reports
            return refused.total() >= 8

        until(has_all, "the refused reports in the journal")
    assert refused == {"foreign": 3, "malformed": 3, "unknown-article": 1, "unknown-visit": 1}
    journal.close()
    store.close()


def test_a_referrer_of_ours_is_kept(folder: Path) -> None:
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    store.discard("a lineage")
    store.put(edition("/story/", tags={"article:7"}))
    journal = Journal.open(folder / "journal")
    with edge_worker(folder) as worker, worker.client() as client:
        body = {"version": 2, "article": 7, "visit": f"{next(fresh_visits):016x}"}
        told = json.dumps({**body, "referrer": "www.paper.example"})
        assert client.post("/-/reads", content=told, headers=BROWSER).json()["views"] == 1
    batch = journal.seal()
    assert batch is not None
    assert [source[2:] for source in batch.sources] == [("referrer", "paper.example", 1)]
    journal.close()
    store.close()
