"""Times from outside: the moment a page was saved, and how exactly a page tells its own."""

from datetime import UTC, datetime

from stoppress.theme.shapes import Precision
from stoppress.wires.errors import BadRetrievalTime

EARLIEST_YEAR = 1990  # there were no pages to save before

DAY_SECONDS = 86_400
# The finest precision that promises no more than so many seconds do; a week may lie in two months.
PRECISIONS: tuple[tuple[int, Precision], ...] = (
    (1, "second"),
    (60, "minute"),
    (3_600, "hour"),
    (DAY_SECONDS, "day"),
    (31 * DAY_SECONDS, "month"),
)


def precision_of(seconds: int) -> Precision:
    """Name a precision in seconds as the newsroom keeps it."""
    return next((name for size, name in PRECISIONS if seconds <= size), "year")


def read_retrieved(value: str, *, now: datetime | None = None) -> datetime:
    """Return the moment that an ISO 8601 text names. Raises BadRetrievalTime."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise BadRetrievalTime(value, "which is no date and time") from None
    if moment.tzinfo is None:
        raise BadRetrievalTime(value, "which has no time zone")
    if moment.year < EARLIEST_YEAR:
        raise BadRetrievalTime(value, "before there were pages to save")
    if moment.year > (now or datetime.now(UTC)).year + 1 or moment > (now or datetime.now(UTC)):
        raise BadRetrievalTime(value, "which lies in the future")
    return moment
