"""The numbers of a question: figures, a curve, and tables, from a bounded number of queries.

Hours and days come from the sums that the clock makes, minutes from what reached the totals lately.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from stoppress.edge.views import SITE, Counts
from stoppress.newsroom.desk.models import NewsListEntry, ReadingDay, ReadingHour, Scope
from stoppress.newsroom.desk.readership import lately
from stoppress.newsroom.desk.readership.charts import Chart, draw
from stoppress.newsroom.desk.readership.counts import SUMS, Told, add, summed
from stoppress.newsroom.desk.readership.questions import Question
from stoppress.newsroom.desk.readership.spans import Grain, Span
from stoppress.newsroom.desk.readership.tables import Column, Kind, Row, Table, with_shares
from stoppress.newsroom.desk.readership.telling import (
    Figure,
    apart_table,
    columns,
    depth_table,
    figures_of,
    series_table,
    told_values,
)
from stoppress.newsroom.desk.readership.whence import sources_tables
from stoppress.newsroom.models import Author
from stoppress.readership.models import ArticleHour, SourceDay

STORIES = 20
AUTHORS = 20
CANDIDATES = 60  # stories whose exact counts are asked for


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown, and given away, of a question."""

    span: Span
    chart: Chart
    figures: tuple[Figure, ...]
    tables: Mapping[str, Table]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "range": self.span.name,
            "from": self.span.start.isoformat(),
            "until": min(self.span.end, self.span.now).isoformat(),
            "by": self.span.grain.value,
            "figures": {figure.key: figure.number for figure in self.figures},
            **{name: table.as_json() for name, table in self.tables.items()},
        }


def report(question: Question) -> Report:
    """Everything the readership page shows of a question."""
    span = question.span
    slots = _slots(question)
    days = _days(question)
    whole = _whole(slots.values())
    views = [max(0, slots[slot].views) for slot in span.slots]
    readers = [Told(slots[slot]).readers for slot in span.slots] if question.has_readers else None
    tables = [
        series_table(span, slots, has_readers=question.has_readers),
        _stories(question, days),
        *([_sections(question)] if question.scope is not Scope.AUTHOR else []),
        *([_authors(question)] if question.scope is Scope.PAPER else []),
        *sources_tables(span, _merged(days, "referrers"), _merged(days, "countries"), _views(days)),
        depth_table(whole),
        apart_table(whole, _refused(span) if question.scope is Scope.PAPER else {}),
    ]
    return Report(
        span,
        draw(span, views, readers),
        figures_of(whole, has_readers=question.has_readers),
        {table.name: table for table in tables},
    )


# Of the paper, a section, an author


def _slots(question: Question) -> dict[datetime, Counts]:
    """Counts by slot, those without any included."""
    span, found = question.span, {}
    if span.grain is Grain.MINUTE:
        found = lately.by_minute(question)
    elif span.grain is Grain.HOUR:
        rows = ReadingHour.objects.filter(
            scope=question.scope,
            scope_id__in=question.scope_ids,
            hour__gte=span.start,
            hour__lt=span.end,
        )
        found = {row["hour"]: summed(row) for row in rows.values("hour").annotate(**SUMS)}
    else:
        starts = dict(zip((_day for _day in span.days), span.slots, strict=False))
        rows = _of_days(question).values("day").annotate(**SUMS)
        found = {starts[row["day"]]: summed(row) for row in rows}
    return {slot: found.get(slot, Counts()) for slot in span.slots}


