"""The rail: other stories that the page points to, each with its facts.

Sites print an entry on one line or on several, the headline first or its facts first. All four
readings are tried on the whole rail and the one that leaves the fewest lines over is taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stoppress.wires.pagedump.facts import Facts
from stoppress.wires.pagedump.lines import Kind, Line
from stoppress.wires.pagedump.plain import HAN, weight, without_mark
from stoppress.wires.pagedump.sections import looks_like_a_section
from stoppress.wires.pagedump.shapes import RailEntry

_HEADLINES = {Kind.SHORT, Kind.PROSE}
MAX_RAIL_HEADLINE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the lines that it was read from."""

    entry: RailEntry
    lines: tuple[Line, ...]


def entries(region: Sequence[Line]) -> list[Found]:
    """Return the rail entries among lines that are not the story's."""
    found: list[Found] = []
    for part, has_heading in _parts(region):
        if any(line.states_a_time for line in part):
            found += _best_reading(part)
        elif has_heading:
            found += [
                Found(_entry(without_mark(line.text), line.first, ()), (line,))
                for line in part
                if line.kind in _HEADLINES and _may_be_a_headline(line)
            ]
    return found


def _parts(region: Sequence[Line]) -> list[tuple[list[Line], bool]]:
    """Cut at the rail's headings; drop furniture, which may stand between entries."""
    parts: list[tuple[list[Line], bool]] = [([], False)]
    for line in region:
        if line.kind is Kind.RAIL_HEADING:
            parts.append(([], True))
        elif line.kind is not Kind.FURNITURE:
            parts[-1][0].append(line)
    return [(lines, has_heading) for lines, has_heading in parts if lines]


def _best_reading(part: Sequence[Line]) -> list[Found]:
    readings = [
        read(part) for read in (_one_line_each, _headline_first, _facts_first, _label_first)
    ]
    readings.append(_headline_first(_with_labels(part)))
    return max(readings, key=_score)


def _with_labels(part: Sequence[Line]) -> list[Line]:
    """Take the short lines right behind facts as section labels, whatever word they hold."""
    found: list[Line] = []
    for index, line in enumerate(part):
        is_behind_facts = index > 0 and part[index - 1].kind is Kind.FACTS
        after = part[index + 1].kind if index + 1 < len(part) else None
        if line.kind is Kind.SHORT and is_behind_facts and after is not Kind.FACTS:
            name = line.text.strip()
            if looks_like_a_section(name) and weight(name) <= 3:
                line = replace(line, kind=Kind.SECTION, facts=Facts(section=name))
        found.append(line)
    return found


def _score(reading: Sequence[Found]) -> float:
    used = sum(len(found.lines) for found in reading)
    with_time = sum(found.entry.published is not None for found in reading)
    sections = {found.entry.section for found in reading if found.entry.section}
    return used + 0.5 * with_time + 0.25 * bool(sections)


def _one_line_each(part: Sequence[Line]) -> list[Found]:
    found = []
    for line in part:
        residues = [r for r in line.facts.residues if r != line.facts.section]
        if line.states_a_time and (residues or line.facts.section):
            headline = max(residues or [line.facts.section], key=len)
            section = line.facts.section if residues else ""
            if weight(headline) > 1:
                found.append(Found(_entry(headline, line.first, (line,), section), (line,)))
    return found


def _headline_first(part: Sequence[Line]) -> list[Found]:
    return _grouped(part, starts=lambda i: part[i].kind in _HEADLINES)


def _facts_first(part: Sequence[Line]) -> list[Found]:
    def starts(i: int) -> bool:
        return part[i].kind not in _HEADLINES and (i == 0 or part[i - 1].kind in _HEADLINES)

    return _grouped(part, starts=starts)


def _label_first(part: Sequence[Line]) -> list[Found]:
    def starts(i: int) -> bool:
        after = part[i + 1].kind if i + 1 < len(part) else None
        return part[i].kind is Kind.SECTION and after in _HEADLINES

    return _grouped(part, starts=starts)


def _grouped(part: Sequence[Line], starts: Callable[[int], bool]) -> list[Found]:
    groups: list[list[Line]] = []
    for index, line in enumerate(part):
        if line.kind is Kind.ENTRY and line.facts.residues:
            groups.append([line])
            groups.append([])
        elif starts(index) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [found for group in groups if (found := _read_group(group))]


def _read_group(group: Sequence[Line]) -> Found | None:
    if len(group) == 1 and group[0].kind is Kind.ENTRY:
        return next(iter(_one_line_each(group)), None)
    headlines = [line for line in group if line.kind in _HEADLINES]
    facts = [line for line in group if line.kind in {Kind.FACTS, Kind.SECTION, Kind.BYLINE}]
    if len(headlines) != 1 or not any(line.states_a_time for line in facts):
        return None
    headline = headlines[0]
    if len(headline.text) > MAX_RAIL_HEADLINE_LENGTH or any(line.is_labelled for line in facts):
        return None
    return Found(_entry(without_mark(headline.text), headline.first, facts), tuple(group))


def _entry(headline: str, number: int, facts: Sequence[Line], section: str = "") -> RailEntry:
    times = [moment for line in facts for _, moment in line.facts.times]
    minutes = [
        line.facts.reading_minutes for line in facts if line.facts.reading_minutes is not None
    ]
    labels = [line.facts.section for line in facts if line.facts.section]
    return RailEntry(
        headline=headline,
        line=number,
        published=times[0] if times else None,
        reading_minutes=minutes[0] if minutes else None,
        section=section or (labels[0] if labels else ""),
    )


def _may_be_a_headline(line: Line) -> bool:
    size = len(HAN.findall(line.text)) / 2 or weight(line.text)
    return 4 <= size <= 40 and len(line.text) <= MAX_RAIL_HEADLINE_LENGTH
