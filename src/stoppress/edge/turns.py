"""Turns: a few places that many clients want, given to each client in turn.

A crawler with two hundred connections waits in a queue of its own, and a reader who comes later is
next but one. When no more may wait, the last of the longest queue has to go, so that nobody can
take all waiting places from the others.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from stoppress.edge.errors import EdgeBusy


class Turns:
    """So many places, and so many waiting for one."""

    def __init__(self, *, places: int, most_waiting: int) -> None:
        self._free = places
        self._most_waiting = most_waiting
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._waiting = 0

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Hold a place, when it is this client's turn. Raises EdgeBusy if too many wait."""
        await self._take(client)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, client: str) -> None:
        if self._free:
            self._free -= 1
            return
        if self._waiting >= self._most_waiting:
            self._make_room(client)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._pass_on()  # it came just when it was no longer wanted
            else:
                self._forget(client, turn)
            raise

    def _make_room(self, client: str) -> None:
        """Send the last of the longest queue away, unless the client's own is as long."""
        longest = max(self._queues, key=lambda name: len(self._queues[name]))
        if len(self._queues[longest]) <= len(self._queues.get(client, ())) + 1:
            raise EdgeBusy
        turn = self._queues[longest][-1]
        self._forget(longest, turn)
        turn.set_exception(EdgeBusy())

    def _pass_on(self) -> None:
        """Give a place to the next client's oldest request."""
        while self._queues:
            client, queue = next(iter(self._queues.items()))
            turn = queue[0]
            self._forget(client, turn)
            if client in self._queues:
                self._queues.move_to_end(client)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _forget(self, client: str, turn: asyncio.Future[None]) -> None:
        queue = self._queues.get(client)
        if queue is not None and turn in queue:
            queue.remove(turn)
            self._waiting -= 1
            if not queue:
                del self._queues[client]
