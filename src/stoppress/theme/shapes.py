"""What the templates get: one frozen shape per thing that a page shows.

The theme knows no model. The newsroom fills these shapes inside its recording functions and hands
them over, so a template can run no query and a page depends on nothing that was not recorded.
Times are aware datetimes in UTC; addresses are absolute paths ("/world/") unless named otherwise;
fields ending in `_html` hold markup that is already safe.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Direction = Literal["ltr", "rtl"]
Kind = Literal["report", "analysis", "explainer", "opinion", "picture-story"]
Precision = Literal["second", "minute", "hour", "day", "month", "year"]  # how exactly known


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A section in the paper's navigation, with the sections inside it."""

    name: str
    url: str
    children: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What every page carries. Depends on the epochs `epoch:settings` and `epoch:navigation`."""

    name: str
    tagline: str
    origin: str  # "https://example.org", no slash at the end
    language: str
    direction: Direction
    time_zone: str  # IANA name
    navigation: tuple[NavigationItem, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """An Atom feed that a page announces."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """What goes into a page's <head>."""

    title: str
    description: str = ""
    canonical: str = ""  # absolute, with origin; empty for error pages
    og_type: str = "website"
    picture_url: str = ""  # absolute, with origin
    picture_alt: str = ""
    picture_width: int = 0
    picture_height: int = 0
    feeds: tuple[Feed, ...] = ()
    structured_data: tuple[str, ...] = ()  # JSON-LD documents, escaped for <script>
    no_index: bool = False
    article_published: datetime | None = None
    article_published_precision: Precision = "second"
    article_modified: datetime | None = None
    article_modified_precision: Precision = "second"
    article_section: str = ""
    article_authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a picture."""

    url: str
    width: int  # px
    height: int  # px


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with everything needed to show it honestly. Renditions are ordered by width."""

    renditions: tuple[Rendition, ...]
    alt: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One name of a byline; an author's page, or no address for a guest."""

    name: str
    url: str = ""
    role: str = ""
    portrait: Picture | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An article as lists show it. Depends on `card:<id>`."""

    id: int
    url: str
    headline: str
    kicker: str
    standfirst: str
    kind: Kind
    section: Link
    byline: tuple[Person, ...]
    published_at: datetime
    updated_at: datetime | None
    reading_minutes: int
    picture: Picture | None
    language: str
    direction: Direction
    published_precision: Precision = "second"
    updated_precision: Precision = "second"

    @property
    def changed_at(self) -> datetime:
        """When readers were last told something new."""
        return self.updated_at or self.published_at

    @property
    def changed_precision(self) -> Precision:
        """How exactly `changed_at` is known."""
        return self.updated_precision if self.updated_at else self.published_precision


@dataclass(frozen=True, slots=True)
class UpdateNote:
    """An entry of an article's update log that readers see."""

    kind: Literal["update", "correction", "clarification", "retraction"]
    dated_at: datetime
    text: str
    anchor: str  # fragment id on the article page, "update-12"
    precision: Precision = "second"


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Rich text: safe markup with real addresses."""

    text_html: str


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside the body."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture between paragraphs."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class GalleryBlock:
    """Several pictures, opened in the full-screen viewer."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class PullQuote:
    """A sentence set large."""

    quote: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list; items are safe markup."""

    items_html: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Rows of plain text with a caption."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_column_is_header: bool = False


@dataclass(frozen=True, slots=True)
class FactBox:
    """Background beside the story."""

    title: str
    text_html: str


@dataclass(frozen=True, slots=True)
class Embed:
    """Something shown from an allowed provider, loaded only when a reader asks for it."""

    provider: str
    title: str
    page_url: str  # https, for the link
    frame_url: str  # https, on the provider's allow-listed frame host
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A pointer to another story of ours; gone stories are left out before this is made."""

    card: Card


Block = (
    Paragraphs
    | Subheading
    | PictureBlock
    | GalleryBlock
    | PullQuote
    | ListBlock
    | TableBlock
    | FactBox
    | Embed
    | RelatedStory
)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything an article page shows (templates pages/article.html, pages/picture_story.html)."""

    card: Card
    sections: tuple[Link, ...]  # outermost first, for the breadcrumb
    dateline: str
    agencies: tuple[str, ...]
    lead: Picture | None
    gallery: tuple[Picture, ...]
    body: tuple[Block, ...]
    sources: str
    updates: tuple[UpdateNote, ...]  # newest first
    topics: tuple[Link, ...]
    views: int  # as of the last print
    is_retracted: bool = False


@dataclass(frozen=True, slots=True)
class MostRead:
    """The most read stories of a section or the paper, the most read first; a part of its own."""

    cards: tuple[Card, ...]
    window: Literal["day", "week"]
    section: Link | None  # None for the paper


@dataclass(frozen=True, slots=True)
class FrontBlock:
    """The newest of one section, on the front page."""

    section: Link
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front: a lead, seconds, and a block per section; no story stands twice."""

    lead: Card | None
    seconds: tuple[Card, ...]
    more: tuple[Card, ...]
    blocks: tuple[FrontBlock, ...]


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month of a section's archive."""

    year: int
    month: int
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day of a section's archive."""

    day: date
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section: its newest stories, its sections, and the months of its archive."""

    section: Link
    description: str
    parents: tuple[Link, ...]
    children: tuple[Link, ...]
    cards: tuple[Card, ...]
    months: tuple[MonthLink, ...]
    most_read_part: str  # the name of the part with the section's most read


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One month of a section (or of the whole paper), oldest day last.

    If it has too many stories for a page, `days` stand for them, and there are no cards.
    """

    section: Link | None
    month: MonthLink
    previous: MonthLink | None
    next: MonthLink | None
    cards: tuple[Card, ...]
    days: tuple[DayLink, ...] = ()


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day of a section (or of the whole paper), and the days with stories before and after."""

    section: Link | None
    month: MonthLink
    day: DayLink
    previous: DayLink | None
    next: DayLink | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """An author and their newest stories."""

    person: Person
    biography_html: str
    email: str
    cards: tuple[Card, ...]
    months: tuple[MonthLink, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """An IPTC media topic and the newest stories about it."""

    topic: Link
    definition: str
    broader: tuple[Link, ...]
    narrower: tuple[Link, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class LatestPage:
    """The newest stories of the whole paper."""

    cards: tuple[Card, ...]
    months: tuple[MonthLink, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a search filter."""

    value: str
    name: str
    selected: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search form with its answer. `error` is a whole sentence, empty when all is well."""

    query: str
    sections: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    since: str  # "2026-11-01" or ""
    until: str
    cards: tuple[Card, ...]
    total: int
    page: int
    previous_url: str
    next_url: str
    error: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look for: words, or filters alone."""
        chosen = any(choice.selected and choice.value for choice in self.sections + self.kinds)
        return bool(self.query.strip() or self.since or self.until or chosen)


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """One line of the public corrections page."""

    note: UpdateNote
    card: Card


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """Every update, correction, clarification and retraction, newest first."""

    entries: tuple[CorrectionEntry, ...]
    months: tuple[MonthLink, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page that says one thing, and where to go."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page for a status that is not 200: what happened, and where to go."""

    status: int
    title: str
    text: str
