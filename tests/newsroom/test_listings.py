"""Lists against a slow, obvious model of them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.newsroom import clock, listings
from stoppress.newsroom.models import Listing, ListingMonth
from stoppress.press.changes import changing

NAMES = ["latest", "section-1", "section-2"]
START = datetime(2026, 1, 28, 12, tzinfo=UTC)

acts = st.lists(
    st.tuples(
        st.integers(1, 6),  # article
        st.integers(0, 9),  # day; several share one, so ids decide the order
        st.sets(st.sampled_from(NAMES)),
    ),
    max_size=15,
)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(acts=acts)
def test_lists_equal_their_model_and_tags_tell_every_difference(paper, acts):
    with changing("empty") as change:
        Listing.objects.all().delete()
        ListingMonth.objects.all().delete()
        change.touch("list:latest")
    model: dict[int, tuple[datetime, set[str]]] = {}
    for article_id, day, names in acts:
        at = START + timedelta(days=day)
        before, days_before = shown(model), {name: by_day(model, name) for name in NAMES}
        with changing("enlist") as change:
            touched = listings.enlist(article_id, at, names)
            change.touch("list:latest", *touched)
        model[article_id] = (at, names)
        for name, (newest, months) in shown(model).items():
            assert [p.article_id for p in listings.newest([name], 50)] == newest
            assert listings.months([name]) == {m: len(ids) for m, ids in months.items()}
            for month in months.keys() | before[name][1].keys():
                if months.get(month) != before[name][1].get(month):
                    assert f"list:{name}:{month:%Y-%m}" in touched
            if before[name][0] != newest:
                assert f"list:{name}" in touched
        for name in NAMES:
            days = by_day(model, name)
            for day in days.keys() | days_before[name].keys():
                assert {p.article_id for p in listings.in_day([name], day)} == days.get(day, set())
                if days.get(day) != days_before[name].get(day):
                    assert f"list:{name}:{day:%Y-%m-%d}" in touched
    merged = listings.newest(NAMES, 50)
    assert [p.article_id for p in merged] == in_order(model, lambda names: bool(names))


def shown(model):
    return {
        name: (
            in_order(model, lambda names, name=name: name in names),
            by_month(model, name),
        )
        for name in NAMES
    }


def in_order(model, belongs) -> list[int]:
    rows = [(at, article_id) for article_id, (at, names) in model.items() if belongs(names)]
    return [article_id for at, article_id in sorted(rows, reverse=True)]


def by_month(model, name) -> dict[date, set[int]]:
    months: dict[date, set[int]] = {}
    for article_id, (at, names) in model.items():
        if name in names:
            months.setdefault(clock.month_of(at), set()).add(article_id)
    return months


def by_day(model, name) -> dict[date, set[int]]:
    days: dict[date, set[int]] = {}
    for article_id, (at, names) in model.items():
        if name in names:
            days.setdefault(clock.paper_day(at), set()).add(article_id)
    return days
