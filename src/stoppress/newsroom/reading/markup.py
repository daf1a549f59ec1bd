"""Rich text for readers: links resolved to real addresses, everything else made safe.

Bodies also come from wires and importers, so markup is cleaned here whatever made it.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import nh3

PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>(?P<text>.*?)</a>', re.I | re.S)
PAGE_ID = re.compile(r'\bid="(\d+)"', re.I)
TAGS = {
    *("p", "br", "b", "strong", "i", "em", "sup", "sub", "s", "del", "a", "ul", "ol", "li"),
    *("blockquote", "cite", "q", "code", "abbr", "bdi", "bdo", "ruby", "rt", "rp"),
}
ATTRIBUTES = {"a": {"href"}, "abbr": {"title"}, "bdi": {"dir"}, "bdo": {"dir"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def linked_pages(markups: Iterable[str]) -> set[int]:
    """The ids of our own pages that rich text links to."""
    return {
        int(found.group(1))
        for markup in markups
        for link in PAGE_LINK.finditer(markup)
        if (found := PAGE_ID.search(link.group()))
    }


def expand(markup: str, urls: Mapping[int, str]) -> str:
    """Safe markup with real addresses; a link to what is gone leaves its words."""
    return nh3.clean(
        PAGE_LINK.sub(_linked(urls), markup),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _linked(urls: Mapping[int, str]) -> Callable[[re.Match[str]], str]:
    def replace(link: re.Match[str]) -> str:
        found = PAGE_ID.search(link.group().split(">", 1)[0])
        url = urls.get(int(found.group(1))) if found else None
        return f'<a href="{url}">{link["text"]}</a>' if url else link["text"]

    return replace
