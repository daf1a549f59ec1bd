"""What there is to find, for sitemaps: months, a month's stories, sections, authors."""

from dataclasses import dataclass
from datetime import date, datetime

from stoppress.newsroom import addresses, clock, listings, tags
from stoppress.newsroom.models import Article, ArticleAddress, Author
from stoppress.newsroom.reading.paper import Tree
from stoppress.press.recording import reads, record


@dataclass(frozen=True, slots=True)
class Item:
    """One address, and when what stands there last changed."""

    url: str
    changed_at: datetime | None = None


@reads
def read_story_months() -> list[date]:
    """The months in which stories were published, newest first."""
    record(tags.calendar(tags.LATEST))
    return list(listings.months([tags.LATEST]))


@reads
def read_month_items(first_day: date, tree: Tree) -> list[Item]:
    """A month's stories in the order of their addresses; two queries for any number."""
    record(tags.month(tags.LATEST, first_day), tags.month_cards(tags.LATEST, first_day))
    after = clock.next_month(first_day)
    in_month = ArticleAddress.objects.filter(
        is_current=True, date__gte=first_day, date__lt=after
    ).order_by("date", "article_id")
    changed = {
        id_: updated_at or published_at
        for id_, updated_at, published_at in Article.objects.filter(
            live=True,
            published_at__gte=clock.start_of(first_day),
            published_at__lt=clock.start_of(after),
        ).values_list("pk", "updated_at", "published_at")
    }
    return [
        Item(
            addresses.article_url(tree[row.section_id].url.strip("/"), row.date, row.slug),
            changed[row.article_id],
        )
        for row in in_month
        if row.section_id in tree and row.article_id in changed
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
