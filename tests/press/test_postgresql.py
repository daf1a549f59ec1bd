"""PostgreSQL as the newsroom opens it."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection


@pytest.fixture
def postgresql(paper):
    if paper != "postgresql":
        pytest.skip("PostgreSQL only")


def read(literal: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {literal}::timestamptz")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-14 12:00:00+00", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        ("2026-03-14 12:00:00.5+01", datetime(2026, 3, 14, 11, 0, 0, 500_000, UTC)),
        ("2026-03-14 12:00:00.000001-03:30", datetime(2026, 3, 14, 15, 30, 0, 1, UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_times_are_read_as_they_were_written(postgresql, written, moment):
    assert read(f"'{written}'") == moment
    assert read(f"'{written}'").tzinfo is UTC


@pytest.mark.parametrize("written", ["infinity", "0044-03-15 12:00:00+00 BC", "20000-01-01"])
def test_a_time_that_python_cannot_hold_is_an_error(postgresql, written):
    with pytest.raises(DataError):
        read(f"'{written}'")
