"""What outside judges say of every page kind, and of the hard cases."""

import pytest

from tests.judges import AXE, axe_violations, nu_messages, pa11y_issues
from tests.theme import sample_kinds
from tests.theme.preview import pages

KINDS = [*sample_kinds.kinds()]
NAMES = [*sample_kinds.kinds(), *sample_kinds.hard_cases()]

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
        if found := axe_violations(page):
            complaints[name] = found
    context.close()
    assert complaints == {}


def test_pa11y_finds_nothing(preview):
    assert pa11y_issues(map(preview.address, KINDS)) == []


def test_every_page_is_valid_html(tmp_path):
    for name, page in pages().items():
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    assert nu_messages(tmp_path) == []
