"""The public lists of robots, and how many texts are found in one at the price of a few.

robots.tsv has more than a thousand texts and some eighty expressions. All are kept by four
letters in them; an agent has some 150 different fours, and only what shares one with it is
compared. Fours are looked up as numbers, so that no Python runs for each. As one regular expression
the texts would be tried one by one at each letter, which takes a hundred times as long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

NGRAM = 4  # letters by which texts are found
CROWD = 4  # texts found by the same letters; more are found by others in them, if they have any
_NUMBER: Final = "I"  # an unsigned number of as many bytes
_SHARED = ("mozilla/5.0 (", "applewebkit/537.36 (khtml, like gecko)", " safari/537.36")

_GATED = re.compile(r"(?:\(\^\| \))?([A-Za-z]{3,})(?:\\/|\(\\s\|\\\+\)|\\d)*")

Numbers = frozenset[int] | set[int]


def heads_in(small: str, known: Numbers) -> Numbers:
    """Which of the known heads stand in an agent, but for those of phrases that browsers share.

    All its NGRAM letters in a row are read from its bytes as numbers at once, in four rows: from
    the first letter, the second …
    """
    for phrase in _SHARED:
        small = small.replace(phrase, " ")
    letters = memoryview(small.encode("latin-1", "replace"))
    length = len(letters)
    found: set[int] = set()
    for at in range(min(NGRAM, length)):
        row = letters[at : at + (length - at) // NGRAM * NGRAM].cast(_NUMBER)
        found |= known.intersection(row)
    return found


class Index:
    """Texts and expressions, found by letters in them: many cost as much as one."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Rows of kind and value; scripts/write_robots.py says what the kinds are."""
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for kind, value in rows:
            by_kind[kind].append(value)
        self._texts = _by_head(by_kind["text"], rare=True)
        self._heads = {
            head: re.compile("|".join(those)) for head, those in _by_head(by_kind["head"]).items()
        }
        self._by_number = {_number(head): head for head in (*self._texts, *self._heads)}
        self.numbers = frozenset(self._by_number)
        self._start = re.compile("|".join(by_kind["start"]) or r"(?!)")
        self._anywhere = re.compile("|".join(by_kind["anywhere"]) or r"(?!)")
        self._gates = _gates(by_kind["anywhere"])
        self._short = tuple(by_kind["short"])

    def have(self, agent: str, heads: Numbers) -> bool:
        """Whether the agent matches; `heads` are those in its small letters, of any index."""
        for number in heads:
            head = self._by_number.get(number)
            if head is not None and self._has_at(head, agent):
                return True
        for text in self._short:
            if text in agent:
                return True
        if self._start.match(agent):
            return True
        for gate in self._gates:
            if gate in agent:
                return self._anywhere.search(agent) is not None
        return False

    def _has_at(self, head: str, agent: str) -> bool:
        if any(text in agent for text in self._texts.get(head, ())):
            return True
        return head in self._heads and self._heads[head].search(agent) is not None


@cache
def lists() -> Index:
    """What robots.tsv has, read once a process."""
    table = (files(__package__) / "robots.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines() if not line.startswith("#"))
    return Index((kind, value) for kind, _, value in rows)


def _number(head: str) -> int:
    return memoryview(head.encode("latin-1", "replace")).cast(_NUMBER)[0]


def _gates(patterns: Iterable[str]) -> tuple[str, ...]:
    """Letters that stand in whatever one of the patterns finds; the empty text if that is unknown.

    It tells plain words with few marks around them, and makes most agents skip the patterns.
    """
    told = [_GATED.fullmatch(pattern) for pattern in patterns]
    return tuple(found[1] if found else "" for found in told)


def _by_head(values: Iterable[str], *, rare: bool = False) -> dict[str, tuple[str, ...]]:
    """By first letters; or, of texts, by letters in them that few browsers and few others have."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        small = value.lower()
        heads = [small[at : at + NGRAM] for at in range(len(small) - NGRAM + 1)]
        telling = [head for head in heads if rare and head not in _STOCK] or heads[:1]
        free = [head for head in telling if len(found.get(head, ())) < CROWD]
        found[(free or telling)[0]].append(value)
    return {head: tuple(those) for head, those in found.items()}


# Letters that nearly every browser's agent has: no text is looked up by these, if it has others.
_STOCK_AGENT = (
    "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/ edg/"
    " mobile safari/537.36 version/ (macintosh; intel mac os x 10_15_7) (iphone; cpu iphone os 18_"
    " like mac os x) (linux; android 10; k) (x11; linux x86_64) firefox/ opr/ samsungbrowser/"
    " build/"
)
_STOCK = {_STOCK_AGENT[at : at + NGRAM] for at in range(len(_STOCK_AGENT) - NGRAM + 1)}
