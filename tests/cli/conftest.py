"""The real command in a process of its own, and a newsroom that it founded."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sharing import made_once, run_folder

LONGEST_COMMAND_SECONDS = 180
EDITOR = ("--name", "Ada Brook", "--email", "ada@news.example", "--password", "quay-lantern-42")
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path | None = None, **settings: str) -> dict[str, str]:
    """The environment without settings of the tests' own newsroom."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STOPPRESS_")}
    return clean | ({"STOPPRESS_HOME": str(home)} if home else {}) | settings


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stoppress.cli", *arguments]


def run_command(
    *arguments: str, home: Path | None = None, cwd: Path | None = None, said: str = "", **settings
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(home, **settings),
        cwd=cwd or "/",
        input=said,
        capture_output=True,
        text=True,
        timeout=LONGEST_COMMAND_SECONDS,
        check=False,
    )


@pytest.fixture
def stoppress() -> Run:
    """Run a command to its end; standard error is part of what it said."""
    return run_command


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> Path:
    """A newsroom as `stoppress init` makes it. Don't write to it: take `newsroom`."""

    def init(home: Path) -> None:
        done = run_command("init", str(home), "--paper", "The Harbour Post", *EDITOR)
        assert done.returncode == 0, done.stdout + done.stderr

    made = made_once(run_folder(tmp_path_factory) / "harbour-post", init)
    # A copy for each worker: even reading leaves traces beside an SQLite database.
    return shutil.copytree(made, tmp_path_factory.mktemp("founded") / "harbour-post")


@pytest.fixture
def newsroom(founded, tmp_path) -> Path:
    """A newsroom of one's own."""
    return shutil.copytree(founded, tmp_path / "harbour-post")


@pytest.fixture
def taken_port():
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
