"""A newsroom that is served by the real command, on SQLite and on a PostgreSQL of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import EDITOR, run_command
from tests.cli.test_serve import ENDING_SECONDS, Served
from tests.postgres import Cluster, is_installed, running_cluster

# A database that is killed must keep what it committed.
DURABLE = {"synchronous_commit": "on"}


@contextmanager
def served_newsroom(home: Path, **settings: str) -> Iterator[Served]:
    """Found a newsroom and serve it with two edge workers."""
    done = run_command("init", str(home), "--paper", "The Harbour Post", *EDITOR, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    served = Served(home, **settings)
    try:
        served.wait_until_ready()
        yield served
    finally:
        if served.process.poll() is None:
            served.process.terminate()
            served.process.wait(ENDING_SECONDS * 3)
        served.end()


@pytest.fixture
def on_sqlite(tmp_path) -> Iterator[Served]:
    with served_newsroom(tmp_path / "newsroom") as served:
        yield served


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    if not is_installed():
        pytest.skip("PostgreSQL 15 is not installed")
    with running_cluster(**DURABLE) as cluster:
        cluster.run("CREATE DATABASE chaos")
        yield cluster


@pytest.fixture
def on_postgresql(own_cluster, tmp_path) -> Iterator[Served]:
    address = own_cluster.address("chaos")
    with served_newsroom(tmp_path / "newsroom", STOPPRESS_DATABASE=address) as served:
        yield served
