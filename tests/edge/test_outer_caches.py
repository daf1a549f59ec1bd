"""What outer caches are told: what they may keep, for how long, and by which keys."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from stoppress.edge.store import Store
from tests.edge.conftest import House, a_folder
from tests.edge.newsroom import App, edge_worker, edition

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200
TAGS = {"article:7", "list:world", "epoch:all"}


@pytest.fixture(scope="module")
def purged() -> Iterator[tuple[House, httpx.Client]]:
    """An edge whose outer caches are purged by key."""
    with a_folder() as folder:
        store = Store.open(folder / "store", max_bytes=64 * 2**20)
        app = App(folder / "app.sock", store)
        with (
            app.running(),
            edge_worker(folder, "--purges=keys") as worker,
            worker.client() as client,
        ):
            yield House(folder, store, app, worker), client
        store.close()


def test_without_a_purge_an_outer_cache_keeps_a_page_for_a_second(client, store):
    store.put(edition("/world/", PAGE, tags=TAGS))
    headers = client.get("/world/").headers
    assert headers["cache-control"] == "public, max-age=0, s-maxage=1, must-revalidate"
    assert headers["cache-groups"] == '"article_7", "list_world"'
    assert not {"cdn-cache-control", "surrogate-key", "cache-tag"} & headers.keys()


def test_with_a_purge_it_keeps_a_page_for_a_day_and_browsers_still_ask(purged):
    house, client = purged
    house.store.put(edition("/world/", PAGE, tags=TAGS))
    headers = client.get("/world/").headers
    assert headers["cache-control"] == "public, max-age=0, s-maxage=86400, must-revalidate"
    assert headers["cdn-cache-control"] == (
        "max-age=86400, stale-while-revalidate=10, stale-if-error=86400"
    )
    assert headers["surrogate-key"] == "article_7 epoch list_world"
    assert headers["cache-tag"] == "article_7,epoch,list_world"


def test_a_page_with_parts_is_kept_for_a_minute_and_not_by_the_keys_of_its_parts(purged):
    house, client = purged
    house.store.put(edition("/story/", f"{PAGE}<!--part:latest-->", tags={"article:8"}))
    house.store.put(edition("/-/parts/latest/", "<ol></ol>", tags={"list:latest"}))
    headers = client.get("/story/").headers
    assert "s-maxage=60," in headers["cache-control"]
    assert headers["surrogate-key"] == "article_8 epoch"


def test_a_page_known_to_be_old_is_nobodys_to_keep(purged):
    house, client = purged
    number = house.store.applied() + 1
    house.store.put(edition("/old/", PAGE, tags={"article:9"}, change=number - 1))
    assert "s-maxage" in client.get("/old/").headers["cache-control"]
    house.store.apply(number, touched=["article:9"], gone=[])
    answer = client.get("/old/")
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert "cdn-cache-control" not in answer.headers
    house.store.put(edition("/old/", PAGE, tags={"article:9"}, change=number))
    assert "s-maxage" in client.get("/old/").headers["cache-control"]


def test_that_a_page_holds_is_said_with_its_keys(purged):
    house, client = purged
    house.store.put(edition("/held/", PAGE, tags=TAGS))
    etag = client.get("/held/").headers["etag"]
    held = client.get("/held/", headers={"if-none-match": etag})
    assert held.status_code == 304
    for name in ("cache-control", "cdn-cache-control", "surrogate-key", "cache-groups", "vary"):
        assert held.headers[name] == client.get("/held/").headers[name]


@pytest.mark.parametrize("said", [{}, {"cache-control": "public, max-age=9", "expires": "x"}])
def test_what_is_no_edition_is_nobodys_to_keep(client, app: App, said):
    app.pages["/odd/"] = (404, said, b"not here")
    headers = client.get("/odd/").headers
    assert headers["cache-control"] == "no-store"
    assert not {"expires", "cache-groups"} & headers.keys()
