"""From the text of a dump to a PageDump. Time grows with the length of the text and no faster."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from stoppress.wires.errors import BadRetrievalTime, NoBodyFound
from stoppress.wires.pagedump import rail
from stoppress.wires.pagedump.damage import suspected_damage
from stoppress.wires.pagedump.facts import Facts
from stoppress.wires.pagedump.header import Layout, clip
from stoppress.wires.pagedump.languages import language_of
from stoppress.wires.pagedump.layout import lay_out, paragraphs
from stoppress.wires.pagedump.lines import Kind, Line, look_at, look_at_clocks, split, unwrapped
from stoppress.wires.pagedump.plain import ends_a_sentence, without_mark
from stoppress.wires.pagedump.shapes import (
    Credit,
    Furniture,
    Moment,
    PageDump,
    Paragraph,
    RailEntry,
    Remark,
    Views,
)

_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.\- ]{1,40}?(?:, [A-ZÀ-Ž][\w. ]{1,30}?)?"
    r"(?:\s?\([^()]{2,40}\))?(?:, \w{3,9}\.? \d{1,2})?)\s?[—–-]{1,2}\s(?=\S)"
)
_DATELINE_SIGN = re.compile(r"^(?:[A-ZÀ-ÖØ-ÞĀ-Ž]{2,}[A-ZÀ-Ž.'’\- ,]*\b|[^()]{2,40}\([^()]{2,40}\))")


def recognise(text: str, retrieved: datetime) -> PageDump:
    """Take the text of a page apart; `retrieved` is when it was saved, with its time zone.

    Raises NoHeadlineFound or NoBodyFound.
    """
    if retrieved.tzinfo is None:
        raise BadRetrievalTime(retrieved.isoformat(), "which has no time zone")
    lines = _looked_at(text, retrieved)
    if not lines:
        raise NoBodyFound
    layout = lay_out(lines)
    story = _Story(layout)
    body, dateline = _without_dateline(paragraphs(layout))
    others = [lines[i] for i in layout.others]
    found = [f for region in _regions(layout) for f in rail.entries(region)]
    in_rail = {line.first for f in found for line in f.lines}
    left_out = [line for line in others if line.first not in in_rail]
    texts = _story_texts(layout, body, [f.entry for f in found])
    headline = lines[layout.headline]
    return PageDump(
        headline=_headline_text(headline),
        headline_line=headline.first,
        standfirst="" if layout.standfirst is None else lines[layout.standfirst].text.strip(),
        dateline=dateline,
        section=story.section,
        language=(language := language_of(" ".join(text for _, text in texts))),
        body=body,
        byline=tuple(story.names),
        published=story.published,
        updated=story.updated,
        reading_minutes=story.reading_minutes,
        views=story.views,
        rail=tuple(f.entry for f in found),
        furniture=tuple(
            Furniture(line.first, line.text.strip(), _is_known(line, headline)) for line in left_out
        ),
        unsure=_unsure(layout, story, left_out, [f for e in found for f in e.lines], retrieved),
        damage=suspected_damage(texts, language),
    )


def _looked_at(text: str, retrieved: datetime) -> list[Line]:
    raw = split(text)
    looks = [look_at(t, i, i, retrieved) if t.strip() else None for i, t in enumerate(raw, 1)]
    lines = []
    for first, last, joined in unwrapped(raw, looks):
        look = looks[first - 1] if first == last else None
        lines.append(look or look_at(joined, first, last, retrieved))
    look_at_clocks(lines)
    return lines


class _Story:
    """The facts that the story's own lines state, gathered."""

    def __init__(self, layout: Layout) -> None:
        self.names: list[Credit] = list(layout.names)
        self.section = ""
        self.reading_minutes: int | None = None
        self.views: Views | None = None
        self.updated: Moment | None = None
        self.published: Moment | None = None
        self.remarks: list[Remark] = []
        own = sorted({*layout.about, layout.headline})
        for index in own:
            self._gather(layout.lines[index].facts)

    def _gather(self, facts: Facts) -> None:
        self.remarks += facts.remarks
        for name in facts.names:
            if name.name not in {known.name for known in self.names}:
                self.names.append(name)
        self.section = self.section or facts.section
        self.views = self.views or facts.views
        if self.reading_minutes is None:
            self.reading_minutes = facts.reading_minutes
        for label, moment in facts.times:
            self._set_time(label, moment)

    def _set_time(self, label: str, moment: Moment) -> None:
        if label == "updated":
            self.updated = self.updated or moment
        elif label == "published":
            self.published = self.published or moment
        elif self.published is None:
            self.published = moment
            self.remarks.append(
                Remark(
                    moment.line,
                    f"“{moment.text}” carries no label; it was taken as the time of publication.",
                )
            )


