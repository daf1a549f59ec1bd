"""What all tests share. For databases with real commits ask for `database` (databases.py)."""

import pytest
from django.conf import settings

from tests.databases import cluster, database, templates

__all__ = ["cluster", "database", "templates"]


def pytest_configure(config: pytest.Config) -> None:
    """In every test, a write that goes around the press is an error."""
    settings.PRESS_GUARD = "raise"
