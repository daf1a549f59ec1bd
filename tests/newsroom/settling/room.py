"""A small newsroom at work, what it should show, and the kinds of change it can make.

Every story's headline begins with a word of its own (`quay7`), which is part of its address, too.
So a story that readers must not find is found wherever it still is: in a list, a feed, a sitemap.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from wagtail import coreutils

from stoppress.newsroom import addresses, topics
from stoppress.newsroom.actions import create_author
from stoppress.newsroom.models import (
    Article,
    ArticleAddress,
    Author,
    Front,
    FrontSlot,
    Section,
    SectionPath,
    Topic,
)
from stoppress.newsroom.roles import give_role
from stoppress.newsroom.topics import TopicRow
from stoppress.press.fingerprint import announce
from tests.newsroom.paper import NOON, PaperTemplates, picture, story

NODE = "node-a"
MONTHS = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
STANDING = (
    *("/", "/latest/", "/-/parts/latest/", "/corrections/", "/feed/", "/feed/full/"),
    *("/sitemap.xml", "/sitemap/pages.xml", "/robots.txt"),
)
VOCABULARY = {row.qcode: row for row in topics.packaged_topics()}
TOPICS = (VOCABULARY["medtop:20000337"], VOCABULARY["medtop:20000343"])
WORD = re.compile(r"quay\d+")


class Fate(Enum):
    """Where a story stands with readers."""

    LIVE = "live"
    DOWN = "down"
    CLOSED = "closed"
    KILLED = "killed"
    DELETED = "deleted"


@dataclass(slots=True)
class Told:
    """What we know of a story, from what was done to it and nothing else."""

    word: str
    fate: Fate
    urls: set[str] = field(default_factory=set)


class Room:
    """The newsroom, and what readers should find of it."""

    def __init__(self) -> None:
        self.stories: dict[int, Told] = {}
        self.paths: set[str] = set(STANDING)
        self.numbers = count(1)
        self.topics = TOPICS
        for article in Article.objects.order_by("pk"):
            self.stories[article.pk] = Told(word_of(article.title), Fate.LIVE)
        self.look_round()
        self._desk: Client | None = None

    @property
    def desk(self) -> Client:
        """The desk, as its chief has it open."""
        if self._desk is None:
            self._desk = Client(headers={"host": "paper.example"})
            self._desk.force_login(get_user_model().objects.get(username="carl"))
        return self._desk

    def post(self, url: str, *, status: int = 302, **said: Any) -> None:
        """Do something at the desk that it takes."""
        answer = self.desk.post(url, said, secure=True)
        assert answer.status_code == status, (url, answer.status_code)
        assert "/login/" not in answer.get("Location", ""), url

    def number(self) -> int:
        """A number that nothing here has yet."""
        return max((int(told.word[4:]) for told in self.stories.values()), default=0) + 1

    def pick(self, n: int, *fates: Fate) -> int | None:
        """One of the stories that stand so."""
        found = sorted(pk for pk, told in self.stories.items() if told.fate in fates)
        return found[n % len(found)] if found else None

    def pick_live(self, n: int) -> Article | None:
        """One of the stories that readers can find."""
        pk = self.pick(n, Fate.LIVE)
        return None if pk is None else Article.objects.get(pk=pk)

    def gone(self) -> list[Told]:
        """The stories that nobody must find."""
        return [told for told in self.stories.values() if told.fate is not Fate.LIVE]

    def look_round(self) -> None:
        """Note every address that there is or ever was."""
        sections: dict[int, set[str]] = {}
        for section_id, path in SectionPath.objects.values_list("section_id", "path"):
            sections.setdefault(section_id, set()).add(path)
        own = {f"/{path}/" for paths in sections.values() for path in paths}
        own |= {f"/authors/{slug}/" for slug in Author.objects.values_list("slug", flat=True)}
        self.paths |= own | {f"{url}feed/" for url in own}
        self.paths |= {f"{url}{m:%Y/%m}/" for url in ("/", "/corrections/", *own) for m in MONTHS}
        self.paths |= {f"/topics/{topic.slug}/" for topic in our_topics()}
        for row in ArticleAddress.objects.all():
            self.paths.add(f"/sitemap/{row.date:%Y-%m-%d}.xml")
            around = ("", *(f"/{path}" for path in sections.get(row.section_id, ())))
            self.paths |= {f"{url}/{row.date:%Y/%m/%d}/" for url in around}
            found = {
                addresses.article_url(path, row.date, row.slug)
                for path in sections.get(row.section_id, ())
            }
            self.paths |= found
            if row.article_id in self.stories:
                self.stories[row.article_id].urls |= found


def word_of(headline: str) -> str:
    """A story's own word."""
    found = WORD.search(headline.lower())
    assert found, headline
    return found.group()


