"""Search: an index of our own, in the same database, written when a story is published.

A text is cut into terms here, not by the database, so that SQLite (FTS5) and PostgreSQL (tsvector)
find the same stories. Words are folded (case, accents, Arabic and Hebrew points); scripts written
without spaces become overlapping pairs of characters, so that any two characters of a Chinese,
Japanese or Thai text can be found. A term of three letters or more also finds the words it begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db import connection

from stoppress.newsroom.body import plain_text
from stoppress.newsroom.readingtime import HAN_AND_KANA, UNSPACED

RESULTS_A_PAGE = 20
ROWS_A_QUERY = 50
QUERY_MAX_CHARACTERS = 200
QUERY_MAX_TERMS = 20
PREFIX_FROM_CHARACTERS = 3
TERM_MAX_CHARACTERS = 60
POSITION_MAX = 16_383  # PostgreSQL's own limit of a position in a tsvector
WEIGHTS = {"headline": "A", "standfirst": "B", "names": "B", "body": "D"}

RUN = re.compile(rf"[{HAN_AND_KANA}{UNSPACED}]+|[^\W_{HAN_AND_KANA}{UNSPACED}]+")
UNSPACED_START = re.compile(rf"[{HAN_AND_KANA}{UNSPACED}]")
# Letters that are typed plain where a keyboard lacks them; Unicode does not decompose these.
STROKES = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"}
)
HANGUL = re.compile("[\uac00-\ud7a3]{2}")  # Korean words carry their particles at the end
# Marks that may be left out in writing: Latin accents, Greek, Cyrillic, Hebrew and Arabic points.
OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]"
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows a search by."""

    section_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of a search: articles best first, and how many there are in all."""

    article_ids: tuple[int, ...]
    total: int


def terms(text: str) -> Iterator[str]:
    """The terms of a text, in order."""
    for found in RUN.finditer(fold(text)):
        run = found.group()
        if UNSPACED_START.match(run):
            yield from (run[n : n + 2] for n in range(len(run)))
        else:
            yield run[:TERM_MAX_CHARACTERS]


def query_terms(query: str) -> list[tuple[str, ...]]:
    """The phrases a query asks for; all must be found. A run of Chinese is one phrase of pairs."""
    phrases: list[tuple[str, ...]] = []
    for found in RUN.finditer(fold(query)):
        run = found.group()
        if UNSPACED_START.match(run) and len(run) > 1:
            phrases.append(tuple(run[n : n + 2] for n in range(len(run) - 1)))
        else:
            phrases.append((run[:TERM_MAX_CHARACTERS],))
    return phrases[:QUERY_MAX_TERMS]


def fold(text: str) -> str:
    """A text as it is compared: case, width, accents and points do not count."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(STROKES)
    return unicodedata.normalize("NFC", OPTIONAL_MARKS.sub("", decomposed))


def write(article: Any, names: Iterable[str]) -> None:
    """Put a live article and its authors' and topics' names into the index, for what it had."""
    remove(article.pk)
    insert([(article.pk, fields_of(article, names))])


def fields_of(article: Any, names: Iterable[str]) -> dict[str, str]:
    """The texts of an article that can be found, by their fields."""
    return {
        "headline": " ".join((article.kicker, article.headline, article.short_headline)),
        "standfirst": " ".join((article.standfirst, article.dateline)),
        "names": " ".join(names),
        "body": plain_text(article.body),
    }


def insert(entries: Iterable[tuple[int, dict[str, str]]]) -> None:
    """Write articles that the index does not hold."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(id_, _tsvector(fields)) for id_, fields in entries]
            for start in range(0, len(rows), ROWS_A_QUERY):
                some = rows[start : start + ROWS_A_QUERY]
                marks = ", ".join(["(%s, %s::tsvector)"] * len(some))
                cursor.execute(
                    f"INSERT INTO newsroom_search (article_id, entry) VALUES {marks}",  # noqa: S608
                    list(chain.from_iterable(some)),
                )
        else:
            cursor.executemany(
                "INSERT INTO newsroom_search (rowid, headline, standfirst, names, body) "
                "VALUES (%s, %s, %s, %s, %s)",
                [
                    (id_, *(" ".join(terms(text)) for text in fields.values()))
                    for id_, fields in entries
                ],
            )


def remove(*article_ids: int) -> None:
    """Take articles out of the index."""
    with connection.cursor() as cursor:
        for start in range(0, len(article_ids), ROWS_A_QUERY):
            some = article_ids[start : start + ROWS_A_QUERY]
            cursor.execute(
                f"DELETE FROM newsroom_search WHERE {_key()} IN ({_marks(some)})",  # noqa: S608
                some,
            )


def remove_fallen() -> None:
    """Take out of the index what readers can't find by an address."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM newsroom_search WHERE {_key()} NOT IN "  # noqa: S608
            "(SELECT article_id FROM newsroom_articleaddress WHERE is_current)"
        )


