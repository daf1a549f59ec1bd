"""What readers' pages report, and what is counted of it. The rules are in counting.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """Whose view it was. Only readers' views are views; the others are counted apart."""

    VIEW = 0
    ROBOT = 1
    STAFF = 2
    DOUBTFUL = 3  # above what one network may add to one article


class View(NamedTuple):
    """A report that an article was seen.

    `at` is in UTC seconds. `reader` means nothing without the day's key (see readerkeys.py);
    `reader_before` is the same reader under yesterday's key, in the first moments of a day.
    `visit` is drawn by the page, once for each time it is shown; 0 if it drew none. `network` is a
    keyed number of the reader's network, 0 for none. A private view was sent with Do Not Track or
    Global Privacy Control: it counts, and nothing else is kept of it.
    """

    article: int
    at: float
    reader: int
    kind: int = int(Kind.VIEW)  # plain, as it goes to the writer
    reader_before: int | None = None
    visit: int = 0
    network: int = 0
    referrer: str = ""  # a domain, our own included; empty for none
    country: str = ""  # two letters, only where the operator supplies a database
    is_private: bool = False


class Stay(NamedTuple):
    """A report of how an article was read in one visit so far: it replaces the one before."""

    article: int
    at: float
    visit: int
    engaged_seconds: int  # visible and active, since the visit began
    depth_percent: int  # of the text, how far it was seen at most


class Refusals(NamedTuple):
    """Reports that were refused for one reason, counted by a worker until `at`."""

    at: float
    reason: str
    reports: int

    @property
    def article(self) -> int:
        """They are of no article."""
        return SITE


@dataclass(slots=True)
class Counts:
    """What is counted of an article in an hour, in the order of the journal's and the batch's rows.

    Changes to a sealed hour come as further rows, which may be negative.
    """

    views: int = 0
    robots: int = 0
    staff: int = 0
    doubtful: int = 0
    readers: int = 0  # who read the article for the first time that day, by their first view
    engaged_seconds: int = 0
    read_quarter: int = 0  # visits that got to a quarter of the text
    read_half: int = 0
    read_three_quarters: int = 0
    read_all: int = 0

    def __iter__(self) -> Iterator[int]:
        """The numbers in their order."""
        return iter(astuple(self))


COUNTED = tuple(field.name for field in fields(Counts))
OF_KIND = ("views", "robots", "staff", "doubtful")  # by Kind: the first of COUNTED
DEPTHS = ((25, "read_quarter"), (50, "read_half"), (75, "read_three_quarters"), (100, "read_all"))
SITE = 0  # stands for the whole paper where an article's number would be: its distinct readers


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed counts of one node.

    Rows are (article, hour as UTC epoch seconds, *Counts); sources are (article, hour, "referrer"
    or "country", name, views), and of article 0 (hour, "refused", reason, reports).
    """

    node: str
    number: int
    rows: tuple[tuple[int, ...], ...]
    sources: tuple[tuple[int, int, str, str, int], ...] = ()
