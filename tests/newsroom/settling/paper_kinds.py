"""Every kind of change to what is not a story: front, sections, people, pictures, topics, paper."""

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from stoppress.newsroom.actions import create_author, create_section, delete, move, publish_section
from stoppress.newsroom.errors import NewsroomError
from stoppress.newsroom.models import Article, Author, Front, FrontSlot, Picture, Section
from stoppress.newsroom.topics import load_topics
from tests.newsroom.paper import png
from tests.newsroom.settling.room import (
    Fate,
    Room,
    kind,
    other_section,
    paper_is,
    pick_section,
    topics_are,
)
from tests.newsroom.settling.story_kinds import some

# The front


@kind
def curate_front(room: Room, n: int) -> bool | None:
    front = Front.objects.get()
    stories = {room.pick(n, Fate.LIVE), room.pick(n // 2, Fate.LIVE)} - {None}
    front.slots = [FrontSlot(article_id=pk, sort_order=i) for i, pk in enumerate(sorted(stories))]
    front.publish(front.save_revision())
    return None


# Sections


@kind
def create_a_section(room: Room, n: int) -> bool | None:
    create_section(f"New {next(room.numbers)}", parent=pick_section(n) if n % 2 else None)
    return None


@kind
def describe_section(room: Room, n: int) -> bool | None:
    section = pick_section(n)
    section.description = f"Described, {n}."
    publish_section(section)
    return None


@kind
def rename_section(room: Room, n: int) -> bool | None:
    section = pick_section(n)
    section.title = f"Renamed {n}"
    publish_section(section)
    return None


@kind
def change_slug_of_section(room: Room, n: int) -> bool | None:
    section = pick_section(n)
    section.slug = ("world", "harbour", "isles", "port", "news")[n // 2 % 5]
    try:
        publish_section(section)
    except (NewsroomError, ValidationError):  # another section's, or it would hide a story
        return False
    return None


@kind
def move_section(room: Room, n: int) -> bool | None:
    section = pick_section(n)
    target = other_section(section, n // 2)
    if target is None:
        return False
    try:
        move(section, target)
    except (NewsroomError, ValidationError):
        return False
    return None


@kind
def change_order_of_sections(room: Room, n: int) -> bool | None:
    children = sorted(Front.objects.get().get_children(), key=lambda page: page.path)
    if len(children) < 2:
        return False
    first, *_, last = children
    moved, place = (last, 0) if n % 2 else (first, 1)
    url = reverse("wagtailadmin_pages:set_page_position", args=[moved.pk])
    room.post(f"{url}?position={place}", status=200)
    return None


@kind
def take_section_down(room: Room, n: int) -> bool | None:
    section = pick_section(n)
    if not section.live:
        return False
    section.unpublish()
    return None


@kind
def publish_section_again(room: Room, n: int) -> bool | None:
    section = Section.objects.filter(live=False).order_by("pk").first()
    if section is None:
        return False
    publish_section(section)
    return None


@kind
def delete_section(room: Room, n: int) -> bool | None:
    if Section.objects.count() < 3:
        return False
    section = pick_section(n)
    below = set(Article.objects.descendant_of(section).values_list("pk", flat=True))
    delete(section)
    for pk in below & room.stories.keys():
        room.stories[pk].fate = Fate.DELETED
    return None


# People


@kind
def create_an_author(room: Room, n: int) -> bool | None:
    create_author(f"New Person {next(room.numbers)}")
    return None


def edit_author(room: Room, n: int, **changed: object) -> bool:
    author = some(Author, n)
    if author is None:
        return False
    for name, value in changed.items():
        setattr(author, name, value)
    author.save()
    return True


@kind
def rename_author(room: Room, n: int) -> bool | None:
    return edit_author(room, n, name=f"Renamed {n}", role=f"Role {n}")


@kind
def change_slug_of_author(room: Room, n: int) -> bool | None:
    return edit_author(room, n, slug=f"person-{n}-{next(room.numbers)}")


@kind
def change_kind_of_author(room: Room, n: int) -> bool | None:
    author = some(Author, n)
    if author is None:
        return False
    author.kind = "person" if author.kind == "agency" else "agency"
    author.save()
    return None


@kind
def write_of_author(room: Room, n: int) -> bool | None:
    link = f'<a linktype="page" id="{room.pick(n, Fate.LIVE) or 0}">a story</a>'
    portrait = some(Picture, n)
    return edit_author(room, n // 2, biography=f"<p>Wrote {link}, {n}.</p>", portrait=portrait)


@kind
def delete_author(room: Room, n: int) -> bool | None:
    author = some(Author, n)
    if author is None:
        return False
    author.delete()
    return None


# Pictures


@kind
def replace_picture(room: Room, n: int) -> bool | None:
    picture = some(Picture, n)
    if picture is None:
        return False
    picture.file = ContentFile(png((60 + n % 5, 40)), name=f"new-{n}.png")
    picture.width, picture.height = 60 + n % 5, 40
    picture.save()
    return None


@kind
def write_of_picture(room: Room, n: int) -> bool | None:
    picture = some(Picture, n)
    if picture is None:
        return False
    picture.alt_text, picture.caption, picture.credit = f"Alt {n}", f"Caption {n}", f"Credit {n}"
    picture.save()
    return None


@kind
def delete_picture(room: Room, n: int) -> bool | None:
    picture = some(Picture, n)
    if picture is None:
        return False
    picture.delete()
    return None


# Topics


@kind
def reword_topics(room: Room, n: int) -> bool | None:
    at = n % len(room.topics)
    words = f"topic {next(room.numbers)}"
    changed = replace(room.topics[at], label=words, definition=f"About {words}.")
    room.topics = (*room.topics[:at], changed, *room.topics[at + 1 :])
    with topics_are(room.topics):
        load_topics()
    return None


@kind
def rearrange_topics(room: Room, n: int) -> bool | None:
    first, second = room.topics
    broader = "" if second.broader else first.qcode
    room.topics = (first, replace(second, broader=broader, retired=not second.retired))
    with topics_are(room.topics):
        load_topics()
    return None


# The paper itself


@kind
def change_name_of_paper(room: Room, n: int) -> bool | None:
    paper_is(PAPER_NAME=f"The Tidewater {next(room.numbers)}", PAPER_TAGLINE=f"Since {n}.")
    return None


@kind
def change_language_of_paper(room: Room, n: int) -> bool | None:
    paper_is(LANGUAGE_CODE="de" if settings.LANGUAGE_CODE.startswith("en") else "en")
    return None
