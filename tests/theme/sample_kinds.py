"""One page of every kind, and the hard cases, by name: what previews and tests go through."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from stoppress.theme import shapes
from tests.theme import sample_pages as sample
from tests.theme import sample_stories as stories

Page = tuple[str, dict[str, Any]]
ARABIC_SECTIONS = ("العالم", "مدن", "اقتصاد", "علوم", "ثقافة")


def kinds() -> dict[str, Page]:
    """Map a page's name to its template and context, one for each kind."""
    shown = sample.card(0, updated_at=sample.NOW - timedelta(minutes=40))
    pictures = tuple(
        sample.picture(n, f"{stories.ALT_TEXTS[n]}, on the last evening.", 1.5 if n % 2 else 0.8)
        for n in range(6)
    )
    return {
        "front": ("pages/front.html", _with(sample.head("Front page"), front())),
        "section": ("pages/section.html", _with(sample.head("World", "/world/"), section())),
        "archive-of-days": (
            "pages/archive.html",
            _with(sample.head("November 2026", "/world/2026/11/"), long_archive()),
        ),
        "day": (
            "pages/day.html",
            _with(sample.head("22 November 2026", "/world/2026/11/22/"), archive_day()),
        ),
        "archive": (
            "pages/archive.html",
            _with(sample.head("November 2026", "/world/2026/11/"), archive()),
        ),
        "article": ("pages/article.html", sample.story_page(shown, updates=sample.UPDATES)),
        "article-with-pictures": (
            "pages/article.html",
            sample.story_page(
                sample.card(
                    1, byline=(sample.person("Ines Calloway", "Chief reporter", portrait=True),)
                ),
                lead=sample.picture(1, "Masons on the Old Quay on Monday morning."),
                body=sample.with_pictures(),
                agencies=("Coastal Wire",),
            ),
        ),
        "picture-story": (
            "pages/picture_story.html",
            sample.story_page(sample.card(7), gallery=pictures, body=sample.body()[:1]),
        ),
        "author": (
            "pages/author.html",
            _with(sample.head("Ines Calloway", "/authors/ines-calloway/"), author()),
        ),
        "topic": (
            "pages/topic.html",
            _with(sample.head("Transport", "/topics/transport/"), topic()),
        ),
        "latest": (
            "pages/latest.html",
            _with(
                sample.head("Latest", "/latest/"),
                shapes.LatestPage(sample.cards(0, 12), sample.MONTHS),
            ),
        ),
        "search": (
            "pages/search.html",
            _with(sample.head("Search", "/search/", no_index=True), search()),
        ),
        "corrections": (
            "pages/corrections.html",
            _with(sample.head("Corrections", "/corrections/"), corrections()),
        ),
        "error-404": ("pages/error.html", _with(sample.head("Not found", canonical=""), error())),
    }


def hard_cases() -> dict[str, Page]:
    """Map a name to a page that layouts tend to break on."""
    chinese, arabic = stories.CHINESE, stories.ARABIC
    return {
        "article-long-headline": (
            "pages/article.html",
            sample.story_page(sample.card(0, headline=stories.LONG_HEADLINE, language="en-GB")),
        ),
        "article-endless-word": (
            "pages/article.html",
            sample.story_page(
                sample.card(0, headline=stories.ENDLESS_WORD, standfirst=stories.ENDLESS_WORD)
            ),
        ),
        "article-known-to-the-hour": (
            "pages/article.html",
            sample.story_page(
                sample.card(
                    0, published_precision="hour", updated_at=sample.NOW, updated_precision="day"
                )
            ),
        ),
        "article-retracted": (
            "pages/article.html",
            sample.story_page(sample.card(3), is_retracted=True, updates=(retraction(),)),
        ),
        "article-bare": (
            "pages/article.html",
            sample.story_page(bare(), dateline="", sources="", topics=(), body=sample.body()[:1]),
        ),
        "article-arabic": (
            "pages/article.html",
            sample.story_page(story(arabic, "ar", "rtl"), body=paragraphs(arabic), dateline=""),
        ),
        "article-french-paper": (
            "pages/article.html",
            _french(
                sample.story_page(
                    replace(story(stories.FRENCH, "fr", "ltr"), picture=None),
                    body=paragraphs(stories.FRENCH),
                    dateline="",
                )
            ),
        ),
        "article-chinese": (
            "pages/article.html",
            sample.story_page(story(chinese, "zh", "ltr"), body=paragraphs(chinese), dateline=""),
        ),
        "front-arabic": ("pages/front.html", arabic_front()),
        "article-arabic-paper": (
            "pages/article.html",
            _arabic(
                sample.story_page(
                    story(arabic, "ar", "rtl"),
                    body=paragraphs(arabic),
                    dateline="دمشق",
                    lead=sample.picture(3),
                )
            ),
        ),
        "front-without-pictures": (
            "pages/front.html",
            _with(sample.head("Front page"), front_without_pictures()),
        ),
        "front-empty": (
            "pages/front.html",
            _with(sample.head("Front page"), shapes.FrontPage(None, (), (), ())),
        ),
        "search-empty": (
            "pages/search.html",
            _with(
                sample.head("Search", "/search/"), replace(search(), query="", cards=(), total=0)
            ),
        ),
        "search-error": (
            "pages/search.html",
            _with(
                sample.head("Search", "/search/"),
                replace(search(), error="“2026-13-01” is no date. Write it as 2026-12-31."),
            ),
        ),
        "section-empty": (
            "pages/section.html",
            _with(sample.head("World"), replace(section(), cards=(), months=())),
        ),
    }


