"""PostgreSQL for pages full of times: `ENGINE = "stoppress.press.postgresql"`.

Django has psycopg read each time with a regular expression in Python, 7 µs apiece; a publish prints
a thousand of them. Its connections are on UTC, and then Python's own parser reads what the server
writes in half a microsecond.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader

_Wrapper: Any = base.DatabaseWrapper  # its private methods are not in the type stubs


class UtcLoader(TimestamptzLoader):
    """Reads a time on a connection that is on UTC."""

    timezone = UTC  # Django compares it with the connection's, and leaves a loader that agrees

    def load(self, data: Any) -> datetime:
        """The time; DataError for one that Python can't hold, such as infinity."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data)


class DatabaseWrapper(_Wrapper):  # type: ignore[misc]
    """Django's wrapper, with its own way to read times."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection."""
        connection = super().get_new_connection(conn_params)
        if self.timezone == UTC:
            connection.adapters.register_loader("timestamptz", UtcLoader)
        return connection
