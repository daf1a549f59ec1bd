"""What bench/publish.py runs in processes of their own: loading, publishing, other writers."""

from __future__ import annotations

import http.client
import json
import select
import sys
import time
from collections.abc import Callable
from typing import Any

import django

POLL_SECONDS = 0.002
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.2  # between publishes, in which the printer prints what else was touched
SAVE_SECONDS = 0.5
PUBLISHES_EACH = 5  # saves
WARM_UP = 5
BODY = [("text", "<p>" + "The harbour office has said so, and the pilots agree. " * 60 + "</p>")]


def main() -> None:
    """Do what the command line says."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")
    django.setup()
    what, *arguments = sys.argv[1:]
    commands: dict[str, Callable[..., None]] = {"load": load, "publish": publish, "write": write}
    commands[what](*map(int, arguments))


def load(size: int) -> None:
    """Load an archive up to now; tell how many stories a second it took, and its search rows."""
    from django.utils import timezone

    from stoppress.demo import archive
    from stoppress.newsroom.bulk.afterwards import rebuild_search, take_stock

    archive.furnish()
    began = time.perf_counter()
    archive.extend(size, until=timezone.now())
    loaded = time.perf_counter()
    rebuild_search()
    indexed = time.perf_counter()
    take_stock()
    print(json.dumps([size / (loaded - began), size / (indexed - loaded)]))


def publish(count: int, port: int) -> None:
    """Publish stories, one after another; tell the times of the calls, and until all was new."""
    from stoppress.newsroom import actions

    reader = Reader(port)
    reader.warm()
    calls, times = [], []
    for number in range(-WARM_UP, count):
        draft = story("A bench publishes", number)
        began = time.perf_counter()
        live = actions.publish(draft)
        called = time.perf_counter()
        reader.wait_for(live.url, pages_of(live))
        ended = time.perf_counter()
        if number >= 0:
            calls.append((called - began) * 1000)
            times.append((ended - began) * 1000)
        time.sleep(PAUSE_SECONDS)
    print(json.dumps([calls, times]))


def write(writer: int) -> None:
    """Save a story twice a second and publish every fifth time, until the input ends."""
    from stoppress.newsroom import actions

    saves = 0
    article = story(f"Writer {writer} begins", saves)
    while not select.select([sys.stdin], [], [], SAVE_SECONDS)[0]:
        saves += 1
        if saves % PUBLISHES_EACH:
            article.standfirst = f"As of the save numbered {saves}."
            article.save_revision()
        else:
            actions.publish(article)
            article = story(f"Writer {writer} goes on", saves)


def story(headline: str, number: int) -> Any:
    """A draft as long as a story is."""
    from stoppress.newsroom import actions
    from stoppress.newsroom.models import Author

    return actions.create_article(
        section="city/council",
        headline=f"{headline} its story numbered {number} of {time.time_ns()}",
        standfirst="And measures how long that takes.",
        byline=[Author.objects.get(slug="ines-maravel")],
        topics=["medtop:20000003"],
        body=BODY,
    )


def pages_of(live: Any) -> list[str]:
    """The pages that must show a story: itself, and one of each kind."""
    from stoppress.newsroom.clock import paper_day

    day = paper_day(live.moment)
    return [
        live.url,
        "/",
        "/city/council/",
        "/authors/ines-maravel/",
        "/feed/",
        f"/sitemap/{day:%Y-%m-%d}.xml",
        "/-/parts/latest/",
    ]


class Reader:
    """A reader on one connection to the public port."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        self.connection.request("GET", path, headers={"Host": f"localhost:{self.connection.port}"})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def warm(self) -> None:
        """Have the pages that people read most in the store, and some stories."""
        from stoppress.newsroom.models import Article

        newest = Article.objects.filter(live=True).order_by("-pk")[:50]
        lists = ["/", "/latest/", "/city/", "/city/council/", "/feed/", "/corrections/"]
        for path in [*lists, *(article.url for article in newest)]:
            self.get(path)

    def wait_for(self, url: str, pages: list[str]) -> None:
        """Return when every page shows the story; the article itself is asked for last."""
        deadline = time.perf_counter() + PATIENCE_SECONDS
        for path in reversed(pages):
            while not self.shows(path, url):
                if time.perf_counter() > deadline:
                    raise SystemExit(f"{path} did not show {url} within {PATIENCE_SECONDS} s.")
                time.sleep(POLL_SECONDS)

    def shows(self, path: str, url: str) -> bool:
        """Whether a page has, or is, the story."""
        status, text = self.get(path)
        return status == 200 and url in text
