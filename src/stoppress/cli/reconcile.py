"""`stoppress reconcile`: a web server's log held against the views that were counted."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import console, note

if TYPE_CHECKING:
    from stoppress.readership.reconciling import Article, Reconciliation

SHOWN_AT_MOST = 30
COLUMNS = ("requests", "robots", "repeats", "unseen", "other", "seen", "apart", "views", "rest")
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")
Row = tuple[str, int]

_ARTICLE = re.compile(r"/(.+)/(\d{4})/(\d\d)/(\d\d)/([^/]+)/")


@click.command(short_help="Explain a web server's log beside the views counted.")
@click.argument(
    "logs",
    metavar="ACCESSLOG…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--since", type=click.DateTime(MOMENTS), help="From this whole hour on (UTC).")
@click.option("--until", type=click.DateTime(MOMENTS), help="Up to this whole hour (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with all articles.")
def reconcile(
    logs: tuple[Path, ...], since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Say by which rules the requests in a web server's log became the views that were counted.

    ACCESSLOG is a log of nginx or Apache in the combined format, or of Caddy (JSON); several, as
    after a rotation, in their order; gzip or not. Whole hours are compared: those between the
    first line and the last, or those named by --since and --until.
    """
    hours = [_whole_hour(moment) for moment in (since, until)]
    open_newsroom()
    from stoppress.cli.schema import require_exact_fit
    from stoppress.newsroom.addresses import current_urls
    from stoppress.readership.errors import ReadershipError
    from stoppress.readership.reconciling import reconcile as compare

    require_exact_fit()
    try:
        with console.status("Reading …"):
            found = compare(logs, find_article, since=hours[0], until=hours[1])
    except ReadershipError as error:
        raise CommandFault(str(error)) from error
    if as_json:
        click.echo(json.dumps(_as_json(found, current_urls([*found.articles])), indent=1))
        return
    shown = sorted(found.articles, key=lambda id_: -found.articles[id_].requests)[:SHOWN_AT_MOST]
    _show(found)
    _show_articles(found, shown, current_urls(shown))


def find_article(path: str) -> int | None:
    """The number of the article that has a path, or had it; None if none ever did."""
    from stoppress.newsroom.reading.addresses import read_address

    parts = _ARTICLE.fullmatch(path)
    if parts is None:
        return None
    section, year, month, day, slug = parts.groups()
    found = read_address(section, int(year), int(month), int(day), slug)
    return found.id if found else None


def _whole_hour(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if moment.minute:
        raise click.BadParameter(f"{moment:%H:%M} is no whole hour. Views are kept by the hour.")
    return moment.replace(tzinfo=UTC)


def _show(found: "Reconciliation") -> None:
    zones = ", ".join(_zone(minutes) for minutes in sorted(found.log.zones))
    note(
        f"Compared: {found.since:%Y-%m-%d %H:00} to {found.until:%Y-%m-%d %H:00} UTC. The log's "
        f"clock is at UTC {zones}."
    )
    _print_sum("The log", _lines(found))
    _print_sum("Requests of articles", _sum(found.total))
    for file, number, why in found.log.bad_lines:
        note(f"  {file}, line {number:,}: {why}")
    if found.log.malformed > len(found.log.bad_lines):
        note(f"  and {found.log.malformed - len(found.log.bad_lines):,} more lines malformed")
    if not found.has_reports:
        note(
            "The log has no reports of reading (POST /-/reads): which pages were seen can't be "
            "told from it. Log these too."
        )
    elif found.unplaced:
        note(f"{found.unplaced:,} reports name no article's page as their referrer.")


def _lines(found: "Reconciliation") -> Iterable[Row]:
    yield "lines", found.log.lines
    yield "- malformed", -found.log.malformed
    yield "- of other hours", -found.outside
    for kind, number in found.other.most_common():
        yield f"- {kind.value}", -number
    yield "= requests of articles", found.total.requests


def _sum(article: "Article") -> Iterable[Row]:
    yield "requests", article.requests
    for fate, number in article.fates.most_common():
        yield f"- {fate.value}", -number
    if article.seen_later:
        yield "- seen after these hours", -article.seen_later
    if article.seen_from_before:
        yield "+ requested before these hours, seen in them", article.seen_from_before
    yield "= seen by a reader, as the log has it", article.seen
    yield "+ seen without a request (back, forward, a page kept)", article.without_request
    yield "- robots, by their headers", -article.robots_by_headers
    yield "- staff", -article.staff
    yield "- doubtful", -article.doubtful
    yield "- not explained", -article.not_explained
    yield "= views counted", article.views


def _show_articles(found: "Reconciliation", shown: list[int], urls: dict[int, str]) -> None:
    if not shown:
        return
    note("\nArticles, with most requests first (rest: not explained):")
    table = Table(box=None, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("article", overflow="fold")
    for id_ in shown:
        numbers, name = _columns(found.articles[id_]), urls.get(id_, f"article {id_}")
        if console.is_terminal:
            table.add_row(*(f"{number:,}" for number in numbers), Text(name))
        else:
            note("  ".join(map(str, (*numbers, name))))
    if console.is_terminal:
        console.print(table)
    if len(found.articles) > len(shown):
        note(f"and {len(found.articles) - len(shown):,} articles more; --json has all")


def _columns(article: "Article") -> tuple[int, ...]:
    from stoppress.readership.requests import Fate

    told = article.fates[Fate.ROBOT], article.fates[Fate.REPEAT], article.fates[Fate.NOT_SEEN]
    rest = sum(article.fates.values()) - sum(told)
    rest += article.seen_later - article.seen_from_before
    apart = article.robots_by_headers + article.staff + article.doubtful - article.without_request
    numbers = (rest, article.seen, apart, article.views, article.not_explained)
    return (article.requests, *told, *numbers)


def _print_sum(title: str, rows: Iterable[Row]) -> None:
    note(f"\n{title}:")
    for name, number in rows:
        note(f"{number:>14,}  {name}")


def _zone(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _as_json(found: "Reconciliation", urls: dict[int, str]) -> dict[str, object]:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "log_zones": [_zone(minutes) for minutes in sorted(found.log.zones)],
        "lines": found.log.lines,
        "malformed": found.log.malformed,
        "malformed_lines": [
            {"file": file, "line": number, "why": why} for file, number, why in found.log.bad_lines
        ],
        "other_hours": found.outside,
        "other_requests": {kind.name.lower(): number for kind, number in found.other.items()},
        "has_reports": found.has_reports,
        "reports_without_article": found.unplaced,
        "total": _article_as_json(found.total),
        "articles": [
            {"article": id_, "url": urls.get(id_, "")} | _article_as_json(one)
            for id_, one in sorted(found.articles.items())
        ],
    }


def _article_as_json(article: "Article") -> dict[str, object]:
    from stoppress.readership.requests import Fate

    return {
        "requests": article.requests,
        **{fate.name.lower(): article.fates[fate] for fate in Fate},
        "seen_later": article.seen_later,
        "seen_from_before": article.seen_from_before,
        "seen": article.seen,
        "without_request": article.without_request,
        "robots_by_headers": article.robots_by_headers,
        "staff": article.staff,
        "doubtful": article.doubtful,
        "views": article.views,
        "not_explained": article.not_explained,
    }
