"""An archive of any size behind the demo paper, to try what only a large newsroom shows.

Its stories are made of the wire's copy, with other words in their places: invented throughout. Each
has a number that decides all there is to it, counted from the newest back, so an archive that was
interrupted goes on where it stopped, and one asked for again with a larger number only grows.
"""

import html
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from stoppress.demo.ages import name_days
from stoppress.demo.filing import topics_named
from stoppress.demo.library import SectionNote, read_library
from stoppress.demo.markup import blocks_of
from stoppress.demo.wire_copy import Copy, read_wire
from stoppress.newsroom.actions import create_author, create_section, get_section
from stoppress.newsroom.body import markup_to_text
from stoppress.newsroom.bulk import LoadedStory, load
from stoppress.newsroom.errors import NoSuchSection
from stoppress.newsroom.models import Article, Author, Topic
from stoppress.newsroom.topics import load_topics
from stoppress.press.changes import changing

Progress = Callable[[int, int, str], None]  # steps done, steps in all, what is being done

PARTS = "\n\n"
KEY = "archive-"
KEY_DIGITS = 9
STORIES_A_DAY = 120
PACE = timedelta(days=1) / STORIES_A_DAY
BRIEFS = 2  # other stories told in short at the end of each
BRIEF_PARAGRAPHS = 2
CORRECTED_EACH = 40  # one story in so many carries a correction
FREELANCES = 60  # authors of the archive alone
GIVEN = ("Ada", "Bela", "Corin", "Dagny", "Emre", "Fenna", "Gil", "Hanno", "Ilse", "Jory")
FAMILY = ("Arnvale", "Brightwater", "Calloway-Sund", "Dunmere", "Estwick", "Fjelde")


