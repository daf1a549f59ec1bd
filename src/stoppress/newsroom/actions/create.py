"""Making pages by code: for the demo, wires, importers and tests. All texts are checked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from stoppress.newsroom import tags
from stoppress.newsroom.actions.publish import publish_section
from stoppress.newsroom.errors import NoSuchSection
from stoppress.newsroom.languages import paper_language
from stoppress.newsroom.models import (
    Article,
    ArticleByline,
    ArticlePicture,
    Author,
    Front,
    Picture,
    Section,
    SectionPath,
    Topic,
    UpdateEntry,
)
from stoppress.newsroom.slugs import make_slug
from stoppress.press.changes import changing

Byline = Author | tuple[Author, str]
Update = UpdateEntry | tuple[str, datetime, str]


def ensure_front() -> Front:
    """The front page; made, with Wagtail's site set to it, if this newsroom has none yet."""
    front: Front | None = Front.objects.first()
    if front:
        return front
    with changing("make the front page") as change:
        root = Page.get_first_root_node()
        front = Front(title=settings.PAPER_NAME, slug="front", live=True)
        root.add_child(instance=front)
        front.save_revision()
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": "localhost",
                "root_page": front,
                "site_name": settings.PAPER_NAME,
            },
        )
        for leftover in root.get_children().exclude(pk=front.pk).filter(slug="home"):
            leftover.delete()  # Wagtail's welcome page
        change.touch(tags.FRONT_SLOTS, tags.EPOCH_NAVIGATION)
    return front


def create_section(
    name: str, *, parent: Section | None = None, slug: str = "", description: str = ""
) -> Section:
    """Make a section, live at once, at the end of its parent (or of the front page)."""
    with changing(f"create section {name}"[:200]):
        section = Section(
            title=name,
            slug=slug or make_slug(name, fallback="section"),
            description=description,
            live=False,
        )
        holder = Section.objects.get(pk=parent.pk) if parent else ensure_front()
        holder.add_child(instance=section)
        return publish_section(section)


def create_author(name: str, **fields: Any) -> Author:
    """Make an author (`kind="agency"` for an agency)."""
    author = Author(name=name, **fields)
    author.full_clean(exclude=["slug"] if not author.slug else [])
    author.save()
    return author


def get_section(path: str) -> Section:
    """The section at a path ("world/europe"); raises NoSuchSection."""
    row = SectionPath.objects.filter(path=path.strip("/"), is_current=True).first()
    if row is None:
        raise NoSuchSection(f"/{path.strip('/')}/")
    section: Section = Section.objects.get(pk=row.section_id)
    return section


def create_article(*, user: Any = None, **story: Any) -> Article:
    """Make a draft of a story (see `write_article`). Raises ValidationError, and writes nothing.

    What is to be live at once is made by `publish_new`, in one act.
    """
    article = write_article(owner=user, **story)
    with changing(f"create an article in section {section_for(article).pk}"):
        add_article(article)
        save_first_revision(article, user)
    return article


def write_article(
    *,
    section: Section | str,
    headline: str,
    body: Sequence[tuple[str, Any]] = (),
    byline: Iterable[Byline] = (),
    topics: Iterable[Topic | str] = (),
    gallery: Iterable[Picture | tuple[Picture, str]] = (),
    updates: Iterable[Update] = (),
    language: str = "",
    **fields: Any,
) -> Article:
    """A story in memory, with the section it is for.

    `body` holds (block, value) pairs as in `newsroom.blocks`, pages and pictures as such or by id;
    `topics` may be qcodes; `updates` are entries or (kind, dated_at, text);
    `fields` are Article's own.
    """
    article = Article(
        title=headline,
        body=stream(body),
        language=language or paper_language(),
        live=False,
        **fields,
    )
    article.byline = [_byline(entry, order) for order, entry in enumerate(byline)]
    article.gallery = [_gallery(entry, order) for order, entry in enumerate(gallery)]
    article.updates = [_update(entry) for entry in updates]
    article.topics = _topics(topics)
    _stand_in(article, get_section(section) if isinstance(section, str) else section)
    return article


def add_article(article: Article) -> None:
    """Add a story from `write_article` to its section. Raises ValidationError, with each fault."""
    holder = Section.objects.get(pk=section_for(article).pk)  # its place may have moved
    _stand_in(article, holder)
    if not article.live:  # else saving it checks all
        article.full_clean(exclude=["path", "depth", "url_path", "draft_title", "locale"])
    holder.add_child(instance=article)


def save_first_revision(article: Article, user: Any) -> Any:
    """Keep what `add_article` has just written and indexed as the story's first revision."""
    with disable_reference_index_auto_update():
        return article.save_revision(user=user, clean=False, changed=not article.live)


def section_for(article: Article) -> Section:
    """The section that `write_article` was told."""
    section: Section = article._cached_parent_obj  # noqa: SLF001 - treebeard knows no other way
    return section


def _stand_in(article: Article, section: Section) -> None:
    article._cached_parent_obj = section  # noqa: SLF001


def stream(body: Sequence[tuple[str, Any]]) -> Any:
    """A body from (block, value) pairs, ready for `article.body`."""
    block = Article.body.field.stream_block
    return block.to_python([{"type": kind, "value": _raw(value)} for kind, value in body])


def _raw(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, dict):
        return {name: _raw(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_raw(inner) for inner in value]
    return value


def _byline(entry: Byline, order: int) -> ArticleByline:
    author, role = entry if isinstance(entry, tuple) else (entry, "")
    return ArticleByline(author=author, role=role, sort_order=order)


def _update(entry: Update) -> UpdateEntry:
    if isinstance(entry, UpdateEntry):
        return entry
    kind, dated_at, text = entry
    return UpdateEntry(kind=kind, dated_at=dated_at, text=text)


def _gallery(entry: Picture | tuple[Picture, str], order: int) -> ArticlePicture:
    picture, caption = entry if isinstance(entry, tuple) else (entry, "")
    return ArticlePicture(picture=picture, caption=caption, sort_order=order)


def _topics(topics: Iterable[Topic | str]) -> list[Topic]:
    return [
        topic if isinstance(topic, Topic) else Topic.objects.get(qcode=topic) for topic in topics
    ]
