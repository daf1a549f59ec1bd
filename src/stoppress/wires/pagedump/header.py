"""The story's header: headline, standfirst and the names between them and the body.

Above the body stand short lines of many kinds: captions, names, places, menus, the rail. They are
read as runs between lines of facts. The headline is in the nearest run, unless that run is only
what stands under a headline and its facts: captions and names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stoppress.wires.errors import NoHeadlineFound
from stoppress.wires.pagedump.bylines import bare_names, is_role
from stoppress.wires.pagedump.furniture import is_caption
from stoppress.wires.pagedump.lines import Kind, Line
from stoppress.wires.pagedump.plain import ends_a_statement, weight
from stoppress.wires.pagedump.shapes import Credit, Remark

ABOUT_THE_STORY = {Kind.FACTS, Kind.BYLINE, Kind.SECTION}
MAX_HEADLINE_LENGTH = 400
MAX_STANDFIRST_LENGTH = 600
MAX_HEADER_LINES = 60
MAX_SHARE_ABOVE_FACTS = 0.4
_SITE_NAME = re.compile(r"\s*[-–—|·:]\s")

_CAPTION_SIGN = re.compile(
    r"(?:Foto|Photo|Photograph|Picture|Bild|Imagen|صورة|写真|사진|图)\s?[:/]|©|"
    r"\[[^\[\]]*/[^\[\]]*\]\s*$|\w / \w"
)


@dataclass(slots=True)
class Layout:
    """Which line is what, by index."""

    lines: Sequence[Line]
    headline: int = -1
    standfirst: int | None = None
    body: list[int] = field(default_factory=list)
    about: list[int] = field(default_factory=list)  # facts of the story itself
    names: list[Credit] = field(default_factory=list)  # from lines that are only a name
    insets: list[int] = field(default_factory=list)  # other stories' lines inside the body
    others: list[int] = field(default_factory=list)  # neither; the rail is among them
    unsure: list[Remark] = field(default_factory=list)

    def remark(self, index: int, what: str) -> None:
        """Note what a person should look at."""
        self.unsure.append(Remark(self.lines[index].first, what))


def find_header(layout: Layout, prose: Sequence[int]) -> int:
    """Set headline, standfirst and names; return where the body starts. Raises NoHeadlineFound."""
    start = _after_standfirst(layout, prose)
    if layout.headline < 0:
        _find_headline(layout, start)
    _take_names(layout, start)
    return start


def _after_standfirst(layout: Layout, prose: Sequence[int]) -> int:
    """Set the standfirst if the first sentences stand above the story's facts."""
    lines, first = layout.lines, prose[0]
    place = _first_under_facts(lines, prose)
    if not place or len(lines[first].text) > MAX_STANDFIRST_LENGTH:
        return first
    if any(lines[i].kind is Kind.SHORT for i in range(first)):
        layout.standfirst = first
    else:
        layout.headline = first
        layout.remark(first, "The headline reads like a sentence of the story.")
    for index in prose[1:place]:
        layout.remark(index, f"“{clip(lines[index].text)}” was left out: perhaps a caption.")
    return prose[place]


def _first_under_facts(lines: Sequence[Line], prose: Sequence[int]) -> int:
    """Return the place in `prose` where the story starts below its names and times; 0: at once.

    Only little may stand above them: one sentence, or a few that are a small part of the whole.
    """
    size = sum(len(lines[i].text) for i in prose)
    above, found = 0, 0
    for place in range(1, min(len(prose), 6)):
        above += len(lines[prose[place - 1]].text)
        between = lines[prose[place - 1] + 1 : prose[place]]
        is_small = place == 1 or above < MAX_SHARE_ABOVE_FACTS * size
        if is_small and any(
            line.kind is Kind.BYLINE or (line.kind is Kind.FACTS and line.states_a_time)
            for line in between
        ):
            found = place
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """Short lines that stand together, and the lines of facts between them and what is below."""

    lines: list[int]
    facts_below: list[Line]

    @property
    def has_times_below(self) -> bool:
        return any(line.states_a_time for line in self.facts_below)


def _find_headline(layout: Layout, start: int) -> None:
    lines = layout.lines
    top = layout.standfirst if layout.standfirst is not None else start
    runs = [run for run in _runs_above(lines, top) if _worthy(lines, run.lines)]
    if not runs and top and lines[top - 1].kind is Kind.ENTRY:
        runs = [_Run([top - 1], [])]  # one line holds the headline and its facts
    if not runs:
        _take_a_sentence_or_a_label(layout, top)
        return
    chosen = runs[0]
    if len(runs) > 1 and _is_under_a_header(runs):
        for index in _worthy(lines, chosen.lines):
            layout.remark(index, f"“{clip(lines[index].text)}” was left out: perhaps a caption.")
        chosen = runs[1]
    layout.headline = _headline_of(layout, _worthy(lines, chosen.lines))


def _runs_above(lines: Sequence[Line], top: int) -> Iterator[_Run]:
    """Yield the runs of short lines above, the nearest first, up to the end of a rail."""
    run: list[int] = []
    facts: list[Line] = []
    for index in range(top - 1, max(-1, top - MAX_HEADER_LINES), -1):
        kind = lines[index].kind
        if kind is Kind.SHORT:
            run.insert(0, index)
        elif kind in ABOUT_THE_STORY:
            if run:
                yield _Run(run, facts)
                run, facts = [], []
            facts.append(lines[index])
        elif kind is not Kind.FURNITURE:
            break
    if run:
        yield _Run(run, facts)


