"""The newsroom on PostgreSQL: its tests again, in a process that Wagtail's search starts there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import is_installed, running_cluster

HERE = Path(__file__).parent
# What differs between the databases: constraints, locks, raw SQL, the search index.
AGAIN = (
    "addresses",
    "archive_size",
    "bulk",
    "creating",
    "listings",
    "mostread",
    "search",
    "wagtail_ways",
)
NOT_AGAIN = "not cannot_be_read and not cannot_be_sections and not never_was and not could_not_type"


@pytest.mark.beside
@pytest.mark.postgresql
@pytest.mark.skipif("STOPPRESS_DATABASE" in os.environ, reason="already runs on a named database")
@pytest.mark.skipif(not is_installed(), reason="PostgreSQL 15 is not installed")
def test_the_newsroom_holds_on_postgresql():
    with running_cluster() as cluster:
        cluster.run("CREATE DATABASE newsroom")
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "--show-capture=no", "-k", NOT_AGAIN),
                *(str(HERE / f"test_{name}.py") for name in AGAIN),
                str(HERE / "desk" / "test_sums.py"),
                str(HERE / "settling" / "test_settling.py"),
            ],
            cwd=HERE.parent.parent,
            env={**os.environ, "STOPPRESS_DATABASE": cluster.address("newsroom")},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-8000:]
