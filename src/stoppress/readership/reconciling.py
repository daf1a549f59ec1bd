"""Reconciling: from the requests in a web server's log to the views that were counted, by rule.

    requests - what was no showing - showings that were not seen = showings seen
    showings seen + views without a request - counted apart = views + what is not explained

Every number of the first line comes from the log alone, views and what was counted apart from the
totals. The remainder closes the sum; it may be negative.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db.models import Sum

from stoppress.readership.accesslog import parse, read_lines
from stoppress.readership.errors import BadLine, NothingToCompare
from stoppress.readership.models import ArticleHour
from stoppress.readership.requests import HOUR_SECONDS, Fate, FindArticle, Other, Requests

BAD_LINES_TOLD = 20


@dataclass(slots=True)
class Article:
    """One article's requests and views in the hours compared; the sums are the module's."""

    requests: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    seen_later: int = 0  # requested in these hours, first reported after them
    seen_from_before: int = 0  # requested before these hours, first reported in them
    without_request: int = 0  # seen again by back or forward, or from the browser's own cache
    robots_by_headers: int = 0  # whose agent says nothing, but whose headers did
    staff: int = 0
    doubtful: int = 0
    views: int = 0

    @property
    def seen(self) -> int:
        """Showings of which a report came."""
        unseen = sum(self.fates.values()) + self.seen_later
        return self.requests - unseen + self.seen_from_before

    @property
    def not_explained(self) -> int:
        """Showings seen that nothing accounts for; negative for views that nothing does."""
        apart = self.robots_by_headers + self.staff + self.doubtful
        return self.seen + self.without_request - apart - self.views

    def add(self, other: "Article") -> None:
        """Add another's numbers."""
        self.fates += other.fates
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_NUMBERS = (
    *("requests", "seen_later", "seen_from_before", "without_request"),
    *("robots_by_headers", "staff", "doubtful", "views"),
)


@dataclass(slots=True)
class Log:
    """The lines of the logs."""

    lines: int = 0
    malformed: int = 0
    bad_lines: list[tuple[str, int, str]] = field(default_factory=list)  # file, line, why
    first: float = float("inf")
    last: float = float("-inf")
    zones: set[int] = field(default_factory=set)  # minutes from UTC


@dataclass(slots=True)
class Reconciliation:
    """What was found, for the whole hours from `since` until `until`."""

    log: Log
    since: datetime
    until: datetime
    other: Counter[Other]
    articles: dict[int, Article]
    outside: int  # lines of other hours
    unplaced: int  # reports that name no article's page
    total: Article

    @property
    def has_reports(self) -> bool:
        """Whether the log has reports of reading at all: without, what was seen can't be told."""
        return self.other[Other.REPORTS] > 0


def reconcile(
    paths: Iterable[Path],
    find_article: FindArticle,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Reconciliation:
    """Read logs, in their order, and compare them with the totals.

    `since` and `until` are whole hours for which the logs are complete; else the hours between
    their first line and their last that they cover wholly. Raises NothingToCompare, OSError,
    LogCutShort.
    """
    log, requests = Log(), Requests(find_article)
    for path in paths:
        _read(path, log, requests)
    requests.end()
    start = _whole_hour(since, log.first + HOUR_SECONDS - 1)
    end = _whole_hour(until, log.last)
    if not log.lines - log.malformed or start >= end:
        raise NothingToCompare
    articles = _articles(requests, range(start, end))
    _add_counted(articles, requests, range(start, end))
    total = Article()
    for article in articles.values():
        total.add(article)
    other = _in(requests.other, range(start, end))
    taken = log.lines - log.malformed - total.requests - sum(other.values())
    return Reconciliation(
        log,
        datetime.fromtimestamp(start, UTC),
        datetime.fromtimestamp(end, UTC),
        other,
        articles,
        taken,
        sum(number for hour, number in requests.unplaced.items() if start <= hour < end),
        total,
    )


def _read(path: Path, log: Log, requests: Requests) -> None:
    for number, line in read_lines(path):
        if not line.strip():
            continue
        log.lines += 1
        try:
            request = parse(line)
        except BadLine as error:
            log.malformed += 1
            if len(log.bad_lines) < BAD_LINES_TOLD:
                log.bad_lines.append((str(path), number, str(error)))
            continue
        log.first, log.last = min(log.first, request.at), max(log.last, request.at)
        log.zones.add(request.zone_minutes)
        requests.take(request)


def _whole_hour(said: datetime | None, found: float) -> int:
    if said is not None:
        return int(said.timestamp())
    return (
        0 if found in (float("inf"), float("-inf")) else int(found // HOUR_SECONDS) * HOUR_SECONDS
    )


def _articles(requests: Requests, hours: range) -> dict[int, Article]:
    """What the log alone says."""
    found: dict[int, Article] = {}
    for (article, hour), number in requests.pages.items():
        if hour in hours:
            found.setdefault(article, Article()).requests += number
    for (article, hour, fate), number in requests.fates.items():
        if hour in hours:
            found[article].fates[fate] += number
    for (article, asked, reported), number in requests.seen.items():
        one = found.setdefault(article, Article())
        one.seen_later += number if asked in hours and reported not in hours else 0
        one.seen_from_before += number if asked not in hours and reported in hours else 0
    return found


def _add_counted(articles: dict[int, Article], requests: Requests, hours: range) -> None:
    """Put the totals beside it."""
    robots_seen = _by_article(requests.robots_seen, hours)
    again = _by_article(requests.again, hours)
    rows = ArticleHour.objects.filter(
        hour__gte=datetime.fromtimestamp(hours.start, UTC),
        hour__lt=datetime.fromtimestamp(hours.stop, UTC),
        article_id__gt=0,  # 0 is the paper, whose readers are counted once
    ).values_list("article_id")
    counted = rows.annotate(Sum("views"), Sum("robots"), Sum("staff"), Sum("doubtful"))
    for article, views, robots, staff, doubtful in counted:
        one = articles.setdefault(article, Article())
        one.views, one.staff, one.doubtful = views, staff, doubtful
        one.robots_by_headers = max(0, robots - robots_seen[article])
        one.without_request = min(max(0, -one.not_explained), again[article])


def _by_article(found: Counter[tuple[int, int]], hours: range) -> Counter[int]:
    summed: Counter[int] = Counter()
    for (article, hour), number in found.items():
        if hour in hours:
            summed[article] += number
    return summed


def _in(other: Counter[tuple[int, Other]], hours: range) -> Counter[Other]:
    summed: Counter[Other] = Counter()
    for (hour, kind), number in other.items():
        if hour in hours:
            summed[kind] += number
    return summed
