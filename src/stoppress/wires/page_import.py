"""A recognised page becomes an article, its rail becomes takes: all of it or nothing.

What the page states and the newsroom works out for itself (reading time) stays with the page's own
take, beside the untouched text.
"""

import hashlib
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.core.exceptions import ValidationError

from stoppress.newsroom.actions import create_article, create_author, create_section, publish_new
from stoppress.newsroom.languages import paper_language
from stoppress.newsroom.models import (
    Article,
    Author,
    Section,
    SectionPath,
    UpdateEntry,
)
from stoppress.press.changes import changing
from stoppress.readership.totals import set_opening_balance
from stoppress.theme.shapes import Precision
from stoppress.wires.errors import NoSectionNamed, PageRefused
from stoppress.wires.models import HEADLINE_MAX_CHARACTERS, Take
from stoppress.wires.moments import precision_of
from stoppress.wires.pagedump import PageDump, recognise
from stoppress.wires.pagedump.plain import HAN
from stoppress.wires.pagedump.shapes import Credit, Paragraph, RailEntry


@dataclass(slots=True)
class Report:
    """What an import did."""

    dump: PageDump
    article: Article
    is_new: bool = True  # False: the page was imported before, and nothing was changed
    is_published: bool = False
    section: str = ""
    made_section: bool = False
    made_authors: list[str] = field(default_factory=list)
    takes: list[Take] = field(default_factory=list)
    known_takes: int = 0

    @property
    def address(self) -> str:
        """Where readers find the story; empty for a draft."""
        return str(self.article.url or "") if self.article.live else ""


def import_page(
    text: str, retrieved: datetime, *, section: str = "", source: str, publish_it: bool = False
) -> Report:
    """Import the text of a page as an article, published if asked for, else as a draft.

    Raises a PageNotRecognised, PageRefused or NoSectionNamed, and has written nothing then. A page
    that was imported before is left as it is.
    """
    dump = recognise(text, retrieved)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    earlier = _imported_before(_one_line(dump.headline), digest, retrieved)
    if earlier is not None:
        return Report(dump, earlier, is_new=False)
    try:
        with changing(f"import a page from {source}"[:200]):
            report = _import(dump, retrieved, section or _name(dump.section), source, publish_it)
            _keep(report, text, digest, retrieved, source)
    except ValidationError as error:
        raise PageRefused(dump.headline, [_sentence(m) for m in _messages(error)]) from error
    return report


def _imported_before(headline: str, digest: str, retrieved: datetime) -> Article | None:
    takes = Take.objects.filter(article__isnull=False).select_related("article")
    same_text = takes.filter(digest=digest)
    same_page = takes.filter(headline=headline[:HEADLINE_MAX_CHARACTERS], received_at=retrieved)
    found = same_text.first() or same_page.first()
    return found.article if found else None


def _import(
    dump: PageDump, retrieved: datetime, section_name: str, source: str, publish_it: bool
) -> Report:
    section, made_section = _section(section_name)
    authors = [(*_author(credit), credit.role) for credit in dump.byline]
    act = publish_new if publish_it else create_article
    article = act(
        section=section,
        headline=_one_line(dump.headline),
        standfirst=dump.standfirst,
        dateline=dump.dateline,
        body=list(_blocks(dump.body)),
        byline=[(author, role) for author, _, role in authors],
        language=dump.language or paper_language(),
        published_at=_published_at(dump, retrieved),
        published_precision=_published_precision(dump),
        updates=list(_updates(dump, retrieved)),
    )
    if dump.views is not None:
        set_opening_balance(article.pk, dump.views.count, source, retrieved)
    return Report(
        dump,
        article,
        is_published=publish_it,
        section=section.title,
        made_section=made_section,
        made_authors=[author.name for author, is_made, _ in authors if is_made],
    )


def _section(name: str) -> tuple[Section, bool]:
    """Find a section by its name or path; make one below the front page if there is none."""
    wanted = name.strip()
    if not wanted:
        raise NoSectionNamed
    found = Section.objects.filter(title__iexact=wanted).order_by("depth", "path").first()
    if found is None:
        path = SectionPath.objects.filter(path=wanted.strip("/").lower(), is_current=True).first()
        found = Section.objects.filter(pk=path.section_id).first() if path else None
    if found is not None:
        return found, False
    return create_section(wanted), True


def _name(label: str) -> str:
    """Name a section after a label in capitals ("WORLD"); short ones are letters ("US")."""
    return label.title() if label.isupper() and len(label) > 3 else label


