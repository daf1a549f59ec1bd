"""The theme's visible words, one table per language (words/<language>.toml).

English is the reference: every other table holds exactly its keys and its placeholders, which the
tests check. A paper in a language without a table gets English words.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stoppress.theme.errors import UnknownWord

FOLDER = Path(__file__).parent / "words"
REFERENCE = "en"

Entry = str | list[str] | dict[str, str] | dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Words(Mapping[str, Entry]):
    """One language's table: `words["share"]`, or `words.share` in a template."""

    language: str
    entries: dict[str, Entry]

    def __getitem__(self, key: str) -> Entry:
        if key not in self.entries:
            raise UnknownWord(self.language, key)
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def text(self, key: str) -> str:
        """Return an entry that is a plain text."""
        entry = self[key]
        if not isinstance(entry, str):
            raise UnknownWord(self.language, key)
        return entry

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Return an entry that is a table."""
        entry = self[key]
        if not isinstance(entry, dict):
            raise UnknownWord(self.language, key)
        return entry


def languages() -> list[str]:
    """Name the languages that have a table."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def words_for(language: str) -> Words:
    """Find the table for a BCP 47 tag: its own, its base language's, or English."""
    base = language.lower().split("-")[0]
    known = base if (FOLDER / f"{base}.toml").exists() else REFERENCE
    entries: dict[str, Entry] = tomllib.loads((FOLDER / f"{known}.toml").read_text("utf-8"))
    return Words(known, entries)
