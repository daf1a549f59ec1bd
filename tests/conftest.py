"""What all tests share.

For databases with real commits ask for `database` (databases.py); for the demo newsroom, served,
and Chromium to visit it, for `served` and `visit` (served.py). There is one of each in a process:
a conftest that imported them again would make another.
"""

import hypothesis
import pytest
from django.conf import settings

from tests.databases import cluster, database, templates
from tests.served import chromium, log_in, served, visit

__all__ = ["chromium", "cluster", "database", "log_in", "served", "templates", "visit"]


# How long an example takes says more of what else runs than of the code.
hypothesis.settings.register_profile(
    "paper", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("paper")


def pytest_configure(config: pytest.Config) -> None:
    """In every test, a write that goes around the press is an error."""
    settings.PRESS_GUARD = "raise"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first: the last to end decides how long all take."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
