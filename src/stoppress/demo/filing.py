"""Bringing stories into the newsroom by its own actions: manuscripts, and what the wire sends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stoppress.demo.manuscripts import Manuscript
from stoppress.demo.markup import Block, Reference, blocks_of, link_stories
from stoppress.demo.wire import Story
from stoppress.newsroom.actions import publish_new
from stoppress.newsroom.models import Article, Author, Picture, Topic


@dataclass(frozen=True, slots=True)
class Names:
    """What stories call by name, and where it is in the newsroom."""

    authors: Mapping[str, Author]
    pictures: Mapping[str, Picture]
    topics: Mapping[str, Topic]
    stories: dict[str, int]  # slug to id, of those filed so far


def file_manuscript(manuscript: Manuscript, names: Names) -> Article:
    """Publish a manuscript, dated as it says."""
    return publish_new(
        section=manuscript.section,
        headline=manuscript.headline,
        body=[_placed(block, names) for block in manuscript.body],
        byline=[names.authors[slug] for slug in manuscript.byline],
        topics=[names.topics[label] for label in manuscript.topics],
        gallery=[names.pictures[key] for key in manuscript.gallery],
        updates=[(entry.kind, entry.dated_at, entry.text) for entry in manuscript.updates],
        language=manuscript.language,
        kind=manuscript.kind,
        kicker=manuscript.kicker,
        short_headline=manuscript.short_headline,
        seo_title=manuscript.search_title,
        standfirst=manuscript.standfirst,
        dateline=manuscript.dateline,
        sources=manuscript.sources,
        lead_picture=names.pictures.get(manuscript.picture),
        address_slug=manuscript.slug,
        published_at=manuscript.published_at,
    )


def file_story(story: Story) -> Article:
    """Publish a story off the wire, now."""
    authors = {author.slug: author for author in Author.objects.filter(slug__in=story.byline)}
    return publish_new(
        section=story.section,
        headline=story.headline,
        body=blocks_of(story.text),
        byline=[authors[slug] for slug in story.byline if slug in authors],
        topics=list(topics_named(story.topics).values()),
        kind=story.kind,
        lead_picture=Picture.objects.filter(title=story.picture).first(),
    )


def topics_named(labels: Iterable[str]) -> dict[str, Topic]:
    """The media topics with these labels."""
    found = Topic.objects.filter(label__in=set(labels), retired=False)
    return {topic.label: topic for topic in found}


def _placed(block: Block, names: Names) -> tuple[str, Any]:
    kind, value = block
    if kind == "text":
        return kind, link_stories(value, names.stories)
    if isinstance(value, Reference):
        return kind, names.stories[value.name]
    if kind == "picture":
        return kind, {**value, "picture": names.pictures[value["picture"].name].pk}
    return block
