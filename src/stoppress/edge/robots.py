"""Who is no reader: robots, told by what they declare and by what browsers never leave out.

The agent is judged by its text (agents.py), then the headers by whether they agree with it. It does
not guess from behaviour or addresses: what says in every header that it is a browser is a reader.
What was measured stands in docs/reference/counting.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from stoppress.edge.agents import is_robots

_CHROMIUM = re.compile(r"Chrom(?:e|ium)/(\d{1,4})(?!\d)")
_CHROMIUM_BRAND = re.compile(r'"Chromium";\s?v="(\d{1,4})')
_SENDS_FETCH_METADATA = re.compile(r"(?:Chrome|Firefox|Edg|OPR)/(\d{2,4})")
_FETCH_METADATA_SINCE = 90  # Chrome 76 and Firefox 90 send Sec-Fetch-Site (W3C Fetch Metadata)
_MAX_HINT = 512  # bytes of one Client Hint that are looked at; browsers send some 100

# What an agent of that system never says, by Sec-CH-UA-Platform. A reader who asks for the desktop
# site on a phone has both changed by the browser.
_PLATFORM_MARKS = {
    "Windows": ("Windows",),
    "macOS": ("Macintosh",),
    "Android": ("Android", "X11"),
}


def is_robot(headers: Mapping[bytes, bytes], *, is_secure: bool) -> bool:
    """Whether a request with these (lower-case) headers came from a program and not a reader.

    Browsers send fetch metadata and Client Hints only to secure origins, so that their absence
    counts only there. Takes some 15 µs for an agent seen for the first time, 2 µs again; raises
    nothing whatever the headers are.
    """
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    if is_robots(agent) or b"accept-language" not in headers:
        return True
    if is_secure and _lacks_fetch_metadata(agent, headers):
        return True
    return b"sec-ch-ua" in headers and _hints_differ(agent, headers)


def _lacks_fetch_metadata(agent: str, headers: Mapping[bytes, bytes]) -> bool:
    version = _SENDS_FETCH_METADATA.search(agent)
    return bool(
        version and int(version[1]) >= _FETCH_METADATA_SINCE and b"sec-fetch-site" not in headers
    )


def _hints_differ(agent: str, headers: Mapping[bytes, bytes]) -> bool:
    """Whether Client Hints (WICG User-Agent Client Hints) name another browser than the agent.

    Drivers that put on an agent forget them. Only engines and systems that exclude each other
    count: brands are free, and browsers put nonsense among them on purpose.
    """
    brands = headers[b"sec-ch-ua"][:_MAX_HINT].decode("latin-1")
    if "Headless" in brands:
        return True
    said, hinted = _CHROMIUM.search(agent), _CHROMIUM_BRAND.search(brands)
    if said and hinted and said[1] != hinted[1]:
        return True
    platform = headers.get(b"sec-ch-ua-platform", b"")[:_MAX_HINT].decode("latin-1").strip('"')
    marks = _PLATFORM_MARKS.get(platform)
    return marks is not None and not any(mark in agent for mark in marks)
