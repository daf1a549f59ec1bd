"""The public lists of robots, and how many texts are found in one at the price of a few.

robots.tsv has more than a thousand texts and some eighty expressions. All are kept by four
letters in them; an agent has some 150 different fours, and only what shares one with it is
compared. As one regular expression they would be tried one by one at each letter, which takes a
hundred times as long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

NGRAM = 4  # letters by which texts are found
_SHARED = ("mozilla/5.0 (", "applewebkit/537.36 (khtml, like gecko)", " safari/537.36")


def heads_of(agent: str) -> set[str]:
    """All NGRAM letters in a row in an agent, but for the phrases that browsers share."""
    for phrase in _SHARED:
        agent = agent.replace(phrase, " ")
    return {agent[at : at + NGRAM] for at in range(len(agent) - NGRAM + 1)}


class Index:
    """Texts and expressions, found by their first letters: many cost as much as one."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Rows of kind and value; scripts/write_robots.py says what the kinds are."""
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for kind, value in rows:
            by_kind[kind].append(value)
        self._texts = _by_head(by_kind["text"], rare=True)
        self._heads = {
            head: re.compile("|".join(those)) for head, those in _by_head(by_kind["head"]).items()
        }
        self._short = tuple(by_kind["short"])
        self._start = re.compile("|".join(by_kind["start"]) or r"(?!)")
        self._anywhere = re.compile("|".join(by_kind["anywhere"]) or r"(?!)")

    def have(self, agent: str, heads: set[str]) -> bool:
        """Whether the agent matches; `heads` are those of its small letters."""
        for head in heads & self._texts.keys():
            if any(text in agent for text in self._texts[head]):
                return True
        if any(self._heads[head].search(agent) for head in heads & self._heads.keys()):
            return True
        if any(text in agent for text in self._short) or self._start.match(agent):
            return True
        return self._anywhere.search(agent) is not None


@cache
def lists() -> Index:
    """What robots.tsv has, read once a process."""
    table = (files(__package__) / "robots.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines() if not line.startswith("#"))
    return Index((kind, value) for kind, _, value in rows)


def _by_head(values: Iterable[str], *, rare: bool = False) -> dict[str, tuple[str, ...]]:
    """By first letters; or, of texts, by the first letters in them that few browsers have."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        small = value.lower()
        heads = [small[at : at + NGRAM] for at in range(len(small) - NGRAM + 1)]
        head = next((head for head in heads if rare and head not in _STOCK), heads[0])
        found[head].append(value)
    return {head: tuple(those) for head, those in found.items()}


# Letters that nearly every browser's agent has: no text is looked up by these, if it has others.
_STOCK = heads_of(
    "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/ edg/"
    " mobile safari/537.36 version/ (macintosh; intel mac os x 10_15_7) (iphone; cpu iphone os 18_"
    " like mac os x) (linux; android 10; k) (x11; linux x86_64) firefox/ opr/ samsungbrowser/"
    " build/"
)
