"""The demo newsroom, made and served by the real command, and Chromium to visit it with.

It is made once in a run; each worker serves a copy of it, and each test makes the stories it works
on.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.sharing import made_once, run_folder
from tests.waiting import until

CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FIRST_START_SECONDS = 300  # a bound for the slowest machine, not a promise
ENDING_SECONDS = 30
# There are no certificates to check, and to read them takes 20 ms of a processor for each request.
PLAIN: dict[str, Any] = {"verify": False}


@dataclass(frozen=True, slots=True)
class Served:
    """A newsroom that answers readers."""

    home: Path
    address: str  # "http://127.0.0.1:41234"

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page as a reader without a browser."""
        return httpx.get(self.address + path, **PLAIN, timeout=30, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """Send something as a program that says nothing of itself."""
        return httpx.post(self.address + path, **PLAIN, timeout=30, **options)

    def password_of(self, role: str) -> str:
        """The demo's login for a role."""
        logins = json.loads((self.home / "logins.json").read_text(encoding="utf-8"))
        return next(login["password"] for login in logins if login["username"] == role)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `stoppress` command in this newsroom."""
        return subprocess.run(
            [sys.executable, "-m", "stoppress.cli", *arguments],
            env=_environment() | {"STOPPRESS_HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("STOPPRESS_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", **PLAIN, timeout=5).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Served]:
    """Run `stoppress demo` in a folder; the first time, it makes the newsroom.

    Settings are put into the environment: `log_level="debug"`.
    """
    port = _free_port()
    log = home.with_suffix(".log")
    command = [sys.executable, "-m", "stoppress.cli", "demo"]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--dir", str(home)],
            env=_environment()
            | {f"STOPPRESS_{name.upper()}": value for name, value in settings.items()},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    newsroom = Served(home, f"http://localhost:{port}")
    try:
        until(
            lambda: process.poll() is not None or _is_ready(newsroom.address),
            f"the demo newsroom; it said: {log}",
            seconds=FIRST_START_SECONDS,
        )
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        yield newsroom
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=ENDING_SECONDS)


def _make_demo(home: Path) -> None:
    with serving(home):
        pass


def demo_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo newsroom, a copy of the one that is made once in a run."""
    made = made_once(run_folder(tmp_path_factory) / "demo-newsroom", _make_demo)
    home = tmp_path_factory.mktemp("served") / "demo"
    shutil.copytree(made, home, ignore=shutil.ignore_patterns("*.sock"))
    return home


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo newsroom, made once in a run, served from a copy to the end of the session."""
    with serving(demo_copy(tmp_path_factory)) as newsroom:
        yield newsroom


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser context of its own: a reader who was never here."""
    contexts: list[BrowserContext] = []

    def opened(path: str, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=served.address, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(visit: Callable[..., Page], served: Served) -> Callable[..., Page]:
    """Open the desk as one of the demo's staff."""

    def logged_in(role: str, **options: Any) -> Page:
        page = visit("/desk/login/", **options)
        page.get_by_label("Username").fill(role)
        page.locator("input[name=password]").fill(served.password_of(role))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/")
        return page

    return logged_in
