"""Where readers came from, as tables: by class, by domain, and by country where it is known."""

from collections import Counter

from stoppress.newsroom.desk.readership.sources import CLASS_NAMES, by_class, class_of
from stoppress.newsroom.desk.readership.spans import Grain, Span
from stoppress.newsroom.desk.readership.tables import Column, Kind, Row, Table, with_shares

DOMAINS = 20


def sources_tables(
    span: Span, referrers: Counter[str], countries: Counter[str], views: int
) -> list[Table]:
    """Where readers came from: by class, by domain, and by country where it is known."""
    if not views:
        referrers, countries = Counter(), Counter()
    classes = by_class(referrers.items(), views) if views else {}
    note = "Kept by the day." if span.grain is not Grain.DAY else ""
    listed = [
        Row((name, CLASS_NAMES[class_of(name)], some, _share(some, views)))
        for name, some in referrers.most_common(DOMAINS + 1)
        if name
    ]
    tables = [
        Table(
            "sources",
            f"Where readers came from{_days_in_words(span)}",
            (
                Column("source", "From", Kind.TEXT, is_shown=False),
                Column("name", "From", Kind.TEXT),
                Column("views", "Views"),
                Column("percent_of_views", "Of views", Kind.PERCENT),
            ),
            with_shares(
                (Row((kind.value, CLASS_NAMES[kind], some, _share(some, views)))
                 for kind, some in sorted(classes.items(), key=lambda item: -item[1])),
                2,
            ),
            note=note,
        ),
        Table(
            "referrers",
            f"Sites they came from{_days_in_words(span)}",
            (
                Column("domain", "Site", Kind.TEXT),
                Column("source", "Kind", Kind.TEXT),
                Column("views", "Views"),
                Column("percent_of_views", "Of views", Kind.PERCENT),
            ),
            with_shares(listed[:DOMAINS], 2),
            note=note,
            empty="No site sent anybody.",
        ),
    ]  # fmt: skip
    if countries:
        rows = [Row((name, some, _share(some, views)))
                for name, some in countries.most_common(DOMAINS + 1) if name]  # fmt: skip
        tables.append(
            Table(
                "countries",
                f"Countries{_days_in_words(span)}",
                (
                    Column("country", "Country", Kind.TEXT),
                    Column("views", "Views"),
                    Column("percent_of_views", "Of views", Kind.PERCENT),
                ),
                with_shares(rows[:DOMAINS], 1),
                note="From the paper’s own database of addresses.",
            )
        )
    return tables


def _days_in_words(span: Span) -> str:
    return " today" if span.name == "now" else ""


def _share(some: int, views: int) -> float:
    return round(100 * some / views, 1) if views else 0.0
