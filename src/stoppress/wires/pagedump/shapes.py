"""What a page dump was found to hold.

Texts are slices of the input, never edited. Line numbers start at 1.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AuthorKind = Literal["person", "agency"]
ParagraphKind = Literal["paragraph", "subheading"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as honestly as the page states it.

    The true time lies within `precision_seconds` of `at`, on either side: sites round ages
    down or to the nearest, and a dump doesn't say which.
    """

    at: datetime
    precision_seconds: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Views:
    """A stated number of views; "1.2K" is rounded and so not exact."""

    count: int
    is_exact: bool
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in the byline."""

    name: str
    kind: AuthorKind
    role: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of the body. A paragraph wrapped over several lines keeps its line breaks."""

    text: str
    kind: ParagraphKind
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class RailEntry:
    """Another story that the page points to."""

    headline: str
    line: int
    published: Moment | None
    reading_minutes: int | None
    section: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a line that a person should look at."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """A line that belongs to the site, not to the story."""

    line: int
    text: str
    is_known: bool  # False: left out for its place, not for its words


@dataclass(frozen=True, slots=True)
class PageDump:
    """One page of a story, taken apart."""

    headline: str
    headline_line: int
    standfirst: str
    dateline: str
    section: str
    language: str
    body: tuple[Paragraph, ...]
    byline: tuple[Credit, ...]
    published: Moment | None
    updated: Moment | None
    reading_minutes: int | None
    views: Views | None
    rail: tuple[RailEntry, ...]
    furniture: tuple[Furniture, ...]
    unsure: tuple[Remark, ...]
    damage: tuple[Remark, ...]
