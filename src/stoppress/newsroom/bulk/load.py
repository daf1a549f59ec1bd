"""Loading live stories by the thousand: what stands for readers, without an editor's traces.

A batch is one change: all of it is there with its pages, addresses, list rows and month counts, or
nothing is. Not written, for it would cost several times as much: revisions (the first edit makes
one), the history of acts, the index of references, and both search indexes. `stoppress rebuild`
makes the last three.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, Max, Model, When
from wagtail.models import Page

from stoppress.newsroom import clock, corrections, tags
from stoppress.newsroom.bulk import rows
from stoppress.newsroom.bulk.places import address_rows, days_touched, enlist
from stoppress.newsroom.bulk.stories import LoadedStory
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.errors import SectionFull
from stoppress.newsroom.languages import paper_language
from stoppress.newsroom.models import (
    Article,
    ArticleAddress,
    ArticleByline,
    Section,
    UpdateEntry,
)
from stoppress.press.changes import changing

BATCH = 500  # on SQLite other writers wait for one batch: some 0.2 s


def load(stories: Iterable[LoadedStory]) -> Iterator[int]:
    """Load stories batch by batch, telling after each how many it held.

    Nothing is done until the result is iterated. A batch that fails leaves nothing of itself, and
    those before it stay. Raises ValidationError for a text that an editor could not have typed,
    NewsroomError for a section that can't hold more.
    """
    coming = iter(stories)
    while batch := list(islice(coming, BATCH)):
        _load_batch(batch)
        yield len(batch)


def _load_batch(stories: Sequence[LoadedStory]) -> None:
    for story in stories:
        story.validate()
    with changing(f"load {len(stories)} stories") as change:
        sections = _hold_sections({story.section_id for story in stories})
        ids = rows.next_ids(Page, len(stories))
        placed = list(zip(ids, stories, strict=True))
        rows.insert(Page, _page_rows(placed, sections))
        _count_children(placed)
        rows.insert(Article, _article_rows(placed))
        rows.insert(ArticleByline, _byline_rows(placed))
        rows.insert(Article.topics.through, _topic_rows(placed))
        rows.insert(UpdateEntry, _update_rows(placed))
        change.touch(*days_touched({clock.paper_day(story.published_at) for story in stories}))
        rows.insert(ArticleAddress, address_rows(placed))
        change.touch(*enlist(placed))
        if told := [update for story in stories for update in story.updates]:
            corrections.recount(moment for _, moment, _ in told)
            change.touch(tags.CORRECTIONS)
        rows.insert(NewsListEntry, _news_list_rows(placed))


def _hold_sections(ids: set[int]) -> dict[int, Section]:
    """The sections, with their rows held so that nobody else adds pages to them meanwhile."""
    list(Page.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    found = Section.objects.in_bulk(ids)
    if missing := ids - found.keys():
        raise Section.DoesNotExist(f"There is no section with the id {min(missing)}.")
    return found


Placed = Sequence[tuple[int, LoadedStory]]


def _page_rows(placed: Placed, sections: dict[int, Section]) -> Iterator[dict[str, Any]]:
    common = _defaults(Page, Article(live=True, language=paper_language()))
    common["content_type_id"] = ContentType.objects.get_for_model(Article).pk
    common["locale_id"] = Section.objects.values_list("locale_id", flat=True)[:1].get()
    held = Counter(story.section_id for _, story in placed)
    paths = {id_: iter(_free_paths(section, held[id_])) for id_, section in sections.items()}
    for id_, story in placed:
        section = sections[story.section_id]
        yield common | {
            "id": id_,
            "path": next(paths[section.pk]),
            "depth": section.depth + 1,
            "title": story.headline,
            "draft_title": story.headline,
            "slug": story.key,
            "url_path": f"{section.url_path}{story.key}/",
            "translation_key": uuid.uuid4(),
            "first_published_at": story.published_at,
            "last_published_at": story.published_at,
        }


def _count_children(placed: Placed) -> None:
    held = Counter(story.section_id for _, story in placed)
    more = Case(*(When(pk=id_, then=number) for id_, number in held.items()), default=0)
    Page.objects.filter(pk__in=held).update(numchild=F("numchild") + more)


def _free_paths(section: Section, wanted: int) -> list[str]:
    """The next places in the tree after a section's last child, in their order."""
    step, depth = Page.steplen, section.depth + 1
    # Between two paths, cut to the child's: no index finds what merely begins with one, and a
    # child that is a section may have as many below it.
    interval = Page._get_children_path_interval(section.path)  # noqa: SLF001 - treebeard's own
    last = Page.objects.filter(path__range=interval).aggregate(last=Max("path"))["last"] or ""
    place = last[len(section.path) :][:step]
    number = Page._str2int(place) if place else 0  # noqa: SLF001
    most = len(Page.alphabet) ** step - 1
    if number + wanted > most:
        raise SectionFull(section.title, most)
    numbers = range(number + 1, number + 1 + wanted)
    return [Page._get_path(section.path, depth, n) for n in numbers]  # noqa: SLF001


def _article_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    common = _defaults(Article, Article(language=paper_language()))
    for _, story in placed:
        story.settle_body()
    for id_, story in placed:
        yield common | story.columns() | {"page_ptr_id": id_}


def _byline_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    for id_, story in placed:
        for order, author_id in enumerate(story.author_ids):
            yield {"article_id": id_, "author_id": author_id, "role": "", "sort_order": order}


def _topic_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    for id_, story in placed:
        for topic_id in dict.fromkeys(story.topic_ids):
            yield {"article_id": id_, "topic_id": topic_id}


def _update_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    for id_, story in placed:
        for kind, dated_at, text in story.updates:
            yield {
                "article_id": id_,
                "kind": kind,
                "dated_at": dated_at,
                "dated_precision": "second",
                "text": text,
            }


def _news_list_rows(placed: Placed) -> Iterator[dict[str, Any]]:
    """What `desk.keeping` would make of them; the same, for less than a tenth of the time."""
    common = _defaults(NewsListEntry, NewsListEntry(state=NewsListEntry.State.LIVE))
    for id_, story in placed:
        yield common | {
            "article_id": id_,
            "section_id": story.section_id,
            "headline": story.headline,
            "folded_headline": story.headline.casefold(),
            "kind": story.kind,
            "changed_at": story.published_at,
            "dated_at": story.published_at,
        }


def _defaults(model: type[Model], instance: Model) -> dict[str, Any]:
    """What a new page has in each column of one table, as the model would write it."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    return {field.attname: getattr(instance, field.attname) for field in fields}
