"""A store, a journal, an app and an edge worker, all real, in a folder of the test's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stoppress.edge.journal import Journal
from stoppress.edge.store import Store
from tests.edge.newsroom import STORE_MAX_BYTES, App, Worker, edge_worker


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, as the path of a Unix socket must be."""
    with tempfile.TemporaryDirectory(prefix="edge-") as name:
        for part in ("static", "media"):
            (Path(name) / part).mkdir()
        yield Path(name)


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    yield opened
    opened.close()


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    opened = Journal.open(folder / "journal", reader_key=b"\xab" * 32)
    yield opened
    opened.close()


@pytest.fixture
def app(folder: Path, store: Store) -> Iterator[App]:
    running = App(folder / "app.sock", store)
    with running.running():
        yield running


@pytest.fixture
def edge(folder: Path, app: App) -> Iterator[Worker]:
    with edge_worker(folder) as worker:
        yield worker


@pytest.fixture
def client(edge: Worker) -> Iterator[httpx.Client]:
    with edge.client() as opened:
        yield opened
