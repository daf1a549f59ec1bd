"""What a takedown will take is named in part, counted whole, and then really gone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.edge import rules
from stoppress.edge import store as store_module
from stoppress.edge.store import Store
from tests.edge.newsroom import edition

TAGS = st.frozensets(st.sampled_from("abc"), max_size=3)
AHEAD = 3  # editions may have seen more than the store


@pytest.fixture
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="edge-") as name:
        opened = Store.open(Path(name) / "store", max_bytes=2**23)
        yield opened
        opened.close()


@pytest.fixture(params=["at once", "swept"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SHARED_BY_MANY", 2)
    monkeypatch.setattr(store_module, "MOST_READ", 2)
    if request.param == "swept":
        monkeypatch.setattr(rules, "REMOVED_AT_ONCE", 0)


@pytest.mark.usefixtures("_way")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    prints=st.lists(st.tuples(TAGS, st.integers(0, AHEAD)), max_size=8),
    bursts=st.lists(TAGS, min_size=1, max_size=AHEAD),
    asked=st.integers(0, 7),
)
def test_the_count_is_what_goes(
    store: Store, prints: list[tuple[frozenset[str], int]], bursts: list[frozenset[str]], asked: int
) -> None:
    store.discard("a lineage")
    for number, (tags, seen) in enumerate(prints):
        store.put(edition(f"/{number}/", tags=tags, change=seen))
    there = {f"/{number}/" for number in range(len(prints))}
    gone = {tag: number for number, tags in enumerate(bursts, start=1) for tag in tags}
    foreseen = store.foresee_takedown(gone, asked=[f"/{asked}/"], at_least=3)
    for number, tags in enumerate(bursts, start=1):
        store.apply(number, touched=[], gone=tags)
    went = {path for path in there if store.find(path) is None}
    assert foreseen.count == len(went)
    assert foreseen.paths <= went
    assert len(foreseen.paths) >= min(3, len(went))
    assert (f"/{asked}/" in foreseen.paths) == (f"/{asked}/" in went)


def test_of_very_many_pages_the_most_read_are_named_and_few_are_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "SHARED_BY_MANY", 20)
    monkeypatch.setattr(store_module, "MOST_READ", 5)
    store.put_all([edition(f"/{number}/", tags={"list:all"}) for number in range(300)])
    store.note_uses({"/250/": 9})
    foreseen = store.foresee_takedown({"list:all": 1}, at_least=10)
    assert foreseen.count == 300
    assert "/250/" in foreseen.paths
    assert len(foreseen.paths) == 10
