"""What all tests share. For databases with real commits ask for `database` (databases.py)."""

import pytest
from django.conf import settings

from tests.databases import cluster, database, templates

__all__ = ["cluster", "database", "templates"]


def pytest_configure(config: pytest.Config) -> None:
    """In every test, a write that goes around the press is an error."""
    settings.PRESS_GUARD = "raise"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first: the last to end decides how long all take."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
