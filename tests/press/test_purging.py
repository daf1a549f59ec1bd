"""Outer caches are told after the switch, takedowns first, until they obey."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import BadPurgeBackend
from stoppress.press.models import PrintAlarm
from stoppress.press.outercaches import outer_caches
from stoppress.press.printing import Printer
from stoppress.press.purgeorders import read_waiting
from stoppress.press.purging import Purger, purge_file, purging
from tests.edge.newsroom import edition
from tests.press import paper as tiny
from tests.press.conftest import settle
from tests.press.outercache import FakeCache, fake_cache
from tests.waiting import until

HTTP_BACKEND = "wagtail.contrib.frontend_cache.backends.HTTPBackend"


@pytest.fixture
def cache(paper, settings) -> Iterator[FakeCache]:
    """An outer cache that is purged by key."""
    with fake_cache() as cache:
        settings.PURGE = [cache.address]
        yield cache


@contextmanager
def at_work(store) -> Iterator[tuple[Printer, Purger]]:
    """A printer that has taken notice of the database, and its purger, after the first purge."""
    with purging("node-a") as purger:
        printer = Printer(store, "node-a", purger=purger)
        settle(printer)
        yield printer, purger


def until_purged(purger: Purger) -> None:
    until(lambda: not purger.waits(), "the cache to be purged")


def test_a_new_store_empties_the_cache(cache, store):
    with at_work(store) as (_, purger):
        until_purged(purger)
    assert "epoch" in cache.keys_told()


def test_a_publish_bans_what_it_touched_after_the_switch(cache, store):
    with at_work(store) as (printer, purger):
        until_purged(purger)
        seen = []
        cache.orders.clear()
        story = tiny.publish("world", "Bridge opens")
        path, before = f"/world/{story.pk}/", store.applied()
        cache.hold.clear()
        settle(printer)
        seen.append(store.applied() > before and store.find(path) is not None)
        cache.hold.set()
        until_purged(purger)
    assert seen == [True]
    assert {"list_latest", "list_world", "any-list"} <= cache.keys_told()
    assert "epoch" not in cache.keys_told()


def test_every_purge_is_sent_once_more(cache, store):
    """For an answer that was on its way while the cache was purged."""
    with at_work(store) as (printer, _):
        tiny.publish("world", "Bridge opens")
        settle(printer)
        until(lambda: sum("list_world" in keys for *_, keys in cache.orders) == 2, "the second one")


def test_a_takedown_is_purged_first_and_by_its_addresses_too(cache, store):
    story = tiny.publish("world", "secret")
    with at_work(store) as (printer, purger):
        path = f"/world/{story.pk}/"
        store.put(print_page(path))
        until_purged(purger)
        cache.hold.clear()
        tiny.publish("sport", "Match won")
        settle(printer)
        cache.orders.clear()
        tiny.kill(story)
        settle(printer)
        cache.hold.set()
        until_purged(purger)
    bans = [keys for method, _, keys in cache.orders if method == "BAN"]
    hard = next(place for place, keys in enumerate(bans) if f"article_{story.pk}" in keys)
    assert not any("list_latest" in keys for keys in bans[:hard])
    assert path in cache.paths_told()


def test_a_takedown_outlives_the_printer(cache, store):
    story = tiny.publish("world", "secret")
    with at_work(store) as (printer, purger):
        store.put(print_page(f"/world/{story.pk}/"))
        until_purged(purger)
        cache.status = 500
        tiny.kill(story)
        settle(printer)
        until(lambda: f"article_{story.pk}" in cache.keys_told(), "the first try")
    assert read_waiting(purge_file()) == [cache.address]
    cache.status = 200
    cache.orders.clear()
    with purging("node-a") as purger:  # the next printer; it need not print anything
        until_purged(purger)
    assert f"article_{story.pk}" in cache.keys_told()
    assert f"/world/{story.pk}/" in cache.paths_told()
    assert read_waiting(purge_file()) == []


def test_a_lost_or_damaged_note_empties_the_cache(cache, store):
    with at_work(store) as (_, purger):
        until_purged(purger)
    cache.orders.clear()
    purge_file().write_text("{")
    with purging("node-a") as purger:
        until_purged(purger)
    assert "epoch" in cache.keys_told()


def test_a_cache_that_is_away_delays_nothing_and_raises_an_alarm(paper, settings, store):
    with fake_cache() as cache:
        settings.PURGE = [cache.address]
        with at_work(store) as (_, purger):
            until_purged(purger)
    with purging("node-a") as purger:
        printer = Printer(store, "node-a", purger=purger)
        story = tiny.publish("world", "secret")
        settle(printer)
        tiny.kill(story)
        settle(printer)
        assert store.find(f"/world/{story.pk}/").status == 410
        alarms = PrintAlarm.objects.filter(path=f"outer cache {cache.address}")
        until(alarms.exists, "an alarm")
        assert "could not be purged" in alarms.get().why
        with fake_cache(cache.port) as back:
            until_purged(purger)
            until(lambda: not alarms.exists(), "the end of the alarm")
            assert f"article_{story.pk}" in back.keys_told()


def test_what_is_touched_while_it_is_purged_is_purged_again(cache, store):
    with at_work(store) as (printer, purger):
        until_purged(purger)
        cache.hold.clear()
        cache.orders.clear()
        tiny.publish("world", "first")
        settle(printer)
        until(lambda: purger._pending[cache.address].sent_soft, "the first purge to be under way")
        tiny.publish("world", "second")
        settle(printer)
        assert purger._pending[cache.address].soft
        cache.hold.set()
        until_purged(purger)
        assert sum("list_world" in keys for *_, keys in cache.orders) >= 2


def test_a_burst_is_one_purge(cache, store):
    with at_work(store) as (printer, purger):
        until_purged(purger)
        cache.hold.clear()
        cache.orders.clear()
        for number in range(20):
            tiny.publish("world", f"story {number}")
            settle(printer)
        cache.hold.set()
        until_purged(purger)
        assert len(cache.orders) <= 3


def test_more_than_a_cache_can_be_told_is_everything(cache, store):
    with at_work(store) as (_, purger):
        until_purged(purger)
        cache.orders.clear()
        with purger.switching(touched=[f"card:{number}" for number in range(5000)], gone=[]):
            pass
        until_purged(purger)
    assert cache.keys_told() == {"epoch"}


@pytest.mark.parametrize("knows_keys", [True, False])
def test_what_very_many_pages_carry_is_not_listed(paper, settings, store, monkeypatch, knows_keys):
    monkeypatch.setattr("stoppress.press.printing.MOST_PATHS", 20)
    monkeypatch.setattr("stoppress.edge.store.SHARED_BY_MANY", 20)
    monkeypatch.setattr("stoppress.edge.store.MOST_READ", 10)
    with fake_cache() as cache:
        if knows_keys:
            settings.PURGE = [cache.address]
        else:
            backend = {"BACKEND": HTTP_BACKEND, "LOCATION": cache.address}
            settings.PURGE_BACKENDS = {"cdn": backend}
        with at_work(store) as (printer, purger):
            tags = frozenset({"epoch:all", "author:3"})
            for number in range(60):
                path = f"/world/{number}/"
                store.put(edition(path, "a story", tags=tags, change=store.applied()))
            store.note_uses({"/world/7/": 100})
            until_purged(purger)
            cache.orders.clear()
            with changing("an author is gone") as change:
                change.gone("author:3")
            settle(printer)
            until_purged(purger)
        assert store.find("/world/7/") is None
        assert "/world/7/" in cache.paths_told(), "it is the most read"
        assert len(cache.paths_told()) <= 20
        assert not knows_keys or "author_3" in cache.keys_told()


def test_a_wagtail_backend_is_told_the_addresses(paper, settings, store):
    story = tiny.publish("world", "Bridge opens")
    with fake_cache() as cache:
        settings.PURGE_BACKENDS = {"cdn": {"BACKEND": HTTP_BACKEND, "LOCATION": cache.address}}
        with at_work(store) as (printer, purger):
            for path in ("/", "/world/", f"/world/{story.pk}/"):
                store.put(print_page(path))
            tiny.update(story, "Bridge closes")
            settle(printer)
            until_purged(purger)
    assert {"/", "/world/", f"/world/{story.pk}/"} <= cache.paths_told()
    assert {method for method, *_ in cache.orders} == {"PURGE"}


def test_a_wagtail_backend_that_only_logs_its_failure_is_tried_again(paper, settings, store):
    with fake_cache() as cache:
        settings.PURGE_BACKENDS = {"cdn": {"BACKEND": HTTP_BACKEND, "LOCATION": cache.address}}
        cache.status = 503
        with at_work(store) as (printer, purger):
            story = tiny.publish("world", "Bridge opens")
            settle(printer)
            path = f"/world/{story.pk}/"
            until(lambda: path in cache.paths_told(), "the first try")
            assert purger.waits()
            cache.status = 200
            until_purged(purger)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"BACKEND": "no.such.Backend"}, "no.such.Backend"),
        ({"BACKEND": HTTP_BACKEND}, "it lacks 'LOCATION'"),
        (
            {"BACKEND": "wagtail.contrib.frontend_cache.backends.CloudflareBackend", "ZONEID": "1"},
            "BEARER_TOKEN",
        ),
    ],
)
def test_a_backend_that_can_not_be_made_is_named(parameters, said):
    with pytest.raises(BadPurgeBackend, match="“cdn”") as raised:
        outer_caches([], {"cdn": parameters}, origin="https://paper.example")
    assert said in str(raised.value)


def test_no_outer_cache_costs_nothing(paper, store):
    with at_work(store) as (printer, purger):
        tiny.publish("world", "Bridge opens")
        settle(printer)
        assert not purger.waits()
    assert not purge_file().exists()


def test_the_note_is_on_disk_before_the_switch(cache, store, monkeypatch):
    with at_work(store) as (printer, purger):
        until_purged(purger)
        story = tiny.publish("world", "secret")
        settle(printer)
        until_purged(purger)
        noted = []
        apply = store.apply

        def look(*arguments, **more):
            noted.append(json.loads(purge_file().read_text())[cache.address]["hard"]["keys"])
            return apply(*arguments, **more)

        monkeypatch.setattr(store, "apply", look)
        tiny.kill(story)
        settle(printer)
    assert f"article_{story.pk}" in noted[0]
