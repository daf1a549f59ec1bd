"""What an import tells the person at the keyboard. Texts of the page are shown, never obeyed."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from stoppress.cli.progress import console, note
from stoppress.wires.pagedump import PageDump
from stoppress.wires.pagedump.shapes import Moment, Remark

if TYPE_CHECKING:
    from stoppress.wires.page_import import Report

PRECISIONS = (
    (31_536_000, "year"),
    (2_592_000, "month"),
    (604_800, "week"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
)
MAX_REMARKS = 40


def show_recognised(name: str, dump: PageDump) -> None:
    """Print what was recognised, what was unsure, and what looks damaged."""
    note(f"Recognised in {name}:")
    rows = [(f"{what}:", shown(found)) for what, found in _recognised(dump)]
    _print_rows(rows)
    if dump.rail:
        note("\nOther stories in the rail:")
        _print_rows(_rail(dump))
    _remarks("Unsure of", dump.unsure)
    _remarks("Suspected damage (left as it is)", dump.damage)


def show_import(report: "Report") -> None:
    """Print what became of the page."""
    article = report.article
    note("")
    if not report.is_new:
        note(f"Already imported as “{shown(article.title)}”{_where(report)}. Nothing was changed.")
        return
    if report.made_section:
        note(f"The section {shown(report.section)} was missing: it was made.")
    for name in report.made_authors:
        note(f"{shown(name)} was not among the authors: now is.")
    state = "Published" if report.is_published else "Imported as a draft"
    note(f"{state} in {shown(report.section)}: “{shown(article.title)}”{_where(report)}.")
    if report.dump.views is not None:
        note(f"Opening balance: {report.dump.views.count:,} views, kept apart from our own count.")
    known = f"; {report.known_takes} were known already" if report.known_takes else ""
    if report.takes or report.known_takes:
        note(f"Takes: {len(report.takes)} from the rail{known}.")


def shown(text: str) -> str:
    """A page's text as a terminal may show it: marks that would steer the terminal are named."""
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else f"<U+{ord(c):04X}>"
        for c in text
    ).replace("\n", " ")


def _where(report: "Report") -> str:
    return f" at {report.address}" if report.address else f" (article {report.article.pk})"


def _recognised(dump: PageDump) -> Iterable[tuple[str, str]]:
    yield "Headline", f"{dump.headline} (line {dump.headline_line})"
    if dump.standfirst:
        yield "Standfirst", dump.standfirst
    if dump.section:
        yield "Section", dump.section
    for credit in dump.byline:
        role = f", {credit.role}" if credit.role else ""
        yield "Byline", f"{credit.name}{role} ({credit.kind}, line {credit.line})"
    if dump.published:
        yield "Published", _moment(dump.published)
    if dump.updated:
        yield "Last update", _moment(dump.updated)
    if dump.reading_minutes is not None:
        yield "Reading time", f"{dump.reading_minutes} min, as stated"
    if dump.views:
        yield "Views", f"{dump.views.count:,}{'' if dump.views.is_exact else ' (rounded)'}"
    if dump.dateline:
        yield "Dateline", dump.dateline
    yield "Language", dump.language or "not recognised"
    first, last = dump.body[0].first_line, dump.body[-1].last_line
    words = sum(len(p.text.split()) for p in dump.body)
    yield "Body", f"{len(dump.body)} paragraphs, {words:,} words, lines {first} to {last}"
    if dump.furniture:
        lines = ", ".join(str(f.line) for f in dump.furniture[:MAX_REMARKS])
        yield "Furniture", f"{len(dump.furniture)} left out, on lines {lines}"


def _rail(dump: PageDump) -> Iterable[tuple[str, ...]]:
    for entry in dump.rail:
        yield (
            f"line {entry.line}",
            _moment(entry.published) if entry.published else "no time",
            "" if entry.reading_minutes is None else f"{entry.reading_minutes} min",
            shown(entry.section),
            shown(entry.headline),
        )


def _print_rows(rows: Iterable[tuple[str, ...]]) -> None:
    """A table at a terminal, wrapped to fit; elsewhere one line a row, for other programs."""
    if not console.is_terminal:
        for row in rows:
            note("  " + "  ".join(cell for cell in row if cell))
        return
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _moment(moment: Moment) -> str:
    unit = next(name for size, name in PRECISIONS if moment.precision_seconds >= size)
    form = "%Y-%m-%d %H:%M:%S" if unit == "second" else "%Y-%m-%d %H:%M"
    if moment.precision_seconds >= 86_400:
        form = "%Y-%m-%d"
    return f"{moment.at:{form}}, to the {unit}"


def _remarks(title: str, remarks: tuple[Remark, ...]) -> None:
    if not remarks:
        return
    note(f"\n{title}:")
    for remark in remarks[:MAX_REMARKS]:
        note(f"  line {remark.line}: {shown(remark.what)}")
    if len(remarks) > MAX_REMARKS:
        note(f"  and {len(remarks) - MAX_REMARKS} more")
