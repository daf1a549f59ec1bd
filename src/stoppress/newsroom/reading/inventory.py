"""What there is to find, for sitemaps: days, a day's stories, sections, authors."""

from dataclasses import dataclass
from datetime import date, datetime

from stoppress.newsroom import addresses, days, tags
from stoppress.newsroom.models import Article, ArticleAddress, Author
from stoppress.newsroom.reading.paper import Tree
from stoppress.press.recording import reads, record


@dataclass(frozen=True, slots=True)
class Item:
    """One address, and when what stands there last changed."""

    url: str
    changed_at: datetime | None = None


@reads
def read_story_days() -> list[date]:
    """The days that have stories, newest first."""
    record(tags.STORY_DAYS)
    return days.story_days()


@reads
def read_day_items(day: date, tree: Tree) -> list[Item]:
    """The stories of a day; two queries for any number."""
    record(tags.day(day))
    places = list(ArticleAddress.objects.filter(is_current=True, date=day).order_by("article_id"))
    live = Article.objects.filter(pk__in=[place.article_id for place in places], live=True)
    changed = {
        id_: updated_at or published_at
        for id_, updated_at, published_at in live.values_list("pk", "updated_at", "published_at")
    }
    return [
        Item(
            addresses.article_url(tree[place.section_id].url.strip("/"), place.date, place.slug),
            changed[place.article_id],
        )
        for place in places
        if place.section_id in tree and place.article_id in changed
    ]


@reads
def read_standing_items(tree: Tree) -> list[Item]:
    """The pages that are always there: front, sections, authors."""
    record(tags.ALL_AUTHORS, tags.EPOCH_NAVIGATION)
    slugs = Author.objects.filter(kind="person").order_by("slug").values_list("slug", flat=True)
    return [
        Item("/"),
        Item("/latest/"),
        Item("/corrections/"),
        *(Item(node.url) for node in tree.values() if node.is_live),
        *(Item(f"/authors/{slug}/") for slug in slugs),
    ]
