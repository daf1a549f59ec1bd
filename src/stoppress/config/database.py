"""The database that a newsroom's setting names, in Django's words.

SQLite: every transaction takes the write lock at its start (IMMEDIATE). Deferred ones fail with
"database is locked" in up to 88 % of cases when several write; immediate ones wait their turn, in
the queue that our engine keeps (see docs/explanation/press.md).
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_CACHE_KIB = 32 * 1024  # of a connection; its own 2 MB are read over again
SQLITE_WAIT_SECONDS = 20
POSTGRESQL_CONNECT_SECONDS = 10


def django_database(value: str) -> dict[str, Any]:
    """Django's DATABASES entry for a STOPPRESS_DATABASE value."""
    if "://" in value:
        return _postgresql(value)
    return _sqlite(Path(value))


def is_sqlite(value: str) -> bool:
    """Is this STOPPRESS_DATABASE value a file?"""
    return "://" not in value


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "stoppress.press.sqlite",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_WAIT_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                f"PRAGMA cache_size=-{SQLITE_CACHE_KIB};"
            ),
        },
        "TEST": {"NAME": file.with_name("test.sqlite3")},
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    options: dict[str, Any] = {"connect_timeout": POSTGRESQL_CONNECT_SECONDS}
    options.update(parse_qsl(parts.query))
    return {
        "ENGINE": "stoppress.press.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder can be given as ?host=/run/postgresql, as libpq takes it.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }
