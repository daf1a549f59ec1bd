"""Numbers as files: CSV (RFC 4180) a table, JSON with everything that is shown."""

import csv
import io
from typing import Any

from stoppress.newsroom.desk.readership.tables import Table

# A spreadsheet takes a text that begins so for a formula and runs it (OWASP, "CSV Injection").
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: Table) -> bytes:
    """A table with its keys as the header; UTF-8, lines ended by CRLF, unknown values empty.

    Texts that a spreadsheet would run get an apostrophe before them; numbers stay numbers.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_plain(value) for value in row.values] for row in table.rows)
    return written.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA):
        return f"'{value}"
    return "" if value is None else value
