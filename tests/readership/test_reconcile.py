"""Reconciling a web server's log with the totals: every request has its reason, and all add up."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stoppress.readership.errors import NothingToCompare
from stoppress.readership.models import ArticleHour
from stoppress.readership.reconciling import Article, Reconciliation, reconcile
from stoppress.readership.requests import Fate, Other

pytestmark = pytest.mark.usefixtures("database")

TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOT = "Mozilla/5.0 (compatible; Examplebot/2.1; +https://example.com/bot)"
STORM, FLOOD = "/world/2026/11/25/a-storm/", "/world/2026/11/24/a-flood/"
STORIES = {STORM: 7, FLOOD: 8}


def line(
    seconds: float,
    what: str = f"GET {STORM}",
    *,
    who: str = "203.0.113.9",
    status: int = 200,
    referrer: str = "-",
    agent: str = BROWSER,
    zone: int = 0,
    more: str = "",
) -> str:
    """A line that was logged so many seconds after ten o'clock."""
    at = TEN + timedelta(seconds=seconds, hours=zone)
    return (
        f"{who} - - [{at:%d/%b/%Y:%H:%M:%S} {zone:+03d}00] "
        f'"{what} HTTP/1.1" {status} 1 "{referrer}" "{agent}"{more}\n'
    )


def report(seconds: float, story: str = STORM, **more: object) -> str:
    address = f"https://news.example{story}"
    return line(seconds, "POST /-/reads", referrer=address, **more)


def edges() -> tuple[str, str]:
    """Requests just before ten and just after eleven: the hour between them is whole."""
    return line(-5, "GET /"), line(3605, "GET /")


def reconciled(tmp_path: Path, lines: Iterable[str], **more: object) -> Reconciliation:
    first, last = edges()
    file = tmp_path / "access.log"
    file.write_text("".join([first, *lines, last]))
    found = reconcile([file], STORIES.get, **more)
    assert found.log.lines == found.log.malformed + found.outside + sum(found.other.values()) + sum(
        one.requests for one in found.articles.values()
    )
    return found


def counted(article: int = 7, hour: datetime = TEN, **counts: int) -> None:
    ArticleHour.objects.create(article_id=article, hour=hour, **counts)


def of(found: Reconciliation, article: int = 7) -> Article:
    return found.articles[article]


def test_a_page_that_was_reported_is_a_view(tmp_path):
    counted(views=1)
    one = of(reconciled(tmp_path, [line(10), report(11)]))
    assert (one.requests, one.seen, one.views, one.not_explained) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("fate", "lines"),
    [
        (Fate.ROBOT, [line(10, agent=ROBOT)]),
        (Fate.ROBOT, [line(10, agent="-")]),
        (Fate.METHOD, [line(10, f"HEAD {STORM}")]),
        (Fate.REDIRECT, [line(10, status=301)]),
        (Fate.ERROR, [line(10, status=410)]),
        (Fate.ERROR, [line(10, status=503)]),
        (Fate.NOT_SEEN, [line(10)]),
        (Fate.NOT_SEEN, [line(10), report(11, who="203.0.113.10")]),
        (Fate.NOT_SEEN, [line(10), report(11, FLOOD)]),
        (Fate.AHEAD, [line(10, more=' "prefetch"')]),
        (Fate.REFUSED, [line(10), report(11, status=403)]),
        (Fate.LOST, [line(10), report(11, status=503)]),
    ],
)
def test_a_request_that_is_no_view_has_its_reason(tmp_path, fate, lines):
    one = of(reconciled(tmp_path, lines))
    assert dict(one.fates) == {fate: 1}
    assert (one.requests, one.seen, one.not_explained) == (1, 0, 0)


def test_repeats_are_one_showing(tmp_path):
    counted(views=2)
    lines = [line(10), line(30), line(59), report(60), line(100), report(101)]
    one = of(reconciled(tmp_path, lines))
    assert dict(one.fates) == {Fate.REPEAT: 2}
    assert (one.requests, one.seen, one.not_explained) == (4, 2, 0)


def test_what_was_fetched_ahead_and_shown_is_a_view(tmp_path):
    counted(views=1)
    one = of(reconciled(tmp_path, [line(10, more=' "prefetch;prerender"'), report(90)]))
    assert (dict(one.fates), one.seen, one.not_explained) == ({}, 1, 0)


def test_a_page_the_reader_had_already_is_seen_as_well(tmp_path):
    counted(views=1)
    one = of(reconciled(tmp_path, [line(10, status=304), report(11)]))
    assert (one.seen, one.not_explained) == (1, 0)


def test_a_refused_report_that_is_taken_later_is_a_view(tmp_path):
    counted(views=1)
    one = of(reconciled(tmp_path, [line(10), report(11, status=503), report(25)]))
    assert (dict(one.fates), one.seen, one.not_explained) == ({}, 1, 0)


def test_going_back_is_a_view_without_a_request(tmp_path):
    counted(views=2)
    one = of(reconciled(tmp_path, [line(10), report(11), report(100)]))
    assert (one.seen, one.without_request, one.views, one.not_explained) == (1, 1, 2, 0)


def test_how_a_page_was_left_is_no_view(tmp_path):
    """The second report may as well say how far the reader came; the totals tell which it was."""
    counted(views=1)
    one = of(reconciled(tmp_path, [line(10), report(11), report(100)]))
    assert (one.seen, one.without_request, one.not_explained) == (1, 0, 0)