def _with(head: shapes.Head, page: Any) -> dict[str, Any]:
    return {"paper": sample.PAPER, "head": head, "page": page}


def front() -> shapes.FrontPage:
    """Make a front page with pictures."""
    lead = sample.card(4, picture=sample.picture(0))
    blocks = tuple(
        shapes.FrontBlock(
            link, tuple(sample.card(8 + number + offset * 3, section=link) for offset in range(4))
        )
        for number, link in enumerate(sample.SECTIONS)
    )
    return shapes.FrontPage(
        lead, (sample.card(1), sample.card(6), sample.card(2)), sample.cards(7, 4), blocks
    )


def front_without_pictures() -> shapes.FrontPage:
    """Make a front page for a paper that has no picture at all."""
    made = front()

    def bare_of(cards):
        return tuple(replace(one, picture=None) for one in cards)

    assert made.lead
    return shapes.FrontPage(
        replace(made.lead, picture=None),
        bare_of(made.seconds),
        bare_of(made.more),
        tuple(shapes.FrontBlock(block.section, bare_of(block.cards)) for block in made.blocks),
    )


def section() -> shapes.SectionPage:
    """Make a section's page."""
    return shapes.SectionPage(
        sample.WORLD,
        "Beyond the valley: the coast, the capital, and everywhere the river goes.",
        (),
        (sample.EUROPE,),
        sample.cards(0, 9),
        sample.MONTHS,
        "most-read-12",
    )


