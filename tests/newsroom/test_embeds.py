"""Embeds: the frame's address by pattern, from allowed providers only."""

from urllib.parse import urlsplit

import pytest

from stoppress.newsroom.embeds import FRAME_HOSTS, find_frame, get_frame
from stoppress.newsroom.errors import EmbedRefused


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (
            "https://www.youtube.com/watch?v=aBcDeFgHiJ0&t=42s",
            "https://www.youtube-nocookie.com/embed/aBcDeFgHiJ0?start=42",
        ),
        (
            "https://www.youtube.com/watch?list=PL1&v=aBcDeFgHiJ0",
            "https://www.youtube-nocookie.com/embed/aBcDeFgHiJ0",
        ),
        ("https://youtu.be/aBcDeFgHiJ0", "https://www.youtube-nocookie.com/embed/aBcDeFgHiJ0"),
        (
            "https://www.youtube.com/shorts/aBcDeFgHiJ0",
            "https://www.youtube-nocookie.com/embed/aBcDeFgHiJ0",
        ),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?dnt=1"),
        (
            "https://vimeo.com/123456789/0a1b2c",
            "https://player.vimeo.com/video/123456789?dnt=1&h=0a1b2c",
        ),
        (
            "https://soundcloud.com/quay-radio/tide-tables",
            "https://w.soundcloud.com/player/"
            "?url=https%3A%2F%2Fsoundcloud.com%2Fquay-radio%2Ftide-tables&visual=false",
        ),
        ("https://datawrapper.dwcdn.net/aB3dE/2/", "https://datawrapper.dwcdn.net/aB3dE/"),
        (
            "https://public.flourish.studio/visualisation/1234567/",
            "https://flo.uri.sh/visualisation/1234567/embed",
        ),
        (
            "https://www.openstreetmap.org/#map=14/38.7071/-9.1355",
            "https://www.openstreetmap.org/export/embed.html"
            "?bbox=-9.15747%2C38.69611%2C-9.11353%2C38.71809&layer=mapnik",
        ),
    ],
)
def test_a_page_of_a_provider_has_a_frame(address, frame):
    found = find_frame(address)
    assert found is not None
    assert found.url == frame
    assert urlsplit(found.url).hostname in FRAME_HOSTS


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch?v=aBcDeFgHiJ0",
        "https://www.youtube.com.evil.example/watch?v=aBcDeFgHiJ0",
        "https://evil.example/https://www.youtube.com/watch?v=aBcDeFgHiJ0",
        "https://user@www.youtube.com/watch?v=aBcDeFgHiJ0",
        "https://www.youtube.com:8443/watch?v=aBcDeFgHiJ0",
        'https://www.youtube.com/watch?v="><script>',
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/",
        "https://vimeo.com/about",
        "javascript:alert(1)",
        "https://[broken",
        "https://www.youtube.com:notaport/watch?v=aBcDeFgHiJ0",
        "",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(address):
    with pytest.raises(EmbedRefused, match=r"Allowed are pages of YouTube, .*OpenStreetMap\."):
        get_frame(address)
