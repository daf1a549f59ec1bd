"""`stoppress serve`: four processes under one command, from the first request to the last."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import command, environment
from tests.served import PLAIN
from tests.waiting import until

STARTING_SECONDS = 120
RESTARTING_SECONDS = 60
ENDING_SECONDS = 10  # it takes about one; this only bounds the test


class Served:
    """A newsroom that is being served, its log, and the processes below it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.log_file = home.parent / "serve.log"
        self.process = subprocess.Popen(
            command("serve", "--port", str(self.port), "--workers", "2"),
            env=environment(home, **settings),
            stdout=self.log_file.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def log(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", self.log_file.read_text("utf-8", "replace"))

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address(path), **PLAIN, timeout=30, trust_env=False)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait_until_ready(self) -> None:
        def is_ready() -> bool:
            assert self.process.poll() is None, self.log()
            return "is served" in self.log()

        until(is_ready, "the announcement", seconds=STARTING_SECONDS)

    def pid_of(self, name: str) -> int | None:
        """The process id of a child, found by what the supervisor calls it; None if none is seen.

        One that runs may be overlooked while others end (proc(5), children): ask again.
        """
        wanted = f"STOPPRESS_PROCESS={name}".encode()
        for pid in children_of(self.process.pid):
            try:
                if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                    return pid
            except (FileNotFoundError, ProcessLookupError):
                continue
        return None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


@pytest.fixture
def served(newsroom):
    served = Served(newsroom)
    yield served
    served.end()


@pytest.mark.long
def test_a_newsroom_is_served_survives_deaths_and_ends_in_order(served, stoppress):
    served.wait_until_ready()
    assert f"http://localhost:{served.port}/desk/" in served.log()

    # Readers, desk and static files are answered.
    front = served.get("/")
    assert front.status_code == 200
    assert "The Harbour Post" in front.text
    assert served.get("/desk/").headers["location"].startswith("/desk/login/")
    style = re.search(r'href="(/static/stoppress/[^"]+\.css)"', front.text)
    assert style is not None
    assert served.get(style[1]).status_code == 200

    # A second supervisor is refused by name.
    other = stoppress("serve", "--port", str(free_port()), home=served.home)
    assert other.returncode == 1
    assert f"served already, by process {served.process.pid}" in other.stderr

    # The edge serves with the app dead; the app comes back.
    app = served.pid_of("app")
    assert app is not None
    os.kill(app, signal.SIGKILL)
    assert served.get("/").status_code == 200
    until(
        lambda: served.pid_of("app") not in {None, app} and served.get("/readyz").is_success,
        "the app's return",
        seconds=RESTARTING_SECONDS,
    )

    # The death of one worker refuses nobody.
    worker = served.pid_of("edge-1")
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    assert all(served.get("/").status_code == 200 for _ in range(20))

    # All end together, and soon, whoever still listens.
    until(lambda: served.pid_of("clock"), "the clock")
    below = children_of(served.process.pid)
    assert len(below) >= 4
    with httpx.stream("GET", served.address("/-/live"), timeout=30, trust_env=False) as stream:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(ENDING_SECONDS) == 0
        assert b"retry:" in stream.read()
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]


def test_a_supervisor_that_is_killed_leaves_nothing_running(served):
    until(lambda: served.pid_of("app"), "the app", seconds=STARTING_SECONDS)
    below = children_of(served.process.pid)
    served.process.kill()
    served.process.wait(10)
    until(
        lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()],
        "the end of all children",
        seconds=RESTARTING_SECONDS,
    )


def test_readers_are_served_while_the_store_is_lost_twice(served):
    """First its file is cut short under the workers' feet, then its folder is removed."""
    served.wait_until_ready()
    store = served.home / "data" / "store"
    until(lambda: served.get("/").is_success, "the front page", seconds=RESTARTING_SECONDS)
    ends = threading.Event()
    answers: list[object] = []

    def ask() -> None:
        while not ends.is_set():
            try:
                answers.append(served.get("/").status_code)
            except (httpx.RemoteProtocolError, httpx.ReadError):  # the one that met the damage
                answers.append("cut")

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        os.truncate(store / "data.mdb", 8192)
        until(lambda: "was set aside" in served.log(), "the supervisor", seconds=RESTARTING_SECONDS)
        until(lambda: is_refilled(store), "a new store", seconds=RESTARTING_SECONDS)
        assert served.get("/").is_success
        shutil.rmtree(store)
        until(lambda: is_refilled(store), "a third store", seconds=RESTARTING_SECONDS)
        assert served.get("/").is_success
    finally:
        ends.set()
        reader.join()
    assert set(answers) <= {200, "cut"}, served.log()
    assert answers.count("cut") <= 4


def is_refilled(store: Path) -> bool:
    """Whether the front page is in the store that is now in place."""
    code = (
        "import sys; from pathlib import Path; from stoppress.edge.store import Store; "
        "store = Store.open(Path(sys.argv[1]), max_bytes=8 * 2**30); "
        "sys.exit(store.find('/') is None)"
    )
    if not (store / "data.mdb").exists():
        return False
    return not subprocess.run([sys.executable, "-c", code, store], check=False).returncode