def test_what_the_totals_count_apart_is_named(tmp_path):
    counted(views=1, staff=1, doubtful=2, robots=2)
    lines = [line(10, agent=ROBOT), report(12, agent=ROBOT)]
    for number in range(1, 6):
        who = f"203.0.113.{number}"
        lines += [line(20 + number, who=who), report(30 + number, who=who)]
    one = of(reconciled(tmp_path, lines))
    assert (one.robots_by_headers, one.staff, one.doubtful) == (1, 1, 2)
    assert (one.seen, one.views, one.not_explained) == (5, 1, 0)


def test_what_nothing_accounts_for_is_said(tmp_path):
    counted(views=1)
    counted(8, views=5)
    lines = [line(10), report(11), line(10, who="203.0.113.8"), report(11, who="203.0.113.8")]
    found = reconciled(tmp_path, lines)
    assert of(found).not_explained == 1  # seen, but not counted
    assert of(found, 8).not_explained == -5  # counted, but not in the log
    assert (found.total.views, found.total.not_explained) == (6, -4)


def test_hours_begin_with_the_report(tmp_path):
    """A page opened at 9:59 and seen at ten is a view of ten; of one at 10:59 as well of later."""
    counted(views=1)
    lines = [line(-2), report(1), line(3599, who="203.0.113.8"), report(3601, who="203.0.113.8")]
    one = of(reconciled(tmp_path, lines))
    assert (one.requests, one.seen_from_before, one.seen_later) == (1, 1, 1)
    assert (one.seen, one.not_explained) == (1, 0)


def test_the_logs_clock_may_be_in_any_zone(tmp_path):
    counted(views=1)
    found = reconciled(tmp_path, [line(10, zone=2), report(11, zone=2)])
    assert found.since == TEN
    assert found.log.zones == {0, 120}
    assert of(found).not_explained == 0


def test_former_and_disguised_addresses_are_the_articles(tmp_path):
    lines = [line(10, f"GET {STORM}?utm_source=x"), line(50, "GET /world/2026/11/25/a%2Dstorm/")]
    assert of(reconciled(tmp_path, lines)).requests == 2


def test_what_is_no_article_is_told_apart(tmp_path):
    asked = ("/", "/world/2026/11/25/no-story/", "/static/a.css", "/desk/", "/-/live", "*")
    found = reconciled(tmp_path, [line(n, f"GET {path}") for n, path in enumerate(asked)])
    assert found.other == {Other.PAGES: 3, Other.FILES: 1, Other.PRIVATE: 1, Other.PARTS: 1}
    assert not found.has_reports


def test_a_report_that_names_no_page_is_told(tmp_path):
    found = reconciled(tmp_path, [line(10), line(11, "POST /-/reads", referrer="-")])
    assert found.unplaced == 1
    assert of(found).fates == {Fate.NOT_SEEN: 1}


def test_malformed_lines_are_named_and_counted(tmp_path):
    found = reconciled(tmp_path, [line(10), "\n", "nonsense\n", *["{}\n"] * 30])
    assert (found.log.malformed, len(found.log.bad_lines)) == (31, 20)
    file, number, why = found.log.bad_lines[0]
    assert (Path(file).name, number) == ("access.log", 4)
    assert "neither" in why


def test_hours_in_which_the_log_is_complete_may_be_named(tmp_path):
    counted(hour=TEN - timedelta(hours=1), views=1)
    counted(views=1)
    file = tmp_path / "log"
    file.write_text(line(-200) + report(-199))
    with pytest.raises(NothingToCompare):
        reconcile([file], STORIES.get)
    found = reconcile([file], STORIES.get, since=TEN - timedelta(hours=1), until=TEN)
    assert (of(found).views, of(found).not_explained) == (1, 0)


def test_an_empty_log_has_nothing_to_compare(tmp_path):
    (tmp_path / "log").write_text("")
    with pytest.raises(NothingToCompare):
        reconcile([tmp_path / "log"], STORIES.get, since=TEN, until=TEN + timedelta(hours=1))


def test_a_reader_who_waits_long_is_let_go_and_still_adds_up(tmp_path):
    """Held at least an hour, at most two: a log of days must not be held."""
    counted(hour=TEN + timedelta(hours=3), views=1)
    file = tmp_path / "log"
    hours = [line(3600 * hour, "GET /") for hour in range(1, 4)]
    file.write_text(
        "".join([line(-5, "GET /"), line(10), *hours, report(3600 * 3 + 60), line(14_500)])
    )
    one = of(reconcile([file], STORIES.get))
    assert (one.requests, dict(one.fates)) == (1, {Fate.NOT_SEEN: 1})
    assert (one.without_request, one.views, one.not_explained) == (1, 1, 0)


def test_any_log_adds_up(tmp_path):
    """Random readers, and totals that have nothing to do with them."""
    choose = random.Random(7)
    for _ in range(30):
        ArticleHour.objects.all().delete()
        counted(views=choose.randrange(20), robots=choose.randrange(5), staff=choose.randrange(3))
        lines = [
            choose.choice((line, report, report))(
                seconds,
                who=f"203.0.113.{choose.randrange(4)}",
                status=choose.choice((200, 200, 200, 304, 301, 503)),
                agent=choose.choice((BROWSER, BROWSER, ROBOT)),
            )
            for seconds in sorted(choose.randrange(-300, 4000) for _ in range(80))
        ]
        one = of(reconciled(tmp_path, lines))
        lost = sum(one.fates.values()) + one.seen_later
        assert one.requests - lost + one.seen_from_before == one.seen
        apart = one.robots_by_headers + one.staff + one.doubtful
        assert one.seen + one.without_request - apart - one.not_explained == one.views
        assert min(one.fates.values(), default=0) >= 0
        assert one.seen >= 0