def _of_days(question: Question) -> Any:
    return ReadingDay.objects.filter(
        scope=question.scope,
        scope_id__in=question.scope_ids,
        day__gte=question.span.first_day,
        day__lte=question.span.last_day,
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """The lists of one day."""

    day: date
    views: int
    stories: list[list[Any]]
    referrers: list[list[Any]]
    countries: list[list[Any]]


def _days(question: Question) -> list[_Day]:
    """The lists of the span's days; of now, of today."""
    names = ("day", "views", "stories", "referrers", "countries")
    return [_Day(*row) for row in _of_days(question).values_list(*names)]


def _merged(days: Iterable[_Day], name: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for day in days:
        for key, some in getattr(day, name):
            found[key] += some
    return found


def _views(days: Iterable[_Day]) -> int:
    return sum(max(0, day.views) for day in days)


def _whole(counts: Iterable[Counts]) -> Counts:
    whole = Counts()
    for some in counts:
        whole = add(whole, some)
    return whole


def _stories(question: Question, days: Sequence[_Day]) -> Table:
    """The stories read most, with all they were read in the span."""
    span = question.span
    if span.grain is Grain.MINUTE:
        found = lately.most_read(question, STORIES)
    else:
        ids = [pk for pk, _ in _merged(days, "stories").most_common(CANDIDATES)]
        rows = ArticleHour.objects.filter(
            article_id__in=ids, hour__gte=span.start, hour__lt=span.end
        )
        exact = [
            (row["article_id"], summed(row)) for row in rows.values("article_id").annotate(**SUMS)
        ]
        found = sorted(exact, key=lambda item: (-item[1].views, -item[0]))[:STORIES]
    names = headlines(pk for pk, _ in found)
    sections = {place.id: place.name for place in question.places}
    rows_of = (
        Row(
            (
                pk,
                names[pk].headline if pk in names else f"Story {pk}, deleted",
                sections.get(names[pk].section_id, "") if pk in names else "",
                *told_values(counts, has_readers=True),
            ),
            url=reverse("desk_readership_story", args=[pk]) if pk in names else "",
        )
        for pk, counts in found
    )
    return Table(
        "stories",
        "Read most",
        (
            Column("id", "Story", is_shown=False),
            Column("headline", "Story", Kind.TEXT),
            Column("section", "Section", Kind.TEXT),
            *columns(has_readers=True),
        ),
        with_shares(rows_of, 3),
    )


def headlines(ids: Iterable[int]) -> dict[int, NewsListEntry]:
    """The stories' lines in the news list, by id."""
    return NewsListEntry.objects.in_bulk(list(ids))


def _by_scope(question: Question, scope: Scope) -> dict[int, Counts]:
    if question.span.grain is Grain.MINUTE:
        return dict(lately.by_scope(question, scope))
    rows = ReadingDay.objects.filter(
        scope=scope, day__gte=question.span.first_day, day__lte=question.span.last_day
    )
    if question.scope is scope:
        rows = rows.filter(scope_id__in=question.scope_ids)
    return {row["scope_id"]: summed(row) for row in rows.values("scope_id").annotate(**SUMS)}


def _sections(question: Question) -> Table:
    """Sections as they stand in each other, the most read first; outer ones include inner ones."""
    own = _by_scope(question, Scope.SECTION)
    shown = [place for place in question.places if place.id in question.scope_ids]
    shown = shown if question.scope is Scope.SECTION else list(question.places)
    whole = {
        place.path: _whole(
            own[inner.id]
            for inner in shown
            if inner.path.startswith(place.path) and inner.id in own
        )
        for place in shown
    }
    least = min((place.depth for place in shown), default=0)

    def order(place: Any) -> tuple[tuple[int, str], ...]:
        around = (p for p in shown if place.path.startswith(p.path))
        return tuple((-whole[p.path].views, p.path) for p in around)

    rows = (
        Row(
            (place.id, place.name, *told_values(whole[place.path], has_readers=False)),
            url=f"?{_in_the_same_span(question.span)}&section={place.id}",
            indent=place.depth - least,
        )
        for place in sorted(shown, key=order)
        if whole[place.path].views > 0
    )
    return Table(
        "sections",
        "By section",
        (
            Column("id", "Section", is_shown=False),
            Column("section", "Section", Kind.TEXT),
            *columns(has_readers=False),
        ),
        with_shares(rows, 2),
        note="With the sections inside.",
    )


def _authors(question: Question) -> Table:
    counts = _by_scope(question, Scope.AUTHOR)
    first = sorted(counts, key=lambda pk: (-counts[pk].views, pk))[:AUTHORS]
    names = dict(Author.objects.filter(pk__in=first).values_list("pk", "name"))
    rows = (
        Row(
            (pk, names.get(pk, f"Author {pk}, deleted"),
             *told_values(counts[pk], has_readers=False)),
            url=f"?{_in_the_same_span(question.span)}&author={pk}" if pk in names else "",
        )
        for pk in first
        if counts[pk].views > 0
    )  # fmt: skip
    return Table(
        "authors",
        "By author",
        (
            Column("id", "Author", is_shown=False),
            Column("author", "Author", Kind.TEXT),
            *columns(has_readers=False),
        ),
        with_shares(rows, 2),
        note="A view of a story with two authors counts for both.",
    )


def _in_the_same_span(span: Span) -> str:
    if span.name == "chosen":
        return f"from={span.first_day.isoformat()}&to={span.last_day.isoformat()}"
    return f"range={span.name}"


def _refused(span: Span) -> dict[str, int]:
    """Refused reports by reason, on the days of the span."""
    rows = SourceDay.objects.filter(
        article_id=SITE,
        day__gte=span.first_day,
        day__lte=span.last_day,
        kind=SourceDay.Kind.REFUSED,
    )
    return dict(rows.values_list("name").annotate(Sum("views")))
