"""The newsroom that each run begins with, and a store that is filled from it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.newsroom.conftest import _cluster
from tests.newsroom.paper import fresh_caches
from tests.newsroom.settling import paper_kinds, story_kinds  # noqa: F401 - they add the kinds
from tests.newsroom.settling.machine import Newsroom
from tests.newsroom.settling.room import Room, RoomTemplates


@pytest.fixture(scope="session")
def paper_templates(tmp_path_factory, request, django_db_blocker) -> RoomTemplates:
    templates = RoomTemplates(tmp_path_factory.mktemp("rooms"), ())
    templates.migrated = request.config.cache.mkdir("papers")
    return templates


@pytest.fixture
def room(paper) -> Iterator[Room]:
    """A newsroom of one's own."""
    return Room()


@pytest.fixture
def newsroom(paper_settings, paper_templates, django_db_blocker, tmp_path):
    """The machine, with a fresh database for each of its runs."""

    @contextmanager
    def open_paper():
        with fresh_caches():
            if connection.vendor == "postgresql":
                with paper_templates.postgresql(_cluster()):
                    yield
            else:
                with paper_templates.sqlite():
                    yield

    with django_db_blocker.unblock():
        yield type("Newsroom", (Newsroom,), {"open_paper": open_paper, "folder": tmp_path / "run"})
