"""What outside judges say of every page kind: axe in both schemes, and the Nu HTML checker."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.theme import sample_kinds
from tests.theme.conftest import CHROMIUM
from tests.theme.preview import pages

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
KINDS = [*sample_kinds.kinds()]
NAMES = [*sample_kinds.kinds(), *sample_kinds.hard_cases()]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.standards,
    pytest.mark.skipif(not AXE.exists(), reason="npm install brings the validators"),
]


@pytest.mark.parametrize(
    ("scheme", "width", "names"),
    [("light", 1280, NAMES), ("dark", 1280, KINDS), ("light", 320, KINDS)],
)
def test_axe_finds_nothing(chromium, preview, scheme, width, names):
    viewport = {"width": width, "height": 900}
    context = chromium.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    complaints = {}
    for name in names:
        page.goto(preview.address(name))
        page.add_script_tag(path=AXE)
        found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)["violations"]
        if found:
            complaints[name] = [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
    context.close()
    assert complaints == {}


def test_pa11y_finds_nothing(preview):
    checked = subprocess.run(
        ["node", str(Path(__file__).with_name("pa11y.mjs")), *map(preview.address, KINDS)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env=os.environ | {"CHROMIUM": CHROMIUM},
    )
    assert json.loads(checked.stdout) == {}


def test_every_page_is_valid_html(tmp_path):
    for name, page in pages().items():
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    checked = subprocess.run(
        [
            "java",
            "-jar",
            str(NU),
            "--format",
            "json",
            "--also-check-svg",
            *map(str, tmp_path.iterdir()),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    messages = json.loads(checked.stderr)["messages"]
    assert [
        (one["url"].rpartition("/")[2], one["message"], one.get("extract")) for one in messages
    ] == []
