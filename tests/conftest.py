"""What all tests share. For databases with real commits ask for `database` (databases.py)."""

import pytest

from tests.databases import cluster, database, templates

__all__ = ["cluster", "database", "templates"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first: the last to end decides how long all take."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
