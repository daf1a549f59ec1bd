"""Our own rules: words by which programs tell what they are, and agents that no browser has.

They are for what the public lists miss: a word that names the work, an address, a library, a
mark of a headless browser, a name where browsers have none, and browsers that cannot be. Nothing
here repeats within a repeat, so that each takes steps in proportion to the agent, which is cut
at MAX_LENGTH.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

from stoppress.edge.robotlists import Index, Numbers, heads_in

MAX_LENGTH = 440  # characters; the longest of 35,000 browsers' agents has 419

# What an agent has that shows pages, in small letters: an engine, or the name of a browser older
# than engines' names. As plain texts: one expression of them all would try each at every letter.
_ENGINES = (
    "applewebkit", "gecko/", "msie ", "trident/", "khtml", "presto/", "opera ", "opera/", "servo/",
    "netfront", "ucweb", "browser", "midp-", "obigo", "maui", "hbbtv", "maple", "playstation",
    "nintendo", "blackberry", "nokia", "symbian", "linux; android", "linux; u; android",
    "mozilla/5.0 (ip", "mozilla/5.0 (linux;", "docomo", "kddi", "teleca", "sonyericsson", "samsung",
    "amigaos", "cldc", "mre/", "mosaic", "smarttv", "smart_tv", "tv safari", "mtk", "vre/",
    "series60", "release/", "profile/",
)  # fmt: skip
_VERSIONED = re.compile(r"android \d[\d.]*[;)]|(?:firefox|safari|chrome)/\d|iphone\d|\[tf\d|^dv\(")
# Words by which programs tell what they are, in small letters. Each begins with NGRAM plain
# letters, by which it is found; where a word is also part of a reader's (monitor, Monitora), its
# end is asked for. Electron/ is not among them: people read in programs that are made with it.
WORDS = (
    # What it does.
    "crawl", "spider", "spyder", "slurp", r"scrap(?:er|y|ing)", "fetcher", "archiver", "indexer",
    "harvest", "grabber", "validator", "verifier", "verification", "checker", "check/",
    r"scann(?:er|ing)\b", r"anal[sy](?:z|s)?er", r"inspect(?:or|ion)?(?![a-z])",
    r"monitor(?:ing|s)?(?![a-z])", "uptime", "pingdom", r"probe(?:r|s)?(?![a-z])", "observatory",
    "synthetic", "lighthouse", "pagespeed", "page speed", "gtmetrix", "thumbnail", "screenshot",
    r"link.?preview", r"preview(?:er)?/", "capture/", r"mail ?proxy", "snoop", "research",
    "discovery/", "finder/", "lookup/", "radar/", "audit", "pageburst", "functionize",
    "assetnote", "360jk", "transcoder", "subscribers", r"feed.?(?:reader|parser|burner|fetch)",
    "newsgator", "aggregator", r"mail\.\w+\.?\w* proxy", "site proxy", "image proxy",
    "email proxy", r"scan\b", r"fetch(?![a-z])", "extractor", "collector", "download manager",
    "downloader", "validation", "verify", "sitecheck", "healthcheck", "health check",
    r"ping(?:er)?/", r"indexing\b", "parser", r"search ?engine", r"rank(?:er|ing|s)\b",
    "seo test", "seo tool", "website", "webpage", "sitemap", "robots.txt", "plugin/",
    r"watch(?:er|dog)", "survey", "domain", r"testing\b", r"test agent", "optimizer", "recorder",
    "importer", "exporter", "generator", "translate", "accessibility", "detector", "measure",
    "benchmark", "experiment", "university", r"security(?![a-z])", "abuse", "whatcms",
    "chrome/w.x", "unknown; linux x86_64", "stormcrawl", r"agent/\d", "cloud mapping",
    "telemetry",
    # Whose it is.
    "facebookexternalhit", "meta-external", "whatsapp/", "skypeuripreview", "mediapartners",
    "apis-google", r"google-[a-z]", "google favicon", "googleimage", "googleother", "googlesites",
    "googleprober", "googleadsense", "chatgpt", "openai", "anthropic", "claude", "perplexity",
    "bytespider", "cohere-ai",
    # Browsers without a person: drivers and headless ones.
    "headless", "phantomjs", "slimerjs", "puppeteer", "playwright", "selenium", "webdriver",
    "cypress/", r"splash\b", "cursor/", "htmlunit", "zombie.js", "jsdom", "nightmare",
    "lightpanda", "wkhtml", "prerender", "rendertron",
    # Libraries, wherever they stand.
    "python-", "python/", "aiohttp", "libcurl", "urllib", "go-http", "okhttp", "httpclient",
    "http_request", "axios/", "node-fetch", "guzzle", "libwww-perl", "lwp::", "dalvik/",
    "cfnetwork",
)  # fmt: skip
_BOT = re.compile(
    r"bot(?:(?<!cubot)(?<! idbot)(?<!cubot bot)s?(?![a-z])|/)"
)  # Cubot makes phones, Idbot tablets
_FIRST_WORD = re.compile(
    r"(?:curl|wget|python|httpx|java|apache|libwww|perl|ruby|php|node|undici|got|postman|insomnia"
    r"|http|dart|rust|reqwest|okhttp|go|lua|elixir|hackney|faraday|feed|google|facebook|mail)\b",
    re.IGNORECASE,
)
# Each begins with what is rare, which is found at once. bsalsa made a part of old programs;
# Ecosia's browsers write "ios@3.0".
_WEB_ADDRESS = re.compile(r"https?:/(?!/bsalsa\.com)")
_MAIL_ADDRESS = re.compile(r"@(?:(?<=[\w.-]@)|(?<=[\w.-] @)) ?[\w-]{2,40}\.[a-z]")
_SPELLED_ADDRESS = re.compile(
    r"(?:\[at\]|\(at\))(?:(?<=[\w.-]....)|(?<=[\w.-] ....)) ?[\w-]{2,40}\.[a-z]"
)
_SITE = re.compile(
    r"\.(?<=\w\.)(?:com|co|io|org|net|ai|info|eu|biz|dev|cloud"
    r"|de|fr|uk|nl|cz|ch|jp|cn)"
    r"\b(?![.\w])"
)
_LETTER_AFTER_DOT = re.compile(r"\.[a-z]")
# On desktops browsers end with their own names, and these are they; another is a program's.
_DESKTOP = re.compile(
    r"mozilla/5\.0 \((?:windows nt|macintosh|x11; )[^)]{0,90}\) "
    r"(?:applewebkit/537\.36 \(khtml, like gecko\) chrome/[\d.]+ safari/537\.36"
    r"|gecko/20100101 firefox/[\d.]+) "
    r"(?!edg|opr|opx|opera|viv|brave|ya|whale|oculus|hbbtv|crkey|sailfish|smart|tesla|se |mms|steam"
    r"|qq|metaiab|nettype|micro|windowswe|wechat|weixin|wxwork|teams|slack|discord|obsidian|lb|2345"
    r"|maxthon|sogou|metasr|av|cc|ddg|duckduckgo|ecosia|norton|atlas|comet|arc|sidekick|wavebox|iron"
    r"|coc_coc|cliqz|sleipnir|falkon|seznam|puffin|silk|uc|ubr|quark|atom|waterfox|palemoon|librewolf"
    r"|seamonkey|floorp|zen|kindle|theworld|360|qihu|baidu|bidu|huawei|samsung|line|instagram"
    r"|honorlock|fb|\[fb|\()\w"
)
_NAME_FIRST = re.compile(r"[a-z][\w.-]{2,40} mozilla/5\.0 \((?:windows|macintosh|x11)")

_COMPATIBLE = re.compile(
    # Internet Explorer's word; old browsers and television sets keep to these.
    r"mozilla/[2-6]\.\d+ ?\(compatible[;,) ]*+(?!msie[ :]\d|konq|linux|antg|ibrowse|opera|offby"
    r"|windows|google tv|netfront|series|icab|avantgo|u;)"
)
_NO_SYSTEM = re.compile(
    r"mozilla/[2-6]\.\d (?!\(|\[|galeon|obigo|opera|gecko|linux|version|applewe|webkit|webos)\w"
    r"|['\"]|mozilla/[6-9]\.\d \(windows nt 10"
)
_OTHER_ENGINE = re.compile(r"chrome/(?:[3-9]\d|\d{3})|firefox/\d|edg/")  # than Trident's
_NO_WINDOWS = re.compile(r"windows nt (?:1[1-9]|[7-9]\.)")
_VERSION = re.compile(r"(?:chrome|edg|firefox)/(\d{1,6})(?!\d)")
_EPOCH, _MAJOR_THEN = date(2026, 9, 8), 160
"""Chrome 153 came on that day; it is the highest, and one comes each two weeks since."""


def says_so(agent: str) -> bool:
    """Whether our own rules, without the lists, take the agent for a robot's."""
    small = agent[:MAX_LENGTH].strip().lower()
    return is_ill_formed(small) or says_a_word(small, heads_in(small, words().numbers))


