"""Charts of reading: bars along time, drawn by the server as SVG of lengths in percent.

Lengths in percent and no view box: the drawing takes any width, and its words stay as large as all
words of the page. Time runs from left to right in every language. The same numbers stand in the
table beside the chart; the drawing itself is one picture with a sentence for who can't see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10

from stoppress.newsroom.clock import paper_zone
from stoppress.newsroom.desk.readership.spans import HOURS_OF_LONGEST_DAY, Grain, Span

NOON = 12
LABELS = 8  # at most along the time; a phone shows every second
GRID = 4  # lines at most above zero
BAR_SHARE = 0.78  # of its slot
SCALE_PIXELS = 10
MARK_PIXELS = 20
MARK_PERCENT = 6.5  # of a narrow chart's width: so far a mark's number reaches
MARK_ROWS = 4
SMALLEST_PERCENT = 0.6  # of the height: one view among thousands is still seen


@dataclass(frozen=True, slots=True)
class Bar:
    """A slot: views, and within them readers. All lengths are percent of the chart's."""

    x: float
    width: float
    y: float
    height: float
    inner_y: float
    inner_height: float
    title: str
    is_unfinished: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A label or a line at a place."""

    at: float
    text: str
    is_minor: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was done to a story: a numbered line on the curve, told in the table."""

    at: float
    number: int
    moment: datetime
    what: str
    text: str
    row: int = 0  # above the curve: marks that would cover each other stand in rows

    @property
    def y(self) -> int:
        """Where its number stands, in pixels from the top of the curve."""
        return -MARK_PIXELS // 2 - MARK_PIXELS * self.row


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws."""

    bars: tuple[Bar, ...]
    labels: tuple[Tick, ...]
    grid: tuple[Tick, ...]
    sentence: str
    marks: tuple[Mark, ...] = ()
    has_readers: bool = False

    @property
    def above(self) -> int:
        """The room above the curve, in pixels: for the scale's top line, and for marks."""
        return SCALE_PIXELS + MARK_PIXELS * max((mark.row + 1 for mark in self.marks), default=0)

    @property
    def is_empty(self) -> bool:
        """Whether there is no bar to see."""
        return not any(bar.height for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Event:
    """A moment in a story's life."""

    moment: datetime
    what: str
    text: str = ""


def draw(
    span: Span,
    views: Sequence[int],
    readers: Sequence[int] | None = None,
    events: Sequence[Event] = (),
) -> Chart:
    """A chart of a span's slots; readers are drawn within the views, events as marks."""
    step = _step(max(views, default=0))
    top = step * max(1, ceil(max(views, default=0) / step))
    return Chart(
        bars=tuple(_bars(span, views, readers, top)),
        labels=tuple(_labels(span)),
        grid=tuple(Tick(_y(line, top), f"{line:,}") for line in range(step, top + 1, step)),
        sentence=_sentence(span, views),
        marks=tuple(_marks(span, events)),
        has_readers=readers is not None,
    )


def _bars(span: Span, views: Sequence[int], readers: Sequence[int] | None, top: int) -> list[Bar]:
    width = 100 / len(span.slots)
    bars = []
    for place, (slot, some) in enumerate(zip(span.slots, views, strict=True)):
        inner = min(readers[place], some) if readers is not None else 0
        told = f"{span.label(slot)}: {_views(some)}"
        if readers is not None:
            told += f", {readers[place]:,} reader{'' if readers[place] == 1 else 's'}"
        bars.append(
            Bar(
                x=_round(place * width + width * (1 - BAR_SHARE) / 2),
                width=_round(width * BAR_SHARE),
                y=100 - _height(some, top),
                height=_height(some, top),
                inner_y=100 - _height(inner, top),
                inner_height=_height(inner, top),
                title=told,
                is_unfinished=_is_unfinished(span, place),
            )
        )
    return bars


def _is_unfinished(span: Span, place: int) -> bool:
    """Whether a slot is the present one."""
    end = span.slots[place + 1] if place + 1 < len(span.slots) else span.end
    return span.slots[place] <= span.now < end


def _labels(span: Span) -> list[Tick]:
    if span.grain is Grain.HOUR and len(span.slots) > HOURS_OF_LONGEST_DAY:
        return list(_days_and_noons(span))
    every = next(n for n in (1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 24, 30, 61, 122, 366, 10**6)
                 if len(span.slots) / n <= LABELS)  # fmt: skip
    places = range(0, len(span.slots), every)
    return [
        Tick(
            _round(100 * (place + 0.5) / len(span.slots)),
            span.label(span.slots[place]),
            is_minor=bool(number % 2),
        )
        for number, place in enumerate(places)
    ]


def _days_and_noons(span: Span) -> Iterator[Tick]:
    """Of several days by the hour: where each begins, and its noon."""
    width = 100 / len(span.slots)
    for place, slot in enumerate(span.slots):
        local = slot.astimezone(paper_zone())
        if not local.hour and place + 4 < len(span.slots):
            yield Tick(_round(place * width), f"{local:%-d %b}", anchor="start")
        elif local.hour == NOON:
            yield Tick(_round((place + 0.5) * width), f"{local:%H:%M}", is_minor=True)


def _marks(span: Span, events: Sequence[Event]) -> list[Mark]:
    """The events that fall into the span, by place along the slots."""
    inside = [event for event in events if span.start <= event.moment < span.end]
    taken = [-MARK_PERCENT] * MARK_ROWS  # the last mark of each row
    marks = []
    for number, event in enumerate(sorted(inside, key=lambda event: event.moment), 1):
        at = _round(_place(span, event.moment))
        free = (row for row in range(MARK_ROWS) if at - taken[row] >= MARK_PERCENT)
        row = next(free, number % MARK_ROWS)
        taken[row] = at
        marks.append(Mark(at, number, event.moment, event.what, event.text, row))
    return marks


def _place(span: Span, moment: datetime) -> float:
    last = max(place for place, slot in enumerate(span.slots) if slot <= moment)
    end = span.slots[last + 1] if last + 1 < len(span.slots) else span.end
    return 100 * (last + (moment - span.slots[last]) / (end - span.slots[last])) / len(span.slots)


def _step(most: int) -> int:
    """The distance of grid lines: 1, 2 or 5 times a power of ten, at most `GRID` of them."""
    if most <= GRID:
        return 1
    power = 10 ** floor(log10(most / GRID))
    return next(int(power * n) for n in (1, 2, 5, 10) if power * n * GRID >= most)


def _height(some: int, top: int) -> float:
    if some <= 0:
        return 0.0
    return max(SMALLEST_PERCENT, _round(100 * some / top))


def _y(line: int, top: int) -> float:
    return _round(100 - 100 * line / top)


def _sentence(span: Span, views: Sequence[int]) -> str:
    """What the chart shows, for who can't see it."""
    first, last = span.label(span.slots[0]), span.label(span.slots[-1])
    said = f"Views by {span.grain}, {first} to {last}: {sum(views):,} in all."
    if not any(views):
        return said
    most = max(range(len(views)), key=views.__getitem__)
    return f"{said} Most at {span.label(span.slots[most])}: {views[most]:,}."


def _views(some: int) -> str:
    return f"{some:,} view{'' if some == 1 else 's'}"


def _round(number: float) -> float:
    return round(number, 3)
