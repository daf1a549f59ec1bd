"""A time is told as exactly as it is known, on every page and in every feed."""

from datetime import UTC, datetime

import pytest
from wagtail.models import Revision

from stoppress.newsroom.actions import create_article, publish
from stoppress.newsroom.models import Article, UpdateEntry
from stoppress.press.editions import print_page
from stoppress.press.models import Change
from tests.newsroom.paper import NOON

DAY = "14 March 2026"


@pytest.fixture
def dated(paper) -> Article:
    """A story of which only the days are known."""
    entry = UpdateEntry(
        kind="correction", dated_at=NOON, dated_precision="day", text="Told that day."
    )
    draft = create_article(
        section="world",
        headline="Ferry returns",
        published_at=NOON,
        published_precision="day",
        updates=[entry],
    )
    return publish(draft)


def text_of(path: str) -> str:
    return print_page(path).body.decode()


def test_a_story_known_to_the_day_claims_no_clock_time_anywhere(dated):
    for path in (dated.url, "/", "/world/", "/latest/", "/-/parts/latest/", "/corrections/"):
        page = text_of(path)
        assert DAY in page, path
        assert "12:00" not in page, path
        assert 'datetime="2026-03-14"' in page, path


def test_machines_are_told_the_day_alone(dated):
    page = text_of(dated.url)
    assert '"datePublished":"2026-03-14"' in page
    assert '"dateModified":"2026-03-14"' in page
    assert 'article:published_time" content="2026-03-14"' in page


def test_feeds_keep_whole_timestamps(dated):
    assert "<published>2026-03-14T12:00:00Z</published>" in text_of("/feed/")


def test_the_newest_public_update_decides_how_exactly_the_last_update_is_known(dated):
    assert dated.updated_precision == "day"
    dated.updates.add(UpdateEntry(kind="update", dated_at=datetime(2026, 3, 15, 9, tzinfo=UTC)))
    dated.updates.add(UpdateEntry(kind="silent", dated_at=datetime(2026, 3, 16, 9, tzinfo=UTC)))
    for entry in dated.updates.all():
        entry.text = "Told."
    assert publish(dated).updated_precision == "second"


def test_precision_is_content_that_revisions_keep(dated):
    dated.title = "Ferry returns at last"
    revision = dated.save_revision()
    assert revision.as_object().published_precision == "day"
    assert publish(dated, revision=revision).published_precision == "day"


def test_a_revision_without_a_time_takes_time_and_precision_together(dated):
    draft = Article.objects.get(pk=dated.pk)
    draft.published_at, draft.published_precision = None, "second"
    kept = Revision.objects.get(pk=draft.save_revision().pk)
    live = publish(dated, revision=kept)
    assert (live.published_at, live.published_precision) == (NOON, "day")


def test_publishing_at_a_moment_is_exact(dated):
    assert publish(dated, at=datetime(2026, 3, 13, 8, tzinfo=UTC)).published_precision == "second"


def test_knowing_the_time_better_changes_what_lists_show(dated):
    dated.published_precision = "minute"
    publish(dated)
    assert f"card:{dated.pk}" in Change.objects.order_by("pk").last().touched
    assert "14 Mar 2026, 12:00" in text_of("/latest/")
