"""A store, a journal, an app and an edge worker, all real, in a folder of the test's own.

Starting a worker takes a second, so the tests of one file share one and find the store emptied.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from stoppress.edge.journal import Journal
from stoppress.edge.store import Store
from tests.edge.newsroom import STORE_MAX_BYTES, App, Worker, edge_worker


@contextmanager
def a_folder() -> Iterator[Path]:
    """Short, as the path of a Unix socket must be."""
    with tempfile.TemporaryDirectory(prefix="edge-") as name:
        for part in ("static", "media"):
            (Path(name) / part).mkdir()
        yield Path(name)


@pytest.fixture
def folder() -> Iterator[Path]:
    with a_folder() as made:
        yield made


@pytest.fixture
def bare_store(folder: Path) -> Iterator[Store]:
    """A store without a worker beside it."""
    opened = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    yield opened
    opened.close()


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    opened = Journal.open(folder / "journal")
    yield opened
    opened.close()


@dataclass
class House:
    folder: Path
    store: Store
    app: App
    worker: Worker


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with a_folder() as folder:
        store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
        app = App(folder / "app.sock", store)
        with app.running(), edge_worker(folder) as worker:
            yield House(folder, store, app, worker)
        store.close()


@pytest.fixture
def store(house: House) -> Store:
    house.store.discard("a lineage")
    return house.store


@pytest.fixture
def app(house: House) -> App:
    house.app.forget()
    return house.app


@pytest.fixture
def edge(house: House, store: Store, app: App) -> Worker:
    return house.worker


@pytest.fixture
def client(edge: Worker) -> Iterator[httpx.Client]:
    with edge.client() as opened:
        yield opened
