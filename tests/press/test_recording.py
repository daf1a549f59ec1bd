"""Recording: what a page depends on comes out of the functions that read it."""

import pytest
from django.contrib.contenttypes.models import ContentType

from stoppress.press.errors import BadTag, NothingRecorded, WriteInRender
from stoppress.press.recording import reads, record, recording
from tests.press import paper as tiny

pytestmark = pytest.mark.usefixtures("paper")


@reads
def careless() -> int:
    return tiny.Story.objects.count()


def test_tags_bubble_up_from_reading_functions():
    story = tiny.publish("world", "x")
    with recording() as made:
        tiny.newest("world")
        tiny.find_story(99)
    assert made.tags == {"list:world", f"card:{story.pk}", "article:99"}
    assert made.unrecorded == []


def test_a_query_outside_reading_functions_is_noticed():
    with recording() as made:
        list(tiny.Story.objects.all())
    assert len(made.unrecorded) == 1
    assert "press_tests_story" in made.unrecorded[0]


def test_a_queryset_that_leaves_its_function_unevaluated_is_noticed():
    @reads
    def lazy():
        record("list:world")
        return tiny.Story.objects.all()

    with recording() as made:
        list(lazy())
    assert len(made.unrecorded) == 1


def test_a_reading_function_that_records_nothing_raises_in_tests():
    with pytest.raises(NothingRecorded, match="careless"), recording():
        careless()


def test_a_reading_function_that_records_nothing_is_noticed_in_production(settings):
    settings.PRESS_GUARD = "tag"
    with recording() as made:
        assert careless() == 0
    assert "careless" in made.unrecorded[0]


def test_reading_functions_work_outside_a_render():
    record("article:7")
    assert careless() == 0


def test_a_render_inside_another_keeps_its_tags_to_itself():
    with recording() as outer:
        record("article:1")
        with recording() as inner:
            record("article:2")
        record("article:3")
    assert (outer.tags, inner.tags) == ({"article:1", "article:3"}, {"article:2"})


def test_writing_while_recording_is_refused():
    with pytest.raises(WriteInRender), recording():
        ContentType.objects.create(app_label="x", model="y")
    assert not ContentType.objects.filter(app_label="x").exists()


def test_a_word_that_is_no_tag_is_not_recorded():
    with pytest.raises(BadTag), recording():
        record("article 7")
