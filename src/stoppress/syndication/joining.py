"""Where syndication joins the newsroom's pages: through the hooks a stranger would use."""

from collections.abc import Iterable

from stoppress.newsroom import clock, head
from stoppress.newsroom.actions import corepages
from stoppress.newsroom.actions.placing import PlacedStory
from stoppress.press.export import sources
from stoppress.syndication.exporting import feed_addresses, feed_file
from stoppress.syndication.sitemaps import day_url
from stoppress.syndication.structured import list_data, news_article
from stoppress.theme.shapes import Feed, Paper


def connect() -> None:
    """Register with the newsroom; once per process."""
    head.structured_data_for_article.register(news_article)
    head.structured_data_for_list.register(list_data)
    head.feeds_for.register(feed_of)
    corepages.register(core_pages)
    sources.addresses_from(feed_addresses)
    sources.named_by(feed_file)


def feed_of(subject: head.Subject, paper: Paper) -> Feed | None:
    """The feed of what a page is about."""
    if subject.kind == "front":
        return Feed(paper.name, "/feed/")
    if subject.kind in ("section", "author"):
        return Feed(f"{paper.name}: {subject.name}", f"{subject.url}feed/")
    return None


def core_pages(story: PlacedStory) -> Iterable[str]:
    """The feeds and the sitemap that a story enters when it is published."""
    yield "/feed/"
    yield from (f"{url}feed/" for url in corepages.section_pages(story))
    yield from (f"{url}feed/" for url in corepages.author_pages(story))
    yield day_url(clock.paper_day(story.article.moment))
