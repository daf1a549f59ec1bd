"""All that the demo's content folder holds, checked to fit together."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stoppress.demo.errors import BadLibrary
from stoppress.demo.manuscripts import Manuscript, read_file
from stoppress.demo.markup import references_in
from stoppress.demo.pictures import PictureSpec

CONTENT = Path(__file__).parent / "content"
PORTRAIT_SIDE = 800  # px


@dataclass(frozen=True, slots=True)
class SectionNote:
    """A section to be made."""

    path: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class PictureNote:
    """A picture to be drawn, and what it needs to be shown honestly."""

    key: str
    spec: PictureSpec
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class AuthorNote:
    """An author to be made."""

    slug: str
    name: str
    kind: str
    role: str
    email: str
    biography: str
    portrait: PictureNote | None


@dataclass(frozen=True, slots=True)
class Library:
    """The whole paper before it is a newsroom."""

    sections: tuple[SectionNote, ...]
    authors: tuple[AuthorNote, ...]
    pictures: Mapping[str, PictureNote]
    manuscripts: tuple[Manuscript, ...]  # oldest first
    slots: tuple[str, ...]  # slugs of the stories an editor put on the front, from the top


def read_library(now: datetime, content: Path = CONTENT) -> Library:
    """Read and check the content, dated back from `now`. Raises BadManuscript, BadLibrary."""
    pictures = _toml(content / "pictures.toml")
    credit = pictures.pop("credit")
    library = Library(
        sections=tuple(SectionNote(**row) for row in _toml(content / "sections.toml")["section"]),
        authors=tuple(_author(row, credit) for row in _toml(content / "authors.toml")["author"]),
        pictures={key: _picture(key, row, credit) for key, row in pictures.items()},
        manuscripts=tuple(sorted(_manuscripts(content, now), key=_order)),
        slots=tuple(_toml(content / "front.toml")["slots"]),
    )
    if fault := next(_faults(library), ""):
        raise BadLibrary(fault)
    return library


def _order(manuscript: Manuscript) -> tuple[datetime, str]:
    return manuscript.published_at, manuscript.slug


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _manuscripts(content: Path, now: datetime) -> Iterator[Manuscript]:
    for path in sorted(
        path for folder in ("shorts", "stories") for path in (content / folder).glob("*.md")
    ):
        yield from read_file(path, now)


def _picture(key: str, row: dict[str, Any], credit: str) -> PictureNote:
    spec = PictureSpec(row["scene"], row["palette"], row["seed"], options=row.get("options", {}))
    return PictureNote(key, spec, row["alt"], row["caption"], row.get("credit", credit))


def _author(row: dict[str, Any], credit: str) -> AuthorNote:
    drawn = dict(row.get("portrait", {}))
    portrait = None
    if drawn:
        palette, seed = drawn.pop("palette"), drawn.pop("seed")
        spec = PictureSpec("portrait", palette, seed, PORTRAIT_SIDE, PORTRAIT_SIDE, drawn)
        alt = f"Drawn portrait of {row['name']}."
        portrait = PictureNote(f"portrait-{row['slug']}", spec, alt, row["name"], credit)
    return AuthorNote(
        slug=row["slug"],
        name=row["name"],
        kind=row.get("kind", "person"),
        role=row["role"],
        email=row.get("email", ""),
        biography=row["biography"],
        portrait=portrait,
    )


def _faults(library: Library) -> Iterator[str]:
    """What does not fit together, a whole sentence each."""
    stories = {story.slug: story for story in library.manuscripts}
    sections = {section.path for section in library.sections}
    authors = {author.slug for author in library.authors}
    for story in library.manuscripts:
        where = f"{story.file}, “{story.headline}”"
        if story.section not in sections:
            yield f"{where}: there is no section “{story.section}”."
        for author in set(story.byline) - authors:
            yield f"{where}: there is no author “{author}”."
        for picture in {story.picture, *story.gallery} - {""} - set(library.pictures):
            yield f"{where}: there is no picture “{picture}”."
        for reference in references_in(list(story.body)):
            known = library.pictures if reference.kind == "picture" else stories
            if reference.name not in known:
                yield f"{where}: there is no {reference.kind} “{reference.name}”."
            elif reference.kind == "story" and (
                stories[reference.name].published_at >= story.published_at
            ):
                yield f"{where} leads to “{reference.name}”, which is not older."
    for name in set(library.slots) - set(stories):
        yield f"front.toml: there is no story “{name}”."
    for what, counted in (
        ("headline", Counter(story.headline for story in library.manuscripts)),
        ("slug", Counter(story.slug for story in library.manuscripts)),
    ):
        for text, count in counted.items():
            if count > 1:
                yield f"The {what} “{text}” is taken {count} times. Change one of them."
