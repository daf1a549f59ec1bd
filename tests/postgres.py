"""A private PostgreSQL for tests: its own cluster in a temporary folder, on a Unix socket only.

The cluster runs as the user `postgres` if the tests run as root (PostgreSQL refuses root). It is
made once per session when a test first asks, and stopped by its process id.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

BIN = Path("/usr/lib/postgresql/15/bin")
OWNER = "postgres"
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # tests don't pull the plug
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}


@dataclass(slots=True)
class Cluster:
    """A running server: where its socket is, and its process."""

    socket_dir: Path
    pid: int
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    server: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the server, and wait until it answers.

        After a kill the old one's processes may still be ending: it refuses until they have.
        """
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.server = _start(self.socket_dir, self.settings)
            self.pid = self.server.pid
            try:
                _wait_until_ready(self.socket_dir, self.server)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def kill_and_restart(self) -> None:
        """Kill the server as a failing machine would, and start it again."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        self.start()

    def address(self, database: str = "postgres") -> str:
        """Return the database's address as STOPPRESS_DATABASE takes it."""
        return f"postgresql://{OWNER}@/{database}?host={self.socket_dir}"

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction, as CREATE DATABASE needs."""
        with self._connected(database) as connection:
            connection.execute(sql)

    def has(self, database: str) -> bool:
        """Tell whether there is a database of this name."""
        with self._connected("postgres") as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, [database]).fetchone() is not None

    def _connected(self, database: str) -> "psycopg.Connection":
        import psycopg

        return psycopg.connect(
            host=str(self.socket_dir), user=OWNER, dbname=database, autocommit=True
        )


def is_installed() -> bool:
    """Tell whether Debian's PostgreSQL 15 is there."""
    return (BIN / "initdb").exists()


@contextmanager
def running_cluster(**changed: str) -> Iterator[Cluster]:
    """Make a cluster, run it with some settings changed, stop it and remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="stoppress-pg-"))
    cluster = Cluster(folder, 0, {**SETTINGS, **changed})
    try:
        _give_to_owner(folder)
        data = folder / "data"
        _as_owner([BIN / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N"])
        cluster.start()
        yield cluster
    finally:
        server = cluster.server
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [BIN / "postgres", "-D", folder / "data", "-k", folder, *options],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("ab"),
        start_new_session=True,
        **_owner(),
    )


def _owner() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(OWNER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _give_to_owner(folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam(OWNER)
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)


def _as_owner(command: list[object]) -> None:
    subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, cwd="/", **_owner()
    )


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        asked = subprocess.run(
            [str(BIN / "pg_isready"), "-h", str(folder), "-q", "-t", "1"], check=False
        )
        if asked.returncode == 0:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
