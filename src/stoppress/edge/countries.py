"""Countries: in which one an address is, by a database that the newsroom supplies.

Any file in the MaxMind DB format (version 2) with countries serves: GeoLite2, DB-IP, IPinfo, one of
the newsroom's own. Two letters leave this module; the address is neither kept nor remembered, so
nothing is cached. The file is read at the start of a worker.
"""

from __future__ import annotations

import re
from pathlib import Path

import maxminddb

from stoppress.edge.errors import CountryDatabaseUnusable

_LETTERS = re.compile(r"[A-Z]{2}")


class Countries:
    """A database of countries, open."""

    def __init__(self, file: Path) -> None:
        """Raises CountryDatabaseUnusable."""
        try:
            self._reader = maxminddb.open_database(file)
        except FileNotFoundError as error:
            raise CountryDatabaseUnusable(file, "is not there. Put it there") from error
        except OSError as error:
            why = f"can't be read ({error.strerror}). Grant this user read access"
            raise CountryDatabaseUnusable(file, why) from error
        except (maxminddb.InvalidDatabaseError, ValueError) as error:
            why = "is no database in the MaxMind DB format (.mmdb), or is damaged. Fetch it again"
            raise CountryDatabaseUnusable(file, why) from error
        self.kind = self._reader.metadata().database_type

    def of(self, address: str) -> str:
        """The two letters (ISO 3166-1) of an address' country; empty if it is not known."""
        try:
            return _letters(self._reader.get(address))
        except (ValueError, maxminddb.InvalidDatabaseError):  # no address, or of another kind
            return ""

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()


def _letters(record: object) -> str:
    """A record as MaxMind and DB-IP write it, {"country": {"iso_code": …}}, or as IPinfo does."""
    if not isinstance(record, dict):
        return ""
    found = record.get("country_code") or record.get("country")
    if isinstance(found, dict):
        found = found.get("iso_code")
    return found if isinstance(found, str) and _LETTERS.fullmatch(found) else ""
