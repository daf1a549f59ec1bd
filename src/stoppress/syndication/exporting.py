"""The addresses of feeds, sitemaps and robots.txt, for an export; and the files of feeds."""

import re
from collections.abc import Iterator

from stoppress.newsroom.publicaddresses import author_urls, section_urls
from stoppress.newsroom.reading.inventory import read_story_days
from stoppress.syndication.sitemaps import INDEX_URL, PAGES_URL, day_url

FEED_FILE = "index.xml"
FEEDS = ("feed/full/", "feed/")

# As in urls.py: a word of a section's path is no number, so no story called "feed" is meant.
_FEED = re.compile(r"/(?:(?![0-9]+/)[^/]+/)*?feed/(?:full/)?")


def feed_addresses() -> Iterator[str]:
    """What leaves, and where it once was."""
    pages = (*author_urls(), *section_urls(), "/")
    yield from (url + feed for url in pages for feed in FEEDS)
    yield from (day_url(day) for day in read_story_days())
    yield from (PAGES_URL, INDEX_URL, "/robots.txt")


def feed_file(path: str) -> str | None:
    """The file of a feed, whose name must tell servers that it is no HTML."""
    return FEED_FILE if _FEED.fullmatch(path) else None
