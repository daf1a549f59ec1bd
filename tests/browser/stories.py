"""A story of a test's own, taken in by the real command as any page from outside is."""

import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tests.served import Served
from tests.waiting import until

_numbers = count(1)
WINTERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
VISIBLE_WITHIN_SECONDS = 20  # a bound for a loaded machine; bench/ measures what it takes


def published_story(newsroom: Served, folder: Path, headline: str = "") -> tuple[str, str]:
    """Import a page and publish it. Its headline and its path, which readers can open by then."""
    headline = headline or f"Buoy keepers count their {WINTERS[next(_numbers) - 1]} winter afloat"
    page = folder / "page.txt"
    page.write_text(
        f"{headline}\n"
        "- Last update: 2 minutes ago\n"
        "- 1 min read\n"
        "- 12 Views\n"
        "- WORLD\n"
        "The keepers of the outer buoys have begun their winter round, the pilot office said on "
        "Monday, and expect to be at sea until the ice leaves the sound.\n"
        "Each buoy is lifted, scraped and lit again. A crew of six shares two boats and a stove.\n"
        "Author: Runa Holt\n"
        "Share\n",
        encoding="utf-8",
    )
    retrieved = datetime.now(UTC).isoformat(timespec="seconds")
    done = newsroom.run(
        "import", "page", str(page), "--section", "World", "--retrieved", retrieved, "--publish"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    path = re.search(r"at\s+(/world/\S+/)", done.stdout.replace("\n", " "))
    assert path, done.stdout
    until(
        lambda: newsroom.get(path[1]).status_code == 200,
        "the imported story",
        seconds=VISIBLE_WITHIN_SECONDS,
    )
    return headline, path[1]
