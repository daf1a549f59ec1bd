"""The moment a page was saved, as someone types it."""

from datetime import UTC, datetime

from stoppress.wires.errors import BadRetrievalTime

EARLIEST_YEAR = 1990  # there were no pages to save before


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
