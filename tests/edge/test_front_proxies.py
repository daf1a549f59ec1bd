"""The how-to page's configurations of nginx, Caddy and Varnish, run in front of a real edge."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from stoppress.edge.store import Store
from stoppress.press.outercaches import HttpCache, Order
from tests.edge import fronts
from tests.edge.conftest import a_folder
from tests.edge.fronts import Front
from tests.edge.newsroom import App, edge_worker, edition, eventually

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200
FORGED = "198.51.100.66"


@dataclass
class Site:
    store: Store
    app: App
    front: Front


@pytest.fixture(scope="module", params=["nginx", "caddy", "varnish"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A newsroom behind one of the front proxies."""
    with a_folder() as folder:
        store = Store.open(folder / "store", max_bytes=64 * 2**20)
        app = App(folder / "app.sock", store)
        options = ("--trusted-proxy=127.0.0.1", "--purges=keys")
        with (
            app.running(),
            edge_worker(folder, *options) as worker,
            getattr(fronts, request.param)(worker.port) as front,
        ):
            yield Site(store, app, front)
        store.close()


@pytest.fixture(autouse=True)
def fresh(site: Site) -> None:
    site.app.forget()


def test_pages_pass_compressed_and_unchanged(site: Site):
    site.store.put(edition("/world/", PAGE, tags={"article:7"}))
    with site.front.client() as client:
        answer = client.get("/world/?utm_source=x", headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()


def test_a_known_page_is_not_sent_again(site: Site):
    site.store.put(edition("/known/", PAGE))
    with site.front.client() as client:
        etag = client.get("/known/").headers["etag"]
        again = client.get("/known/", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_desk_gets_its_cookies_its_host_and_who_asks(site: Site):
    headers = {"cookie": "session=x", "x-forwarded-for": FORGED, "x-forwarded-proto": "ftp"}
    with site.front.client(cookies={}) as client:
        answer = client.post("/desk/login/?next=/desk/", content=b"x" * 2**20, headers=headers)
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["x-size"] == str(2**20)
    method, target, received = site.app.asked[-1]
    assert (method, target) == ("POST", "/desk/login/?next=/desk/")
    assert received[b"cookie"] == b"session=x"
    assert received[b"host"] == received[b"x-forwarded-host"] == fronts.HOST.encode()
    if site.front.address.startswith("https"):  # Varnish believes this machine, a proxy of its own
        assert received[b"x-forwarded-for"] == b"127.0.0.1"
        assert received[b"x-forwarded-proto"] == b"https"


def test_live_updates_pass_at_once(site: Site):
    number = site.store.applied() + 1
    with site.front.client() as client, client.stream("GET", "/-/live") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line).startswith("retry:")
        site.store.apply(number, touched=["article:7"], gone=[])
        assert next(line for line in lines if line == "event: change")


def test_metrics_are_not_for_the_public(site: Site):
    with site.front.client() as client:
        assert client.get("/metrics").status_code == 404


def test_http_2_is_spoken_where_the_page_says_so(site: Site):
    if not site.front.address.startswith("https"):
        pytest.skip("Varnish is behind a proxy that does TLS")
    site.store.put(edition("/two/", PAGE))
    command = ["curl", "-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version}"]
    command += ["--resolve", f"{fronts.HOST}:{site.front.port}:127.0.0.1"]
    command.append(f"https://{fronts.HOST}:{site.front.port}/two/")
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "2"


@pytest.fixture
def cached(site: Site) -> Site:
    if not site.front.address.startswith("http://"):
        pytest.skip("not a cache")
    return site


def test_varnish_keeps_a_page_until_one_of_its_keys_is_purged(cached: Site):
    cached.store.put(edition("/kept/", "old", tags={"article:71", "list:world"}))
    purger = HttpCache(cached.front.address, origin=f"https://{fronts.HOST}")
    with cached.front.client() as client:
        assert client.get("/kept/").text == "old"
        number = cached.store.applied() + 1
        new = edition("/kept/", "new", tags={"article:71", "list:world"}, change=number)
        cached.store.apply(number, touched=["article:71"], gone=[], fresh=[new])
        kept = client.get("/kept/")
        assert (kept.text, "surrogate-key" in kept.headers) == ("old", False)
        purger.purge(Order(keys=frozenset({"article_7", "list_worl"})))
        assert client.get("/kept/").text == "old"
        purger.purge(Order(keys=frozenset({"article_70", "article_71"})))
        assert client.get("/kept/").text == "new"


def test_varnish_lets_go_of_a_killed_page_by_its_address(cached: Site):
    cached.store.put(edition("/kält/", "secret", tags={"article:72"}))
    purger = HttpCache(cached.front.address, origin=f"https://{fronts.HOST}")
    with cached.front.client() as client:
        assert client.get("/kält/").text == "secret"
        cached.store.apply(cached.store.applied() + 1, touched=[], gone=["article:72"])
        purger.purge(Order(paths=frozenset({"/kält/", "/never/was/there/"})))
        assert "secret" not in client.get("/kält/").text


def test_varnish_keeps_nothing_that_is_old_or_no_edition(cached: Site):
    number = cached.store.applied() + 1
    cached.store.put(edition("/aged/", "old", tags={"article:73"}, change=number - 1))
    cached.store.apply(number, touched=["article:73"], gone=[])
    with cached.front.client() as client:
        assert client.get("/aged/").text == "old"
        cached.store.put(edition("/aged/", "new", tags={"article:73"}, change=number))
        assert eventually(lambda: client.get("/aged/").text == "new")
        assert client.get("/absent/").status_code == 404
        cached.store.put(edition("/absent/", "there", change=number))
        assert client.get("/absent/").text == "there"


def test_varnish_shows_what_it_has_while_the_newsroom_is_away():
    with a_folder() as folder:
        store = Store.open(folder / "store", max_bytes=64 * 2**20)
        store.put(edition("/world/", PAGE, tags={"article:7"}))
        with (
            edge_worker(folder, "--purges=keys") as worker,
            fronts.varnish(worker.port) as front,
            front.client() as client,
        ):
            assert client.get("/world/").text == PAGE
            worker.process.terminate()
            worker.process.wait(20)
            assert client.get("/world/").text == PAGE
        store.close()
