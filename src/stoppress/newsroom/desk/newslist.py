"""Finds a page of stories without counting or sorting the rest.

Stories come in the order of one index; a page begins where the last one ended (a *mark*: time and
id of a row), so page 2,000 costs what page 1 costs. There is no "page 7 of 2,031": to know it, all
would have to be counted.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from stoppress.newsroom.clock import start_of
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.models import ArticleByline

PAGE_SIZE = 50
WORDS_MAX = 8
MARK_MAX_CHARACTERS = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two rows: right after the row with this time and id."""

    at: datetime
    id: int

    def __str__(self) -> str:
        micros = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{micros}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark in an address; None if there is none or it makes no sense."""
        micros, dash, pk = text.partition("-")
        digits = text.isascii() and micros.isdigit() and pk.isdigit()
        if not (dash and digits and len(text) < MARK_MAX_CHARACTERS):
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(micros)), int(pk))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Question:
    """What an editor looks for."""

    sections: tuple[int, ...] | None = None  # None: the whole paper
    states: tuple[str, ...] = ()
    kind: str = ""
    author_id: int | None = None
    words: tuple[str, ...] = field(default=())
    since: date | None = None
    until: date | None = None

    @property
    def is_by_day(self) -> bool:
        """Whether stories are sought by the day they are dated, not by their last change."""
        return self.since is not None or self.until is not None

    @property
    def column(self) -> str:
        """The time that decides the order."""
        return "dated_at" if self.is_by_day else "changed_at"


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of stories, newest first."""

    entries: tuple[NewsListEntry, ...]
    newer: Mark | None
    older: Mark | None


def find(question: Question, *, before: Mark | None = None, after: Mark | None = None) -> Answer:
    """The stories right before a mark, right after one, or the newest."""
    rows = matching(question)
    if after is not None:
        found = list(_after(rows, question.column, after)[: PAGE_SIZE + 1])
        more = len(found) > PAGE_SIZE
        entries = tuple(reversed(found[:PAGE_SIZE]))
        return _answer(entries, question, newer=more, older=bool(entries))
    found = list(_before(rows, question.column, before)[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return _answer(tuple(found[:PAGE_SIZE]), question, newer=before is not None, older=more)


def matching(question: Question) -> QuerySet[NewsListEntry]:
    """All rows that answer the question, in no order yet."""
    rows = NewsListEntry.objects.all()
    if question.sections is not None:
        rows = _among(rows, "section_id", question.sections)
    if question.states:
        rows = _among(rows, "state", question.states)
    if question.kind:
        rows = rows.filter(kind=question.kind)
    if question.author_id is not None:
        written = ArticleByline.objects.filter(author_id=question.author_id)
        rows = rows.alias(story=_plain("article_id")).filter(story__in=written.values("article_id"))
    for word in question.words[:WORDS_MAX]:
        rows = rows.filter(folded_headline__contains=word.casefold())
    if question.since is not None:
        rows = rows.filter(dated_at__gte=start_of(question.since))
    if question.until is not None:
        rows = rows.filter(dated_at__lt=start_of(question.until + timedelta(days=1)))
    return rows


def ordered(rows: QuerySet[NewsListEntry], column: str) -> QuerySet[NewsListEntry]:
    """Newest first, in the order of an index."""
    return rows.order_by(f"-{column}", "-article_id")


def _before(rows: QuerySet[NewsListEntry], column: str, mark: Mark | None) -> Any:
    if mark is not None:
        # Not (time < t or (time = t and id < i)): an OR would keep the database off the index.
        rows = rows.filter(**{f"{column}__lte": mark.at})
        rows = rows.exclude(**{column: mark.at, "article_id__gte": mark.id})
    return ordered(rows, column)


def _after(rows: QuerySet[NewsListEntry], column: str, mark: Mark) -> Any:
    rows = rows.filter(**{f"{column}__gte": mark.at})
    rows = rows.exclude(**{column: mark.at, "article_id__lte": mark.id})
    return rows.order_by(column, "article_id")


def _among(rows: QuerySet[NewsListEntry], column: str, values: tuple[Any, ...]) -> Any:
    if len(values) == 1:
        return rows.filter(**{column: values[0]})
    return rows.alias(**{f"plain_{column}": _plain(column)}).filter(
        **{f"plain_{column}__in": values}
    )


def _plain(column: str) -> Coalesce:
    """The column's value as no index holds it.

    Given several values the database would gather every row of each and sort them; this keeps it
    walking the index that has the order already.
    """
    return Coalesce(F(column), F(column))


def _answer(
    entries: tuple[NewsListEntry, ...], question: Question, *, newer: bool, older: bool
) -> Answer:
    if not entries:
        return Answer((), None, None)
    return Answer(
        entries,
        newer=_mark(entries[0], question) if newer else None,
        older=_mark(entries[-1], question) if older else None,
    )


def _mark(entry: NewsListEntry, question: Question) -> Mark:
    return Mark(getattr(entry, question.column), entry.pk)
