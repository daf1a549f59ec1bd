"""Sitemaps (sitemaps.org, protocol 0.9) and robots.txt.

A publish changes the sitemap of its day and no other: the index lists days without dates. There is
room in it for the days of 136 years.
"""

from collections.abc import Iterable
from datetime import UTC, date

from lxml import etree

from stoppress.newsroom.reading.inventory import Item

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_URLS = 50_000  # the protocol's limit for one file
INDEX_URL = "/sitemap.xml"
PAGES_URL = "/sitemap/pages.xml"


def day_url(day: date) -> str:
    """Where a day's sitemap is."""
    return f"/sitemap/{day:%Y-%m-%d}.xml"


def index(origin: str, days: Iterable[date]) -> bytes:
    """The list of sitemaps."""
    root = etree.Element(f"{{{NAMESPACE}}}sitemapindex", nsmap={None: NAMESPACE})
    for url in (PAGES_URL, *(day_url(day) for day in days)):
        node = etree.SubElement(root, f"{{{NAMESPACE}}}sitemap")
        etree.SubElement(node, f"{{{NAMESPACE}}}loc").text = origin + url
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def urls(origin: str, items: Iterable[Item]) -> bytes:
    """One sitemap."""
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE})
    for item in list(items)[-MAX_URLS:]:
        node = etree.SubElement(root, f"{{{NAMESPACE}}}url")
        etree.SubElement(node, f"{{{NAMESPACE}}}loc").text = origin + item.url
        if item.changed_at:
            moment = item.changed_at.astimezone(UTC).isoformat(timespec="seconds")
            etree.SubElement(node, f"{{{NAMESPACE}}}lastmod").text = moment
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def robots(origin: str) -> str:
    """Everything may be fetched but the desk and what is made for one reader."""
    return (
        "User-agent: *\n"
        "Disallow: /desk/\n"
        "Disallow: /search/\n"
        "Disallow: /-/\n"
        "\n"
        f"Sitemap: {origin}{INDEX_URL}\n"
    )
