"""Where readers come from: a small list of well-known domains, sorted into five classes.

A domain is sought with the names it ends in: `news.google.com` is `google.com`'s, unless it has a
line of its own. What is on no list is another site. The lists hold what brings readers to papers in
many countries; a newsroom's own notion belongs into its own tools, which take the export.
"""

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings


class SourceClass(StrEnum):
    """What kind of place a reader came from."""

    DIRECT = "direct"
    SEARCH = "search"
    SOCIAL = "social"
    OTHER = "other"
    OWN = "own"


CLASS_NAMES = {
    SourceClass.DIRECT: "Direct, or not told",
    SourceClass.SEARCH: "Search",
    SourceClass.SOCIAL: "Social",
    SourceClass.OTHER: "Other sites",
    SourceClass.OWN: "Own pages",
}

SEARCH = frozenset(
    [
        "ask.com",
        "baidu.com",
        "bing.com",
        "brave.com",
        "coccoc.com",
        "daum.net",
        "duckduckgo.com",
        "ecosia.org",
        "kagi.com",
        "lycos.com",
        "mojeek.com",
        "naver.com",
        "perplexity.ai",
        "qwant.com",
        "seznam.cz",
        "so.com",
        "sogou.com",
        "startpage.com",
        "swisscows.com",
        "yahoo.com",
        "yahoo.co.jp",
        "yandex.com",
        "yandex.ru",
        "ya.ru",
        "yep.com",
        "chatgpt.com",
        "chat.openai.com",
        "copilot.microsoft.com",
        "gemini.google.com",
        "news.google.com",
        "search.example",
    ]
)
SOCIAL = frozenset(
    [
        "bsky.app",
        "facebook.com",
        "fb.com",
        "instagram.com",
        "l.instagram.com",
        "linkedin.com",
        "lnkd.in",
        "mastodon.social",
        "mastodon.online",
        "messenger.com",
        "news.ycombinator.com",
        "ok.ru",
        "pinterest.com",
        "quora.com",
        "reddit.com",
        "snapchat.com",
        "t.co",
        "t.me",
        "telegram.org",
        "threads.com",
        "threads.net",
        "tiktok.com",
        "tumblr.com",
        "twitter.com",
        "vk.com",
        "vk.ru",
        "wechat.com",
        "weibo.com",
        "whatsapp.com",
        "x.com",
        "xing.com",
        "youtube.com",
        "youtu.be",
        "discord.com",
        "lobste.rs",
        "lemmy.world",
        "social.example",
    ]
)
# Under a search engine's domain, but no search.
OTHER = frozenset(
    [
        "classroom.google.com",
        "docs.google.com",
        "mail.google.com",
        "mail.yahoo.com",
        "mail.yandex.ru",
    ]
)
# One search engine under the domain of every country.
SEARCH_IN_EVERY_COUNTRY = frozenset({"google", "yandex"})
COUNTRY_LETTERS = 2


def class_of(domain: str) -> SourceClass:
    """The class of a domain without "www."; of none, direct."""
    if not domain:
        return SourceClass.DIRECT
    if domain == own_domain():
        return SourceClass.OWN
    parts = domain.split(".")
    for start in range(len(parts) - 1):
        name = ".".join(parts[start:])
        if name in OTHER:
            break
        if name in SEARCH or _is_in_every_country(parts[start:]):
            return SourceClass.SEARCH
        if name in SOCIAL:
            return SourceClass.SOCIAL
    return SourceClass.OTHER


def _is_in_every_country(parts: list[str]) -> bool:
    """Whether a name is google.com, google.de or google.co.uk."""
    first, *rest = parts
    if first not in SEARCH_IN_EVERY_COUNTRY or rest == ["com"]:
        return first in SEARCH_IN_EVERY_COUNTRY
    of_country = len(rest[-1]) == COUNTRY_LETTERS
    return of_country and (len(rest) == 1 or rest[:-1] in (["co"], ["com"]))


def own_domain() -> str:
    """The paper's own domain, as reports name it."""
    return (urlsplit(settings.ORIGIN).hostname or "").removeprefix("www.")


def by_class(named: Iterable[tuple[str, int]], views: int) -> dict[SourceClass, int]:
    """Views by class, of views by domain ("" for smaller sites) and all views; direct is the rest.

    Views that moved to a later day leave what they came from behind, so the rest is at least 0.
    """
    found = dict.fromkeys(SourceClass, 0)
    for name, some in named:
        found[class_of(name) if name else SourceClass.OTHER] += some
    found[SourceClass.DIRECT] = max(0, views - sum(found.values()))
    return found
