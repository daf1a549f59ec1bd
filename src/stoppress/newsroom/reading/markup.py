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

# Paragraphs of plain text, marks that don't nest, and links of harmless characters: as the cleaner
# would write them, so that it need not be asked. It takes a quarter of a story page's time.
_PLAIN = r"[\n\t\x20-\x25\x27-\x3b\x3d\x3f-\x7e\xa1-\ud7ff\ue000-\ufffd\U00010000-\U0010fffd]"
_WORDS = rf"(?:{_PLAIN}++|&(?:amp|lt|gt|nbsp);)*+"
_LINK = r'<a href="(?:https?:/)?/[\w\-.~/%:?=+,;@]*">'
_MARKED = "|".join(
    [rf"{_LINK}{_WORDS}</a>", *(rf"<{n}>{_WORDS}</{n}>" for n in ("b", "strong", "i", "em"))]
)
CLEAN = re.compile(rf"(?:<p>{_WORDS}(?:(?:{_MARKED}){_WORDS})*+</p>\n?)++", re.A)


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
    linked = PAGE_LINK.sub(_linked(urls), markup)
    return linked if CLEAN.fullmatch(linked) else cleaned(linked)


def cleaned(markup: str) -> str:
    """The markup with nothing but what stories may hold."""
    return nh3.clean(
        markup,
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
