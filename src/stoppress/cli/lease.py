"""The clock's lease: of all clocks that run for one newsroom, exactly one acts.

PostgreSQL: a session-level advisory lock. The server lets go of it the moment the holder's
connection ends, and takes a silent connection for dead after a few seconds (TCP keepalive), so
another clock takes over without anybody comparing clocks. It needs no table. A pooler between us
and the server must pool sessions, not transactions.
SQLite: a lock on a file beside the database; there is only one machine.

Two clocks may both believe that they hold the lease for as long as a dead connection goes unnoticed
(under a second), so what a clock does must bear being tried twice: schedules and batches are.
"""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_NUMBER = 0x5709_9E55  # any number that no other program on this database uses
KEEPALIVE = "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; "
KEEPALIVE += "SET tcp_keepalives_count = 3"


class Lease(Protocol):
    """The right to act for the newsroom."""

    def hold(self) -> bool:
        """Take the lease if it is free, or make sure that we have it still."""

    def release(self) -> None:
        """Let another clock have it at once."""


def newsroom_lease() -> Lease:
    """The lease of the newsroom's clock; made once, used by one thread."""
    connection = connections["default"].copy()
    if connection.vendor == "postgresql":
        return AdvisoryLease(connection)
    database = Path(str(connection.settings_dict["NAME"]))
    return FileLease(database.with_name(database.name + ".clock"))


class AdvisoryLease:
    """A lease that lives as long as one connection to PostgreSQL."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.is_held = False

    def hold(self) -> bool:
        """Ask the server; a lost connection is a lost lease."""
        try:
            with self.connection.cursor() as cursor:
                if self.is_held:
                    cursor.execute("SELECT 1")
                    return True
                cursor.execute(KEEPALIVE)
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
                self.is_held = bool(cursor.fetchone()[0])
        except (DatabaseError, InterfaceError):
            self.release()
        return self.is_held

    def release(self) -> None:
        """End the connection, and the lease with it."""
        self.is_held = False
        self.connection.close()


class FileLease:
    """A lease that lives as long as this process has the file locked."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.descriptor: int | None = None

    def hold(self) -> bool:
        """Lock the file, unless another process has."""
        if self.descriptor is not None:
            return True
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self.descriptor = descriptor
        return True

    def release(self) -> None:
        """Close the file, and unlock it by that."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
