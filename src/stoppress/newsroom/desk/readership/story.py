"""The numbers of one story: its curve with what was done to it, and where its readers came from."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from stoppress.edge.views import COUNTED, Counts
from stoppress.newsroom.clock import paper_day, paper_zone, start_of
from stoppress.newsroom.desk.readership import lately
from stoppress.newsroom.desk.readership.charts import Chart, Event, draw
from stoppress.newsroom.desk.readership.counts import SUMS, Told, add, summed
from stoppress.newsroom.desk.readership.spans import Grain, Span
from stoppress.newsroom.desk.readership.tables import Column, Kind, Row, Table
from stoppress.newsroom.desk.readership.telling import (
    Figure,
    apart_table,
    depth_table,
    figures_of,
    series_table,
)
from stoppress.newsroom.desk.readership.whence import sources_tables
from stoppress.newsroom.models import Article, UpdateEntry
from stoppress.readership.models import ArticleHour, NodeTotal, OpeningBalance, SourceDay

NAMES = 500  # of domains and countries, the most frequent
EVENTS = 60  # the newest of an update log


@dataclass(frozen=True, slots=True)
class Standing:
    """What readers see as the story's count, and what it is made of."""

    counted: int
    balance: OpeningBalance | None

    @property
    def total(self) -> int:
        """The number that readers see live."""
        return self.counted + (self.balance.views if self.balance else 0)


@dataclass(frozen=True, slots=True)
class StoryReport:
    """What is shown, and given away, of a story."""

    span: Span
    standing: Standing
    chart: Chart
    figures: tuple[Figure, ...]
    tables: dict[str, Table]

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        balance = self.standing.balance
        return {
            "range": self.span.name,
            "from": self.span.start.isoformat(),
            "until": min(self.span.end, self.span.now).isoformat(),
            "by": self.span.grain.value,
            "total": self.standing.total,
            "counted": self.standing.counted,
            "opening_balance": balance and {
                "views": balance.views,
                "source": balance.source,
                "retrieved": balance.retrieved_at.isoformat(),
            },
            "figures": {figure.key: figure.number for figure in self.figures},
            **{name: table.as_json() for name, table in self.tables.items()},
        }  # fmt: skip


def standing_of(article_id: int) -> Standing:
    """All that was ever counted of a story, with its opening balance apart."""
    counted = NodeTotal.objects.filter(article_id=article_id).values_list("views", flat=True)
    return Standing(sum(counted), OpeningBalance.objects.filter(pk=article_id).first())


def story_report(article: Article, span: Span) -> StoryReport:
    """Everything the page of a story's numbers shows."""
    slots = _slots(article.pk, span)
    whole = Counts()
    for some in slots.values():
        whole = add(whole, some)
    views = [max(0, slots[slot].views) for slot in span.slots]
    readers = [Told(slots[slot]).readers for slot in span.slots]
    chart = draw(span, views, readers, events_of(article))
    tables = [
        series_table(span, slots, has_readers=True),
        marks_table(chart),
        depth_table(whole),
        *_sources(article.pk, span),
        apart_table(whole, {}),
    ]
    return StoryReport(
        span,
        standing_of(article.pk),
        chart,
        figures_of(whole, has_readers=True),
        {table.name: table for table in tables},
    )


def events_of(article: Article) -> list[Event]:
    """When the story was published, what its update log says, and when it was killed."""
    events = []
    if article.published_at:
        events.append(Event(article.published_at, "Published"))
    log = UpdateEntry.objects.filter(article_id=article.pk).order_by("-dated_at", "-pk")
    events += [
        Event(entry.dated_at, entry.get_kind_display(), entry.text) for entry in log[:EVENTS]
    ]
    if article.killed_at:
        events.append(Event(article.killed_at, "Killed", article.kill_reason))
    return events


def marks_table(chart: Chart) -> Table:
    """The marks on the curve, in words."""
    zone = paper_zone()
    rows = [
        Row((mark.number, mark.moment.astimezone(zone).isoformat(timespec="seconds"),
             f"{mark.moment.astimezone(zone):%a %-d %b, %H:%M}", mark.what, mark.text))
        for mark in chart.marks
    ]  # fmt: skip
    return Table(
        "marks",
        "Marks on the curve",
        (
            Column("number", "No.", Kind.TEXT),
            Column("at", "When", Kind.TEXT, is_shown=False),
            Column("when", "When", Kind.TEXT),
            Column("what", "What", Kind.TEXT),
            Column("text", "What readers were told", Kind.TEXT),
        ),
        tuple(rows),
        empty="Nothing was done to the story in this time.",
    )


def _slots(article_id: int, span: Span) -> dict[datetime, Counts]:
    """Counts by slot, those without any included; hours by the index of the story's hours."""
    if span.grain is Grain.MINUTE:
        found = lately.of_story(article_id, span.start)
        return {slot: found.get(slot, Counts()) for slot in span.slots}
    slots = dict.fromkeys(span.slots, Counts())
    rows = ArticleHour.objects.filter(
        article_id=article_id, hour__gte=span.start, hour__lt=span.end
    )
    for row in rows.values("hour", *COUNTED):
        hour = row["hour"]
        slot = hour if span.grain is Grain.HOUR else start_of(paper_day(hour))
        slots[slot] = add(slots[slot], Counts(*(row[name] for name in COUNTED)))
    return slots


def _sources(article_id: int, span: Span) -> list[Table]:
    """Where readers came from on the days of the span."""
    found: dict[str, Counter[str]] = {"referrer": Counter(), "country": Counter()}
    rows = SourceDay.objects.filter(
        article_id=article_id, day__gte=span.first_day, day__lte=span.last_day
    )
    sums = rows.values_list("kind", "name").annotate(all=Sum("views")).order_by("-all", "name")
    for kind, name, some in sums[:NAMES]:
        found[kind][name] = some
    whole = ArticleHour.objects.filter(
        article_id=article_id,
        hour__gte=start_of(span.first_day),
        hour__lt=start_of(span.last_day + timedelta(days=1)),
    ).aggregate(**SUMS)
    return sources_tables(span, found["referrer"], found["country"], max(0, summed(whole).views))
