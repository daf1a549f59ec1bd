"""The demo newsroom, built through the newsroom's own actions.

All of it is one change: a build that is interrupted leaves nothing behind, one that is asked for
again finds the paper there and does nothing.
"""

import gc
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.search import index

from stoppress.demo.filing import Names, file_manuscript, topics_named
from stoppress.demo.library import AuthorNote, Library, PictureNote, SectionNote, read_library
from stoppress.demo.manuscripts import Manuscript
from stoppress.demo.readership import ReadStory, invent
from stoppress.demo.studio import Drawn, drawn
from stoppress.newsroom.actions import create_author, create_section, ensure_front
from stoppress.newsroom.models import Article, Author, FrontSlot, Picture, Section, Topic
from stoppress.newsroom.renditions import keep_renditions
from stoppress.newsroom.tags import picture as picture_tag
from stoppress.newsroom.topics import load_topics
from stoppress.press.changes import changing

Progress = Callable[[int, int, str], None]  # steps done, steps in all, what is being done

VIEWS_OF_A_DAY = 640  # of a story on its first day, on average; invented, and marked so


@dataclass(frozen=True, slots=True)
class Prepared:
    """The paper as read from its files, and its pictures, drawn ahead of being asked for."""

    library: Library
    files: Iterator[Drawn]
    now: datetime


@contextmanager
def prepared() -> Iterator[Prepared]:
    """Read the paper and begin to draw. Needs no database, so one can be made meanwhile."""
    now = timezone.now()
    library = read_library(now)
    with drawn(_pictures(library)) as files:
        yield Prepared(library, files, now)


def build(progress: Progress | None = None) -> bool:
    """Fill an empty newsroom with the demo paper. False if there are stories in it already."""
    if Article.objects.exists():
        return False
    with prepared() as paper:
        fill(paper, progress)
    return True


def fill(paper: Prepared, progress: Progress | None = None) -> None:
    """Bring what is prepared into an empty newsroom, as one change."""
    with _without_collections(), changing("build the demo newsroom") as change:
        _build(paper.library, paper.files, paper.now, progress or _silently)
        change.touch(*(picture_tag(pk) for pk in Picture.objects.values_list("pk", flat=True)))


@contextmanager
def _without_collections() -> Iterator[None]:
    # A fifth of the time goes into looking for cycles among objects that are all still in use.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _silently(done: int, total: int, what: str) -> None:
    """Tell nobody."""


def _build(library: Library, files: Iterator[Drawn], now: datetime, progress: Progress) -> None:
    desk = zip(_pictures(library), files, strict=True)
    pictures: dict[str, Picture] = {}

    def hang(keys: Iterable[str]) -> None:
        """Take pictures from the desk until these are there."""
        missing = set(keys) - pictures.keys()
        while missing:
            note, made = next(desk)
            pictures[note.key] = _make_picture(note, made)
            missing.discard(note.key)

    _make_sections(library.sections)
    if not Topic.objects.exists():
        load_topics()
    hang(author.portrait.key for author in library.authors if author.portrait)
    names = Names(
        authors={note.slug: _make_author(note, pictures) for note in library.authors},
        pictures=pictures,
        topics=topics_named(label for story in library.manuscripts for label in story.topics),
        stories={},
    )
    read: list[ReadStory] = []
    for done, manuscript in enumerate(library.manuscripts):
        progress(done, len(library.manuscripts), "Publishing stories")
        hang(manuscript.pictures)
        article = file_manuscript(manuscript, names)
        names.stories[manuscript.slug] = article.pk
        read.append(ReadStory(article.pk, manuscript.published_at, _views(manuscript, now)))
    invent(read, now)
    hang(library.pictures)  # the rest, for the wire
    _fill_slots(names.stories[slug] for slug in library.slots)
    progress(len(library.manuscripts), len(library.manuscripts), "Publishing stories")


def _pictures(library: Library) -> list[PictureNote]:
    """All pictures in the order they are needed, so that stories needn't wait for the last."""
    portraits = [author.portrait for author in library.authors if author.portrait]
    needed = [key for manuscript in library.manuscripts for key in manuscript.pictures]
    keys = dict.fromkeys([*needed, *library.pictures])
    return [*portraits, *(library.pictures[key] for key in keys)]


def _make_sections(notes: Iterable[SectionNote]) -> None:
    made: dict[str, Section] = {}
    for note in notes:
        parent, _, slug = note.path.rpartition("/")
        made[note.path] = create_section(
            note.name, parent=made.get(parent), slug=slug, description=note.description
        )


def _make_picture(note: PictureNote, made: Drawn) -> Picture:
    picture = Picture(
        title=note.key,
        file=ContentFile(made.data, name=f"{note.key}.jpg"),
        file_size=len(made.data),
        width=note.spec.width,
        height=note.spec.height,
        alt_text=note.alt,
        caption=note.caption,
        credit=note.credit,
    )
    # In bulk, past `Picture.save`, which would make the renditions again.
    Picture.objects.bulk_create([picture])
    keep_renditions(picture, made.renditions)
    index.insert_or_update_object(picture)
    return picture


def _make_author(note: AuthorNote, pictures: dict[str, Picture]) -> Author:
    return create_author(
        note.name,
        slug=note.slug,
        kind=note.kind,
        role=note.role,
        email=note.email,
        biography=f"<p>{note.biography}</p>",
        portrait=pictures.get(note.portrait.key) if note.portrait else None,
    )


def _views(manuscript: Manuscript, now: datetime) -> int:
    """Invented views: most come on the first day, full pieces draw more, some stories surprise."""
    days = (now - manuscript.published_at) / timedelta(days=1)
    read_so_far = min(days, 1.0) + 0.25 * min(max(days - 1, 0), 6)
    length = 0.4 + min(manuscript.words, 500) / 500
    luck = random.Random(manuscript.slug).lognormvariate(0, 0.7)  # noqa: S311
    return round(VIEWS_OF_A_DAY * read_so_far * length * luck)


def _fill_slots(ids: Iterable[int]) -> None:
    front = ensure_front()
    front.slots = [FrontSlot(article_id=pk, sort_order=place) for place, pk in enumerate(ids)]
    front.publish(front.save_revision())
