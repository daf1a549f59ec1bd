"""Tables of numbers: shown beside each chart, and given away as CSV and JSON.

A table keeps its values as they are; how they are written is the business of who writes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"  # of 100, one digit after the point
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people."""

    key: str
    heading: str
    kind: Kind = Kind.NUMBER
    is_shown: bool = True  # else for programs only


@dataclass(frozen=True, slots=True)
class Row:
    """Values in the order of the columns; None is what nobody knows."""

    values: tuple[Any, ...]
    url: str = ""  # where the first shown value leads
    indent: int = 0
    share: float = 0.0  # of the longest bar


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name for addresses and files, and a caption for people."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "Nothing was read."

    @property
    def shown(self) -> list[Column]:
        """The columns that people see."""
        return [column for column in self.columns if column.is_shown]

    @property
    def lines(self) -> list["Line"]:
        """The rows as people see them."""
        places = [place for place, column in enumerate(self.columns) if column.is_shown]
        return [
            Line(
                row,
                [Cell(written(row.values[at], self.columns[at].kind), self.columns[at])
                 for at in places],
            )
            for row in self.rows
        ]  # fmt: skip

    def as_json(self) -> list[dict[str, Any]]:
        """Each row as an object."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row.values, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is written."""

    text: str
    column: Column

    @property
    def is_number(self) -> bool:
        """Whether it stands at the end of its column."""
        return self.column.kind is not Kind.TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """A row as people see it."""

    row: Row
    cells: Sequence[Cell]


def written(value: Any, kind: Kind) -> str:
    """A value for people."""
    if value is None:
        return "–"
    if kind is Kind.NUMBER:
        return f"{value:,}"
    if kind is Kind.PERCENT:
        return f"{value:.0f} %" if value >= 10 or not value else f"{value:.1f} %"
    if kind is Kind.SECONDS:
        return duration(value)
    return str(value)


def duration(seconds: float) -> str:
    """A length of time: "48 s", "3 min 5 s", "2 h 10 min"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{whole} s"
    hours, minutes_left = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{hours:,} h {minutes_left} min" if minutes_left else f"{hours:,} h"


def with_shares(rows: Iterable[Row], place: int) -> tuple[Row, ...]:
    """The rows with bars by the value at a place."""
    made = tuple(rows)
    most = max((row.values[place] or 0 for row in made), default=0)
    return tuple(
        Row(row.values, row.url, row.indent, max(0, row.values[place] or 0) / most if most else 0.0)
        for row in made
    )
