"""Each line by itself: what could it be?

A first look that knows no neighbours. Wrapped lines are joined into one before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from stoppress.wires.pagedump import bylines, furniture, sections
from stoppress.wires.pagedump.facts import Facts, facts_of, is_label, section_in
from stoppress.wires.pagedump.plain import (
    HAN,
    ends_a_sentence,
    ends_a_statement,
    has_inner_stop,
    weight,
    without_bullet,
)
from stoppress.wires.pagedump.shapes import Credit

_CLOCK_LED = re.compile(
    r"\s*[-•*]?\s*(?P<clock>[0-2]?\d[:.h][0-5]\d(?:\s?Uhr|\s?[ap]\.?m\.?)?)\s+(?=\S{1,40}\s)"
)


WRAP_SLACK = 3  # characters by which a wrapped line may miss the measure


class Kind(Enum):
    """What a line could be."""

    FACTS = auto()  # times, reading time, views, section, in any mixture
    ENTRY = auto()  # a whole rail entry: a headline with its facts beside it
    BYLINE = auto()
    SECTION = auto()
    FURNITURE = auto()
    RAIL_HEADING = auto()
    PROSE = auto()  # running text
    SHORT = auto()  # a headline, a subheading, or anything else


@dataclass(slots=True)
class Line:
    """A line of the dump, or several that were one before they were wrapped."""

    first: int
    last: int
    text: str
    kind: Kind
    facts: Facts
    retrieved: datetime

    @property
    def states_a_time(self) -> bool:
        """Tell whether the line gives a time or a reading time."""
        return bool(self.facts.times) or self.facts.reading_minutes is not None

    @property
    def is_labelled(self) -> bool:
        """Tell whether it says which time it gives, as only the story's own lines do."""
        return any(label for label, _ in self.facts.times)


def look_at_clocks(lines: Sequence[Line]) -> None:
    """Take neighbouring short lines that start with a time of day for a news ticker's entries."""
    matches = [_CLOCK_LED.match(line.text) if line.kind is Kind.SHORT else None for line in lines]
    for index, (line, match) in enumerate(zip(lines, matches, strict=True)):
        near = matches[max(0, index - 1) : index] + matches[index + 1 : index + 2]
        if match and any(near):
            clock, headline = match["clock"], line.text[match.end() :].strip()
            line.facts = facts_of(clock, line.first, line.retrieved)
            line.facts.residues = [headline]
            line.kind = Kind.ENTRY


def look_at(text: str, first: int, last: int, retrieved: datetime) -> Line:
    """Return the line with what it could be."""
    core = without_bullet(text).strip()
    facts = Facts()
    if not core or furniture.is_rail_heading(core):
        kind = Kind.RAIL_HEADING if core else Kind.FURNITURE
        return Line(first, last, text, kind, facts, retrieved)
    crumb = ">" in core or "›" in core
    if not crumb and (furniture.is_furniture(core) or furniture.is_furniture(text.strip())):
        return Line(first, last, text, Kind.FURNITURE, facts, retrieved)
    facts = facts_of(text, first, retrieved)
    kind = _kind(core, facts, first)
    states_facts = kind not in {Kind.PROSE, Kind.SHORT}
    return Line(first, last, text, kind, facts if states_facts else Facts(), retrieved)


def _kind(core: str, facts: Facts, number: int) -> Kind:
    if facts.is_any:
        facts.section = section_in(facts)
        residues = [r for r in facts.residues if r != facts.section]
        is_bare = not residues or all(map(sections.section_on_its_own, residues))
        is_set_off = bool(facts.firm and facts.separators)
        if is_set_off and all(map(sections.looks_like_a_section, residues)):
            return Kind.FACTS  # "Saltmouth - 9 March 2026": what remains is a place
        if is_bare and (facts.strong or not facts.residues):
            return Kind.FACTS
        if _is_entry(core, facts, residues):
            return Kind.ENTRY
        if facts.names and not residues:
            return Kind.FACTS
        facts.section = ""
    names = bylines.byline(core)
    if names:
        facts.names = [Credit(n.name, n.kind, n.role, number) for n in names]
        return Kind.BYLINE
    if facts.names and not facts.residues:
        return Kind.BYLINE
    if name := sections.section_on_its_own(core):
        facts.section = name
        return Kind.SECTION
    return Kind.PROSE if is_prose(core) else Kind.SHORT


