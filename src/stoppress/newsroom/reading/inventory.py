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
    """The stories of a day; two queries for any number.

    What has a current address is live. Asked again whether it is, PostgreSQL would read all pages.
    """
    record(tags.day(day))
    standing = ArticleAddress.objects.filter(is_current=True, date=day).order_by("article_id")
    places = list(standing.values_list("article_id", "section_id", "slug"))
    stories = Article.objects.filter(pk__in=[article_id for article_id, _, _ in places])
    changed = {
        id_: updated_at or published_at
        for id_, updated_at, published_at in stories.values_list("pk", "updated_at", "published_at")
    }
    paths = {id_: node.url.strip("/") for id_, node in tree.items()}
    return [
        Item(addresses.article_url(paths[section_id], day, slug), changed[article_id])
        for article_id, section_id, slug in places
        if section_id in paths and article_id in changed
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
