"""Publishing a new story is one act with one revision, and leads where two acts led."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import PageLogEntry, ReferenceIndex

from stoppress.newsroom import addresses, search
from stoppress.newsroom.actions import create_article, publish, publish_new
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.errors import EmbargoInForce
from stoppress.newsroom.models import Article, Author, Listing
from stoppress.press.models import Change
from tests.newsroom.paper import NOON, picture

# Of a rich story. Both were 299 when a story was always written, read back and written again, and
# lists, references and the desk's row were kept up row by row. Two hold the section, so that nobody
# takes the same place in it, and look whether the story is its day's first. One asks what is closed
# to readers.
NEW_STORY_QUERIES = 87
DRAFT_AND_PUBLISH_QUERIES = 129


def rich() -> dict:
    """A story with something of everything that refers to other rows."""
    return {
        "section": "world",
        "headline": "Ferry returns",
        "standfirst": "Two weeks late.",
        "byline": [Author.objects.get(name="Mira Lund"), Author.objects.get(kind="agency")],
        "topics": ["medtop:20000003"],
        "lead_picture": picture("Lead", (400, 300)),
        "gallery": [picture("Side", (400, 300))],
        "body": [
            ("text", "<p>At the quay.</p>"),
            ("picture", {"picture": picture("In", (400, 300))}),
        ],
        "updates": [("correction", NOON, "A name."), ("silent", NOON, "A comma.")],
        "published_at": NOON,
    }


def outcome(article: Article) -> dict:
    """All that a reader, the printer or the desk could tell about a publish."""
    article = Article.objects.get(pk=article.pk)
    change = Change.objects.order_by("pk").last()
    own = {str(article.pk): "ID", addresses.current_urls([article.pk])[article.pk]: "URL"}

    def told(texts: list[str]) -> list[str]:
        return sorted(own.get(t, t.replace(f":{article.pk}", ":ID")) for t in texts)

    row = NewsListEntry.objects.get(pk=article.pk)
    return {
        "live": (article.live, article.has_unpublished_changes, article.expired),
        "revisions": (article.live_revision_id == article.latest_revision_id),
        "dated": (article.published_at, article.updated_at),
        "first": article.first_published_at == article.last_published_at,
        "byline": [str(entry) for entry in article.byline.all()],
        "gallery": [entry.picture_id for entry in article.gallery.all()],
        "updates": sorted((entry.kind, entry.text) for entry in article.updates.all()),
        "topics": [topic.qcode for topic in article.topics.all()],
        "counted": (article.word_count, article.reading_minutes),
        "lists": sorted(Listing.objects.filter(article_id=article.pk).values_list("list")),
        "found": article.pk in search.find("quay", search.Filters()).article_ids,
        "row": (row.state, row.headline, row.section_id, row.dated_at),
        "refers": sorted(
            ReferenceIndex.get_references_for_object(article).values_list(
                "to_object_id", "model_path"
            )
        ),
        "log": sorted(PageLogEntry.objects.filter(page=article.pk).values_list("action")),
        "touched": set(told(change.touched)),
        "printed first": told(change.first),
    }


def test_it_leads_where_a_draft_that_is_published_leads(paper):
    story = rich()
    drafted = create_article(**story)
    in_two = outcome(publish(drafted, revision=drafted.latest_revision))
    in_one = outcome(publish_new(**{**story, "address_slug": "ferry-returns-again"}))
    by_the_first = (":calendar", "days:all")
    opened = {tag for tag in in_two["touched"] if tag.endswith(by_the_first)}
    assert {**in_one, "touched": in_one["touched"] | opened} == in_two


def test_it_makes_one_revision_and_asks_few_queries(paper):
    story = rich()
    publish_new(**story)
    with CaptureQueriesContext(connection) as asked:
        live = publish_new(**story)
    assert live.revisions.count() == 1
    assert len(asked) <= NEW_STORY_QUERIES
    written = [q["sql"] for q in asked if q["sql"].startswith('INSERT INTO "desk_newslistentry"')]
    assert len(written) == 1


def test_a_draft_and_its_publish_ask_few_queries(paper):
    story = rich()
    publish(create_article(**story))
    with CaptureQueriesContext(connection) as asked:
        drafted = create_article(**story)
        publish(drafted, revision=drafted.latest_revision)
    assert len(asked) <= DRAFT_AND_PUBLISH_QUERIES


def test_a_revision_of_it_can_be_published_again(paper):
    live = publish_new(**rich())
    live.title = "Ferry returns early"
    again = publish(live)
    assert again.headline == "Ferry returns early"
    assert again.live_revision_id == again.latest_revision_id != live.live_revision_id
    assert [str(entry) for entry in again.byline.all()] == ["Mira Lund", "Osk Press Agency"]


def test_a_fault_or_an_embargo_leaves_nothing(paper):
    before = Article.objects.count(), Change.objects.count()
    with pytest.raises(ValidationError):
        publish_new(section="world", headline="H" * 300)
    with pytest.raises(EmbargoInForce):
        publish_new(
            section="world",
            headline="Early",
            embargoed_until=timezone.now() + timedelta(hours=1),
        )
    assert (Article.objects.count(), Change.objects.count()) == before


def test_a_story_for_later_is_scheduled(paper):
    at = timezone.now() + timedelta(hours=1)
    later = publish_new(section="world", headline="Later", go_live_at=at)
    assert not later.live
    assert later.revisions.get().approved_go_live_at == at
    assert addresses.current_urls([later.pk]) == {}


def test_who_may_not_publish_there_does_not(paper):
    stranger = get_user_model().objects.create_user("stranger")
    with pytest.raises(PublishPagePermissionError):
        publish_new(section="world", headline="Mine", user=stranger)
    assert not Article.objects.exists()
