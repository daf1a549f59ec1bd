"""Questions for numbers, as an address asks them: a span of time, and whose reading.

The same address gives the page, its live part, and the files; whatever can't be answered is said
in a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stoppress.newsroom.desk.access import Access, Place
from stoppress.newsroom.desk.models import Scope
from stoppress.newsroom.desk.readership.errors import BadQuestion
from stoppress.newsroom.desk.readership.spans import (
    Span,
    chosen_span,
    life_span,
    month_span,
    now_span,
    read_days,
    since_span,
    today_span,
)
from stoppress.newsroom.models import Author

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the whole paper, a section with those inside it, or an author."""

    span: Span
    scope: Scope
    scope_id: int
    scope_ids: tuple[int, ...]  # of a section, with those inside
    name: str  # empty for the paper
    places: tuple[Place, ...]

    @property
    def has_readers(self) -> bool:
        """Whether distinct readers are known; of several stories together they are not."""
        return self.scope is Scope.PAPER


def paper_question(said: Mapping[str, str], access: Access, now: datetime) -> Question:
    """What is asked of the paper. Raises BadQuestion."""
    span = read_span(said, now)
    section, author = said.get("section", ""), said.get("author", "")
    if section and author:
        raise BadQuestion("Numbers are told by section or by author. Choose one of them.")
    if section:
        place = access.place(_number(section, "section"))
        if place is None:
            raise BadQuestion(f"There is no section {section[:20]}. Choose one from the list.")
        inside = tuple(p.id for p in access.places if p.path.startswith(place.path))
        return Question(span, Scope.SECTION, place.id, inside, place.name, access.places)
    if author:
        found = Author.objects.filter(pk=_number(author, "author")).values_list("pk", "name")
        for pk, name in found:
            return Question(span, Scope.AUTHOR, pk, (pk,), name, access.places)
        raise BadQuestion(f"There is no author {author[:20]}. Choose one from the list.")
    return Question(span, Scope.PAPER, 0, (0,), "", access.places)


def read_span(said: Mapping[str, str], now: datetime, published_at: datetime | None = None) -> Span:
    """The span that an address names. Raises BadQuestion.

    Of a story, its first three days may be asked for, or all: these are the defaults.
    """
    name = said.get("range", "")
    if not name and (said.get("from") or said.get("to")):
        name = "chosen"
    if not name:
        name = "today" if published_at is None else _default_of_story(published_at, now)
    if name == "now":
        return now_span(now)
    if name == "today":
        return today_span(now)
    if name == "30d":
        return month_span(now)
    if name == "chosen":
        return chosen_span(*read_days(said), now)
    if name == "first" and published_at is not None:
        return since_span(published_at, now)
    if name == "since" and published_at is not None:
        return life_span(published_at, now)
    raise BadQuestion(
        f"“{name[:40]}” is no range. There are now, today and 30d; days of your own are given "
        "with from and to."
    )


def _default_of_story(published_at: datetime, now: datetime) -> str:
    return "first" if now < since_span(published_at, now).end else "since"


def _number(said: str, name: str) -> int:
    if not (said.isascii() and said.isdigit()) or int(said[:20]) > LARGEST_ID:
        raise BadQuestion(f"“{said[:40]}” is no {name}. Choose one from the list.")
    return int(said)
