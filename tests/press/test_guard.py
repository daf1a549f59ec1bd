"""The guard: no watched table is written unannounced."""

import pytest
from django.db import connection, transaction

from stoppress.press.changes import changing
from stoppress.press.errors import BadGuardSetting, UnguardedWrite, UntoldWrite
from stoppress.press.guard import guard_raises, written_table
from stoppress.press.models import Change
from tests.press.paper import Aside, Story

pytestmark = pytest.mark.usefixtures("paper")


def coarse_rows() -> list[Change]:
    return [row for row in Change.objects.order_by("number") if "unguarded" in row.what]


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "press_tests_story" ("id") VALUES (1)',
        'INSERT OR IGNORE INTO "press_tests_story" ("id") VALUES (1)',
        'UPDATE "press_tests_story" SET "headline" = %s',
        'UPDATE "press_tests_story" SET "draft_headline" = %s, "headline" = %s WHERE 1 = 1',
        "update public.press_tests_story set headline = 1",
        'DELETE FROM "press_tests_story" WHERE "id" IN (1)',
        'DELETE FROM "press_tests_story"',
        '  \n UPDATE ONLY "public"."press_tests_story" SET "headline" = NULL',
        'WITH x AS (SELECT 1) UPDATE "press_tests_story" SET "headline" = 1',
        'UPDATE "press_tests_story" SET "draft_headline" = (CASE WHEN "id" = 1 THEN 1 END)',
    ],
)
def test_a_statement_that_writes_a_watched_table_is_found(sql):
    assert written_table(sql) == "press_tests_story"


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT * FROM "press_tests_story"',
        'INSERT INTO "press_tests_aside" ("id") VALUES (1)',
        'UPDATE "press_tests_story" SET "draft_headline" = %s WHERE "id" = 1',
        'DELETE FROM "press_tests_story";',  # Django's flush, which empties the log as well
        "SAVEPOINT s1",
        "",
    ],
)
def test_a_statement_that_readers_never_see_is_let_through(sql):
    assert written_table(sql) is None


def write_each_way() -> dict[str, object]:
    story = Story(section="world", headline="x")
    return {
        "save": story.save,
        "create": lambda: Story.objects.create(section="world", headline="x"),
        "bulk_create": lambda: Story.objects.bulk_create([story]),
        "update": lambda: Story.objects.update(headline="y"),
        "delete": lambda: Story.objects.filter(headline="y").delete(),
        "sql": lambda: connection.cursor().execute("DELETE FROM press_tests_story WHERE id = 1"),
    }


@pytest.mark.parametrize("way", list(write_each_way()))
def test_a_write_outside_a_change_raises_in_tests(way):
    with pytest.raises(UnguardedWrite):
        write_each_way()[way]()
    assert not Story.objects.exists()


@pytest.mark.parametrize("way", list(write_each_way()))
def test_a_write_outside_a_change_touches_everything_in_production(way, settings):
    settings.PRESS_GUARD = "tag"
    write_each_way()[way]()
    assert [row.touched for row in coarse_rows()] == [["epoch:all"]]


def test_a_write_that_is_rolled_back_leaves_no_coarse_row(settings):
    settings.PRESS_GUARD = "tag"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Story.objects.create(section="world", headline="x")
        raise ZeroDivisionError
    assert coarse_rows() == []


def test_many_writes_in_one_transaction_leave_one_coarse_row(settings):
    settings.PRESS_GUARD = "tag"
    with transaction.atomic():
        for turn in range(5):
            Story.objects.create(section="world", headline=str(turn))
    assert len(coarse_rows()) == 1


def test_a_coarse_row_lost_with_its_savepoint_is_written_again(settings):
    settings.PRESS_GUARD = "tag"
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Story.objects.create(section="world", headline="lost")
            raise ZeroDivisionError
        Story.objects.create(section="world", headline="kept")
    assert len(coarse_rows()) == 1


def test_a_column_that_readers_never_see_may_be_written_anywhere():
    with changing("publish") as change:
        story = Story.objects.create(section="world", headline="x")
        change.touch("list:world")
    Story.objects.filter(pk=story.pk).update(draft_headline="y")
    assert Story.objects.get().draft_headline == "y"


def test_a_change_that_tells_no_tag_of_what_it_wrote_raises_in_tests():
    with pytest.raises(UntoldWrite), changing("forgetful"):
        Story.objects.create(section="world", headline="x")
    assert not Story.objects.exists()


def test_a_change_that_tells_no_tag_of_what_it_wrote_touches_everything(settings):
    settings.PRESS_GUARD = "tag"
    with changing("forgetful"):
        Story.objects.create(section="world", headline="x")
    assert Change.objects.get(what="forgetful").touched == ["epoch:all"]


def test_what_is_declared_unseen_needs_no_tag():
    with changing("save a draft") as change:
        Story.objects.create(section="world", headline="draft")
        change.unseen(Story)
    assert not Change.objects.filter(what="save a draft").exists()


def test_unseen_covers_only_what_was_written_before_it():
    with pytest.raises(UntoldWrite), changing("save a draft") as change:
        Story.objects.create(section="world", headline="draft")
        change.unseen(Story)
        Story.objects.create(section="world", headline="live")


def test_tables_nobody_watches_are_free():
    Aside.objects.create(text="x")
    with changing("aside"):
        Aside.objects.update(text="y")
    assert coarse_rows() == []


def test_an_unknown_guard_setting_is_refused(settings):
    settings.PRESS_GUARD = "maybe"
    with pytest.raises(BadGuardSetting, match="maybe"):
        guard_raises()
