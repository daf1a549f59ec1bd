"""A slow, obvious model of the counting rules: sort, cut into chains, count the last of each.

It sees all reports at the end, where the journal sees them one by one. Both follow
docs/reference/counting.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from itertools import pairwise

from stoppress.edge.views import OF_KIND, SITE, Kind

REPEAT = 30
DAY, HOUR, NETWORK_SLOT = 86_400, 3600, 600


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as the edge takes it: by a person, whoever they are to the journal."""

    person: str
    article: int
    at: float
    kind: Kind
    visit: int
    network: str = ""  # none: no limit
    referrer: str = ""
    is_private: bool = False


@dataclass(slots=True)
class Expected:
    """What has to be counted."""

    views: Counter[tuple[int, int, str]] = field(default_factory=Counter)  # article, hour, kind
    readers: Counter[tuple[int, int]] = field(default_factory=Counter)  # article, day
    sources: Counter[tuple[int, date, str]] = field(default_factory=Counter)  # by the paper's day


def accepted(history: list[Report]) -> list[Report]:
    """All but replays: the same visit, half a minute or more after it was first reported.

    A visit is remembered until the day after its first report has ended.
    """
    first: dict[int, float] = {}
    kept = []
    for report in history:
        known = first.get(report.visit)
        if known is None or report.at // DAY - known // DAY > 1:
            first[report.visit] = report.at
        if abs(report.at - first[report.visit]) < REPEAT:
            kept.append(report)
    return kept


def chains(history: list[Report]) -> list[list[Report]]:
    """One person's reports of one article, cut where half a minute or more lies between two.

    By the time on the clock: where that was set back, what came later may be earlier.
    """
    by_pair: defaultdict[tuple[str, int], list[Report]] = defaultdict(list)
    for report in history:
        by_pair[report.person, report.article].append(report)
    found = []
    for _, arrived in sorted(by_pair.items()):
        own = sorted(arrived, key=lambda report: report.at)
        cuts = [n for n, (one, next_) in enumerate(pairwise(own), 1) if next_.at - one.at >= REPEAT]
        edges = [0, *cuts, len(own)]
        found += [own[start:end] for start, end in pairwise(edges)]
    return found


def model(history: list[Report], *, most_from_network: int, zone: tzinfo = UTC) -> Expected:
    """What these reports, in the order in which they came, have to count as.

    `zone` is the paper's: views by source are kept by its days, all else by UTC.
    """
    expected = Expected()
    readers: set[tuple[int, int, str]] = set()
    from_network: Counter[tuple[int, str, int]] = Counter()
    for chain in sorted(chains(accepted(history)), key=lambda chain: chain[0].at):
        first, last = chain[0], chain[-1]
        kind, day = last.kind, int(first.at) // DAY
        if first.kind is Kind.VIEW and first.network:
            key = (int(first.at) // NETWORK_SLOT, first.network, first.article)
            if from_network[key] >= most_from_network:
                expected.views[last.article, hour_of(last), OF_KIND[Kind.DOUBTFUL]] += 1
                continue
            from_network[key] += 1
        expected.views[last.article, hour_of(last), OF_KIND[kind]] += 1
        if first.kind is Kind.VIEW and not first.is_private:
            readers |= {(last.article, day, last.person), (SITE, day, last.person)}
            if first.referrer:
                there = datetime.fromtimestamp(hour_of(first), zone).date()
                expected.sources[first.article, there, first.referrer] += 1
    expected.readers = Counter((article, day) for article, day, _ in readers)
    return expected


def hour_of(report: Report) -> int:
    """The hour a report is in, as UTC epoch seconds."""
    return int(report.at) // HOUR * HOUR
