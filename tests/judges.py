"""What outside judges say of a page: axe, pa11y and the Nu HTML checker, each from npm."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.served import CHROMIUM

NODE_MODULES = Path(__file__).parents[1] / "node_modules"
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
NU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
PA11Y = Path(__file__).with_name("pa11y.mjs")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONGEST_VERDICT_SECONDS = 300


def axe_violations(page: Page, within: str = "html") -> list[tuple[str, str]]:
    """Each broken rule with the first element that breaks it, on a page that lets scripts in.

    All of the page is laid out as it is when a reader has come to it: what waits below the fold
    (`content-visibility`) has a guessed height, and axe would judge how the guesses overlap.
    """
    page.add_style_tag(content="* { content-visibility: visible !important }")
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "([place, rules]) => axe.run(place, { runOnly: rules })", [within, AXE_RULES]
    )
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]


def pa11y_issues(addresses: Iterable[str]) -> list[dict[str, str]]:
    """Everything pa11y has to say of these addresses."""
    done = _run("node", str(PA11Y), CHROMIUM, *addresses)
    assert done.returncode == 0, done.stderr
    issues: list[dict[str, str]] = json.loads(done.stdout)
    return issues


def nu_messages(folder: Path) -> list[tuple[Any, ...]]:
    """Everything the Nu checker has to say of the pages in a folder."""
    files = map(str, sorted(folder.iterdir()))
    done = _run("java", "-jar", str(NU), "--format", "json", "--also-check-svg", *files)
    return [
        (one["url"].rpartition("/")[2], one["message"], one.get("extract"))
        for one in json.loads(done.stderr)["messages"]
    ]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST_VERDICT_SECONDS, check=False
    )
