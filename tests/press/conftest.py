"""A tiny paper on a real database, with a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stoppress.edge.store import Store
from stoppress.press import guard, node
from stoppress.press.printing import Printer
from tests.databases import Templates
from tests.postgres import Cluster, is_installed, running_cluster
from tests.press import paper as tiny


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if not is_installed():
        pytest.skip("PostgreSQL 15 is not installed")
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def templates(tmp_path_factory, django_db_blocker) -> Templates:
    return Templates(tmp_path_factory.mktemp("databases"), tiny.MODELS)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, templates, django_db_blocker) -> Iterator[str]:
    """A fresh database; each test that asks runs on both."""
    with django_db_blocker.unblock():
        if request.param == "sqlite":
            with templates.sqlite():
                yield request.param
        else:
            with templates.postgresql(request.getfixturevalue("cluster")):
                yield request.param


@pytest.fixture
def paper(database, settings, tmp_path: Path) -> Iterator[str]:
    """The tiny paper: its addresses, its guarded table, its folders."""
    settings.ROOT_URLCONF = "tests.press.urls"
    settings.PRESS_GUARD = "raise"
    settings.STORE_DIR = tmp_path / "data" / "store"
    settings.RUN_DIR = tmp_path / "run"
    settings.ORIGIN = "https://paper.example"
    settings.ALLOWED_HOSTS = ["*"]
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
