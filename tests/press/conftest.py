"""A tiny paper on a real database, with a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stoppress.edge.store import Store
from stoppress.press import editions, guard, node
from stoppress.press.printing import Printer
from tests.press import paper as tiny


@pytest.fixture
def paper(database, settings, monkeypatch, tmp_path: Path) -> Iterator[str]:
    """The tiny paper: its addresses, its guarded table, its folders."""
    settings.ROOT_URLCONF = "tests.press.urls"
    settings.STORE_DIR = tmp_path / "data" / "store"
    settings.RUN_DIR = tmp_path / "run"
    settings.ORIGIN = "https://paper.example"
    settings.EDGE_ADDRESS = "http://127.0.0.1:1"  # nobody
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(editions, "_not_found_page", editions._plain_not_found)
    monkeypatch.setattr(editions, "_not_found_address", "")
    guard.watch(tiny.Story, ignore_columns={"draft_headline"})
    yield database
    guard.unwatch(tiny.Story)
    node.close_store()


@pytest.fixture
def store(paper) -> Store:
    return node.store()


@pytest.fixture
def printer(store) -> Printer:
    """A printer that has already taken notice of this database."""
    printer = Printer(store, "node-a")
    settle(printer)
    return printer


def settle(printer: Printer) -> None:
    while printer.work():
        pass
