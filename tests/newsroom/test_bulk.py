"""A story that was loaded in bulk stands as one that was published."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page, ReferenceIndex

from stoppress.newsroom import search
from stoppress.newsroom.actions import create_article, publish, unpublish
from stoppress.newsroom.bulk import BATCH, LoadedStory, afterwards, load
from stoppress.newsroom.desk import keeping
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.models import Article, Author, ListingMonth, Topic
from stoppress.newsroom.slugs import make_slug
from stoppress.press.editions import print_page
from stoppress.press.models import Change
from tests.newsroom.paper import NOON, picture, section, story

BODY = [
    ("text", "<p>The ferry “Ánima” is back.</p>"),
    ("subheading", "Late"),
    ("list", {"ordered": False, "items": ["<p>One</p>", "Two words"]}),
]


def loadable(headline: str = "Ferry returns", **fields: object) -> LoadedStory:
    return LoadedStory(
        **{
            "key": f"old-{make_slug(headline)}-{fields.get('published_at', NOON):%Y%m%d}",
            "section_id": section("world").pk,
            "headline": headline,
            "published_at": NOON,
            "language": "en",
            "body": BODY,
            **fields,
        }
    )


def loaded(*stories: LoadedStory) -> list[Article]:
    list(load(stories or [loadable()]))
    keys = [story.key for story in stories] or [loadable().key]
    return [Article.objects.get(slug=key) for key in keys]


def content(article: Article) -> dict[str, object]:
    """What is told of a story, without its names in the tables."""
    row = Article.objects.filter(pk=article.pk).values().get()
    own = ("id", "path", "slug", "url_path", "translation_key", "page_ptr_id", "body")
    traces = ("latest_revision", "live_revision", "first_published", "last_published")
    kept = {k: v for k, v in row.items() if k not in own and not k.startswith(traces)}
    blocks = [(block["type"], block["value"]) for block in article.body.raw_data if block]
    return {**kept, "blocks": str([(kind, _bare(value)) for kind, value in blocks])}


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {name: _bare(inner) for name, inner in value.items() if name != "id"}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value


def everything(headline: str, at: datetime) -> tuple[Article, Article]:
    """The same story, published and loaded."""
    mira, osk = Author.objects.order_by("pk")
    topic = Topic.objects.get(qcode="medtop:20000003")
    shown = picture()
    correction = ("correction", at + timedelta(hours=1), "A name was wrong.")
    told = {"standfirst": "It sails again.", "kind": "analysis", "updates": (correction,)}
    published = publish(
        create_article(
            section="world",
            headline=headline,
            body=BODY,
            byline=[mira, osk],
            topics=[topic],
            lead_picture=shown,
            published_at=at,
            **told,
        )
    )
    (other,) = loaded(
        loadable(
            headline,
            published_at=at,
            author_ids=(mira.pk, osk.pk),
            topic_ids=(topic.pk,),
            lead_picture_id=shown.pk,
            **told,
        )
    )
    return published, other


def test_a_loaded_story_tells_what_a_published_one_tells(paper):
    published, other = everything("Ferry returns", NOON)
    assert content(other) == content(published)
    assert print_page(other.url).status == 200
    assert b"A name was wrong." in print_page(other.url).body


def test_it_stands_in_the_same_lists(paper):
    published, other = everything("Ferry returns", NOON)
    both = [published.url.encode(), other.url.encode()]
    assert both[1].endswith(b"/ferry-returns-2/")
    lists = ["/", "/latest/", "/world/", "/world/2026/03/", "/2026/03/", "/-/parts/latest/"]
    lists += ["/authors/mira-lund/", "/authors/mira-lund/2026/03/", "/corrections/"]
    lists += ["/topics/animation/", "/topics/arts-and-entertainment/", "/sitemap/2026-03-14.xml"]
    lists += ["/feed/", "/world/feed/", "/authors/mira-lund/feed/"]
    for path in lists:
        page = print_page(path).body
        assert [url in page for url in both] == [True, True], path


def test_the_desk_lists_it_as_it_would_by_itself(paper):
    loaded(loadable("One"), loadable("Two", published_at=NOON - timedelta(days=40)))
    before = list(NewsListEntry.objects.order_by("pk").values())
    assert len(before) == 2
    keeping.rebuild()
    assert list(NewsListEntry.objects.order_by("pk").values()) == before
    assert keeping.count_out_of_step() == 0


def test_the_tree_of_pages_holds_and_grows_on(paper):
    story("Before")
    loaded(loadable("One"), loadable("Two"), loadable("Three", section_id=section("harbour").pk))
    story("After")
    assert not any(Page.find_problems())
    assert section("world").numchild == 5  # with the section Islands


def test_a_loaded_story_is_edited_like_any_other(paper):
    (article,) = loaded()
    address = article.url
    article.title = "Ferry returns at last"
    article.address_slug = "ferry-returns"
    publish(article)
    assert Article.objects.get(pk=article.pk).url == address
    assert b"Ferry returns at last" in print_page(address).body


def test_an_address_that_was_ever_taken_is_numbered(paper):
    first = story("Ferry returns")
    first.address_slug = "other"
    publish(first)
    urls = [article.url for article in loaded(loadable(), loadable(key="again"))]
    assert [url.rsplit("/", 2)[1] for url in urls] == ["ferry-returns-2", "ferry-returns-3"]


def test_a_batch_with_a_fault_leaves_nothing_and_those_before_it_stay(paper):
    section_id = section("world").pk
    many = [
        loadable(f"Story {n}", key=f"k{n}", section_id=section_id, body=[("text", "<p>Short.</p>")])
        for n in range(BATCH)
    ]
    faulty = [loadable("Good"), loadable("Bad\x07")]
    with pytest.raises(ValidationError, match="Character 4 is a control character"):
        list(load([*many, *faulty]))
    assert Article.objects.count() == BATCH
    assert NewsListEntry.objects.count() == BATCH
    assert not any(Page.find_problems())


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"key": "no slug"}, "must be 1 to 255 letters"),
        ({"headline": ""}, "0 characters"),
        ({"headline": "x" * 256}, "256 characters"),
        ({"language": "klingon!"}, "not a language tag"),
        ({"body": [("text", "<p>a&#7;</p>")]}, "control character"),
        ({"standfirst": "\u202eturned"}, "would turn the text"),
    ],
)
def test_what_an_editor_could_not_type_is_refused(paper, fields, fault):
    with pytest.raises(ValidationError, match=fault):
        list(load([loadable(**{"headline": "Fine", **fields})]))


def test_only_what_changed_is_told(paper):
    for n in range(50):
        story(f"Newest {n}", at=NOON + timedelta(minutes=n))
    loaded(loadable("Old", published_at=NOON - timedelta(days=365)))
    world = section("world").pk
    touched = set(Change.objects.order_by("-number").first().touched)
    assert touched == {
        *("day:2025-03-14", "days:all"),
        *("list:latest:2025-03", "list:latest:2025-03:days"),
        *("list:latest:months", "list:latest:calendar"),
        *(f"list:section-{world}:{rest}" for rest in ("2025-03", "2025-03:days")),
        *(f"list:section-{world}:{rest}" for rest in ("months", "calendar")),
    }
    loaded(loadable("New", published_at=NOON + timedelta(days=1)))
    touched = set(Change.objects.order_by("-number").first().touched)
    assert {"list:latest", f"list:section-{world}"} <= touched
    assert "list:latest:calendar" not in touched


def test_what_was_left_out_is_made_afterwards(paper):
    linked = story("Linked")
    mira = Author.objects.get(name="Mira Lund")
    body = [("text", f'<p>Storm <a linktype="page" id="{linked.pk}">there</a></p>')]
    (article,) = loaded(loadable("Calm", body=body, author_ids=(mira.pk,)))
    assert search.find("storm", search.Filters()).article_ids == ()
    assert afterwards.rebuild_search() == 2
    for words in ("storm", "calm", "mira lund"):
        assert article.pk in search.find(words, search.Filters()).article_ids
    assert afterwards.rebuild_references() == 2
    named = ReferenceIndex.get_references_to(linked).values_list("object_id", flat=True)
    assert list(named) == [str(article.pk)]
    assert afterwards.rebuild_desk_search() == 2
    assert [found.pk for found in Page.objects.search("calm")] == [article.pk]


def test_corrections_are_counted_by_their_month(paper):
    def months() -> list[tuple[date, int]]:
        rows = ListingMonth.objects.filter(list="corrections", count__gt=0).order_by("month")
        return list(rows.values_list("month", "count"))

    correction = ("correction", NOON, "A name was wrong.")
    silent = ("silent", NOON, "A comma.")
    live = story("Corrected", updates=[correction, silent])
    loaded(loadable(updates=(correction, ("update", NOON + timedelta(days=40), "More."))))
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert months() == [(march, 2), (april, 1)]
    live.updates = []
    publish(live)
    assert months() == [(march, 1), (april, 1)]
    unpublish(Article.objects.exclude(pk=live.pk).get())
    assert months() == []


def test_a_rebuilt_search_forgets_what_is_down(paper):
    live, down = story("Storm one"), story("Storm two")
    index = search.fields_of(down, [])
    down.unpublish()
    search.insert([(down.pk, index)])  # as a restored backup of another age would have it
    afterwards.rebuild_search()
    assert search.find("storm", search.Filters()).article_ids == (live.pk,)


def test_a_loaded_story_answers_readers(paper):
    (article,) = loaded(loadable(published_at=datetime(2019, 5, 4, 23, 30, tzinfo=UTC)))
    assert article.url == "/world/2019/05/05/ferry-returns/"  # the paper's day, in Lisbon
    assert Client().get(article.url).status_code == 200
