"""An archive of generated stories, that grows and goes on where it stopped."""

from datetime import timedelta

from django.utils import timezone

from stoppress.demo import archive
from stoppress.newsroom.models import Article
from stoppress.press.editions import print_page


def told() -> dict[str, tuple[object, ...]]:
    rows = Article.objects.filter(slug__startswith=archive.KEY)
    return {row[0]: row for row in rows.values_list("slug", "title", "published_at", "standfirst")}


def test_an_archive_grows_without_changing_what_it_has(paper):
    now = timezone.now()
    assert archive.extend(7, until=now) == 7
    first = told()
    assert archive.extend(7) == 0
    assert archive.extend(12) == 5
    assert told().items() >= first.items()
    assert len(told()) == 12


def test_its_stories_are_older_the_higher_their_number(paper):
    now = timezone.now()
    archive.extend(12, until=now)
    moments = [row[2] for _, row in sorted(told().items())]
    assert moments == sorted(moments, reverse=True)
    assert now - 12 * archive.PACE - timedelta(seconds=1) <= min(moments)
    assert max(moments) <= now


def test_every_kind_of_story_is_a_page(paper):
    archive.extend(80, until=timezone.now())
    for article in Article.objects.filter(slug__startswith=archive.KEY):
        page = print_page(article.url).body.decode()
        assert "{" not in article.title + article.standfirst
        assert article.standfirst.count(".") >= 1
        assert "&amp;amp;" not in page
