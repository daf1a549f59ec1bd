"""Structured data (schema.org JSON-LD) for pages' heads."""

from typing import Any

from stoppress.newsroom.head import Subject, absolute
from stoppress.newsroom.reading.articles import Story
from stoppress.theme.dates import iso
from stoppress.theme.shapes import Paper

CONTEXT = "https://schema.org"


def news_article(story: Story, paper: Paper) -> dict[str, Any]:
    """A NewsArticle, as https://schema.org/NewsArticle and Google's article guide ask for it."""
    page, card = story.page, story.page.card
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": paper.origin + card.url + "#article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": paper.origin + card.url},
        "url": paper.origin + card.url,
        "headline": card.headline,
        "datePublished": iso(card.published_at, card.published_precision, paper.time_zone),
        "dateModified": iso(card.changed_at, card.changed_precision, paper.time_zone),
        "author": _authors(story, paper),
        "publisher": publisher(paper),
        "articleSection": [section.name for section in page.sections],
        "inLanguage": card.language,
        "wordCount": story.word_count,
        "timeRequired": f"PT{card.reading_minutes}M",
        "isAccessibleForFree": True,
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": {"@type": "ViewAction"},
            "userInteractionCount": page.views,
        },
        "image": [
            {
                "@type": "ImageObject",
                "url": absolute(size.url, paper),
                "width": size.width,
                "height": size.height,
            }
            for size in story.sharing_pictures
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": note.text,
                "datePublished": iso(note.dated_at, note.precision, paper.time_zone),
                "url": f"{paper.origin}{card.url}#{note.anchor}",
            }
            for note in page.updates
            if note.kind != "update"
        ],
        "alternativeHeadline": story.search_title if story.search_title != card.headline else "",
        "description": story.search_description,
        "dateline": page.dateline,
        "keywords": [topic.name for topic in page.topics],
        "creditText": ", ".join(page.agencies),
    }
    return {name: value for name, value in data.items() if value not in ("", [])}


def publisher(paper: Paper) -> dict[str, Any]:
    """The paper as an organisation."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{paper.origin}/#publisher",
        "name": paper.name,
        "url": f"{paper.origin}/",
        "correctionsPolicy": f"{paper.origin}/corrections/",
    }


def list_data(subject: Subject, paper: Paper) -> dict[str, Any] | None:
    """The front is the site itself; an author's page is about a person."""
    if subject.kind == "front":
        return {
            "@context": CONTEXT,
            "@type": "WebSite",
            "url": f"{paper.origin}/",
            "name": paper.name,
            "inLanguage": paper.language,
            "publisher": publisher(paper),
        }
    if subject.kind == "author":
        return {
            "@context": CONTEXT,
            "@type": "ProfilePage",
            "url": paper.origin + subject.url,
            "mainEntity": {
                "@type": "Person",
                "name": subject.name,
                "url": paper.origin + subject.url,
                "worksFor": publisher(paper),
            },
        }
    return None


def _authors(story: Story, paper: Paper) -> list[dict[str, Any]]:
    people = [
        {"@type": "Person", "name": person.name, "url": paper.origin + person.url}
        for person in story.page.card.byline
    ]
    agencies = [{"@type": "Organization", "name": name} for name in story.page.agencies]
    return people + agencies or [publisher(paper)]
