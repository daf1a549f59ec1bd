"""Front proxies: whose word about a reader counts, through real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from stoppress.edge.store import Store
from tests.edge.conftest import a_folder
from tests.edge.newsroom import App, Worker, edge_worker, edition
from tests.edge.test_reads import report

READER, FORGED, BALANCER = "198.51.100.7", "203.0.113.9", "10.1.2.3"


@pytest.fixture(scope="module")
def behind() -> Iterator[tuple[Worker, App, Store]]:
    """An edge that trusts this machine and a network of balancers."""
    with a_folder() as folder:
        store = Store.open(folder / "store", max_bytes=64 * 2**20)
        app = App(folder / "app.sock", store)
        trusted = ("--trusted-proxy=127.0.0.1", "--trusted-proxy=10.0.0.0/8")
        with app.running(), edge_worker(folder, *trusted) as worker:
            yield worker, app, store
        store.close()


@pytest.fixture
def proxy(behind: tuple[Worker, App, Store]) -> Iterator[httpx.Client]:
    """A connection as the front proxy has it."""
    with behind[0].client() as client:
        yield client


@pytest.mark.parametrize(
    ("hops", "reader"),
    [
        (None, "127.0.0.1"),
        ("", "127.0.0.1"),
        (READER, READER),
        (f"{FORGED}, {READER}", READER),
        (f"{FORGED},{READER},{BALANCER}", READER),
        (f"{FORGED}, {BALANCER}, {READER}, {BALANCER}, {BALANCER}", READER),
        (BALANCER, BALANCER),
        (f"{FORGED}, unknown, {BALANCER}", BALANCER),
        (f"{FORGED}, <script>", "127.0.0.1"),
        (f"{READER}:4711", READER),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        (f"::ffff:{READER}", READER),
    ],
)
def test_the_rightmost_hop_that_is_no_proxy_of_ours_is_the_reader(behind, proxy, hops, reader):
    proxy.get("/desk/", headers={} if hops is None else {"x-forwarded-for": hops})
    assert behind[1].asked[-1][2][b"x-forwarded-for"] == reader.encode()


def test_a_repeated_header_is_one_list(behind, proxy):
    pairs = [("x-forwarded-for", FORGED), ("x-forwarded-for", f"{READER}, {BALANCER}")]
    proxy.get("/desk/", headers=httpx.Headers(pairs))
    assert behind[1].asked[-1][2][b"x-forwarded-for"] == READER.encode()


@pytest.mark.parametrize(
    ("hops", "schemes", "scheme"),
    [
        (READER, None, "http"),
        (READER, "https", "https"),
        (READER, "HTTPS", "https"),
        (READER, "javascript", "http"),
        (f"{FORGED}, {READER}", "https, http", "http"),
        (f"{READER}, {BALANCER}", "https, http", "https"),
        (f"{FORGED}, {READER}, {BALANCER}", "https", "https"),
    ],
)
def test_the_scheme_is_the_one_the_reader_used(behind, proxy, hops, schemes, scheme):
    said = {} if schemes is None else {"x-forwarded-proto": schemes}
    proxy.get("/desk/", headers={"x-forwarded-for": hops} | said)
    assert behind[1].asked[-1][2][b"x-forwarded-proto"] == scheme.encode()


def test_readers_behind_one_proxy_are_counted_one_by_one(behind, proxy):
    behind[2].put(edition("/story/", tags={"article:900"}))
    counts = [
        report(proxy, 900, **{"x-forwarded-for": hops}).json()["views"]
        for hops in (READER, "198.51.100.8", READER, f"{FORGED}, {READER}")
    ]
    assert counts == [1, 2, 2, 2]


def test_a_stranger_can_not_be_many_readers(store: Store, client: httpx.Client):
    store.put(edition("/story/", tags={"article:901"}))
    counts = [
        report(client, 901, **{"x-forwarded-for": f"198.51.100.{last}"}).json()["views"]
        for last in range(3)
    ]
    assert counts == [1, 1, 1]


def test_metrics_stay_on_this_machine(proxy):
    assert proxy.get("/metrics").status_code == 200
    assert proxy.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
