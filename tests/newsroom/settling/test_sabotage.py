"""A proof that cannot fail proves nothing: rules are broken in turn, and it must be noticed."""

import pytest

from tests.newsroom.settling.machine import Newsroom
from tests.newsroom.settling.room import KINDS, Fate, do
from tests.newsroom.settling.sabotages import SABOTAGES
from tests.newsroom.settling.test_settling import IS_DEEP

QUICK = ("takedowns_are_soft", "a_publish_forgets_the_card")
TRIED = sorted(SABOTAGES) if IS_DEEP else QUICK


def put_to_the_proof(machine: Newsroom) -> None:
    """Every kind of change once, with old renders stored late, and all checks."""
    machine.open()
    for n, name in enumerate(KINDS):
        while len([told for told in machine.room.stories.values() if told.fate is Fate.LIVE]) < 3:
            do(machine.room, "publish_story", n)
        machine.answer_a_miss(n, [(name, n), ("apply", 0)])
        machine.apply()
        machine.settled()
        machine.visit_some(n % 7)


@pytest.mark.long
@pytest.mark.parametrize("name", TRIED)
def test_a_broken_rule_is_noticed(newsroom, name):
    machine = newsroom()
    try:
        with SABOTAGES[name](), pytest.raises(AssertionError):
            put_to_the_proof(machine)
    finally:
        machine.open_things.close()
