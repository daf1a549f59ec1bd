"""A reader's visit as nginx logs it and as we count it: `stoppress reconcile` explains both."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.browser.readers import new_reader
from tests.browser.stories import published_story
from tests.edge import fronts
from tests.waiting import until

pytestmark = pytest.mark.browser

PAGE = fronts.HOW_TO / "reconcile-with-a-log.md"
SHIPPED_WITHIN_SECONDS = 30


@pytest.fixture
def front(served, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of an nginx that logs as the page says, and its log."""
    log = tmp_path / "news.log"
    logs = fronts.replaced(
        fronts.configuration("nginx", PAGE), ("/var/log/nginx/news.log", str(log))
    )
    with fronts.nginx_that_logs(served.address, logs) as running:
        yield running.address, log


def test_a_log_is_explained_to_the_last_request(front, served, visit, tmp_path):
    address, log = front
    _, path = published_story(served, tmp_path, "Ledger of the ice pilots is closed")
    story = address + path
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    page = visit("about:blank", **new_reader().options())
    with page.expect_response("**/-/reads") as reported:
        page.goto(story)
    assert reported.value.ok
    hurried = visit("about:blank", **new_reader().options())
    hurried.route("**/-/reads", lambda route: route.abort())  # it left before the second was over
    hurried.goto(story)
    httpx.get(story)
    httpx.head(story)

    hours = [f"{start + timedelta(hours=n):%Y-%m-%dT%H:%M}" for n in (0, 2)]
    command = ("reconcile", "--json", "--since", hours[0], "--until", hours[1], str(log))

    def told() -> dict[str, object] | None:
        done = served.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        # Other tests' readers may have been at other stories within the hour.
        found = {article["url"]: article for article in json.loads(done.stdout)["articles"]}
        return found[path] if found[path]["views"] else None

    found = until(told, "the view in the totals", seconds=SHIPPED_WITHIN_SECONDS)
    named = {name: found[name] for name in ("requests", "robot", "method", "not_seen", "seen")}
    assert named == {"requests": 4, "robot": 1, "method": 1, "not_seen": 1, "seen": 1}
    assert (found["views"], found["not_explained"]) == (1, 0)
