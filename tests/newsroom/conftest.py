"""The invented paper on a real database, one for each test.

The suite runs on SQLite, or on the PostgreSQL that STOPPRESS_DATABASE names: Wagtail's search
decides at import which of the two it is for, so one process cannot do both. test_postgresql.py
runs these tests again in a process of their own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from stoppress.press import node
from tests.newsroom.paper import PaperTemplates, fresh_caches
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def paper_templates(tmp_path_factory) -> PaperTemplates:
    return PaperTemplates(tmp_path_factory.mktemp("papers"), ())


@pytest.fixture
def paper_settings(settings, tmp_path) -> None:
    settings.STORE_DIR = tmp_path / "data" / "store"
    settings.RUN_DIR = tmp_path / "run"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ORIGIN = "https://paper.example"
    settings.PAPER_NAME = "The Tidewater Post"
    settings.PAPER_TIME_ZONE = "Europe/Lisbon"
    settings.ALLOWED_HOSTS = ["*"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def paper(paper_settings, paper_templates, django_db_blocker) -> Iterator[str]:
    """The paper, with its roles, its sections and two authors."""
    with django_db_blocker.unblock(), fresh_caches():
        if connection.vendor == "postgresql":
            with paper_templates.postgresql(_cluster()):
                yield "postgresql"
        else:
            with paper_templates.sqlite():
                yield "sqlite"
    node.close_store()


def _cluster() -> Cluster:
    host = connection.settings_dict["HOST"]
    return Cluster(Path(host), pid=0)
