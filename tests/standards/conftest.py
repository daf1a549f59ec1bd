"""The standards are checked on the served demo newsroom, one address for every kind of page."""

import re

import pytest


@pytest.fixture(scope="session")
def kinds(served) -> dict[str, str]:
    """The paths of the page kinds, found by walking the paper as a reader does."""

    def first(page: str, pattern: str) -> str:
        found = re.search(pattern, served.get(page).text)
        assert found, f"{page} has no link like {pattern}"
        return found[1]

    story = r'href="((?:/[a-z-]+)+/\d{4}/\d\d/\d\d/[^"/]+/)"'
    article = first("/search/?q=harbour&kind=report", story)
    return {
        "front": "/",
        "section": "/world/",
        "nested section": "/business/harbour/",
        "archive": first("/world/", r'href="(/world/\d{4}/\d\d/)"'),
        "article": article,
        "analysis": first("/search/?q=the&kind=analysis", story),
        "opinion": first("/search/?q=the&kind=opinion", story),
        "corrected article": first(
            "/corrections/", r'(?s)entry--correction.*?href="([^"]+)#update'
        ),
        "picture story": first("/search/?q=the&kind=picture-story", story),
        "author": first(article, r'href="(/authors/[^"/]+/)"'),
        "topic": first(article, r'href="(/topics/[^"/]+/)"'),
        "latest": "/latest/",
        "search": "/search/?q=harbour",
        "refused search": "/search/?q=harbour&since=yesterday",
        "corrections": "/corrections/",
        "not found": "/no/such/page/",
    }
