"""Room: what is read stays, what is not makes room, and the store never outgrows its size."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from stoppress.edge import remains
from stoppress.edge import store as store_module
from stoppress.edge.store import Store
from stoppress.edge.uses import Uses, taken_uses
from tests.edge.newsroom import App, Worker, edition, eventually

SMALL_BYTES = 4 * 2**20
chance = random.Random(7)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: these tests commit thousands of times."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="edge-") as name:
        yield Path(name)


@pytest.fixture
def small_store(memory: Path) -> Iterator[Store]:
    opened = Store.open(memory / "small", max_bytes=SMALL_BYTES)
    yield opened
    opened.close()


def page(path: str, *, size: int = 12_000, change: int = 0, tags: tuple[str, ...] = ()):
    """A page that no compression makes smaller."""
    return edition(path, chance.randbytes(size), change=change, tags=frozenset(tags))


def tidy_up(store: Store) -> None:
    while store.tidy():
        pass


def test_what_is_read_stays_and_what_is_not_goes(small_store: Store) -> None:
    hot = [f"/hot/{number}/" for number in range(20)]
    for path in hot:
        small_store.put(page(path))
    for number in range(600):  # several times what fits; the hot ones are the oldest prints of all
        small_store.put(page(f"/cold/{number}/", change=number))
        if number % 20 == 0:
            small_store.note_uses(dict.fromkeys(hot, 1))
            tidy_up(small_store)
    assert all(small_store.find(path) for path in hot)
    assert small_store.find("/cold/0/") is None
    assert small_store.find("/cold/599/") is not None
    assert small_store.used_share() <= store_module.FULL_SHARE


def test_what_was_hot_once_goes_when_nobody_reads_it_any_more(small_store: Store) -> None:
    small_store.put(page("/yesterday/"))
    small_store.note_uses({"/yesterday/": 1000})
    crawled = 0
    while small_store.find("/yesterday/") is not None:
        assert crawled < 10_000
        small_store.put_all([page(f"/crawled/{crawled + more}/") for more in range(10)])
        crawled += 10
        tidy_up(small_store)
    assert crawled > 1000  # it outlived several fillings of pages that were read once


def test_a_reprint_keeps_its_place(small_store: Store) -> None:
    small_store.put(page("/front/"))
    small_store.note_uses({"/front/": 5})
    for number in range(1, 1500):
        small_store.put(page(f"/{number}/", change=number))
        if number % 50 == 0:
            small_store.put(page("/front/", change=number))
    assert small_store.find("/front/") is not None


def test_the_file_never_outgrows_its_size_whatever_sizes_pages_have(small_store: Store) -> None:
    for number in range(1000):
        small_store.put(page(f"/{number % 400}/", size=chance.randint(100, 60_000), change=number))
        if number % 3 == 0:
            small_store.apply(number + 1, touched=[f"t{number}"], gone=[])
    size = sum(file.stat().st_size for file in small_store.directory.glob("*.mdb"))
    assert size <= SMALL_BYTES + 128 * 1024


def test_a_reader_who_never_ends_makes_the_store_full_but_not_for_ever(
    small_store: Store,
) -> None:
    """A process that stops amid a read holds the pages of its snapshot."""
    code = f"""
        import os, signal, sys
        from pathlib import Path
        from stoppress.edge.store import Store
        store = Store.open(Path({str(small_store.directory)!r}), max_bytes={SMALL_BYTES})
        with store._tables.reading() as txn:
            print("reading", flush=True)
            signal.pause()
    """
    reader = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        small_store.put(page("/kept/"))
        with pytest.raises(store_module.StoreFull, match="is full at"):
            for number in range(5000):
                small_store.put(page("/again/", change=number))
        trouble = small_store.trouble()
        assert trouble is not None
        assert f"process {reader.pid} holds what was freed" in trouble.why
        assert small_store.find("/kept/") is not None
    finally:
        reader.kill()
        reader.communicate()
    small_store.put(page("/again/", change=9000))  # it clears the dead reader by itself
    assert small_store.trouble() is None


def test_a_takedown_outlives_every_eviction(small_store: Store) -> None:
    small_store.put(page("/taken/", tags=("article:7",)))
    small_store.apply(1, touched=[], gone=["article:7"])
    for number in range(800):
        small_store.put(page(f"/{number}/", change=number + 1))
    assert small_store.is_gone("/taken/")


def test_uses_are_handed_over_once(folder: Path) -> None:
    (folder / "workers").mkdir()
    uses = Uses(folder)
    uses.note("/a/")
    uses.note("/a/")
    uses.hand_over()
    uses.note("/b/")
    uses.hand_over()  # the first file still waits
    (folder / "workers" / "99.uses").write_text("{not json")
    assert list(taken_uses(folder)) == [{"/a/": 2}]
    uses.hand_over()
    assert list(taken_uses(folder)) == [{"/b/": 1}]
    assert list(taken_uses(folder)) == []


def test_a_worker_tells_what_was_read_and_an_evicted_page_is_printed_again(
    edge: Worker, store: Store, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(edition("/-/parts/latest/", "the latest"))
    store.put(edition("/read/", "text <!--part:latest-->"))
    store.put(edition("/unread/", "cold"))
    told: dict[str, int] = {}

    def is_told() -> bool:
        with edge.client() as client:
            assert client.get("/read/").status_code == 200
        store.put(edition("/elsewhere/", "the store moves"))
        for uses in taken_uses(store.directory):
            store.note_uses(uses)
            told.update(uses)
        return "/read/" in told

    eventually(is_told)
    assert "/-/parts/latest/" in told
    assert "/unread/" not in told
    monkeypatch.setattr(store_module, "FULL_SHARE", 0.0)
    monkeypatch.setattr(store_module, "EVICTED_AT_ONCE", 1)
    while store.find("/unread/") is not None:
        store.tidy()
    assert store.find("/read/") is not None
    app.prints["/unread/"] = edition("/unread/", "printed again")
    with edge.client() as client:
        assert client.get("/unread/").text == "printed again"
    assert store.find("/unread/") is not None


def test_what_was_discarded_is_cleared_away_and_what_was_put_since_stays(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remains, "CLEARED_AT_ONCE", 7)
    store = Store.open(memory / "store", max_bytes=8 * SMALL_BYTES)
    for number in range(100):
        store.put(page(f"/{number}/", tags=("list:all",)))
    used = store.used_share()
    store.discard("another")
    assert store.find("/7/") is None
    assert store.stamps(["/7/"]) == ((None,), False)
    store.put(page("/7/"))
    store.put(page("/new/"))
    tidy_up(store)
    assert store.find("/7/") is not None
    assert store.find("/new/") is not None
    assert all(store.find(f"/{number}/") is None for number in range(100) if number != 7)
    assert store.used_share() < used / 10
    assert store.tidy() is False
    store.close()


def test_a_full_store_that_is_discarded_takes_prints_at_once(small_store: Store) -> None:
    for number in range(600):
        small_store.put(page(f"/old/{number}/"))
    small_store.discard("another")
    for number in range(100):  # nobody tidies up
        small_store.put(page(f"/new/{number}/"))
        assert small_store.find(f"/new/{number}/") is not None
    assert all(small_store.find(f"/new/{number}/") for number in range(100))