def archive() -> shapes.ArchivePage:
    """Make a month of a section."""
    older = tuple(
        sample.card(number, published_at=sample.NOW - timedelta(days=number // 3))
        for number in range(9)
    )
    return shapes.ArchivePage(sample.WORLD, sample.MONTHS[0], sample.MONTHS[1], None, older)


def long_archive() -> shapes.ArchivePage:
    """Make a month of more stories than a page holds."""
    days = tuple(
        shapes.DayLink(date(2026, 11, day), f"/world/2026/11/{day:02d}/", 90 + day)
        for day in range(23, 0, -1)
    )
    return shapes.ArchivePage(sample.WORLD, sample.MONTHS[0], sample.MONTHS[1], None, (), days)


def archive_day() -> shapes.DayPage:
    """Make a day of a section."""

    def link(day: int, count: int) -> shapes.DayLink:
        return shapes.DayLink(date(2026, 11, day), f"/world/2026/11/{day:02d}/", count)

    return shapes.DayPage(
        sample.WORLD, sample.MONTHS[0], link(22, 9), link(21, 0), link(23, 0), sample.cards(0, 9)
    )


def author() -> shapes.AuthorPage:
    """Make an author's page."""
    who = sample.person("Ines Calloway", "Chief reporter", portrait=True)
    return shapes.AuthorPage(
        who,
        "<p>Ines Calloway has written about the river and those who live by it since 2014.</p>",
        "ines@courier.example",
        sample.cards(0, 6),
        sample.MONTHS[:3],
    )


def topic() -> shapes.TopicPage:
    """Make a topic's page."""
    broader = (shapes.Link("Economy", "/topics/economy/"),)
    narrower = (
        shapes.Link("Water transport", "/topics/water/"),
        shapes.Link("Railways", "/topics/rail/"),
    )
    return shapes.TopicPage(
        shapes.Link("Transport", "/topics/transport/"),
        "The means of moving people and goods.",
        broader,
        narrower,
        sample.cards(2, 5),
    )


def search() -> shapes.SearchPage:
    """Make an answered search."""
    sections = tuple(
        shapes.Choice(link.url.strip("/"), link.name, link is sample.CITY)
        for link in sample.SECTIONS
    )
    kinds_ = (shapes.Choice("report", "Report", False), shapes.Choice("opinion", "Opinion", False))
    return shapes.SearchPage(
        "ferry",
        sections,
        kinds_,
        "2026-11-01",
        "",
        sample.cards(0, 4),
        1204,
        2,
        "/search/?q=ferry",
        "/search/?q=ferry&page=3",
    )


def corrections() -> shapes.CorrectionsPage:
    """Make the public log."""
    notes = (*sample.UPDATES, retraction())
    return shapes.CorrectionsPage(
        tuple(shapes.CorrectionEntry(note, sample.card(n)) for n, note in enumerate(notes)),
        sample.MONTHS[:2],
    )


def error() -> shapes.ErrorPage:
    """Make a page for an address that leads nowhere."""
    return shapes.ErrorPage(
        404,
        "No page has this address",
        "It may have been mistyped, or the story may never have been ours.",
    )


def retraction() -> shapes.UpdateNote:
    """Make the gravest kind of note."""
    return shapes.UpdateNote(
        "retraction",
        sample.NOW,
        "The documents this story rested on were forged. We apologise to Ms Marsh.",
        "update-13",
    )


def bare() -> shapes.Card:
    """Make the card of a story that has only what every story has."""
    return sample.card(8, byline=(), kicker="", standfirst="", picture=None)


def story(words: dict[str, Any], language: str, direction: shapes.Direction) -> shapes.Card:
    """Make the card of a story in another language."""
    return sample.card(
        0,
        headline=words["headline"],
        kicker=words["kicker"],
        standfirst=words["standfirst"],
        language=language,
        direction=direction,
    )


def paragraphs(words: dict[str, Any]) -> tuple[shapes.Block, ...]:
    """Make a body in another language."""
    return tuple(shapes.Paragraphs(text) for text in words["body"] * 3)


def arabic_front() -> dict[str, Any]:
    """Make the front of a right-to-left paper."""
    made = front()
    shown = story(stories.ARABIC, "ar", "rtl")

    def ar(cards):
        city = shapes.Link("مدن", "/city/")
        return tuple(
            replace(shown, id=one.id, picture=one.picture, section=city, kind=one.kind)
            for one in cards
        )

    assert made.lead
    page = shapes.FrontPage(
        ar((made.lead,))[0],
        ar(made.seconds),
        ar(made.more),
        tuple(
            shapes.FrontBlock(shapes.Link("مدن", "/city/"), ar(block.cards))
            for block in made.blocks
        ),
    )
    return _arabic(_with(sample.head("الصفحة الأولى"), page))


def _french(context: dict[str, Any]) -> dict[str, Any]:
    links = tuple(shapes.NavigationItem(name, "/city/") for name in ("Ville", "Économie", "Été"))
    paper = replace(
        sample.PAPER,
        name="Le Courrier du Détroit",
        tagline="Les deux rives, dès l’aube",
        language="fr",
        navigation=links,
    )
    return context | {"paper": paper}


def _arabic(context: dict[str, Any]) -> dict[str, Any]:
    navigation = tuple(shapes.NavigationItem(name, "/city/") for name in ARABIC_SECTIONS)
    paper = replace(
        sample.PAPER,
        name="بريد النهر",
        tagline="أخبار الضفتين",
        language="ar",
        direction="rtl",
        time_zone="Asia/Damascus",
        navigation=navigation,
    )
    return context | {"paper": paper}
