"""Cache keys: within every outer cache's limits, and no purge misses a page."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from stoppress.edge.cachekeys import (
    LONGEST_KEY_CHARACTERS,
    MOST_KEYS,
    group_header,
    keys_of,
    keys_to_purge,
    surrogate_headers,
)

KINDS = st.sampled_from(["article", "card", "list", "author", "epoch", "topics-of-many-a-kind"])
NAMES = st.one_of(
    st.integers(1, 10**12).map(str),
    st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=60),
)
TAGS = st.sets(st.builds("{}:{}".format, KINDS, NAMES), max_size=120)


@given(tags=TAGS)
def test_a_purge_of_any_tag_finds_the_page(tags):
    keys = set(keys_of(tags))
    assert all(keys & keys_to_purge({tag}) for tag in tags)


@given(tags=TAGS)
def test_keys_fit_every_cache(tags):
    for keys in (keys_of(tags), keys_to_purge(tags)):
        assert all(re.fullmatch(r"[a-z0-9_-]+", key) for key in keys)
        assert all(len(key) <= LONGEST_KEY_CHARACTERS for key in keys)
    assert len(keys_of(tags)) <= MOST_KEYS


def test_keys_are_the_tags_where_they_can_be():
    tags = {"article:7", "list:section-5", "list:latest:2026-11", "epoch:all", "epoch:theme"}
    assert keys_of(tags) == ("article_7", "epoch", "list_latest_2026-11", "list_section-5")


def test_only_a_changed_epoch_purges_everything():
    assert keys_to_purge({"article:7"}) == {"article_7", "any-article"}
    assert keys_to_purge({"article:7", "epoch:theme"}) == {"epoch"}


def test_a_page_of_many_cards_keeps_what_is_special_to_it():
    keys = keys_of({"front:slots", "list:latest", *(f"card:{n}" for n in range(60))})
    assert keys == ("any-card", "epoch", "front_slots", "list_latest")


def test_the_headers_are_in_the_form_each_cache_reads():
    tags = {"article:7", "card:8", "epoch:all"}
    assert group_header(tags) == ((b"cache-groups", b'"article_7", "card_8"'),)
    assert surrogate_headers(tags) == (
        (b"surrogate-key", b"article_7 card_8 epoch"),
        (b"cache-tag", b"article_7,card_8,epoch"),
    )
    assert group_header({"epoch:all"}) == ()
