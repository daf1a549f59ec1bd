"""Page dumps for tests: original fixtures, what is expected of each, and the shape compared."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from stoppress.wires.pagedump import PageDump, decode, recognise
from stoppress.wires.pagedump.shapes import Moment

FIXTURES = Path(__file__).parent / "fixtures" / "pagedump"
RETRIEVED = datetime.fromisoformat("2031-05-06T12:00:00+00:00")


def fixture_paths() -> list[Path]:
    return sorted(FIXTURES.glob("*.txt"))


def expected(path: Path) -> dict[str, Any]:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def recognised(path: Path) -> PageDump:
    return recognise(decode(path.read_bytes()), RETRIEVED)


def as_json(dump: PageDump) -> dict[str, Any]:
    """The dump in the words of the expected files; body pieces by their line numbers."""
    return {
        "headline": dump.headline,
        "standfirst": dump.standfirst,
        "dateline": dump.dateline,
        "section": dump.section,
        "language": dump.language,
        "byline": [[c.name, c.kind, c.role] for c in dump.byline],
        "published": _moment(dump.published),
        "updated": _moment(dump.updated),
        "reading_minutes": dump.reading_minutes,
        "views": dump.views and [dump.views.count, dump.views.is_exact],
        "body": [[p.kind, p.first_line, p.last_line] for p in dump.body],
        "rail": [
            [r.headline, _moment(r.published), r.reading_minutes, r.section] for r in dump.rail
        ],
        "furniture_lines": [f.line for f in dump.furniture],
        "unsure_lines": [r.line for r in dump.unsure],
        "damage": [[r.line, r.what] for r in dump.damage],
    }


def _moment(moment: Moment | None) -> list[Any] | None:
    return moment and [moment.at.isoformat(), moment.precision_seconds]
