"""What all tests share. For databases with real commits ask for `database` (databases.py)."""

from tests.databases import cluster, database, templates

__all__ = ["cluster", "database", "templates"]
