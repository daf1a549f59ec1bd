"""An editor in a process of its own: publishes story after story, whatever dies around it.

Run as `python -m tests.chaos.publisher COUNT` with the newsroom's settings in the environment. For
each story that is out it writes a line of JSON: its number, its change and the time (monotonic).
"""

import json
import sys
import time

from stoppress.cli.opening import open_newsroom

AGAIN_SECONDS = 0.1


def main(count: int) -> None:
    """Publish so many stories, each until it is out; of none, make the section for them."""
    open_newsroom()
    from django.db import InterfaceError, OperationalError, connection

    from stoppress.newsroom.actions import create_section
    from stoppress.newsroom.models import Section

    if count == 0:
        if not Section.objects.filter(slug="world").exists():
            create_section("World")
        return

    for number in range(1, count + 1):
        while True:
            try:
                change = publish_story(number)
            except (InterfaceError, OperationalError):
                connection.close()
                time.sleep(AGAIN_SECONDS)  # the database is away: an editor tries again, too
            else:
                break
        line = json.dumps({"number": number, "change": change, "at": time.monotonic()})
        print(line, flush=True)  # noqa: T201 - it is read by the test


def publish_story(number: int) -> int:
    """Publish a story, unless the last try did; returns the number of its change."""
    from django.utils import timezone

    from stoppress.newsroom.actions import create_article, publish
    from stoppress.newsroom.models import Article
    from stoppress.press.models import Change

    headline = f"Barge {number:05d} sails"
    article = Article.objects.filter(title=headline).first() or create_article(
        section="world", headline=headline, body=[("text", "<p>With the tide, at dawn.</p>")]
    )
    if not article.live:
        publish(article, at=timezone.now())
    found = Change.objects.filter(touched__icontains=f'"article:{article.pk}"', number__gt=0)
    return found.order_by("number").values_list("number", flat=True)[0]


if __name__ == "__main__":
    main(int(sys.argv[1]))
