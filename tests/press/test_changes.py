"""Changes: one row, in the transaction that did it, numbered in the order of commits."""

import threading
from queue import Queue

import pytest
from django.db import connection, transaction

from stoppress.press.changes import changing, current_change, newest_change
from stoppress.press.errors import BadPath, BadTag
from stoppress.press.models import Change
from tests.press.paper import Aside, Story

pytestmark = pytest.mark.usefixtures("paper")


def rows() -> list[Change]:
    return list(Change.objects.exclude(what="migrations").order_by("number"))


def test_a_change_says_what_it_touched():
    with changing("publish story 7") as change:
        change.touch("article:7", "list:world")
        change.gone("article:8")
        change.print_first("/world/7/")
    (row,) = rows()
    assert (row.what, row.touched, row.gone, row.first) == (
        "publish story 7",
        ["article:7", "list:world"],
        ["article:8"],
        ["/world/7/"],
    )
    assert change.number == row.number == newest_change()


def test_a_change_that_touched_nothing_leaves_no_row():
    with changing("look around") as change:
        pass
    assert rows() == []
    assert change.number is None


def test_a_block_inside_joins_the_outer_one():
    with changing("move section") as outer:
        with changing("publish story 7") as inner:
            inner.touch("article:7")
        assert inner is outer is current_change()
    assert [row.what for row in rows()] == ["move section; publish story 7"]
    assert current_change() is None


def test_an_act_for_the_end_is_done_once_and_within_the_change():
    done = []

    def act(ids):
        done.append((sorted(ids), current_change() is not None))

    with changing("publish stories") as change:
        change.at_end(act, 7)
        with changing("publish story 8") as inner:
            inner.at_end(act, 8)
        assert done == []
    assert done == [([7, 8], True)]


def test_an_act_for_the_end_is_taken_back_with_the_block_that_asked():
    done = []
    with (
        changing("publish stories") as change,
        pytest.raises(ZeroDivisionError),
        changing("fail"),
    ):
        change.at_end(done.append, 8)
        raise ZeroDivisionError
    with changing("give up") as change:
        change.at_end(done.append, 9)
        change.abandon()
    assert done == []


def test_an_error_takes_back_the_writes_and_the_row():
    with pytest.raises(ZeroDivisionError), changing("fail") as change:
        Story.objects.create(section="world", headline="x")
        change.touch("article:1")
        raise ZeroDivisionError
    assert rows() == []
    assert not Story.objects.exists()


def test_an_error_caught_outside_an_inner_block_takes_back_only_that_block():
    with changing("outer") as change:
        change.touch("article:1")
        with pytest.raises(ZeroDivisionError), changing("inner") as inner:
            Aside.objects.create(text="x")
            inner.gone("article:2")
            raise ZeroDivisionError
    (row,) = rows()
    assert (row.what, row.touched, row.gone) == ("outer", ["article:1"], [])
    assert not Aside.objects.exists()


def test_an_abandoned_change_leaves_nothing_and_raises_nothing():
    with changing("refused") as change:
        Story.objects.create(section="world", headline="x")
        change.touch("article:1")
        change.abandon()
    assert rows() == []
    assert not Story.objects.exists()


@pytest.mark.parametrize("tag", ["article", "article:", "Article:7", "article: 7", "", ":7"])
def test_a_word_that_is_no_tag_is_refused(tag):
    with pytest.raises(BadTag), changing("x") as change:
        change.touch(tag)


@pytest.mark.parametrize("path", ["world/", "//evil.example/", ""])
def test_a_path_that_is_no_address_is_refused(path):
    with pytest.raises(BadPath), changing("x") as change:
        change.print_first(path)


def test_numbers_follow_commits_not_starts(paper):
    """A transaction that began first but commits last has the higher number."""
    if paper == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    slow_wrote, fast_done, errors = threading.Event(), threading.Event(), Queue()

    def slow():
        try:
            with transaction.atomic():
                with changing("slow") as change:
                    change.touch("article:1")
                slow_wrote.set()
                assert fast_done.wait(10)
        except BaseException as error:
            errors.put(error)
        finally:
            slow_wrote.set()
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert slow_wrote.wait(10)
    with changing("fast") as change:
        change.touch("article:2")
    seen = [row.what for row in rows() if row.number]
    fast_done.set()
    thread.join(10)
    assert errors.empty()
    assert seen == ["fast"]
    assert [row.what for row in rows()] == ["fast", "slow"]


def test_a_reader_that_asks_for_what_is_above_misses_no_change():
    """Eight writers commit; a reader that only asks for higher numbers collects every one."""
    each, writers, errors = 15, 4, Queue()

    def write(who: int):
        try:
            for turn in range(each):
                with changing(f"{who}-{turn}") as change:
                    Aside.objects.create(text=f"{who}")
                    change.touch(f"article:{turn}")
        except BaseException as error:
            errors.put(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
    last, collected = newest_change(), []
    for thread in threads:
        thread.start()
    while True:
        alive = any(thread.is_alive() for thread in threads)
        for row in Change.objects.filter(number__gt=last).order_by("number"):
            last = row.number
            collected.append(row.what)
        if not alive:
            break
    assert errors.empty()
    assert sorted(collected) == sorted(f"{w}-{t}" for w in range(writers) for t in range(each))
