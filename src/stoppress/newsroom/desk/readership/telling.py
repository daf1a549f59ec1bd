"""What is told of any counts: figures in large, the curve by number, depth, what stands apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stoppress.edge.views import DEPTHS, Counts
from stoppress.newsroom.desk.readership.counts import Told
from stoppress.newsroom.desk.readership.spans import Grain, Span
from stoppress.newsroom.desk.readership.tables import (
    Column,
    Kind,
    Row,
    Table,
    duration,
    with_shares,
)

DEPTH_NAMES = {
    "read_quarter": "A quarter of the text",
    "read_half": "Half",
    "read_three_quarters": "Three quarters",
    "read_all": "All of it",
}
REFUSALS = {
    "malformed": "Refused: no report of ours",
    "foreign": "Refused: from another site",
    "unknown-article": "Refused: of no published story",
    "unknown-visit": "Refused: of no known visit",
    "replayed": "Refused: replayed",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, as the desk's figures show it."""

    key: str
    name: str
    value: str
    number: float | None
    meaning: str = ""
    is_bad: bool = False


def figures_of(counts: Counts, *, has_readers: bool) -> tuple[Figure, ...]:
    """Views, readers, engaged time and depth, in large."""
    told = Told(counts)
    engaged, half, ended = (
        told.engaged_seconds,
        told.depth_percent("read_half"),
        told.depth_percent("read_all"),
    )
    readers = Figure("readers", "Readers", f"{told.readers:,}", told.readers, "each once a day")
    return (
        Figure("views", "Views", f"{told.views:,}", told.views),
        *([readers] if has_readers else []),
        Figure(
            "engaged_seconds",
            "Engaged time",
            "–" if engaged is None else duration(engaged),
            engaged,
            "of a view, on average",
        ),
        Figure("read_half_percent", "Read to half", _percent(half), half, "of views"),
        Figure("read_all_percent", "Read to the end", _percent(ended), ended, "of views"),
    )


def series_table(span: Span, slots: Mapping[datetime, Counts], *, has_readers: bool) -> Table:
    """The curve, number by number; slots to come are left out."""
    rows = []
    for slot in span.slots:
        if slot > span.now:
            break
        told = Told(slots[slot])
        readers = (told.readers,) if has_readers else ()
        rows.append(
            Row((span.key(slot), span.label(slot), told.views, *readers, told.engaged_seconds,
                 told.depth_percent("read_half"), told.depth_percent("read_all")))
        )  # fmt: skip
    heading = {Grain.MINUTE: "Minute", Grain.HOUR: "Hour", Grain.DAY: "Day"}[span.grain]
    return Table(
        "series",
        f"{span.title}, by the {span.grain}",
        (
            Column("begins", heading, Kind.TEXT, is_shown=False),
            Column("label", heading, Kind.TEXT),
            *columns(has_readers=has_readers),
        ),
        tuple(rows),
    )


def columns(*, has_readers: bool) -> tuple[Column, ...]:
    """Views, readers if they are known, engaged time, depth."""
    return (
        Column("views", "Views"),
        *([Column("readers", "Readers")] if has_readers else []),
        Column("engaged_seconds", "Engaged", Kind.SECONDS),
        Column("read_half_percent", "To half", Kind.PERCENT),
        Column("read_all_percent", "To the end", Kind.PERCENT),
    )


def told_values(counts: Counts, *, has_readers: bool) -> tuple[Any, ...]:
    """The values of `columns`."""
    told = Told(counts)
    return (
        told.views,
        *([told.readers] if has_readers else []),
        told.engaged_seconds,
        told.depth_percent("read_half"),
        told.depth_percent("read_all"),
    )


def depth_table(counts: Counts) -> Table:
    """How far the text was seen."""
    told = Told(counts)
    rows = [
        Row((DEPTH_NAMES[name], max(0, getattr(counts, name)), told.depth_percent(name)))
        for _, name in DEPTHS
    ]
    return Table(
        "depth",
        "How far they read",
        (
            Column("depth", "Seen", Kind.TEXT),
            Column("visits", "Visits"),
            Column("percent_of_views", "Of views", Kind.PERCENT),
        ),
        with_shares(rows, 1) if any(row.values[1] for row in rows) else (),
    )


def apart_table(counts: Counts, refused: Mapping[str, int]) -> Table:
    """What was counted apart, and never added."""
    rows = [
        Row(("robots", "Robots", max(0, counts.robots))),
        Row(("staff", "Staff", max(0, counts.staff))),
        Row(("doubtful", "Doubtful: too many from one network", max(0, counts.doubtful))),
        *(Row((f"refused-{why}", REFUSALS.get(why, f"Refused: {why}"), some))
          for why, some in sorted(refused.items())),
    ]  # fmt: skip
    return Table(
        "apart",
        "Counted apart",
        (
            Column("what", "What", Kind.TEXT, is_shown=False),
            Column("name", "What", Kind.TEXT),
            Column("reports", "Reports"),
        ),
        tuple(rows),
        note="Never added to views. Refused reports are kept by the day.",
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0f} %"
