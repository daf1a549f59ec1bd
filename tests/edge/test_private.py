"""The desk and other private prefixes: handed through whole, never kept."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from stoppress.edge.store import Store
from tests.edge.newsroom import App, Worker, edge_worker


def test_a_private_request_reaches_the_app_whole(client: httpx.Client, app: App) -> None:
    headers = {"cookie": "session=x", "x-forwarded-host": "evil.example", "host": "desk.example"}
    answer = client.post("/desk/a%2Fb/?x=1&y=2", content=b"body", headers=headers)
    method, target, received = app.asked[-1]
    assert (method, target) == ("POST", "/desk/a%2Fb/?x=1&y=2")
    assert received[b"cookie"] == b"session=x"
    assert received[b"host"] == received[b"x-forwarded-host"] == b"desk.example"
    assert received[b"x-forwarded-for"] == b"127.0.0.1"
    assert received[b"x-forwarded-proto"] == b"http"
    assert answer.text == "piece piece piece end"
    assert answer.headers["x-size"] == "4"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_nobody_can_speak_for_somebody_else(client: httpx.Client, app: App) -> None:
    forged = {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}
    client.get("/desk/", headers=forged | {"forwarded": "for=198.51.100.7", "x-real-ip": "::7"})
    received = app.asked[-1][2]
    assert received[b"x-forwarded-for"] == b"127.0.0.1"
    assert received[b"x-forwarded-proto"] == b"http"
    assert not {b"forwarded", b"x-real-ip"} & received.keys()


def test_every_request_the_app_gets_has_a_name(client: httpx.Client, app: App) -> None:
    client.get("/desk/")
    client.get("/no-such-page/")
    given = "0123456789abcdef-from-a-proxy"
    client.get("/desk/", headers={"x-request-id": given})
    client.get("/desk/", headers={"x-request-id": "two words\tand a tab"})
    names = [received[b"x-request-id"].decode() for _, _, received in app.asked[-4:]]
    assert names[2] == given
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in (names[0], names[1], names[3]))
    assert len(set(names)) == 4


def test_a_private_page_is_never_kept(client: httpx.Client, app: App, store: Store) -> None:
    for _ in range(2):
        client.get("/desk/")
    assert app.times_asked("/desk/") == 2
    assert store.find("/desk/") is None


def test_an_upload_is_streamed(client: httpx.Client) -> None:
    pieces = (b"x" * 65536 for _ in range(64))
    answer = client.post("/desk/upload", content=pieces)
    assert answer.headers["x-size"] == str(64 * 65536)


def test_a_prefix_can_not_be_spelled_around(client: httpx.Client, app: App) -> None:
    client.get("/%64esk/", headers={"cookie": "session=x"})
    assert app.asked[-1][2][b"cookie"] == b"session=x"
    client.get("//desk/", headers={"cookie": "session=x"})
    assert b"cookie" not in app.asked[-1][2]


def test_too_large_an_upload_is_refused(folder: Path, bare_store: Store) -> None:
    app = App(folder / "app.sock", bare_store)
    with (
        app.running(),
        edge_worker(folder, "--max-body-bytes", "1000") as worker,
        worker.client() as client,
    ):
        assert client.post("/desk/", content=b"x" * 1000).status_code == 200
        assert client.post("/desk/", content=b"x" * 1001).status_code == 413
        in_pieces = client.post("/desk/", content=(b"x" * 500 for _ in range(5)))
        assert in_pieces.status_code == 413


def test_the_desk_says_so_when_the_app_is_down(folder: Path) -> None:
    with edge_worker(folder) as worker, worker.client() as client:
        answer = client.post("/desk/", content=b"x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_worker_keeps_its_promises_about_health(edge: Worker, store: Store) -> None:
    store.apply(3, touched=[], gone=[])
    with edge.client() as client:
        assert client.get("/healthz").json() == {"status": "ok", "applied": 3}
        assert client.get("/readyz").json() == {"status": "ok", "applied": 3}
        metrics = client.get("/metrics")
        assert "stoppress_edge_events_total" in metrics.text
        assert client.get("/metrics", headers={"x-forwarded-for": "::2"}).status_code == 404
