"""Where the story lies among the lines: its body, its header, and what is around them.

The body is the heaviest stretch of running text that no rail interrupts.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from stoppress.wires.errors import NoBodyFound
from stoppress.wires.pagedump.furniture import is_caption
from stoppress.wires.pagedump.header import ABOUT_THE_STORY, Layout, clip, find_header
from stoppress.wires.pagedump.lines import Kind, Line
from stoppress.wires.pagedump.plain import (
    BULLET,
    HAN,
    ends_a_sentence,
    ends_a_statement,
    weight,
    without_mark,
)
from stoppress.wires.pagedump.shapes import Paragraph, ParagraphKind


def lay_out(lines: Sequence[Line]) -> Layout:
    """Return which line is what. Raises NoBodyFound or NoHeadlineFound."""
    layout = Layout(lines)
    _tell_rail_headlines_from_prose(lines)
    prose = _heaviest_stretch(lines)
    start, end = prose[0], prose[-1]
    start = find_header(layout, prose)
    start = _with_short_opening(layout, start)
    end = _with_short_ending(lines, end)
    layout.body = _body(layout, start, end)
    _collect_what_is_about_the_story(layout, start, end)
    taken = {layout.headline, layout.standfirst, *layout.body, *layout.about}
    layout.others = [i for i in range(len(lines)) if i not in taken]
    return layout


def _tell_rail_headlines_from_prose(lines: Sequence[Line]) -> None:
    """A sentence right above an age and a reading time is a headline, however it ends."""
    for here, after in pairwise(lines):
        if here.kind is Kind.PROSE and after.kind is Kind.FACTS and not after.is_labelled:
            is_near = after.first - here.last <= 2 and len(here.text) <= 250
            if is_near and after.states_a_time and weight(here.text) <= 32:
                here.kind = Kind.SHORT


def _heaviest_stretch(lines: Sequence[Line]) -> list[int]:
    stretches: list[list[int]] = [[]]
    ages_between, is_under_heading = 0, False
    for index, line in enumerate(lines):
        if line.kind is Kind.PROSE:
            is_teaser = is_under_heading and not _goes_on(lines, index)
            if ages_between > 1 or is_teaser:
                stretches.append([])
            stretches[-1].append(index)
            ages_between, is_under_heading = 0, is_teaser
        elif line.kind is Kind.RAIL_HEADING:
            is_under_heading = True
        elif line.kind in {Kind.FACTS, Kind.ENTRY} and not line.is_labelled:
            ages_between += line.states_a_time
    best = max(stretches, key=lambda stretch: sum(len(lines[i].text) for i in stretch))
    return best or _short_sentences(lines)


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Tell a body that goes on behind "Related stories" from the teasers under it."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    return len(lines[index].text) > 300 or (after is not None and after.kind is Kind.PROSE)


def _short_sentences(lines: Sequence[Line]) -> list[int]:
    """A story told in short sentences only."""
    found = [
        i
        for i, line in enumerate(lines)
        if i and line.kind is Kind.SHORT and ends_a_statement(line.text) and weight(line.text) > 3
    ]
    if not found:
        raise NoBodyFound
    run = [found[0]]
    for index in found[1:]:
        if index - run[-1] <= 2:
            run.append(index)
    return run


def _with_short_opening(layout: Layout, start: int) -> int:
    """The story may open with a sentence too short to be told from a headline by itself."""
    lines = layout.lines
    floor = max(layout.headline, -1 if layout.standfirst is None else layout.standfirst)
    while start - 1 > floor and lines[start - 1].kind is Kind.SHORT:
        if not ends_a_statement(lines[start - 1].text):
            break
        start -= 1
    return start


def _with_short_ending(lines: Sequence[Line], end: int) -> int:
    while end + 1 < len(lines) and lines[end + 1].kind is Kind.SHORT:
        after = lines[end + 2] if end + 2 < len(lines) else None
        is_in_rail = after is not None and after.kind is Kind.FACTS and after.states_a_time
        text = lines[end + 1].text
        is_listed = bool(BULLET.match(text)) and bool(BULLET.match(lines[end].text))
        if not (ends_a_sentence(text) or is_listed) or (is_in_rail and not ends_a_statement(text)):
            break
        end += 1
    return end


def _body(layout: Layout, start: int, end: int) -> list[int]:
    found: list[int] = []
    is_inset = False
    for index in range(start, end + 1):
        line = layout.lines[index]
        is_inset = line.kind is Kind.RAIL_HEADING or (is_inset and line.kind is not Kind.PROSE)
        if is_inset:
            layout.insets.append(index)
        elif line.kind is Kind.BYLINE and line.facts.names and ":" not in line.text:
            if ends_a_sentence(line.text):
                found.append(index)  # "By Hand Alone." is a sentence here
        elif line.kind in {Kind.PROSE, Kind.SHORT} or _is_capital_subheading(layout, index, end):
            found.append(index)
        elif is_caption(line.text):
            layout.remark(index, f"“{clip(line.text)}” was left out: a picture's credit.")
    return found


def _is_capital_subheading(layout: Layout, index: int, end: int) -> bool:
    line = layout.lines[index]
    is_above_prose = index < end and layout.lines[index + 1].kind is Kind.PROSE
    if line.kind is Kind.SECTION and is_above_prose:
        layout.remark(index, f"“{clip(line.text)}” was taken as a subheading.")
        return True
    return False


def _collect_what_is_about_the_story(layout: Layout, start: int, end: int) -> None:
    lines, about = layout.lines, layout.about
    inside = [i for i in range(layout.headline, end + 1) if i not in layout.body]
    about += [i for i in inside if lines[i].kind in ABOUT_THE_STORY and i != layout.headline]
    about += list(_above_headline(layout, start))
    about += list(_below_body(layout, end))
    about[:] = sorted(set(about))


def _above_headline(layout: Layout, start: int) -> Iterable[int]:
    lines = layout.lines
    has_times_below = any(lines[i].states_a_time for i in layout.about if i < start)
    index = layout.headline - 1
    run: list[int] = []
    while index >= 0 and lines[index].kind in {*ABOUT_THE_STORY, Kind.FURNITURE}:
        run.append(index)
        index -= 1
    has_times_above = any(lines[i].states_a_time for i in run)
    is_rails_end = has_times_above and index >= 0 and lines[index].kind is Kind.SHORT
    is_menu = sum(lines[i].kind is Kind.SECTION for i in run) > 1
    for i in run:
        line = lines[i]
        if is_menu and line.kind is Kind.SECTION:
            continue
        is_label = line.kind in {Kind.SECTION, Kind.BYLINE} or line.is_labelled
        is_own = not has_times_below and not is_rails_end
        if (
            line.kind in ABOUT_THE_STORY and (is_own or (is_label and not is_rails_end))
        ) or line.is_labelled:
            yield i


def _below_body(layout: Layout, end: int) -> Iterable[int]:
    lines = layout.lines
    has_times = any(lines[i].states_a_time for i in layout.about)
    for index in range(end + 1, len(lines)):
        line = lines[index]
        before = lines[index - 1].kind
        after = lines[index + 1].kind if index + 1 < len(lines) else None
        if line.kind is Kind.BYLINE or line.is_labelled:
            yield index
        elif line.kind is Kind.FACTS and before is not Kind.SHORT and after is not Kind.SHORT:
            is_ours = line.facts.views is not None or not (has_times or index - end > 3)
            if is_ours:
                yield index
        elif line.kind in {Kind.SHORT, Kind.RAIL_HEADING, Kind.ENTRY}:
            return


def paragraphs(layout: Layout) -> tuple[Paragraph, ...]:
    """Return the body, its subheadings told from its paragraphs."""
    lines, body = layout.lines, layout.body
    found: list[Paragraph] = []
    for place, index in enumerate(body):
        line = lines[index]
        after = lines[body[place + 1]] if place + 1 < len(body) else None
        is_heading = (
            after is not None
            and line.kind in {Kind.SHORT, Kind.SECTION}
            and _reads_like_a_heading(line.text)
            and after.kind is Kind.PROSE
        )
        kind: ParagraphKind = "subheading" if is_heading else "paragraph"
        text = without_mark(line.text) if line.text.lstrip().startswith("#") else line.text.strip()
        found.append(Paragraph(text, kind, line.first, line.last))
    return tuple(found)


def _reads_like_a_heading(text: str) -> bool:
    core = without_mark(text) if text.lstrip().startswith("#") else text.strip()
    is_quoted_sentence = core[:1] in "\"“„«‘'「" and weight(core) > 8
    is_speech = core[:1] in "—–-" or is_quoted_sentence
    limit = 30 if HAN.search(core) else 90
    return len(core) <= limit and not (
        ends_a_statement(core) or is_speech or BULLET.match(core) or core.endswith((":", "：", ","))
    )
