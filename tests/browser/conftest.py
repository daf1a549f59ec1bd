"""Browser tests work on the served demo newsroom."""

from tests.served import chromium, log_in, served, visit

__all__ = ["chromium", "log_in", "served", "visit"]
