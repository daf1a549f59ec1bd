"""The demo's stories, read from `content/`.

A file holds one story or several. Each begins with TOML between two lines of "+++" and goes on with
its body (see `markup`). `content/stories` has a file for each full piece, named as its address;
`content/shorts` a file for each section, "city--council.md" for city/council.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stoppress.demo.ages import moment_of, name_days
from stoppress.demo.errors import BadManuscript
from stoppress.demo.markup import Block, blocks_of, plain, references_in
from stoppress.newsroom.slugs import make_slug

FENCE = "+++"
REQUIRED = ("age", "headline", "byline")
OPTIONAL = {
    "agencies": [],
    "dateline": "",
    "gallery": [],
    "kicker": "",
    "kind": "report",
    "language": "en",
    "picture": "",
    "search_title": "",
    "section": "",
    "short_headline": "",
    "slug": "",
    "sources": "",
    "standfirst": "",
    "topics": [],
    "updates": [],
}


@dataclass(frozen=True, slots=True)
class Update:
    """A line of a story's update log."""

    kind: str
    dated_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A story as its writer handed it in, dated."""

    file: str
    slug: str
    section: str
    kind: str
    headline: str
    short_headline: str
    search_title: str
    kicker: str
    standfirst: str
    byline: tuple[str, ...]  # slugs of authors, agencies last
    dateline: str
    picture: str  # key in pictures.toml, or ""
    gallery: tuple[str, ...]
    language: str
    topics: tuple[str, ...]  # labels of media topics
    sources: str
    updates: tuple[Update, ...]
    published_at: datetime
    body: tuple[Block, ...]

    @property
    def pictures(self) -> list[str]:
        """Keys of all its pictures."""
        within = [ref.name for ref in references_in(list(self.body)) if ref.kind == "picture"]
        return [*([self.picture] if self.picture else []), *self.gallery, *within]

    @property
    def words(self) -> int:
        """Words of the body; of scripts without spaces, half the characters."""
        text = plain(list(self.body))
        if self.language in ("ja", "zh"):
            return len(re.sub(r"\s", "", text)) // 2
        return len(text.split())


def read_file(path: Path, now: datetime) -> list[Manuscript]:
    """The stories of a file. Raises BadManuscript."""
    is_short = path.parent.name == "shorts"
    section = path.stem.replace("--", "/") if is_short else ""
    slug = "" if is_short else path.stem
    return [
        _manuscript(path.name, line, {"section": section, "slug": slug, **head}, body, now)
        for line, head, body in _parts(path)
    ]


def _parts(path: Path) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Line, front matter and body of each story in a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fences = [number for number, line in enumerate(lines) if line == FENCE]
    if not fences or fences[0] != 0 or len(fences) % 2:
        raise BadManuscript(path.name, 1, f"A story begins with TOML between two lines “{FENCE}”.")
    for opening, closing, end in zip(
        fences[::2], fences[1::2], [*fences[2::2], len(lines)], strict=True
    ):
        try:
            head = tomllib.loads("\n".join(lines[opening + 1 : closing]))
        except tomllib.TOMLDecodeError as fault:
            raise BadManuscript(path.name, opening + 1, f"This is not TOML: {fault}.") from fault
        yield opening + 1, head, "\n".join(lines[closing + 1 : end])


def _manuscript(file: str, line: int, head: dict[str, Any], body: str, now: datetime) -> Manuscript:
    _check(file, line, head)
    told = {**OPTIONAL, **head}
    try:
        published = moment_of(told["age"], now)
        updates = tuple(
            Update(kind, moment_of(age, now), name_days(text, published))
            for kind, age, text in told["updates"]
        )
        blocks = tuple(blocks_of(name_days(body, published)))
    except ValueError as fault:
        raise BadManuscript(file, line, str(fault)) from fault
    if late := [update for update in updates if update.dated_at < published]:
        raise BadManuscript(file, line, f"“{late[0].text}” is dated before the story itself.")
    texts = ("headline", "short_headline", "search_title", "kicker", "standfirst", "sources")
    return Manuscript(
        file=file,
        slug=told["slug"] or make_slug(told["headline"], fallback="story"),
        section=told["section"],
        kind=told["kind"],
        byline=(*told["byline"], *told["agencies"]),
        dateline=told["dateline"],
        picture=told["picture"],
        gallery=tuple(told["gallery"]),
        language=told["language"],
        topics=tuple(told["topics"]),
        updates=updates,
        published_at=published,
        body=blocks,
        **{name: name_days(told[name], published) for name in texts},
    )


def _check(file: str, line: int, head: dict[str, Any]) -> None:
    if missing := [name for name in REQUIRED if not head.get(name)]:
        raise BadManuscript(
            file, line, f"The story has no {missing[0]}. Add it between the fences."
        )
    known = {*REQUIRED, *OPTIONAL}
    if strange := sorted(set(head) - known):
        raise BadManuscript(
            file,
            line,
            f"“{strange[0]}” is nothing a story has. Known are: {', '.join(sorted(known))}.",
        )
