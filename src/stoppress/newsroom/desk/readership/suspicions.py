"""Hours of stories whose reading looks like abuse, in words, and who may settle them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stoppress.newsroom.clock import paper_zone
from stoppress.newsroom.desk.access import Access
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.desk.readership.report import headlines
from stoppress.readership.models import SuspectHour
from stoppress.readership.spikes import Sign

STORIES = 10
HOURS = 200  # of open suspicions, the newest
SIGN_WORDS: Mapping[str, str] = {
    Sign.DOUBTFUL: "at least as many doubtful reports as views",
    Sign.FEW_READERS: "hardly any distinct readers",
    Sign.HARDLY_READ: "hardly any engaged time",
    Sign.ONE_SOURCE: "nearly all from one site",
}


@dataclass(frozen=True, slots=True)
class SuspectedHour:
    """One hour in words."""

    hour: datetime
    views: int
    doubtful: int
    readers: int
    usual_views: int
    signs: tuple[str, ...]
    settled_at: datetime | None
    settled_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A story with its suspect hours, the newest first."""

    article_id: int
    headline: str
    section_id: int | None  # None for a deleted story
    hours: tuple[SuspectedHour, ...]
    may_settle: bool

    @property
    def is_open(self) -> bool:
        """Whether an hour is not settled."""
        return any(hour.settled_at is None for hour in self.hours)


def open_suspicions(access: Access, sections: Collection[int] | None = None) -> list[Suspicion]:
    """The stories whose suspect hours nobody has settled, the newest first; of sections if told."""
    rows = SuspectHour.objects.filter(settled_at=None).order_by("-hour", "article_id")
    found = _by_story(rows[:HOURS], access)
    return [one for one in found if sections is None or one.section_id in sections][:STORIES]


def suspicions_of(article_id: int, access: Access) -> list[Suspicion]:
    """All suspect hours of a story, settled ones included."""
    rows = SuspectHour.objects.filter(article_id=article_id).order_by("-hour")
    return _by_story(rows[:HOURS], access)


def may_settle(entry: NewsListEntry | None, access: Access) -> bool:
    """Whoever may publish a story may say what its suspect hours were; of deleted ones, chiefs."""
    if entry is None:
        return access.everything
    return access.may_publish(entry.section_id)


def _by_story(rows: Iterable[SuspectHour], access: Access) -> list[Suspicion]:
    of_stories: dict[int, list[SuspectedHour]] = {}
    for row in rows:
        of_stories.setdefault(row.article_id, []).append(_hour(row))
    entries = headlines(of_stories)
    return [
        Suspicion(
            pk,
            entries[pk].headline if pk in entries else f"Story {pk}, deleted",
            entries[pk].section_id if pk in entries else None,
            tuple(hours),
            may_settle=may_settle(entries.get(pk), access),
        )
        for pk, hours in of_stories.items()
    ]


def _hour(row: SuspectHour) -> SuspectedHour:
    return SuspectedHour(
        hour=row.hour.astimezone(paper_zone()),
        views=row.views,
        doubtful=row.doubtful,
        readers=row.readers,
        usual_views=row.usual_views,
        signs=tuple(SIGN_WORDS.get(sign, sign) for sign in row.signs),
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        note=row.note,
    )
