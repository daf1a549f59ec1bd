"""The demo newsroom as it stands once built, in full, on a real database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Min, Sum
from django.test import Client, override_settings
from django.utils import timezone

from stoppress.demo.filing import file_story
from stoppress.demo.library import read_library
from stoppress.demo.newsroom import build
from stoppress.demo.readers import read_on
from stoppress.demo.wire import next_story
from stoppress.demo.wire_copy import read_wire
from stoppress.newsroom.actions import create_article, publish
from stoppress.newsroom.desk.models import ReadingDay
from stoppress.newsroom.desk.readership.sources import SourceClass, class_of, own_domain
from stoppress.newsroom.desk.readership.sums import sum_up
from stoppress.newsroom.models import (
    Article,
    Author,
    Front,
    MostRead,
    Picture,
    Section,
    UpdateEntry,
)
from stoppress.newsroom.mostread import refresh
from stoppress.press import node
from stoppress.readership import totals
from stoppress.readership.models import (
    ArticleHour,
    ArticleMinute,
    NodeTotal,
    OpeningBalance,
    PrintedCount,
    SourceDay,
    SuspectHour,
)
from stoppress.readership.mostread import WEEK
from tests.databases import pointed_at
from tests.newsroom.paper import fresh_caches
from tests.served import demo_copy

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the demo newsroom is on SQLite"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory, django_db_blocker):
    """A copy of the newsroom that `stoppress demo` made for this run."""
    home = demo_copy(tmp_path_factory)
    with (
        override_settings(
            MEDIA_ROOT=home / "media",
            STORE_DIR=home / "data" / "store",
            RUN_DIR=home / "run",
            ALLOWED_HOSTS=["*"],
        ),
        django_db_blocker.unblock(),
        fresh_caches(),
        pointed_at(str(home / "data" / "newsroom.sqlite3")),
    ):
        yield
    node.close_store()


def test_every_manuscript_is_live(built):
    assert Article.objects.filter(live=True).count() >= len(
        read_library(timezone.now()).manuscripts
    )


def test_a_second_build_does_nothing(built):
    before = Article.objects.count()
    assert build() is False
    assert Article.objects.count() == before


def test_sections_are_nested_and_described(built):
    assert Section.objects.filter(depth__gt=3).count() >= 2
    assert not Section.objects.filter(description="").exists()


def test_authors_have_biographies(built):
    assert Author.objects.count() >= 13
    assert not Author.objects.filter(biography="").exists()


def test_pictures_have_words_and_renditions(built):
    assert not Picture.objects.filter(alt_text="").exists()
    assert not Picture.objects.filter(renditions=None).exists()


def test_the_front_is_curated(built):
    slots = [slot.article.title for slot in Front.objects.get().slots.all()]
    assert slots[0].startswith("The cranes come down")
    assert len(slots) == 6


def test_invented_views_are_marked_as_invented(built):
    assert OpeningBalance.objects.exists()
    assert not OpeningBalance.objects.exclude(source="demo").exists()
    assert not NodeTotal.objects.exclude(node="demo").exists()
    invented = SourceDay.objects.filter(kind="referrer").exclude(name=own_domain())
    assert not invented.exclude(name__endswith=".example").exists()
    assert invented.exists()


def test_pages_show_as_many_views_as_were_invented(built):
    shown = dict(PrintedCount.objects.values_list("article_id", "views"))
    assert len(shown) >= len(read_library(timezone.now()).manuscripts)
    assert totals.views_of(shown) == shown
    hours = ArticleHour.objects.values_list("article_id").annotate(Sum("views"))
    counted = dict(NodeTotal.objects.values_list("article_id", "views"))
    assert {article: views for article, views in hours if views} == counted


def test_thirty_days_are_invented_and_no_view_before_its_story(built):
    hours = ArticleHour.objects.order_by("hour").values_list("hour", flat=True)
    assert timedelta(days=29) < hours.last() - hours.first() <= timedelta(days=31)
    published = dict(Article.objects.values_list("pk", "published_at"))
    for article, first in (
        ArticleHour.objects.filter(views__gt=0).values_list("article_id").annotate(Min("hour"))
    ):
        assert first > published[article] - timedelta(hours=1)


def test_every_chart_has_something_to_show(built):
    while sum_up():
        pass
    days = ReadingDay.objects.filter(scope="paper").order_by("day")[:29]
    assert len(days) == 29  # today may have just begun
    assert all(day.views and day.readers and day.read_all for day in days)
    assert ReadingDay.objects.filter(scope="section").values("scope_id").distinct().count() > 10
    assert ReadingDay.objects.filter(scope="author").values("scope_id").distinct().count() > 10
    classes = {class_of(name) for day in days for name, _ in day.referrers}
    assert classes == set(SourceClass) - {SourceClass.DIRECT}
    assert ArticleMinute.objects.filter(article_id=0, views__gt=0).exists()
    assert SourceDay.objects.filter(kind="refused", article_id=0).exists()
    suspect = SuspectHour.objects.get()
    assert len(suspect.signs) == 4
    recent = timezone.now() - timedelta(days=25)
    assert UpdateEntry.objects.filter(kind="correction", dated_at__gt=recent).exists()


def test_invented_readers_read_on_but_only_what_is_invented(built):
    written = create_article(section="world", headline="By hand")
    publish(written)
    before = totals.views_of(Article.objects.values_list("pk", flat=True))
    for _ in range(3):
        assert read_on() > 0
    after = totals.views_of(before)
    assert sum(after.values()) > sum(before.values())
    assert after[written.pk] == 0
    assert not NodeTotal.objects.exclude(node="demo").exists()


def test_every_section_has_its_most_read(built):
    refresh(WEEK)
    assert MostRead.objects.filter(window="week").count() == 1 + Section.objects.count()
    assert len(MostRead.objects.get(window="week", list="latest").entries) == 10


def test_right_to_left_is_right_to_left(built):
    assert Article.objects.get(language="ar").text_direction == "rtl"


@pytest.mark.parametrize(
    "slug", ["first-ship-berths", "clockmaker-japanese", "lights-of-the-pells"]
)
def test_a_story_is_served(built, slug):
    article = Article.objects.get(address_slug=slug)
    answer = Client().get(article.url)
    assert answer.status_code == 200
    assert article.title.split("：")[0][:12] in answer.content.decode()


def test_every_story_of_the_wire_is_fit_to_print(built):
    for number in range(len(read_wire())):
        assert file_story(next_story(number)).live
