"""The store's rules, through its public methods, on a real folder."""

from __future__ import annotations

import random
from pathlib import Path

import lmdb
import pytest

from stoppress.edge import rules
from stoppress.edge.errors import (
    ChangeOutOfOrder,
    StaleEdition,
    StoreDamaged,
    StoreVersionMismatch,
)
from stoppress.edge.store import Store
from tests.edge.newsroom import STORE_MAX_BYTES, edition


@pytest.fixture
def store(bare_store: Store) -> Store:
    return bare_store


def test_what_was_put_is_found(store: Store) -> None:
    put = edition("/world/", "text " * 200, tags={"article:7", "epoch:theme"}, change=3)
    store.put(put)
    found = store.find("/world/")
    assert found is not None
    assert (found.body, found.tags, found.change) == (put.body, put.tags, 3)
    assert not found.is_stale
    assert store.has_tag("article:7")
    assert store.paths_tagged(["article:7", "article:8"]) == ["/world/"]


def test_the_same_content_has_the_same_etag(store: Store) -> None:
    store.put(edition("/world/", "text"))
    first = store.find("/world/")
    store.put(edition("/world/", "text", change=1))
    second = store.find("/world/")
    assert first is not None
    assert second is not None
    assert first.etag == second.etag
    assert first.stamp != second.stamp


def test_a_body_with_holes_is_kept_as_it_was(store: Store) -> None:
    body = "a<!--part:latest-->" + "b" * 400 + "<!--part:most-read--><!--part:latest-->"
    store.put(edition("/world/", body))
    found = store.find("/world/")
    assert found is not None
    assert found.parts == ("latest", "most-read", "latest")
    assert found.body == body.encode()


def test_a_render_older_than_a_change_it_depends_on_is_refused(store: Store) -> None:
    store.apply(42, touched=["list:world"], gone=[])
    with pytest.raises(StaleEdition, match="rendered at change 41 but list:world changed at 42"):
        store.put(edition("/world/", tags={"list:world"}, change=41))
    store.put(edition("/other/", tags={"list:other"}, change=41))
    store.put(edition("/world/", tags={"list:world"}, change=42))


def test_an_edition_is_never_replaced_by_one_that_saw_less(store: Store) -> None:
    store.put(edition("/world/", "later", change=2))
    with pytest.raises(StaleEdition):
        store.put(edition("/world/", "earlier", change=1))


def test_a_touched_page_stays_and_waits_to_be_printed(store: Store) -> None:
    store.put(edition("/a/", tags={"list:a"}))
    store.put(edition("/b/", tags={"list:b"}))
    store.apply(1, touched=["list:a"], gone=[])
    assert store.find("/a/").is_stale  # type: ignore[union-attr]
    assert not store.find("/b/").is_stale  # type: ignore[union-attr]
    assert store.stale_paths(10) == ["/a/"]
    assert store.stale_paths(10, skip=["/a/"]) == []


def test_a_render_that_saw_the_change_first_is_not_marked(store: Store) -> None:
    store.put(edition("/a/", tags={"list:a"}, change=5))
    store.apply(5, touched=["list:a"], gone=[])
    assert not store.find("/a/").is_stale  # type: ignore[union-attr]


def test_a_page_that_is_gone_leaves_at_once_and_does_not_return(store: Store) -> None:
    store.put(edition("/a/", tags={"article:7"}))
    store.apply(1, touched=[], gone=["article:7"])
    assert store.find("/a/") is None
    assert store.is_gone("/a/")
    with pytest.raises(StaleEdition):
        store.put(edition("/a/", tags={"article:7"}))
    with pytest.raises(StaleEdition):  # whatever it says that it depends on
        store.put(edition("/a/"))
    store.put(edition("/a/", "taken down", status=410, tags={"article:7"}, change=1))
    assert not store.is_gone("/a/")


def test_a_switch_puts_fresh_prints_in_place(store: Store) -> None:
    store.put(edition("/a/", "old", tags={"article:7"}))
    fresh = edition("/a/", "new", tags={"article:7"}, change=1)
    late = edition("/b/", "late", tags={"article:7"}, change=0)
    assert store.apply(1, touched=["article:7"], gone=[], fresh=[fresh, late]) == ["/b/"]
    found = store.find("/a/")
    assert found is not None
    assert (found.body, found.is_stale) == (b"new", False)
    assert store.find("/b/") is None


