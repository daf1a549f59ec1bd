"""What renders of a snapshot share: never a tag less, never an answer that one could change."""

from types import MappingProxyType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.press.errors import SharedAnswerChangeable
from stoppress.press.recording import reads, record, recording
from stoppress.press.sharing import reads_once, rows_once
from stoppress.press.snapshot import snapshot
from tests.press import paper as tiny

asked: list[list[int]] = []


@rows_once
def headlines(ids):
    asked.append(ids)
    return dict(tiny.Story.objects.filter(pk__in=ids).values_list("pk", "headline"))


@reads
def read_headlines(ids):
    record(*(f"card:{id_}" for id_ in ids))
    return headlines(ids)


@reads_once
def count_of(section):
    record(f"list:{section}")
    return tiny.Story.objects.filter(section=section).count()


@pytest.fixture(autouse=True)
def nothing_asked():
    asked.clear()


def test_a_key_is_asked_once_in_a_snapshot_and_missing_ones_too(paper):
    one, two = tiny.publish("world", "one"), tiny.publish("world", "two")
    with snapshot():
        assert headlines([one.pk]) == {one.pk: "one"}
        assert headlines([two.pk, one.pk, 404]) == {two.pk: "two", one.pk: "one"}
        assert headlines([404, one.pk]) == {one.pk: "one"}
    assert asked == [[one.pk], [two.pk, 404]]


def test_the_next_snapshot_reads_anew(paper):
    story = tiny.publish("world", "before")
    with snapshot():
        assert headlines([story.pk]) == {story.pk: "before"}
    tiny.update(story, "after")
    with snapshot():
        assert headlines([story.pk]) == {story.pk: "after"}
    assert headlines([story.pk]) == {story.pk: "after"}
    assert len(asked) == 3  # and outside a snapshot nothing is kept


def test_a_kept_answer_records_its_tags_in_each_render(paper):
    tiny.publish("world", "one")
    with snapshot():
        recorded = []
        for _ in range(2):
            with recording() as made, CaptureQueriesContext(connection) as queries:
                record("own:tag")
                assert count_of("world") == 1
            recorded.append((made.tags, made.unrecorded, len(queries)))
    assert recorded == [({"own:tag", "list:world"}, [], 1), ({"own:tag", "list:world"}, [], 0)]


def test_rows_at_hand_do_not_hide_that_nobody_recorded_them(paper):
    story = tiny.publish("world", "one")
    with snapshot():
        read_headlines([story.pk])
        with recording() as made:
            headlines([story.pk])
        assert made.unrecorded == [f"{headlines.__module__}.headlines outside @reads"]


@pytest.mark.parametrize(
    "answer", [["list"], ({"a": 1},), MappingProxyType({1: [2]}), tiny.Story(), {3, 4}]
)
def test_an_answer_that_a_render_could_change_is_refused(paper, answer):
    @reads_once
    def changeable():
        record("some:tag")
        return answer

    with snapshot(), recording(), pytest.raises(SharedAnswerChangeable, match="changeable"):
        changeable()


def test_rows_that_a_render_could_change_are_refused(paper):
    rows = rows_once(lambda ids: {key: [] for key in ids})
    with snapshot(), pytest.raises(SharedAnswerChangeable, match="list"):
        rows([1])