def _author(credit: Credit) -> tuple[Author, bool]:
    known = Author.objects.filter(name__iexact=credit.name, kind=credit.kind).order_by("pk").first()
    return (known, False) if known else (create_author(credit.name, kind=credit.kind), True)


def _blocks(body: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    """The body as blocks: paragraphs between two subheadings are one text."""
    running: list[str] = []
    for paragraph in body:
        if paragraph.kind == "subheading":
            if running:
                yield "text", "".join(running)
            yield "subheading", _one_line(paragraph.text)
            running = []
        else:
            running.append(f"<p>{html.escape(paragraph.text, quote=False)}</p>")
    if running:
        yield "text", "".join(running)


def _published_at(dump: PageDump, retrieved: datetime) -> datetime:
    stated = dump.published or dump.updated
    return min(stated.at, retrieved).astimezone(UTC) if stated else retrieved.astimezone(UTC)


def _published_precision(dump: PageDump) -> Precision:
    """How exactly the page tells it; one that tells nothing was there on the day it was saved."""
    stated = dump.published or dump.updated
    return precision_of(stated.precision_seconds) if stated else "day"


def _updates(dump: PageDump, retrieved: datetime) -> Iterator[UpdateEntry]:
    """The page's last update, told to readers as exactly as the page told it."""
    if dump.updated is None:
        return
    day = f"{retrieved.day} {retrieved:%B %Y}"
    text = f"Last updated where it first appeared (“{dump.updated.text}”, read on {day})."
    yield UpdateEntry(
        kind=UpdateEntry.Kind.UPDATE,
        dated_at=min(dump.updated.at, retrieved).astimezone(UTC),
        dated_precision=precision_of(dump.updated.precision_seconds),
        text=text,
    )


def _keep(report: Report, text: str, digest: str, retrieved: datetime, source: str) -> None:
    """Keep the page as a used take, and each rail entry that isn't known yet as a new one."""
    dump = report.dump
    published, updated = dump.published, dump.updated
    Take.objects.create(
        headline=_one_line(dump.headline)[:HEADLINE_MAX_CHARACTERS],
        body_text="\n\n".join(paragraph.text for paragraph in dump.body),
        section_name=dump.section[:100],
        received_at=retrieved,
        published_at=published.at if published else None,
        published_precision_seconds=published.precision_seconds if published else None,
        updated_at=updated.at if updated else None,
        updated_precision_seconds=updated.precision_seconds if updated else None,
        reading_minutes=dump.reading_minutes,
        source=source[:200],
        status=Take.Status.USED,
        article=report.article,
        raw=text,
        digest=digest,
    )
    for entry in reversed(dump.rail):  # of two equally new takes the later made comes first
        if _is_known(entry):
            report.known_takes += 1
        else:
            report.takes.insert(0, _make_take(entry, retrieved, source))


def _make_take(entry: RailEntry, retrieved: datetime, source: str) -> Take:
    published = entry.published
    return Take.objects.create(
        headline=_one_line(entry.headline)[:HEADLINE_MAX_CHARACTERS],
        section_name=entry.section[:100],
        received_at=retrieved,
        published_at=published.at if published else None,
        published_precision_seconds=published.precision_seconds if published else None,
        reading_minutes=entry.reading_minutes,
        source=f"rail of {source}"[:200],
    )


def _is_known(entry: RailEntry) -> bool:
    """The same headline at about the same time: another dump's rail showed the same story."""
    same = Take.objects.filter(headline=_one_line(entry.headline)[:HEADLINE_MAX_CHARACTERS])
    for at, precision in same.values_list("published_at", "published_precision_seconds"):
        if at is None or entry.published is None:
            return True
        slack = (precision or 0) + entry.published.precision_seconds
        if abs((at - entry.published.at).total_seconds()) <= slack:
            return True
    return False


def _one_line(text: str) -> str:
    """A headline that was wrapped, as the one line it is; Han is joined without a space."""
    first, *rest = (part.strip() for part in text.splitlines() or [text])
    for part in rest:
        joint = "" if HAN.match(part) and first and HAN.match(first[-1]) else " "
        first = f"{first}{joint}{part}"
    return first


def _messages(error: ValidationError) -> list[str]:
    if not hasattr(error, "message_dict"):
        return list(error.messages)
    return [
        text if name == "__all__" else f"{name}: {text}"
        for name, texts in error.message_dict.items()
        for text in texts
    ]


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
