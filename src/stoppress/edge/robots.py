"""Who is no reader: robots, told by what they declare and by what browsers never leave out.

A first, honest matcher: it believes an agent that says what it is, knows the marks of headless
browsers and of HTTP libraries, and misses the headers that every browser sends. It does not guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DECLARED = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|fetcher|scrap[ey]|archiver|indexer|monitor|uptime|pingdom"
    r"|lighthouse|pagespeed|gtmetrix|validator|checker|preview|facebookexternalhit|whatsapp"
    r"|feedly|feedbin|newsblur|rss|mediapartners|apis-google|bytespider|gptbot|https?://",
    re.IGNORECASE,
)
_HEADLESS = re.compile(r"headless|phantomjs|electron/|puppeteer|playwright|selenium|splash", re.I)
_LIBRARY = re.compile(
    r"^(?:curl|wget|python|aiohttp|httpx|go-http|java|okhttp|apache-http|libwww|perl|ruby|php"
    r"|guzzle|node|axios|undici|got|postman|insomnia|http\.rb|scrapy|dart|rust|reqwest)\b",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"^Mozilla/5\.0 \(.+\) .*(?:AppleWebKit|Gecko|Trident)")
_SENDS_FETCH_METADATA = re.compile(r"(?:Chrome|Firefox|Edg|OPR)/(\d{2,4})")
_FETCH_METADATA_SINCE = 90  # Chrome 76 and Firefox 90 send Sec-Fetch-Site


def is_robot(headers: Mapping[bytes, bytes], *, is_secure: bool) -> bool:
    """Whether a request with these (lower-case) headers came from a program and not a reader.

    Browsers send fetch metadata only to secure origins, so its absence counts only there.
    """
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    if not agent or _DECLARED.search(agent) or _HEADLESS.search(agent) or _LIBRARY.match(agent):
        return True
    if not _BROWSER.match(agent) or b"accept-language" not in headers:
        return True
    version = _SENDS_FETCH_METADATA.search(agent)
    return bool(
        is_secure
        and version
        and int(version[1]) >= _FETCH_METADATA_SINCE
        and b"sec-fetch-site" not in headers
    )