# Kinds of change

Kind = Callable[[Room, int], bool | None]
KINDS: dict[str, Kind] = {}


def kind(change: Kind) -> Kind:
    """Add a kind of change. It returns False if there was nothing to do it to."""
    KINDS[change.__name__] = change
    return change


def do(room: Room, name: str, n: int) -> bool:
    """Make a change of a kind to what the number picks; tells whether there was one."""
    was_done = KINDS[name](room, n) is not False
    room.look_round()
    return was_done


# The newsroom that each run begins with


class RoomTemplates(PaperTemplates):
    """The invented paper with a chief, pictures, topics and a few stories that use them all."""

    name = "room"

    def _fill(self) -> None:
        super()._fill()
        give_role(get_user_model().objects.create_user("carl"), "chief")
        fill()
        announce(NODE)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill() -> None:
    """Write the stories that are there from the start."""
    mira = Author.objects.get(name="Mira Lund")
    agency = Author.objects.get(kind="agency")
    ana = create_author("Ana Reis", portrait=picture("ana", (60, 40)))
    quay, boat = picture("quay", (60, 40)), picture("boat", (60, 40))
    ferries = our_topics()[1]
    first = story("Quay1 opens", byline=[mira, agency], lead_picture=quay, topics=[ferries])
    story("Quay2 shuts", section="harbour", byline=[ana], body=body(first.pk), gallery=[boat])
    note = ("correction", NOON.replace(month=2), "It was the other quay.")
    third = story("Quay3 waits", section="world/islands", byline=[mira, ana], updates=[note])
    story("Quay4 sinks", section="harbour", at=NOON.replace(month=2), body=body(third.pk))
    front = Front.objects.get()
    front.slots = [FrontSlot(article=third, sort_order=0)]
    front.publish(front.save_revision())


def our_topics() -> list[Topic]:
    """The few of the vocabulary that stories have here, the broader one first."""
    return list(Topic.objects.filter(qcode__in=[row.qcode for row in TOPICS]).order_by("qcode"))


def body(other: int | None, shown: Any = None) -> list[tuple[str, Any]]:
    """A body that links to another story, and may show a picture."""
    link = f'<a linktype="page" id="{other}">we reported</a>' if other else "we reported"
    blocks: list[tuple[str, Any]] = [("text", f"<p>The tide was out, as {link}.</p>")]
    if other:
        blocks.append(("related_story", other))
    return blocks + ([("picture", {"picture": shown})] if shown else [])


def pick_section(n: int) -> Section:
    """One of the sections there are."""
    found = list(Section.objects.order_by("pk"))
    return found[n % len(found)]


def other_section(page: Any, n: int) -> Section | None:
    """A section that the page is not in, and that is not in the page."""
    own = page.get_parent().pk
    found = [
        section
        for section in Section.objects.order_by("pk")
        if section.pk != own and not section.path.startswith(page.path)
    ]
    return found[n % len(found)] if found else None


@contextmanager
def topics_are(rows: tuple[TopicRow, ...]) -> Iterator[None]:
    """Let the vocabulary be a short one."""
    packaged = topics.packaged_topics
    topics.packaged_topics = lambda: iter(rows)
    try:
        yield
    finally:
        topics.packaged_topics = packaged


def paper_is(**changed: Any) -> None:
    """Start the newsroom's processes again with other settings."""
    for name, value in changed.items():
        setattr(settings, name, value)
    forget_language()
    announce(NODE)


def forget_language() -> None:
    """Let Wagtail ask anew, as a new process does."""
    coreutils.get_content_languages.cache_clear()
    coreutils.get_supported_content_language_variant.cache_clear()
