"""No event, state or timing that a process tells of is missing from the reference."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")
EVENT = re.compile(r'counted\["(\w+)"\]')
SOURCES = [
    *(ROOT / "src/stoppress/edge").glob("*.py"),
    *(ROOT / "src/stoppress/press").glob("*.py"),
]
EVENTS = sorted({name for file in SOURCES for name in EVENT.findall(file.read_text())})


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_documented(event):
    assert f"`{event}`" in PAGE


def test_events_are_found_at_all():
    assert {"lane_hits", "misses", "switches", "late"} <= set(EVENTS)