def highest_major(today: date) -> int:
    """The highest version that Chrome and Firefox can have by then.

    It grows twice as fast as they do, so that years without an update harm no reader; a clock that
    stands before the day this was written counts as that day.
    """
    weeks = max((today - _EPOCH).days, 0) // 7
    return _MAJOR_THEN + weeks + 20


def says_a_word(small: str, heads: Numbers) -> bool:
    """Whether a word of ours stands in the agent, given in small letters with the heads in it."""
    if "bot" in small and _BOT.search(small):
        return True
    return words().have(small, heads)


def is_ill_formed(small: str) -> bool:
    """Whether no browser writes its agent like this. Plain tests first: most agents pass them."""
    return bool(
        not _shows_pages(small)
        or _FIRST_WORD.match(small)
        or "like gecko; " in small
        or "; compatible" in small
        or _has_address(small)
        or ("compatible" in small and _COMPATIBLE.match(small))
        or (_LETTER_AFTER_DOT.search(small) and _SITE.search(small))
        or _NO_SYSTEM.match(small)
        or _DESKTOP.match(small)
        or _NAME_FIRST.match(small)
        or (("trident/" in small or "msie " in small) and _OTHER_ENGINE.search(small))
        or ("windows" in small and _is_no_windows(small))
        or _is_from_the_future(small)
    )


def _shows_pages(small: str) -> bool:
    return any(mark in small for mark in _ENGINES) or _VERSIONED.search(small) is not None


def _is_no_windows(small: str) -> bool:
    if "x11; windows" in small or _NO_WINDOWS.search(small):
        return True
    return "windows nt" in small and ("iphone;" in small or "x11; linux" in small)


def _has_address(small: str) -> bool:
    return bool(
        "www." in small
        or "mailto:" in small
        or _WEB_ADDRESS.search(small)
        or ("@" in small and _MAIL_ADDRESS.search(small))
        or (("[at]" in small or "(at)" in small) and _SPELLED_ADDRESS.search(small))
    )


def _is_from_the_future(small: str) -> bool:
    version = _VERSION.search(small)
    return version is not None and int(version[1]) > _highest_now()


@cache
def _highest_now() -> int:
    """Once a process: edge workers live for weeks, and the margin is of months."""
    return highest_major(datetime.now(UTC).date())


@cache
def words() -> Index:
    """WORDS, ready to look up."""
    return Index(("text" if _is_plain(word) else "head", word) for word in WORDS)


def _is_plain(word: str) -> bool:
    return not set(word) & set(r"\()[]?|")
