"""axe and pa11y have nothing to say of any kind of page."""

import pytest

from tests.judges import axe_violations, pa11y_issues

pytestmark = pytest.mark.standards


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing(visit, kinds, scheme, width):
    page = visit("/", width=width, color_scheme=scheme, bypass_csp=True)
    for kind, path in kinds.items():
        page.goto(path)
        assert axe_violations(page) == [], kind


def test_pa11y_finds_nothing(served, kinds):
    assert pa11y_issues(served.address + path for path in kinds.values()) == []