def _key() -> str:
    return "article_id" if connection.vendor == "postgresql" else "rowid"


def find(query: str, filters: Filters, page: int = 1) -> Hits:
    """Live articles that match; without a query, those that the filters leave, newest first."""
    phrases = query_terms(query)
    if query.strip() and not phrases:
        return Hits((), 0)
    source, order, values = _matching(phrases)
    where, more = _narrowed(filters)
    tables = (
        f"{source} newsroom_listing listing "
        "JOIN newsroom_articleaddress address "
        "ON address.article_id = listing.article_id AND address.is_current "
        "JOIN newsroom_article article ON article.page_ptr_id = listing.article_id "
    )
    condition = " AND ".join([*_joined(phrases), "listing.list = 'latest'", *where])
    parameters = [*values, *more]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {tables} WHERE {condition}", parameters)  # noqa: S608
        (total,) = cursor.fetchone()
        cursor.execute(
            f"SELECT listing.article_id FROM {tables} WHERE {condition} "  # noqa: S608
            f"ORDER BY {order} listing.published_at DESC, listing.article_id DESC "
            f"LIMIT {RESULTS_A_PAGE} OFFSET {RESULTS_A_PAGE * (page - 1)}",
            [*values, *more, *_order_values(phrases)],
        )
        found = tuple(row[0] for row in cursor.fetchall())
    return Hits(found, total)


def _matching(phrases: list[tuple[str, ...]]) -> tuple[str, str, list[Any]]:
    """The search table to join, the order by rank, and the match condition's value."""
    if not phrases:
        return "", "", []
    if connection.vendor == "postgresql":
        return "newsroom_search,", "ts_rank(entry, %s::tsquery) DESC,", [_tsquery(phrases)]
    return "newsroom_search,", "bm25(newsroom_search, 8, 4, 4, 1),", [_fts5(phrases)]


def _joined(phrases: list[tuple[str, ...]]) -> list[str]:
    if not phrases:
        return []
    if connection.vendor == "postgresql":
        return ["entry @@ %s::tsquery", "newsroom_search.article_id = listing.article_id"]
    return ["newsroom_search MATCH %s", "newsroom_search.rowid = listing.article_id"]


def _order_values(phrases: list[tuple[str, ...]]) -> list[str]:
    return [_tsquery(phrases)] if phrases and connection.vendor == "postgresql" else []


def _narrowed(filters: Filters) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    if filters.section_ids:
        where.append(f"address.section_id IN ({_marks(filters.section_ids)})")
        values += filters.section_ids
    if filters.kinds:
        where.append(f"article.kind IN ({_marks(filters.kinds)})")
        values += filters.kinds
    if filters.since:
        where.append("address.date >= %s")
        values.append(filters.since)
    if filters.until:
        where.append("address.date <= %s")
        values.append(filters.until)
    return where, values


def _marks(values: tuple[Any, ...]) -> str:
    return ", ".join(["%s"] * len(values))


def _fts5(phrases: list[tuple[str, ...]]) -> str:
    return " AND ".join(
        f'"{" ".join(phrase)}"' + ("*" if _finds_beginnings(phrase) else "") for phrase in phrases
    )


def _tsquery(phrases: list[tuple[str, ...]]) -> str:
    parts = []
    for phrase in phrases:
        mark = ":*" if _finds_beginnings(phrase) else ""
        parts.append("(" + " <-> ".join(f"{_quoted(term)}{mark}" for term in phrase) + ")")
    return " & ".join(parts)


def _finds_beginnings(phrase: tuple[str, ...]) -> bool:
    if len(phrase) > 1:
        return False
    if UNSPACED_START.match(phrase[0]):
        return len(phrase[0]) == 1
    return len(phrase[0]) >= PREFIX_FROM_CHARACTERS or HANGUL.match(phrase[0]) is not None


def _tsvector(fields: dict[str, str]) -> str:
    lexemes: dict[str, list[str]] = {}
    position = 0
    for name, text in fields.items():
        for term in terms(text):
            position = min(position + 1, POSITION_MAX)
            lexemes.setdefault(term, []).append(f"{position}{WEIGHTS[name]}")
        position = min(position + 1, POSITION_MAX)  # no phrase reaches from one field to the next
    return " ".join(f"{_quoted(term)}:{','.join(places[:255])}" for term, places in lexemes.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("'", "''").replace("\\", "\\\\") + "'"