def test_an_epoch_makes_every_page_stale_without_touching_it(store: Store) -> None:
    for path in ("/a/", "/b/"):
        store.put(edition(path, tags={"epoch:theme"}))
    store.apply(1, touched=["epoch:theme"], gone=[])
    assert store.find("/a/").is_stale  # type: ignore[union-attr]
    assert sorted(store.stale_paths(10)) == ["/a/", "/b/"]
    with pytest.raises(StaleEdition):
        store.put(edition("/c/"))
    store.put(edition("/a/", change=1))
    assert store.stale_paths(10) == ["/b/"]


def test_an_epoch_that_is_gone_takes_every_page_down(store: Store) -> None:
    store.put(edition("/a/"))
    store.apply(1, touched=[], gone=["epoch:all"])
    assert store.find("/a/") is None
    assert store.stamps(["/a/"]) == ((None,), False)


def test_changes_are_applied_in_order_and_told(store: Store) -> None:
    store.apply(3, touched=["a"], gone=["b"])
    store.apply(7, touched=["c"], gone=[])
    assert store.applied() == 7
    assert store.changes_after(0, 10) == [(3, ("a", "b")), (7, ("c",))]
    assert store.changes_after(3, 10) == [(7, ("c",))]
    with pytest.raises(ChangeOutOfOrder):
        store.apply(7, touched=[], gone=[])


def test_the_log_is_bounded_and_old_renders_are_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "KEPT_CHANGES", 3)
    for number in range(1, 6):
        store.apply(number, touched=[f"article:{number}"], gone=[])
    assert [number for number, _ in store.changes_after(0, 10)] == [3, 4, 5]
    assert store.floor() == 2
    with pytest.raises(StaleEdition, match="horizon"):
        store.put(edition("/a/", tags={"article:99"}, change=1))
    store.put(edition("/a/", tags={"article:1", "article:2"}, change=2))


def test_paths_and_tags_longer_than_a_key_are_kept_whole(store: Store) -> None:
    path, tag = f"/{'x' * 2000}/", f"topic:{'y' * 2000}"
    store.put(edition(path, "long", tags={tag}))
    assert store.paths_tagged([tag]) == [path]
    store.apply(1, touched=[tag], gone=[])
    assert store.stale_paths(1) == [path]


def test_a_store_of_another_database_is_emptied(store: Store) -> None:
    store.put(edition("/a/", tags={"t"}))
    store.apply(9, touched=["t"], gone=[])
    store.discard("another")
    assert (store.lineage(), store.applied(), store.find("/a/")) == ("another", 0, None)
    assert not store.has_tag("t")
    store.put(edition("/a/", tags={"t"}))


def test_a_wrong_byte_is_a_miss(store: Store, folder: Path) -> None:
    store.put(edition("/a/", "x" * 500))
    tables = store._tables
    with tables.writing() as txn:
        record = bytearray(txn.get(b"/a/", db=tables.editions) or b"")
        record[-1] ^= 1
        txn.put(b"/a/", bytes(record), db=tables.editions)
    assert store.find("/a/") is None
    store.put(edition("/a/", "again"))
    assert store.find("/a/") is not None


def test_a_full_store_lets_the_oldest_go_and_keeps_serving(folder: Path) -> None:
    max_bytes = 4 * 2**20
    store = Store.open(folder / "small", max_bytes=max_bytes)
    chance = random.Random(7)
    for number in range(600):
        store.put(edition(f"/{number}/", chance.randbytes(12_000), change=number))
    assert store.find("/599/") is not None
    assert store.find("/0/") is None
    size = sum(file.stat().st_size for file in (folder / "small").iterdir())
    assert size <= max_bytes + 65536
    store.close()


def test_a_folder_of_a_newer_format_is_named(folder: Path) -> None:
    with lmdb.open(str(folder / "store"), max_dbs=8) as environment:
        meta = environment.open_db(b"meta")
        with environment.begin(write=True) as txn:
            txn.put(b"format", b"99", db=meta)
    with pytest.raises(StoreVersionMismatch, match="format 99"):
        Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)


def test_a_folder_that_is_no_store_is_named(folder: Path) -> None:
    (folder / "store").mkdir()
    (folder / "store" / "data.mdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreDamaged, match="not an LMDB file"):
        Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
