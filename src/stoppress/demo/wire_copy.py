"""What the demo wire can send: stories with places in them that are filled anew each time.

`content/wire` holds them, several to a file, each with TOML between two lines of "+++". Its table
[choices] lists what may stand where the story says {name}; "state+reason" chooses two that belong
together; {name:cap} begins with a capital. One choice holds for headline and body alike.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stoppress.demo.errors import BadManuscript
from stoppress.demo.library import CONTENT
from stoppress.demo.manuscripts import FENCE

WIRE = CONTENT / "wire"
_PLACE = re.compile(r"\{([a-z]+)(:cap)?\}")
_DAYS = frozenset(["weekday", "date"])  # filled by `ages.name_days` when the story is sent


@dataclass(frozen=True, slots=True)
class Copy:
    """A story of the wire before its places are filled."""

    section: str
    kind: str
    byline: tuple[str, ...]
    headline: str
    text: str
    topics: tuple[str, ...]
    picture: str
    choices: Mapping[str, list[Any]]

    def filled(self, seed: str) -> tuple[str, str]:
        """Headline and text with their places filled; the same seed fills them alike."""
        chance = random.Random(seed)  # noqa: S311 -- newspaper prose, not secrets
        words: dict[str, str] = {}
        for name, options in self.choices.items():
            chosen = chance.choice(options)
            if "+" in name:
                words.update(zip(name.split("+"), chosen, strict=True))
            else:
                words[name] = chosen
        return _fill(self.headline, words), _fill(self.text, words)

    @property
    def names(self) -> set[str]:
        """The places that the choices can fill."""
        return {part for name in self.choices for part in name.split("+")}


def read_wire(folder: Path = WIRE) -> list[Copy]:
    """All stories of the wire. Raises BadManuscript."""
    return [copy for path in sorted(folder.glob("*.md")) for copy in _copies(path)]


def _copies(path: Path) -> Iterator[Copy]:
    parts = re.split(rf"(?m)^{re.escape(FENCE)}$\n?", path.read_text(encoding="utf-8"))
    line = 1
    for head, text in zip(parts[1::2], parts[2::2], strict=True):
        told = tomllib.loads(head)
        copy = Copy(
            section=told["section"],
            kind=told.get("kind", "report"),
            byline=(*told["byline"], *told.get("agencies", [])),
            headline=told["headline"],
            text=text.strip(),
            topics=tuple(told.get("topics", [])),
            picture=told.get("picture", ""),
            choices=told["choices"],
        )
        places = {name for name, _ in _PLACE.findall(copy.headline + copy.text)} - _DAYS
        if unfilled := sorted(places - copy.names):
            raise BadManuscript(path.name, line, f"Nothing is chosen for {{{unfilled[0]}}}.")
        line += head.count("\n") + text.count("\n") + 2
        yield copy


def _fill(text: str, words: Mapping[str, str]) -> str:
    def word(match: re.Match[str]) -> str:
        chosen = words.get(match[1])
        if chosen is None:
            return match[0]
        return chosen[:1].upper() + chosen[1:] if match[2] else chosen

    return _PLACE.sub(word, text)