def _headline_text(line: Line) -> str:
    if line.kind is Kind.ENTRY and line.facts.residues:
        return max(line.facts.residues, key=len)
    return without_mark(line.text)


def _without_dateline(body: Sequence[Paragraph]) -> tuple[tuple[Paragraph, ...], str]:
    """Move "GENEVA (KNA) — " from the first paragraph to its own place; the dash is the theme's."""
    first = body[0]
    match = _DATELINE.match(first.text)
    if not match or not _DATELINE_SIGN.match(match["place"]) or len(match[0]) > 80:
        return tuple(body), ""
    rest = Paragraph(first.text[match.end() :], first.kind, first.first_line, first.last_line)
    return (rest, *body[1:]), match["place"]


def _regions(layout: Layout) -> Iterator[list[Line]]:
    """Yield the lines above, within and below the story that are not the story's."""
    start, end = layout.body[0], layout.body[-1]
    for low, high in ((0, layout.headline), (layout.headline, end), (end, len(layout.lines))):
        region = [layout.lines[i] for i in layout.others if low <= i <= high]
        is_within = start <= end and (low, high) == (layout.headline, end)
        if is_within:
            inset = {layout.lines[i].first for i in layout.insets}
            region = [line for line in region if line.kind is Kind.ENTRY or line.first in inset]
        if region:
            yield region


def _story_texts(
    layout: Layout, body: Sequence[Paragraph], entries: Sequence[RailEntry]
) -> list[tuple[int, str]]:
    lines = layout.lines
    own = [layout.headline] + ([] if layout.standfirst is None else [layout.standfirst])
    texts = [(lines[i].first, lines[i].text) for i in own]
    texts += [(p.first_line, p.text) for p in body]
    texts += [(entry.line, entry.headline) for entry in entries]
    return sorted(texts)


def _unsure(
    layout: Layout,
    story: _Story,
    left_out: Sequence[Line],
    in_rail: Sequence[Line],
    retrieved: datetime,
) -> tuple[Remark, ...]:
    found = [*layout.unsure, *story.remarks, *(r for line in in_rail for r in line.facts.remarks)]
    found += _missing(layout, story)
    for moment in (story.published, story.updated):
        if moment and moment.at > retrieved:
            found.append(Remark(moment.line, f"“{moment.text}” lies after the page was saved."))
    if story.views and not story.views.is_exact:
        found.append(
            Remark(
                story.views.line,
                f"“{story.views.text}” is rounded; {story.views.count:,} is the nearest.",
            )
        )
    noted = {remark.line for remark in found}
    found += [
        Remark(
            line.first,
            f"“{clip(line.text)}” was left out: by its place it isn't part of the story.",
        )
        for line in left_out
        if not _is_known(line, layout.lines[layout.headline]) and line.first not in noted
    ]
    last = layout.lines[layout.body[-1]]
    if not ends_a_sentence(last.text):
        found.append(
            Remark(last.last, "The story ends without a full stop: perhaps it was cut off.")
        )
    return tuple(sorted(dict.fromkeys(found), key=lambda remark: remark.line))


def _is_known(line: Line, headline: Line) -> bool:
    """Furniture by its words, or the page's title: the headline with the site's name behind it."""
    is_title = line.text.strip().startswith(headline.text.strip())
    return is_title or line.kind not in {Kind.SHORT, Kind.PROSE}


def _missing(layout: Layout, story: _Story) -> Iterator[Remark]:
    line = layout.lines[layout.headline].first
    if not story.names:
        yield Remark(line, "No byline was found.")
    if not story.published and story.updated:
        stated = story.updated
        yield Remark(
            stated.line, f"No time of publication is given; “{stated.text}” stands for it."
        )
    elif not story.published:
        yield Remark(line, "No time is given; the moment the page was saved stands for it.")