@dataclass(frozen=True, slots=True)
class Piece:
    """A story of the wire, set in blocks before its places are filled: parsed once, not each time.

    All of it is markup, the words for its places and its headline too. It has no blocks but those
    whose value is one text.
    """

    copy: Copy
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, copy: Copy) -> "Piece":
        """Set a story."""
        blocks = [block for part in copy.text.split(PARTS) for block in blocks_of(part)]
        text = PARTS.join(value for _, value in blocks)
        words = {name: _escaped(options) for name, options in copy.choices.items()}
        headline = html.escape(copy.headline, quote=False)
        marked = replace(copy, headline=headline, text=text, choices=words)
        return cls(marked, tuple(kind for kind, _ in blocks))

    def filled(self, seed: str, published_at: datetime) -> tuple[str, list[tuple[str, str]]]:
        """Headline and blocks with their places filled, its days named."""
        headline, text = self.copy.filled(seed)
        values = name_days(text, published_at).split(PARTS)
        return html.unescape(name_days(headline, published_at)), list(
            zip(self.kinds, values, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What an archive's stories name, by id."""

    pieces: Sequence[Piece]
    by_section: Mapping[str, Sequence[Piece]]
    section_ids: Mapping[str, int]
    author_ids: Mapping[str, int]
    freelance_ids: Sequence[int]
    topic_ids: Mapping[str, int]


def extend(size: int, progress: Progress | None = None, until: datetime | None = None) -> int:
    """Let the archive have `size` stories; returns how many were added.

    The newest is a little older than `until`, by default than the oldest story of the paper. Each
    batch is there in full or not at all, so this can be interrupted and asked for again.
    """
    held, newest_before = _held(until)
    if held >= size:
        return 0
    desk = furnish()
    added = 0
    for count in load(_story(number, newest_before, desk) for number in range(held, size)):
        added += count
        if progress:
            progress(held + added, size, "Loading the archive")
    return added


def furnish() -> Desk:
    """The sections, authors and topics that the archive's stories name; made if they are not."""
    library = read_library(timezone.now())
    with changing("furnish the archive"):
        sections: dict[str, int] = {}
        for note in library.sections:
            sections[note.path] = _section_id(note)
        if not Topic.objects.exists():
            load_topics()
        authors = dict(Author.objects.values_list("slug", "pk"))
        for author in library.authors:
            if author.slug not in authors:
                made = create_author(
                    author.name, slug=author.slug, kind=author.kind, role=author.role
                )
                authors[author.slug] = made.pk
        freelances = [_freelance_id(number, authors) for number in range(FREELANCES)]
    copies = read_wire()
    topics = topics_named(label for copy in copies for label in copy.topics)
    pieces = [Piece.of(copy) for copy in copies]
    return Desk(
        pieces=pieces,
        by_section={path: [p for p in pieces if p.copy.section == path] for path in sections},
        section_ids=sections,
        author_ids=authors,
        freelance_ids=freelances,
        topic_ids={label: topic.pk for label, topic in topics.items()},
    )


def _held(until: datetime | None) -> tuple[int, datetime]:
    """How many stories the archive has, and the moment before which its newest lies."""
    # Between two keys: no index finds what merely begins with one.
    keys = Page.objects.filter(slug__gte=KEY, slug__lt=KEY[:-1] + chr(ord(KEY[-1]) + 1))
    last = keys.order_by("-slug").values_list("slug", "pk").first()
    if last is None:
        oldest = Article.objects.filter(live=True).order_by("published_at").first()
        moment = until or (oldest.moment if oldest else timezone.now())
        return 0, moment.replace(microsecond=0)
    number = int(last[0].removeprefix(KEY))
    published_at = Article.objects.values_list("published_at", flat=True).get(pk=last[1])
    return number + 1, published_at + _age(number)


def _age(number: int) -> timedelta:
    """How long before the newest moment a story lies: at a steady pace, at an uneven second."""
    within = random.Random(number).randrange(1, int(PACE.total_seconds()))  # noqa: S311
    return number * PACE + timedelta(seconds=within)


def _story(number: int, newest_before: datetime, desk: Desk) -> LoadedStory:
    chance = random.Random(f"archive/{number}")  # noqa: S311 -- newspaper prose, not secrets
    published_at = newest_before - _age(number)
    piece = chance.choice(desk.pieces)
    copy = piece.copy
    headline, body = piece.filled(f"{number}", published_at)
    bylines = [desk.author_ids[slug] for slug in copy.byline if slug in desk.author_ids]
    if chance.random() < 0.5:
        bylines.insert(0, chance.choice(desk.freelance_ids))
    updates: tuple[tuple[str, datetime, str], ...] = ()
    if number % CORRECTED_EACH == 0:
        updates = (
            (
                "correction",
                published_at + timedelta(hours=3),
                "An earlier version of this story named a wrong street.",
            ),
        )
    return LoadedStory(
        key=f"{KEY}{number:0{KEY_DIGITS}}",
        section_id=desk.section_ids[copy.section],
        headline=headline,
        standfirst=_first_sentence(body[0][1]),
        published_at=published_at,
        language="en",
        body=[*body, *_briefs(piece, number, published_at, chance, desk)],
        kind=copy.kind,
        author_ids=tuple(bylines),
        topic_ids=tuple(desk.topic_ids[label] for label in copy.topics if label in desk.topic_ids),
        updates=updates,
    )


def _escaped(options: Any) -> Any:
    if isinstance(options, str):
        return html.escape(options, quote=False)
    return [_escaped(option) for option in options]


def _first_sentence(markup: str) -> str:
    return markup_to_text(markup).split(". ")[0].rstrip(".") + "."


def _briefs(
    told: Piece, number: int, published_at: datetime, chance: random.Random, desk: Desk
) -> Iterator[tuple[str, str]]:
    """Other news of the section: a subheading and the first paragraphs of each."""
    others = [piece for piece in desk.by_section[told.copy.section] if piece is not told]
    for place in range(BRIEFS):
        piece = chance.choice(others or desk.pieces)
        headline, blocks = piece.filled(f"{number}/{place}", published_at)
        yield "subheading", headline
        yield from blocks[:BRIEF_PARAGRAPHS]


def _section_id(note: SectionNote) -> int:
    try:
        return int(get_section(note.path).pk)
    except NoSuchSection:
        outer, _, slug = note.path.rpartition("/")
        parent = get_section(outer) if outer else None
        made = create_section(note.name, parent=parent, slug=slug, description=note.description)
        return int(made.pk)


def _freelance_id(number: int, known: Mapping[str, int]) -> int:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN)]
    slug = f"{given}-{family}".lower()
    if slug in known:
        return known[slug]
    return int(create_author(f"{given} {family}", slug=slug, role="Freelance").pk)
