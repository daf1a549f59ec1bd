"""What goes into a page's <head>. Rooms above add structured data and feeds through the hooks."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from stoppress.newsroom.hooks import Hook
from stoppress.newsroom.reading.articles import Story
from stoppress.theme import shapes

SubjectKind = Literal["front", "section", "author", "topic", "latest", "other"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a list page is about."""

    kind: SubjectKind
    name: str
    url: str


structured_data_for_article: Hook[[Story, shapes.Paper], dict[str, Any]] = Hook()
structured_data_for_list: Hook[[Subject, shapes.Paper], dict[str, Any] | None] = Hook()
feeds_for: Hook[[Subject, shapes.Paper], shapes.Feed | None] = Hook()


def article_head(story: Story, paper: shapes.Paper) -> shapes.Head:
    """The head of an article's page."""
    page, card = story.page, story.page.card
    sharing = story.sharing_pictures[-1] if story.sharing_pictures else None
    shown = page.lead or (page.gallery[0] if page.gallery else None)
    subjects = [
        Subject("front", paper.name, "/"),
        *(Subject("section", section.name, section.url) for section in page.sections[-1:]),
        *(Subject("author", person.name, person.url) for person in card.byline),
    ]
    return shapes.Head(
        title=f"{story.search_title} – {paper.name}",
        description=story.search_description,
        canonical=paper.origin + card.url,
        og_type="article",
        picture_url=absolute(sharing.url, paper) if sharing else "",
        picture_alt=shown.alt if shown and sharing else "",
        picture_width=sharing.width if sharing else 0,
        picture_height=sharing.height if sharing else 0,
        feeds=_feeds(subjects, paper),
        structured_data=tuple(
            script_json(data) for data in structured_data_for_article.ask(story, paper)
        ),
        article_published=card.published_at,
        article_published_precision=card.published_precision,
        article_modified=card.changed_at,
        article_modified_precision=card.changed_precision,
        article_section=card.section.name,
        article_authors=tuple(person.name for person in card.byline),
    )


def list_head(
    subject: Subject, paper: shapes.Paper, *, title: str = "", description: str = ""
) -> shapes.Head:
    """The head of a page that is a list."""
    named = title or subject.name
    data = [found for found in structured_data_for_list.ask(subject, paper) if found]
    subjects = dict.fromkeys([Subject("front", paper.name, "/"), subject])
    return shapes.Head(
        title=named if subject.kind == "front" else f"{named} – {paper.name}",
        description=description or (paper.tagline if subject.kind == "front" else ""),
        canonical=paper.origin + subject.url,
        feeds=_feeds(list(subjects), paper),
        structured_data=tuple(script_json(found) for found in data),
    )


def bare_head(title: str, paper: shapes.Paper) -> shapes.Head:
    """The head of a page that search engines shall leave out."""
    return shapes.Head(title=f"{title} – {paper.name}", no_index=True)


def absolute(url: str, paper: shapes.Paper) -> str:
    """An address with its origin."""
    return url if url.startswith(("http://", "https://")) else paper.origin + url


def script_json(data: dict[str, Any]) -> str:
    """JSON that may stand inside a <script> element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _feeds(subjects: list[Subject], paper: shapes.Paper) -> tuple[shapes.Feed, ...]:
    found = [feed for subject in subjects for feed in feeds_for.ask(subject, paper) if feed]
    return tuple(dict.fromkeys(found))
