"""Purging: outer caches drop what changed, after the switch and without holding up any.

What a cache has still to drop is written beside the store *before* the switch, and struck off when
the cache has said yes. So neither a printer that dies nor a cache that is away loses a takedown:
it is sent first, and again until it succeeds. A publish pays for one small write to disk.

Each node purges after its own switch. Once for all of them would have to wait for the slowest, or
let a cache fetch the old page from it; a purge more than needed does no harm.

An answer can be on its way to a cache while it is purged, so every purge is sent once more after a
few seconds.
"""

import socket
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import structlog
from django.conf import settings

from stoppress.edge.cachekeys import keys_to_purge
from stoppress.press.errors import PurgeFailed
from stoppress.press.outercaches import Order, OuterCache, outer_caches
from stoppress.press.purgealarms import PurgeAlarm
from stoppress.press.purgeorders import EVERYTHING, Pending, read_pending, write_pending

log = structlog.get_logger("press.purging")

FILE = "purges.json"
REST_SECONDS = 1.0  # between two purges of what is not taken down: a burst is one purge
AGAIN_SECONDS = 3.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
END_SECONDS = 1.0
BACKEND_SECONDS = 30.0  # for each step of a connection

Kind = Literal["hard", "soft", "again"]


class Purger:
    """All outer caches of the paper, and what each has still to drop."""

    def __init__(self, caches: Sequence[OuterCache], directory: Path, node: str) -> None:
        self.caches = tuple(caches)
        self.wants_paths = any(not cache.knows_keys for cache in caches)
        self._node = node
        self._file = directory / FILE
        self._changed = threading.Condition()
        self._stopped = False
        self._is_switching = False
        self._pending = {cache.name: Pending() for cache in caches}
        self._threads: list[threading.Thread] = []
        if caches:
            self._load()

    def start(self) -> None:
        """Let each cache be told, in a thread of its own: one that hangs holds up no other."""
        for cache in self.caches:
            thread = threading.Thread(target=self._tell, args=(cache,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads; what is not done is done after the next start."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        deadline = time.monotonic() + END_SECONDS
        for thread in self._threads:  # one that waits for its cache ends with the process
            thread.join(max(0.0, deadline - time.monotonic()))

    @contextmanager
    def switching(
        self,
        *,
        touched: Collection[str],
        gone: Collection[str],
        touched_paths: Collection[str] = (),
        gone_paths: Collection[str] = (),
    ) -> Iterator[None]:
        """Write down what the switch in the block changes; send it when the block is done."""
        if not self.caches:
            yield
            return
        with self._changed:
            for cache in self.caches:
                pending = self._pending[cache.name]
                pending.add(_order(cache, gone, gone_paths), hard=True)
                # What a key bans need not be purged by address, and is far more.
                paths = () if cache.knows_keys else touched_paths
                pending.add(_order(cache, touched, paths), hard=False)
            self._is_switching = True
            self._save(durably=True)
        try:
            yield
        finally:  # also if it failed: what is purged too early is purged again
            with self._changed:
                self._is_switching = False
                self._changed.notify_all()

    def purge_everything(self) -> None:
        """Have every page dropped: the store was, too. Caches that know no keys wait it out."""
        with self._changed:
            for cache in self.caches:
                if cache.knows_keys:
                    self._pending[cache.name].add(EVERYTHING, hard=True)
            if self.caches:
                self._save(durably=True)
                self._changed.notify_all()

    def waits(self) -> bool:
        """Whether any cache has still something to drop."""
        with self._changed:
            return any(
                row["keys"] or row["paths"]
                for pending in self._pending.values()
                for row in pending.rows().values()
            )

    # One cache

    def _tell(self, cache: OuterCache) -> None:
        turn, alarm = _Turn(), PurgeAlarm(self._node, cache.name)
        while (work := self._next(cache, turn)) is not None:
            order, kind = work
            try:
                cache.purge(order)
            except PurgeFailed as error:
                turn.failed()
                alarm.note(error, tries=turn.tries, is_hard=kind == "hard")
                self._settle(cache, kind, order, is_done=False)
            else:
                turn.done(order, is_first=kind != "again")
                alarm.clear()
                self._settle(cache, kind, order, is_done=True)

    def _next(self, cache: OuterCache, turn: "_Turn") -> tuple[Order, Kind] | None:
        """Wait for the next order that is due; None when it is time to end."""
        with self._changed:
            pending = self._pending[cache.name]
            while not self._stopped:
                due: list[tuple[float, Kind]] = [(turn.again_at, "again")] if turn.again else []
                if not self._is_switching:
                    due += [(turn.soft_at, "soft")] if pending.soft else []
                    due += [(turn.hard_at, "hard")] if pending.hard else []
                at, kind = min(due, default=(None, None))
                if at is not None and kind is not None and at <= time.monotonic():
                    if kind == "again":
                        return turn.take_again(), kind
                    return pending.take(hard=kind == "hard"), kind
                self._changed.wait(None if at is None else at - time.monotonic())
        return None

    def _settle(self, cache: OuterCache, kind: Kind, order: Order, *, is_done: bool) -> None:
        with self._changed:
            pending = self._pending[cache.name]
            if kind == "again" and not is_done:
                pending.add(order, hard=False)
            pending.settle(is_done=is_done)
            self._save(durably=False)

    # The file

    def _load(self) -> None:
        """Go on where the last printer ended; if that is not known, with everything."""
        try:
            found = read_pending(self._file)
        except ValueError as error:
            log.info("every page is purged from outer caches", why=str(error))
            self.purge_everything()
            return
        for name in self._pending:
            self._pending[name] = found.get(name, Pending())

    def _save(self, *, durably: bool) -> None:
        try:
            write_pending(self._file, self._pending, durably=durably)
        except OSError as error:  # a full disk must not hold up a takedown: memory will have to do
            log.warning("what outer caches have to drop can't be noted", why=str(error))


class _Turn:
    """When one cache is spoken to next (monotonic clock). A takedown waits for failures only."""

    def __init__(self) -> None:
        self.tries = 0
        self.hard_at = self.soft_at = self.again_at = float("-inf")
        self.again = Order()

    def failed(self) -> None:
        """Wait longer each time: 1, 2, 4 … at most 60 s."""
        self.tries += 1
        wait = min(FIRST_WAIT_SECONDS * 2 ** (self.tries - 1), LONGEST_WAIT_SECONDS)
        self.hard_at = self.soft_at = time.monotonic() + wait

    def done(self, order: Order, *, is_first: bool) -> None:
        """Rest, and say it once more later."""
        now = time.monotonic()
        self.tries, self.hard_at, self.soft_at = 0, float("-inf"), now + REST_SECONDS
        if is_first:
            self.again, self.again_at = self.again | order, now + AGAIN_SECONDS

    def take_again(self) -> Order:
        """What was sent a moment ago and is sent once more."""
        order, self.again = self.again, Order()
        return order


@contextmanager
def purging(node: str) -> Iterator[Purger]:
    """The purger of this node, at work. Raises BadPurgeBackend."""
    if settings.PURGE_BACKENDS:  # some of Wagtail's backends set no limit of their own
        socket.setdefaulttimeout(BACKEND_SECONDS)
    caches = outer_caches(settings.PURGE, settings.PURGE_BACKENDS, origin=settings.ORIGIN)
    purger = Purger(caches, Path(settings.STORE_DIR), node)
    purger.start()
    try:
        yield purger
    finally:
        purger.stop()


def purge_file() -> Path:
    """Where it is kept what outer caches have still to drop."""
    return Path(settings.STORE_DIR) / FILE


def _order(cache: OuterCache, tags: Collection[str], paths: Collection[str]) -> Order:
    keys = keys_to_purge(tags) if cache.knows_keys and tags else frozenset()
    return Order(keys, frozenset(paths))
