"""Reports on their way to the disk, as the worker's event loop sees them.

Each is answered with its article's views when its group is on disk.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from stoppress.edge.groups import MOST_IN_A_GROUP, Groups
from stoppress.edge.journal import Answer
from stoppress.edge.views import View
from tests.edge.loops import in_a_loop


@asynccontextmanager
async def groups_in(folder: Path) -> AsyncIterator[Groups]:
    """Groups with a writer of their own."""
    groups = Groups(folder / "journal", most_from_network=1_000_000)
    groups.start()
    try:
        yield groups
    finally:
        await groups.close()


def adding(groups: Groups, number: int, told: list[Answer]) -> Callable[[], None]:
    """An arrival that turns out to be a view."""
    view = View(7, time.time(), reader=number, visit=number)
    return lambda: groups.add(view, told.append)


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0)


def test_what_is_taken_in_is_looked_at_when_its_group_leaves(tmp_path: Path) -> None:
    numbers = range(1, MOST_IN_A_GROUP + 3)

    async def story() -> None:
        looked_at: list[int] = []
        told: list[Answer] = []

        def arrival(number: int) -> Callable[[], None]:
            add = adding(groups, number, told)
            return lambda: (looked_at.append(number), add())[1]

        async with groups_in(tmp_path) as groups:
            for number in numbers:
                groups.take_in(arrival(number))
            assert not looked_at
            await until(lambda: len(told) == len(numbers))
        assert looked_at == list(numbers)
        assert told == [MOST_IN_A_GROUP] * MOST_IN_A_GROUP + [len(numbers)] * 2

    in_a_loop(story())


def test_one_that_fails_harms_no_other(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("a fault of ours")

    async def story() -> None:
        told: list[Answer] = []
        async with groups_in(tmp_path) as groups:
            for arrival in (adding(groups, 1, told), fail, adding(groups, 2, told)):
                groups.take_in(arrival)
            await until(lambda: len(told) == 2)
            groups.take_in(fail)  # alone in its turn
            groups.take_in(adding(groups, 3, told))
            await until(lambda: len(told) == 3)
        assert told == [2, 2, 3]

    in_a_loop(story())


def test_what_was_taken_in_is_written_before_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        told: list[Answer] = []
        async with groups_in(tmp_path) as groups:
            groups.take_in(adding(groups, 1, told))
        assert told == [1]

    in_a_loop(story())
