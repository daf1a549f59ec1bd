"""docs/reference/addresses.md says what the code does."""

import re
from pathlib import Path

from stoppress.newsroom.models.sections import RESERVED_SLUGS
from stoppress.newsroom.urls import urlpatterns as pages
from stoppress.syndication.urls import urlpatterns as feeds

TEXT = Path("docs/reference/addresses.md").read_text(encoding="utf-8")
SHOWN = {
    "<section:path>": "<section path>",
    "<yyyy:year>": "<yyyy>",
    "<mm:month>": "<mm>",
    "<mm:day>": "<dd>",
    "<str:slug>": "<slug>",
    "<id:section_id>": "<section id>",
    "<window:window>": "<window>",
}


def test_every_address_is_documented():
    for pattern in [*pages, *feeds]:
        route = "/" + str(pattern.pattern)
        for written, shown in SHOWN.items():
            route = route.replace(written, shown)
        assert f"`{route}`" in TEXT, route


def test_every_reserved_word_is_documented():
    section = TEXT.split("## Words that are not sections")[1].split("## ")[0]
    words = set(re.findall(r"`([^`]+)`", section))
    assert words == RESERVED_SLUGS
