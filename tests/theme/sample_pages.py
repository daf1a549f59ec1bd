"""Pages of an invented paper, for previews and tests: original fiction, no database.

The Harrow Courier, its people and its places don't exist. `pages()` names one page of every kind,
and the hard cases: no picture, right-to-left, Chinese, an endless word, a headline of 400 letters.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from stoppress.theme import shapes
from tests.theme import sample_stories as stories

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
ORIGIN = "https://courier.example"

WORLD = shapes.Link("World", "/world/")
EUROPE = shapes.Link("Coast", "/world/coast/")
CITY = shapes.Link("City", "/city/")
CULTURE = shapes.Link("Culture", "/culture/")
SCIENCE = shapes.Link("Science", "/science/")
MONEY = shapes.Link("Money", "/money/")
SPORT = shapes.Link("Sport", "/sport/")
OPINION = shapes.Link("Opinion", "/opinion/")
SECTIONS = (WORLD, CITY, MONEY, SCIENCE, CULTURE, SPORT, OPINION)

PAPER = shapes.Paper(
    name="The Harrow Courier",
    tagline="News from both banks of the Senn since 1871",
    origin=ORIGIN,
    language="en",
    direction="ltr",
    time_zone="Europe/London",
    navigation=tuple(
        shapes.NavigationItem(link.name, link.url, (EUROPE,) if link is WORLD else ())
        for link in SECTIONS
    ),
)


def picture(seed: int, caption: str = "", ratio: float = 1.5) -> shapes.Picture:
    """Make a picture whose files the preview draws."""
    sizes = tuple(
        shapes.Rendition(
            f"/media/sample-{seed}-{width}x{round(width / ratio)}.svg", width, round(width / ratio)
        )
        for width in (320, 640, 960, 1280, 1920)
    )
    return shapes.Picture(
        sizes, stories.ALT_TEXTS[seed % len(stories.ALT_TEXTS)], caption, "Mirela Vance/Courier"
    )


def person(name: str, role: str = "", portrait: bool = False) -> shapes.Person:
    """Make an author with a page of their own."""
    slug = name.lower().replace(" ", "-")
    return shapes.Person(
        name, f"/authors/{slug}/", role, picture(len(name), ratio=1) if portrait else None
    )


def card(number: int, **changes: Any) -> shapes.Card:
    """Make the card of story `number`; stories differ in age, section, kind and picture."""
    kicker, headline, standfirst, kind = stories.STORIES[number % len(stories.STORIES)]
    section = SECTIONS[number % len(SECTIONS)]
    made = shapes.Card(
        id=100 + number,
        url=f"{section.url}2026/11/23/story-{number}/",
        headline=headline,
        kicker=kicker,
        standfirst=standfirst,
        kind=kind,
        section=section,
        byline=(person(stories.PEOPLE[number % len(stories.PEOPLE)]),),
        published_at=NOW - timedelta(seconds=43 + 60 * number * number),
        updated_at=None,
        reading_minutes=1 + number % 7,
        picture=picture(number) if number % 3 != 2 else None,
        language="en",
        direction="ltr",
    )
    return replace(made, **changes)


def cards(first: int, count: int) -> tuple[shapes.Card, ...]:
    """Make `count` cards, newest first."""
    return tuple(card(number) for number in range(first, first + count))


def head(title: str, url: str = "/", **changes: Any) -> shapes.Head:
    """Make a page's head."""
    made = shapes.Head(
        title=f"{title} | The Harrow Courier",
        description="What happened on the Senn, and what it means for the people who live on it.",
        canonical=ORIGIN + url,
        feeds=(shapes.Feed("The Harrow Courier", "/feed/"),),
    )
    return replace(made, **changes)


MONTHS = tuple(
    shapes.MonthLink(2026, month, f"/world/2026/{month:02}/", 1240 - month * 7)
    for month in range(11, 0, -1)
)

UPDATES = (
    shapes.UpdateNote(
        "correction",
        NOW - timedelta(minutes=40),
        "An earlier version gave the length of the old quay as 410 metres. It is 140 metres.",
        "update-12",
    ),
    shapes.UpdateNote(
        "update", NOW - timedelta(hours=2), "Added the reply of the harbour office.", "update-11"
    ),
)


def body() -> tuple[shapes.Block, ...]:
    """Make a body with every kind of block."""
    return (
        *(shapes.Paragraphs(text) for text in stories.BODY[:3]),
        shapes.Subheading("What the plan says", "what-the-plan-says"),
        shapes.Paragraphs(stories.BODY[3]),
        shapes.PullQuote(
            "A bridge is a promise that you keep every morning.", "Odile Marsh, ferry pilot"
        ),
        shapes.Paragraphs(stories.BODY[4]),
        shapes.ListBlock(stories.POINTS, ordered=True),
        shapes.TableBlock(
            "Crossings a day, by month",
            stories.TABLE[0],
            stories.TABLE[1:],
            first_column_is_header=True,
        ),
        shapes.RelatedStory(card(5)),
        shapes.Paragraphs(stories.BODY[5]),
        shapes.FactBox("The Senn in figures", stories.FACTS),
        shapes.Embed(
            "Vimeo",
            "The ferry at dawn",
            "https://vimeo.com/1",
            "https://player.vimeo.com/video/1",
            16,
            9,
        ),
        shapes.Paragraphs(stories.BODY[6]),
    )


def with_pictures() -> tuple[shapes.Block, ...]:
    """Make a body that shows pictures too."""
    return (
        *body()[:3],
        shapes.PictureBlock(picture(7, "Planks for the new landing stage, numbered by hand.")),
        *body()[3:8],
        shapes.GalleryBlock(tuple(picture(seed, stories.ALT_TEXTS[seed]) for seed in range(4))),
        *body()[8:],
    )


def article(shown: shapes.Card, **changes: Any) -> shapes.ArticlePage:
    """Make a story's page."""
    made = shapes.ArticlePage(
        card=shown,
        sections=(WORLD, EUROPE),
        dateline="Harrow Quay",
        agencies=(),
        lead=None,
        gallery=(),
        body=body(),
        sources="Minutes of the harbour board, 19 November; interviews with six pilots.",
        updates=(),
        topics=(
            shapes.Link("Transport", "/topics/transport/"),
            shapes.Link("Rivers", "/topics/rivers/"),
        ),
        views=1738,
    )
    return replace(made, **changes)


def article_head(shown: shapes.Card) -> shapes.Head:
    """Make the head of a story's page."""
    return head(
        shown.headline,
        shown.url,
        og_type="article",
        description=shown.standfirst,
        article_published=shown.published_at,
        article_modified=shown.updated_at,
        article_section=shown.section.name,
        article_authors=tuple(one.name for one in shown.byline),
        structured_data=(
            '{"@context":"https://schema.org","@type":"NewsArticle","headline":"<A>"}',
        ),
    )


def story_page(shown: shapes.Card, **changes: Any) -> dict[str, Any]:
    """Make the context of a story's page."""
    return {"paper": PAPER, "head": article_head(shown), "page": article(shown, **changes)}
