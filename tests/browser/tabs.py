"""Chromium as people have it: tabs that hide each other, prerendering, pages kept to go back to.

Playwright turns these off in a browser that it starts, keeps every page visible, and attaches to
pages in a way that forbids prerendering. So this speaks the DevTools protocol itself, over a pipe,
and attaches to tabs, as Chromium's own tools do. One thread, one question at a time.
"""

import json
import os
import re
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.served import CHROMIUM, SWITCHES

ANSWER_SECONDS = 30  # a bound for a loaded machine
ENDING_SECONDS = 20
_READ_BYTES = 65_536
_numbers = count(1)


class DevToolsError(Exception):
    """Chromium refused what was asked, or did not answer."""


class Chromium:
    """A running browser, asked over its pipe."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._ids = count(1)
        self._unread = b""
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is kept in `events`."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            self.events.append(answer)
        if "error" in answer:
            raise DevToolsError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open_tab(self, address: str, *, in_background: bool = False) -> "Tab":
        """Open an address in a tab of its own."""
        target = self.ask(
            "Target.createTarget", url="about:blank", forTab=True, background=in_background
        )
        tab = Tab(self, target["targetId"])
        tab.ask("Page.navigate", url=address)
        return tab

    def _next(self) -> dict[str, Any]:
        ends_at = time.monotonic() + ANSWER_SECONDS
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], ends_at - time.monotonic())
            read = os.read(self._from, _READ_BYTES) if ready else b""
            if not read:
                raise DevToolsError("Chromium has ended, or does not answer.")
            self._unread += read
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


class Tab:
    """One tab: the page that it shows, and those that it prerenders."""

    def __init__(self, browser: Chromium, target: str) -> None:
        self._browser, self._target = browser, target
        attached = browser.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        browser.ask(
            "Target.setAutoAttach",
            self._session,
            autoAttach=True,
            waitForDebuggerOnStart=False,
            flatten=True,
        )
        self.page = self._attached()[-1]
        for domain in ("Page", "Network", "Preload"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to the page."""
        return self._browser.ask(method, self.page, **parameters)

    def evaluate(self, expression: str) -> Any:
        """Evaluate in the page; None while it is being replaced."""
        try:
            answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        except DevToolsError:
            return None
        return answer["result"].get("value")

    def show(self) -> None:
        """Bring the tab to the front; the one that was there is hidden."""
        self._browser.ask("Target.activateTarget", targetId=self._target)

    def happened(self, method: str) -> list[dict[str, Any]]:
        """What the page has said by this name so far."""
        self.evaluate("0")  # takes in what waits in the pipe
        return [
            event["params"]
            for event in self._browser.events
            if event["method"] == method and event.get("sessionId") == self.page
        ]

    def prerender(self, path: str) -> None:
        """Ask for a page to be prerendered, by speculation rules."""
        rules = {"prerender": [{"source": "list", "urls": [path], "eagerness": "immediate"}]}
        self.evaluate(
            "{ const rules = document.createElement('script'); rules.type = 'speculationrules';"
            f"rules.textContent = {json.dumps(json.dumps(rules))}; document.head.append(rules) }}"
        )

    def prerendered(self) -> str | None:
        """The session of the page that is prerendered and ready, to become `page`."""
        states = self.happened("Preload.prerenderStatusUpdated")
        failed = [state for state in states if state["status"] == "Failure"]
        assert not failed, failed
        return self._attached()[-1] if states and states[-1]["status"] == "Ready" else None

    def _attached(self) -> list[str]:
        return [
            event["params"]["sessionId"]
            for event in self._browser.events
            if event["method"] == "Target.attachedToTarget"
            and event.get("sessionId") == self._session
            and event["params"]["targetInfo"]["type"] == "page"
        ]


def _agent() -> str:
    """Somebody who was never here, with the version that Chromium's hints give as well."""
    said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
    major = re.search(r"Chromium (\d+)\.", said.stdout)[1]
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.{next(_numbers)} Safari/537.36"
    )


@contextmanager
def started_chromium(profile: Path) -> Iterator[Chromium]:
    """Start a Chromium with a profile and an agent of its own; end it with the block."""
    browser_reads, we_write = os.pipe()
    we_read, browser_writes = os.pipe()
    pipes = f'exec "$@" 3<&{browser_reads} 4>&{browser_writes}'  # the numbers that Chromium takes
    switches = [*SWITCHES, "--headless", "--remote-debugging-pipe", "--no-first-run"]
    switches += [f"--user-data-dir={profile}", f"--user-agent={_agent()}"]
    process = subprocess.Popen(
        ["/bin/bash", "-c", pipes, "bash", CHROMIUM, *switches],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(browser_reads, browser_writes),
    )
    os.close(browser_reads)
    os.close(browser_writes)
    try:
        yield Chromium(we_write, we_read)
    finally:
        process.terminate()
        try:
            process.wait(timeout=ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(we_write)
        os.close(we_read)
