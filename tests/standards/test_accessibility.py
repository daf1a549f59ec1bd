"""axe and pa11y have nothing to say of any kind of page."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.served import CHROMIUM

pytestmark = [pytest.mark.standards, pytest.mark.xdist_group("served")]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PA11Y = Path(__file__).with_name("pa11y.mjs")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page) -> list:
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing(visit, kinds, scheme, width):
    page = visit("/", width=width, color_scheme=scheme, bypass_csp=True)
    for kind, path in kinds.items():
        page.goto(path)
        assert violations(page) == [], kind


def test_pa11y_finds_nothing(served, kinds):
    addresses = [served.address + path for path in kinds.values()]
    done = subprocess.run(
        ["node", str(PA11Y), CHROMIUM, *addresses],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
