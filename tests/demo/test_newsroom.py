"""The demo newsroom as it stands once built, in full, on a real database."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from stoppress.cli.schema import bring_up_to_date
from stoppress.demo.filing import file_story
from stoppress.demo.library import read_library
from stoppress.demo.newsroom import build
from stoppress.demo.wire import next_story
from stoppress.demo.wire_copy import read_wire
from stoppress.newsroom.models import Article, Author, Front, Picture, Section
from stoppress.press import node
from stoppress.readership.models import OpeningBalance
from tests.newsroom.paper import PaperTemplates, fresh_caches

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="one build is enough, and is slow"
)


class DemoTemplates(PaperTemplates):
    """A database with the demo newsroom in it."""

    def _fill(self) -> None:
        bring_up_to_date()
        build()


@pytest.fixture(scope="module")
def built(tmp_path_factory, django_db_blocker):
    """One build for all tests here: it takes as long as all others together."""
    home = tmp_path_factory.mktemp("demo")
    templates = DemoTemplates(home, ())
    with (
        override_settings(
            MEDIA_ROOT=home / "media",
            STORE_DIR=home / "store",
            RUN_DIR=home / "run",
            ALLOWED_HOSTS=["*"],
        ),
        django_db_blocker.unblock(),
        fresh_caches(),
        templates.sqlite(),
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
    assert OpeningBalance.objects.count() == OpeningBalance.objects.filter(source="demo").count()
    assert OpeningBalance.objects.exists()


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
