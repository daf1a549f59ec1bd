"""Readers' pages through the public port: hits, misses, conditions, and the app being down."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard

from stoppress.edge.store import Store
from tests.edge.conftest import House
from tests.edge.newsroom import App, Worker, edge_worker, edition, eventually

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200


def test_a_hit_never_reaches_the_app(client: httpx.Client, store: Store, app: App) -> None:
    store.put(edition("/world/", PAGE))
    answer = client.get("/world/")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert not app.asked


def test_a_miss_is_rendered_stored_and_then_a_hit(client: httpx.Client, app: App) -> None:
    app.prints["/world/"] = edition("/world/", PAGE)
    assert client.get("/world/").text == PAGE
    assert client.get("/world/").text == PAGE
    assert app.times_asked("/world/") == 1


def test_a_miss_is_asked_without_anything_of_the_visitor(client: httpx.Client, app: App) -> None:
    client.get("/nowhere/", headers={"cookie": "session=x", "accept-language": "fr"})
    _, _, headers = app.asked[-1]
    assert headers[b"host"] == b"paper.example"
    assert not {b"cookie", b"accept-language", b"x-forwarded-for"} & headers.keys()


def test_many_who_miss_share_one_render(edge: Worker, app: App) -> None:
    app.prints["/world/"] = edition("/world/", PAGE)
    app.hold.clear()
    with edge.client() as client, ThreadPoolExecutor(8) as readers:
        asked = [readers.submit(client.get, "/world/") for _ in range(8)]
        eventually(lambda: app.asked)
        app.hold.set()
        assert {answer.result().text for answer in asked} == {PAGE}
    assert app.times_asked("/world/") == 1


def test_what_the_app_does_not_store_is_passed_on(client: httpx.Client, app: App) -> None:
    app.pages["/odd/"] = (404, {"set-cookie": "a=b", "content-type": "text/html"}, b"not here")
    answer = client.get("/odd/")
    assert (answer.status_code, answer.text) == (404, "not here")
    assert "set-cookie" not in answer.headers
    assert "x-press-edition" not in answer.headers


def test_unknown_query_parameters_make_no_new_edition(
    client: httpx.Client, store: Store, app: App
) -> None:
    store.put(edition("/latest/", "first page"))
    store.put(edition("/latest/?page=2", "second page"))
    assert client.get("/latest/?utm_source=x&fbclid=y").text == "first page"
    assert client.get("/latest/?utm_source=x&page=2").text == "second page"
    assert client.get("/%6Catest/?page=2&page=2").text == "second page"
    assert not app.asked


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "identity"])
def test_each_coding_says_the_same(client: httpx.Client, store: Store, coding: str) -> None:
    store.put(edition("/world/", PAGE))
    with client.stream("GET", "/world/", headers={"accept-encoding": coding}) as answer:
        raw = b"".join(answer.iter_raw())
        headers = answer.headers
    unpack = {
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
        "gzip": gzip.decompress,
        "identity": bytes,
    }
    assert unpack[coding](raw).decode() == PAGE
    assert headers.get("content-encoding", "identity") == coding
    assert headers["vary"] == "accept-encoding"
    assert int(headers["content-length"]) == len(raw)


def test_codings_have_etags_of_their_own(client: httpx.Client, store: Store) -> None:
    store.put(edition("/world/", PAGE))
    etags = {
        client.get("/world/", headers={"accept-encoding": coding}).headers["etag"]
        for coding in ("br", "zstd", "gzip", "identity")
    }
    assert len(etags) == 4
    assert not any(etag.startswith("W/") for etag in etags)


def test_a_known_page_is_not_sent_again(client: httpx.Client, store: Store) -> None:
    store.put(edition("/world/", PAGE))
    etag = client.get("/world/").headers["etag"]
    answer = client.get("/world/", headers={"if-none-match": f'"other", W/{etag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert client.get("/world/", headers={"if-none-match": "*"}).status_code == 304
    assert client.get("/world/", headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get("/world/", headers={"if-match": '"other"'}).status_code == 412
    assert client.get("/world/", headers={"if-match": etag}).status_code == 200


def test_head_says_what_get_would(client: httpx.Client, store: Store) -> None:
    store.put(edition("/world/", PAGE))
    got, head = client.get("/world/"), client.head("/world/")
    del got.headers["date"], head.headers["date"]
    assert head.headers == got.headers
    assert head.content == b""


def test_pages_can_only_be_read(client: httpx.Client, store: Store) -> None:
    store.put(edition("/world/", PAGE))
    for method in ("POST", "PUT", "DELETE"):
        answer = client.request(method, "/world/")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_redirects_and_takedowns_are_editions_too(client: httpx.Client, store: Store) -> None:
    store.put(edition("/old/", status=301, headers=((b"location", b"/new/"),)))
    store.put(edition("/gone/", "taken down", status=410))
    assert client.get("/old/").headers["location"] == "/new/"
    assert (client.get("/gone/").status_code, client.get("/gone/").text) == (410, "taken down")


def test_a_part_fills_its_hole(client: httpx.Client, store: Store) -> None:
    store.put(edition("/story/", f"<main>{PAGE}<aside><!--part:latest--></aside>"))
    store.put(edition("/-/parts/latest/", "<ol>one</ol>"))
    first = client.get("/story/")
    assert first.text == f"<main>{PAGE}<aside><ol>one</ol></aside>"
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["etag"].startswith('W/"')
    store.put(edition("/-/parts/latest/", "<ol>two</ol>", change=1))
    plain = client.get("/story/", headers={"accept-encoding": "identity"})
    assert client.get("/story/").text == plain.text == f"<main>{PAGE}<aside><ol>two</ol></aside>"
    assert plain.headers["etag"] == first.headers["etag"]


def test_a_part_nobody_printed_yet_is_fetched(client: httpx.Client, store: Store, app: App) -> None:
    store.put(edition("/story/", "<aside><!--part:latest--></aside>"))
    app.prints["/-/parts/latest/"] = edition("/-/parts/latest/", "<ol>one</ol>")
    assert client.get("/story/").text == "<aside><ol>one</ol></aside>"


def test_a_hole_stays_empty_rather_than_the_page_away(client: httpx.Client, store: Store) -> None:
    store.put(edition("/story/", "<aside><!--part:latest--></aside>"))
    assert client.get("/story/").text == "<aside></aside>"


def test_a_stale_page_is_served_and_asked_for_again(
    client: httpx.Client, store: Store, app: App
) -> None:
    store.put(edition("/world/", "old", tags={"article:7"}))
    store.apply(1, touched=["article:7"], gone=[])
    app.prints["/world/"] = edition("/world/", "new", tags={"article:7"}, change=1)
    assert client.get("/world/").text == "old"
    eventually(lambda: client.get("/world/").text == "new")


def test_a_takedown_takes_effect_at_once(client: httpx.Client, store: Store) -> None:
    store.put(edition("/secret/", "it was", tags={"article:7"}))
    assert client.get("/secret/").text == "it was"
    store.apply(1, touched=[], gone=["article:7"])
    assert client.get("/secret/").status_code == 404


def test_a_page_taken_down_on_its_way_is_not_sent(
    client: httpx.Client, store: Store, app: App
) -> None:
    app.prints["/secret/"] = edition("/secret/", "it was", tags={"article:7"})
    app.after_print = lambda: store.apply(1, touched=[], gone=["article:7"])
    answer = client.get("/secret/")
    assert answer.status_code == 410
    assert "it was" not in answer.text


def test_pages_come_with_a_strict_policy(client: httpx.Client, store: Store) -> None:
    store.put(edition("/world/", PAGE, headers=((b"x-press-csp-hashes", b"'sha256-abc='"),)))
    headers = client.get("/world/").headers
    assert "script-src 'self' 'sha256-abc=';" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "x-press-csp-hashes" not in headers


def test_readers_do_not_notice_that_the_app_is_down(folder: Path, bare_store: Store) -> None:
    bare_store.put(edition("/world/", PAGE, tags={"list:world"}))
    bare_store.put(edition("/secret/", "it was", tags={"article:7"}))
    bare_store.apply(1, touched=["list:world"], gone=["article:7"])
    with edge_worker(folder) as worker, worker.client() as client:
        assert client.get("/world/").text == PAGE
        assert client.get("/secret/").status_code == 410
        missing = client.get("/nowhere/")
        assert (missing.status_code, missing.headers["retry-after"]) == (503, "5")
        assert "Back in a moment" in missing.text
        assert client.get("/readyz").status_code == 503


def test_a_request_waits_for_an_app_that_is_starting(folder: Path, bare_store: Store) -> None:
    app = App(folder / "app.sock", bare_store)
    app.prints["/world/"] = edition("/world/", PAGE)
    with edge_worker(folder) as worker, worker.client() as client, ThreadPoolExecutor(1) as reader:
        asked = reader.submit(client.get, "/world/")
        threading.Event().wait(0.3)
        with app.running():
            assert asked.result().text == PAGE


@pytest.mark.parametrize(
    ("path", "accepts", "status", "coding"),
    [
        ("/whole/", "br, identity;q=0", 200, "br"),
        ("/whole/", "zstd, *;q=0", 200, "zstd"),
        ("/whole/", "compress, identity;q=0", 406, None),
        ("/whole/", "*;q=0", 406, None),
        ("/composed/", "gzip, identity;q=0", 200, "gzip"),
        ("/composed/", "br, identity;q=0", 406, None),
        ("/short/", "gzip, identity;q=0", 406, None),
        ("/unstored/", "gzip, identity;q=0", 404, "gzip"),
        ("/unstored/", "br, *;q=0", 404, "br"),
        ("/unstored/", "zstd, identity;q=0", 404, "zstd"),
        ("/unstored/", "identity;q=0", 406, None),
        ("/static/paper/main.0123456789ab.css", "gzip, identity;q=0", 200, "gzip"),
        ("/static/paper/main.0123456789ab.css", "compress, identity;q=0", 406, None),
        ("/static/font.woff2", "gzip, identity;q=0", 406, None),
    ],
)
def test_who_refuses_identity_never_gets_it(
    client: httpx.Client, store: Store, app: App, house: House, path, accepts, status, coding
) -> None:
    """RFC 9110, 12.5.3. A notice (406) comes as it is: nothing else would be understood."""
    store.put(edition("/whole/", PAGE))
    store.put(edition("/composed/", f"{PAGE}<!--part:latest-->"))
    store.put(edition("/-/parts/latest/", "<ol>one</ol>"))
    store.put(edition("/short/", "short"))
    app.pages["/unstored/"] = (404, {"content-type": "text/html"}, PAGE.encode())
    (house.folder / "static" / "paper").mkdir(exist_ok=True)
    (house.folder / "static" / "paper" / "main.0123456789ab.css").write_text("p { }\n" * 100)
    (house.folder / "static" / "font.woff2").write_bytes(bytes(1000))
    for _ in range(2):  # a miss, then a hit
        answer = client.get(path, headers={"accept-encoding": accepts})
        assert answer.status_code == status
        assert answer.headers.get("content-encoding") == coding
        if path == "/unstored/" and coding:
            assert answer.text == PAGE
