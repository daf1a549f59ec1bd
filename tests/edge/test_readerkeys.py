"""The day's key: the same for all who hold it, gone with its day."""

import asyncio
import hashlib
import time

import pytest

from stoppress.edge.readerkeys import (
    DAY_SECONDS,
    GRACE_SECONDS,
    NUMBER_BYTES,
    Address,
    ReaderKeys,
    fingerprint,
    keep_turning,
)

NOON = 1_764_936_000.0  # 2025-12-05 12:00 UTC
MIDNIGHT = NOON + 43_200
AGENT = "Mozilla/5.0"


def two_holders():
    one = ReaderKeys.draw(NOON)
    return one, ReaderKeys.from_text(one.to_text(NOON))


def test_all_holders_give_a_reader_the_same_number():
    one, other = two_holders()
    for at in (NOON, NOON + 60, MIDNIGHT + 5, MIDNIGHT + 3 * 86_400):
        assert one.reader("203.0.113.9", AGENT, at) == other.reader("203.0.113.9", AGENT, at)


def test_a_holder_that_comes_later_in_the_day_or_the_week_agrees():
    one = ReaderKeys.draw(NOON)
    at = MIDNIGHT + 5 * 86_400
    one.reader("203.0.113.9", AGENT, at)
    late = ReaderKeys.from_text(one.to_text(at))
    assert late.reader("203.0.113.9", AGENT, at) == one.reader("203.0.113.9", AGENT, at)


def test_a_number_means_nothing_on_another_day_nor_under_another_key():
    keys, other = ReaderKeys.draw(NOON), ReaderKeys.draw(NOON)
    today = keys.reader("203.0.113.9", AGENT, NOON)
    assert today != other.reader("203.0.113.9", AGENT, NOON)
    assert today != keys.reader("203.0.113.8", AGENT, NOON)
    assert today != keys.reader("203.0.113.9", "another", NOON)
    assert today != keys.reader("203.0.113.9", AGENT, MIDNIGHT)


def test_yesterdays_number_is_known_for_a_minute():
    keys = ReaderKeys.draw(NOON)
    yesterday = keys.reader("203.0.113.9", AGENT, MIDNIGHT - 1)
    assert keys.reader_before("203.0.113.9", AGENT, MIDNIGHT + 1) == yesterday
    assert keys.reader_before("203.0.113.9", AGENT, MIDNIGHT + GRACE_SECONDS) is None
    assert keys.reader_before("203.0.113.9", AGENT, MIDNIGHT + 1) is None  # it is gone for good


def test_who_starts_in_that_minute_knows_it_too():
    """A worker that was killed just after midnight recognises repeats across it."""
    keys = ReaderKeys.draw(NOON)
    yesterday = keys.reader("203.0.113.9", AGENT, MIDNIGHT - 1)
    late = ReaderKeys.from_text(keys.to_text(MIDNIGHT + 5))
    assert late.reader_before("203.0.113.9", AGENT, MIDNIGHT + 6) == yesterday
    later = ReaderKeys.from_text(keys.to_text(MIDNIGHT + GRACE_SECONDS))
    assert later.reader_before("203.0.113.9", AGENT, MIDNIGHT + GRACE_SECONDS) is None


@pytest.mark.asyncio
async def test_a_holder_whom_nobody_asks_turns_it_all_the_same():
    keys = ReaderKeys.draw(time.time() - 3 * DAY_SECONDS)
    old = keys.day
    turning = asyncio.create_task(keep_turning(keys))
    while keys.day == old:
        await asyncio.sleep(0)
    turning.cancel()
    assert keys.day - old in {3, 4}  # it may be midnight


def test_after_midnight_nothing_of_yesterdays_key_is_left():
    keys = ReaderKeys.draw(NOON)
    secret = bytes.fromhex(keys.to_text(NOON).partition(" ")[2])

    def traces() -> int:
        """How often the key is held, as it is or taken in by a hash."""
        taken_in = hashlib.blake2b(digest_size=NUMBER_BYTES, key=secret).digest()
        return sum(
            value == secret or (hasattr(value, "digest") and value.digest() == taken_in)
            for value in vars(keys).values()
        )

    assert traces() == 2
    keys.reader("203.0.113.9", AGENT, MIDNIGHT)
    assert traces() == 2  # to recognise a repeat
    keys.reader("203.0.113.9", AGENT, MIDNIGHT + GRACE_SECONDS)
    assert traces() == 0


def test_an_open_connections_network_has_another_number_each_day():
    keys, address, agent = ReaderKeys.draw(NOON), Address("203.0.113.9"), fingerprint(AGENT)
    at_noon = keys.network(address.text, NOON)
    *_, first = keys.numbers(address, agent, NOON)
    *_, later = keys.numbers(address, agent, NOON + 60)
    *_, tomorrow = keys.numbers(address, agent, MIDNIGHT)
    assert first == later == at_noon
    assert tomorrow == keys.network("203.0.113.9", MIDNIGHT) != first


def test_a_clock_that_is_set_back_turns_nothing_back():
    keys = ReaderKeys.draw(NOON)
    after = keys.reader("203.0.113.9", AGENT, MIDNIGHT + 100)
    assert keys.reader("203.0.113.9", AGENT, MIDNIGHT - 100) == after


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.200", True),
        ("203.0.113.9", "203.0.114.9", False),
        ("2001:db8:0:100::1", "2001:db8:0:1ff::2", True),
        ("2001:db8:0:100::1", "2001:db8:0:200::1", False),
    ],
)
def test_networks_are_a_neighbourhood_or_a_household(one, other, same):
    keys = ReaderKeys.draw(NOON)
    assert (keys.network(one, NOON) == keys.network(other, NOON)) is same


def test_what_is_no_address_is_in_no_network():
    assert ReaderKeys.draw(NOON).network("somewhere", NOON) == 0


@pytest.mark.parametrize("text", ["", "20000", "20000 abcd", f"x {'ab' * 32}", f"1 {'zz' * 32}"])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"key|int|hex"):
        ReaderKeys.from_text(text)