def _is_under_a_header(runs: Sequence[_Run]) -> bool:
    """Tell whether the nearest run stands under the headline's own names and facts."""
    nearest, above = runs[0], runs[1]
    if any(line.kind is Kind.BYLINE for line in above.facts_below):
        return True
    if nearest.facts_below:
        return False
    if any(line.is_labelled or line.facts.views for line in above.facts_below):
        return True
    is_in_a_rail = len(runs) > 2 and runs[2].has_times_below
    return above.has_times_below and not is_in_a_rail


def _worthy(lines: Sequence[Line], run: Sequence[int]) -> list[int]:
    """Return the lines of a run that may be a headline: no names, roles, captions, menu words."""
    rest = [i for i in run if not _is_beside_the_point(lines[i].text) and not _is_twin(lines, i)]
    long = [i for i in rest if weight(lines[i].text) > 2]
    return long or rest or list(run)


def _is_beside_the_point(text: str) -> bool:
    core = text.strip()
    is_picture = is_caption(core) or bool(_CAPTION_SIGN.search(core))
    is_post = is_role(core) and weight(core) <= 8
    return is_picture or is_post or bool(bare_names(core)) or core.endswith((":", "："))


def _is_twin(lines: Sequence[Line], index: int) -> bool:
    """Sites print a caption twice, once for those who can't see the picture."""
    text = lines[index].text.strip()
    near = (lines[i].text.strip() for i in (index - 1, index + 1) if 0 <= i < len(lines))
    return any(other.startswith(text) and not _is_title_of(other, text) for other in near)


def _is_title_of(other: str, text: str) -> bool:
    """Tell a page's title, the headline with the site's name behind it, from a caption's copy."""
    return other == text or bool(_SITE_NAME.match(other[len(text) :]))


def _take_a_sentence_or_a_label(layout: Layout, top: int) -> None:
    """No short line stands above: a sentence or a word in capitals may still be the headline."""
    lines = layout.lines
    for index in range(top - 1, -1, -1):
        kind, text = lines[index].kind, lines[index].text
        is_shouted = kind is Kind.SECTION and weight(text) > 1
        if len(text) <= MAX_HEADLINE_LENGTH and (kind is Kind.PROSE or is_shouted):
            layout.headline = index
            layout.remark(index, "The headline is unlike one: it was taken for its place.")
            return
    raise NoHeadlineFound


def _headline_of(layout: Layout, run: Sequence[int]) -> int:
    lines = layout.lines
    repeated = [i for i in run if _is_repeated_above(lines, i)]
    if repeated:
        chosen = repeated[0]
    else:
        chosen = run[-1]
        if len(run) > 1 and layout.standfirst is None:
            upper, lower = (lines[i].text for i in run[-2:])
            is_standfirst = weight(lower) > weight(upper) or ends_a_statement(lower)
            chosen = run[-2] if weight(upper) > 3 and is_standfirst else chosen
    under = [i for i in run if i > chosen]
    if under and layout.standfirst is None and weight(lines[under[0]].text) > 5:
        layout.standfirst = under.pop(0)
        layout.remark(layout.standfirst, "The line under the headline was taken as the standfirst.")
    if weight(lines[chosen].text) < 2:
        layout.remark(chosen, "The headline is a single word: it was taken for its place.")
    return chosen


def _is_repeated_above(lines: Sequence[Line], index: int) -> bool:
    """The page's title often stands at the top as well, with the site's name behind it."""
    text = lines[index].text.strip()
    above = (line.text.strip() for line in lines[max(0, index - 200) : index])
    return len(text) > 15 and any(o.startswith(text) and _is_title_of(o, text) for o in above)


def _take_names(layout: Layout, start: int) -> None:
    """Take the line that is only a name as the byline, if no line says that it is one."""
    lines = layout.lines
    below = range(layout.headline + 1, start)
    if any(lines[i].kind is Kind.BYLINE or lines[i].facts.names for i in below):
        return
    for index in below:
        line = lines[index]
        names = bare_names(line.text) if line.kind is Kind.SHORT else ()
        if not names or index == layout.standfirst or not _is_beside_facts(layout, index):
            continue
        after = lines[index + 1] if index + 1 < start else None
        role = after.text.strip() if after and _is_post(after) else ""
        layout.names += [Credit(n.name, n.kind, role, line.first) for n in names]
        layout.about += [index, index + 1] if role else [index]
        layout.remark(index, f"“{clip(line.text)}” carries no label; it was taken as the byline.")
        return


def _is_beside_facts(layout: Layout, index: int) -> bool:
    near = [layout.lines[i] for i in range(max(0, index - 3), min(index + 3, len(layout.lines)))]
    above = index - 1
    return above in {layout.headline, layout.standfirst} or any(
        line.kind is Kind.FACTS or _is_post(line) for line in near
    )


def _is_post(line: Line) -> bool:
    return line.kind is Kind.SHORT and is_role(line.text) and weight(line.text) <= 8


def clip(text: str) -> str:
    """Return the text short enough to be quoted in a remark."""
    core = " ".join(text.split())
    return core if len(core) <= 60 else core[:59] + "…"
