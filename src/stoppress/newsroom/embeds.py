"""Embeds: which providers a story may show, and where their frames are.

The frame's address is worked out from the page's address by pattern. Nothing is fetched, neither
while an editor writes nor while a page is rendered, and a reader's browser calls the provider only
when the reader asks for it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from stoppress.newsroom.errors import EmbedRefused

WIDE = (16, 9)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an embed's frame is, and its shape."""

    provider: str
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that stories may embed. `frame` gets the address and what `pattern` found."""

    name: str
    hosts: frozenset[str]
    pattern: re.Pattern[str]  # matched against path and query, "/watch?v=…"
    frame_host: str
    frame: Callable[[str, re.Match[str]], str]  # path and query of the frame
    width: int = WIDE[0]
    height: int = WIDE[1]


def _youtube(address: str, found: re.Match[str]) -> str:
    start = parse_qs(urlsplit(address).query).get("t", [""])[0].removesuffix("s")
    return f"/embed/{found['id']}" + (f"?start={int(start)}" if start.isdecimal() else "")


def _youtube_watch(address: str, found: re.Match[str]) -> str:
    return _youtube(address, found)


def _openstreetmap(address: str, found: re.Match[str]) -> str:
    zoom, latitude, longitude = int(found["zoom"]), float(found["lat"]), float(found["lon"])
    span = 360 / 2 ** min(zoom, 19)
    box = (longitude - span, latitude - span / 2, longitude + span, latitude + span / 2)
    query = {"bbox": ",".join(f"{side:.5f}" for side in box), "layer": "mapnik"}
    if {"mlat", "mlon"} <= (marker := parse_qs(urlsplit(address).query)).keys():
        query["marker"] = f"{float(marker['mlat'][0]):.5f},{float(marker['mlon'][0]):.5f}"
    return f"/export/embed.html?{urlencode(query)}"


def _vimeo(address: str, found: re.Match[str]) -> str:
    private = f"&h={found['key']}" if found["key"] else ""
    return f"/video/{found['id']}?dnt=1{private}"


def _soundcloud(address: str, found: re.Match[str]) -> str:
    page = f"https://soundcloud.com{urlsplit(address).path}"
    return f"/player/?url={quote(page, safe='')}&visual=false"


VIDEO_ID = r"(?P<id>[A-Za-z0-9_-]{11})"
PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "YouTube",
        frozenset({"www.youtube.com", "youtube.com", "m.youtube.com"}),
        re.compile(rf"/(?:watch\?(?:.*&)?v=|embed/|shorts/|live/){VIDEO_ID}(?![A-Za-z0-9_-])"),
        "www.youtube-nocookie.com",
        _youtube_watch,
    ),
    Provider(
        "YouTube",
        frozenset({"youtu.be"}),
        re.compile(rf"/{VIDEO_ID}(?![A-Za-z0-9_-])"),
        "www.youtube-nocookie.com",
        _youtube,
    ),
    Provider(
        "Vimeo",
        frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"}),
        re.compile(
            r"/(?:video/|channels/[\w-]+/)?(?P<id>\d{4,12})(?:/(?P<key>[0-9a-f]+))?/?(?:\?|$)"
        ),
        "player.vimeo.com",
        _vimeo,
    ),
    Provider(
        "SoundCloud",
        frozenset({"soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"}),
        re.compile(r"/[\w-]+/(?:sets/)?[\w-]+/?(?:\?|$)"),
        "w.soundcloud.com",
        _soundcloud,
        width=16,
        height=5,
    ),
    Provider(
        "Spotify",
        frozenset({"open.spotify.com"}),
        re.compile(r"/(?:intl-[a-z]+/)?(?P<what>track|album|episode|show|playlist)/(?P<id>\w{22})"),
        "open.spotify.com",
        lambda _, found: f"/embed/{found['what']}/{found['id']}",
        width=16,
        height=7,
    ),
    Provider(
        "Datawrapper",
        frozenset({"datawrapper.dwcdn.net", "www.datawrapper.de"}),
        re.compile(r"/(?:_/)?(?P<id>[A-Za-z0-9]{5})/"),
        "datawrapper.dwcdn.net",
        lambda _, found: f"/{found['id']}/",
        width=4,
        height=3,
    ),
    Provider(
        "Flourish",
        frozenset({"public.flourish.studio", "flo.uri.sh"}),
        re.compile(r"/(?P<what>visualisation|story)/(?P<id>\d+)/"),
        "flo.uri.sh",
        lambda _, found: f"/{found['what']}/{found['id']}/embed",
        width=4,
        height=3,
    ),
    Provider(
        "OpenStreetMap",
        frozenset({"www.openstreetmap.org", "openstreetmap.org"}),
        re.compile(
            r"/[^#]*#map=(?P<zoom>\d{1,2})/(?P<lat>-?\d{1,2}(?:\.\d+)?)/(?P<lon>-?\d{1,3}(?:\.\d+)?)"
        ),
        "www.openstreetmap.org",
        _openstreetmap,
        width=4,
        height=3,
    ),
)

FRAME_HOSTS = tuple(sorted({provider.frame_host for provider in PROVIDERS}))


def provider_names() -> tuple[str, ...]:
    """Names of the allowed providers, each once."""
    return tuple(dict.fromkeys(provider.name for provider in PROVIDERS))


def find_frame(address: str) -> Frame | None:
    """The frame for a page's address, or None if no allowed provider has such a page."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or parts.username or port not in (None, 443):
        return None
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    rest += f"#{parts.fragment}" if parts.fragment.startswith("map=") else ""
    for provider in PROVIDERS:
        if parts.hostname in provider.hosts and (found := provider.pattern.match(rest)):
            url = f"https://{provider.frame_host}{provider.frame(address, found)}"
            return Frame(provider.name, url, provider.width, provider.height)
    return None


def get_frame(address: str) -> Frame:
    """The frame for a page's address; raises EmbedRefused with what is allowed."""
    if (frame := find_frame(address)) is None:
        raise EmbedRefused(
            f"{address!r} is not the https address of something to embed. "
            f"Allowed are pages of {', '.join(provider_names())}."
        )
    return frame