def _is_entry(core: str, facts: Facts, residues: Sequence[str]) -> bool:
    """A headline with its facts on one line: set off by a separator, or by two facts in a row."""
    if not facts.strong and not (facts.firm and facts.separators):
        return False
    headline = max(residues, key=len)
    if has_inner_stop(core) and ends_a_statement(core):
        return False
    is_at_an_edge = core.startswith(headline) or core.endswith(headline)
    is_set_off = facts.separators > 0 or facts.strong > 1
    return is_at_an_edge and is_set_off and weight(headline) >= 3


def is_prose(text: str) -> bool:
    """Tell running text from headlines: it states, and it goes on."""
    size = weight(text)
    if len(text) >= 220 or (HAN.search(text) and size >= 40):
        return True
    if has_inner_stop(text) and size >= 14:
        return True
    if ends_a_statement(text):
        return size >= 9
    return ends_a_sentence(text) and size >= 25


def split(text: str) -> list[str]:
    """Return the lines as an editor counts them; line ends of all systems."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def unwrapped(raw: Sequence[str], looks: Sequence[Line | None]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, text) of every line, those that were one wrapped line joined.

    A break is a wrap if the next line's first word would not have fitted: that is how wrapping
    works. The joined text keeps its line breaks.
    """
    width = _wrap_width(raw, looks)
    index = 0
    while index < len(raw):
        last = index
        while width and last + 1 < len(raw) and _continues(raw, looks, last, width):
            last += 1
        if last == index and last + 1 < len(raw) and _is_label(raw[index]):
            last += bool(raw[last + 1].strip())
        if raw[index].strip():
            yield index + 1, last + 1, "\n".join(raw[index : last + 1])
        index = last + 1


def _continues(raw: Sequence[str], looks: Sequence[Line | None], i: int, width: int) -> bool:
    here, after = looks[i], looks[i + 1]
    if here is None or after is None or len(raw[i].rstrip()) > width + WRAP_SLACK:
        return False
    goes_on = _may_be_wrapped(after) or _is_tail(after)
    return _may_be_wrapped(here) and goes_on and _would_not_fit(raw[i], raw[i + 1], width)


def _may_be_wrapped(line: Line) -> bool:
    """Text, or text that looks like a rail entry because an age stands at the line's edge."""
    is_like_an_entry = line.kind is Kind.ENTRY and line.facts.strong < 2
    return line.kind in {Kind.PROSE, Kind.SHORT} or is_like_an_entry


def _is_label(text: str) -> bool:
    """Tell whether a line only labels the next one: "Last update:" above "2 days ago"."""
    core = text.strip()
    return len(core) <= 30 and is_label(core)


def _is_tail(line: Line) -> bool:
    """A wrapped paragraph's last words may look like anything, a section name even."""
    return line.kind in {Kind.SECTION, Kind.FACTS} and ends_a_statement(line.text)


def _would_not_fit(here: str, after: str, width: int) -> bool:
    start = after.lstrip()
    first_word = start[:1] if HAN.match(start) else start.split(" ", 1)[0]
    joint = 0 if HAN.match(start) else 1
    return len(here.rstrip()) + joint + len(first_word) > width - WRAP_SLACK


def _wrap_width(raw: Sequence[str], looks: Sequence[Line | None]) -> int:
    """Return the width at which the dump was wrapped; 0 if it wasn't."""
    pairs = [
        (raw[i], raw[i + 1])
        for i in range(len(raw) - 1)
        if _is_running(looks[i]) and _is_running(looks[i + 1])
    ]
    if len(pairs) < 4:
        return 0
    lengths = sorted(len(here.rstrip()) for here, _ in pairs)
    width = lengths[int(len(lengths) * 0.97)]  # a stray long line must not set the measure
    if not 30 <= width <= 130:
        return 0
    wraps = sum(_would_not_fit(here, after, width) for here, after in pairs)
    inside = sum(not ends_a_sentence(here) for here, _ in pairs)
    return width if wraps >= 0.6 * len(pairs) and inside >= 0.5 * len(pairs) else 0


def _is_running(line: Line | None) -> bool:
    return line is not None and line.kind in {Kind.PROSE, Kind.SHORT}
