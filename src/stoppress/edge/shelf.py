"""The shelf: the answers a worker has ready in memory, while they hold.

An answer holds while the store's generation is the one it was proven in; if the store has moved,
the print it was made of is compared by stamp, and its parts. So a hit costs one empty LMDB
transaction, never shows anything but the store's present state, and the checksum of a record is
proved once. What is not on the shelf may have to come from a cold disk: it is read in a thread, and
those who want it meanwhile share that read.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from stoppress.edge.answers import Answer, answer_of, best_coding, refilled
from stoppress.edge.editions import part_path, split_at_holes
from stoppress.edge.parts import Filling
from stoppress.edge.policy import Policy
from stoppress.edge.store import Store
from stoppress.edge.uses import Uses

KEPT_BYTES = 96 * 2**20  # per worker
READING_THREADS = 4
COLD_SECONDS = 120  # after so long without a look, the system may have dropped a record's pages
MOST_FILLINGS = 256
MOST_TRIES = 3  # to read a print that is replaced again while it is read

Accepted = tuple[str, ...]


class Shelf:
    """The answers a worker has ready. Used by its event loop, but for `_read`."""

    def __init__(
        self,
        store: Store,
        policy: Policy,
        counted: Counter[str],
        uses: Uses,
        *,
        max_bytes: int = KEPT_BYTES,
    ) -> None:
        self._store = store
        self._policy = policy
        self._counted = counted
        self._uses = uses
        self._max_bytes = max_bytes
        self._kept_bytes = 0
        self._pages: dict[str, dict[Accepted, Answer]] = {}
        self._fillings: dict[str, tuple[int, Filling]] = {}
        self._reads: dict[tuple[str, Accepted], asyncio.Task[Answer | None]] = {}
        self._threads = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="shelf")

    def close(self) -> None:
        """Wait for the reads under way."""
        self._threads.shutdown(cancel_futures=True)

    def find(self, path: str, accepted: Accepted) -> Answer | None:
        """The answer for a page that is on the shelf and holds; else ask `load`. Never waits.

        Raises StoreUnavailable.
        """
        generation = self._store.generation()
        page = self._pages.get(path)
        if page is None:
            return None
        answer = page.get(accepted)
        if answer is None:
            answer = _same_coding(page, accepted)
            if answer is None:
                return None
            page[accepted] = answer
        if answer.generation == generation:
            return answer
        return self._prove(page, answer, generation)

    async def load(self, path: str, accepted: Accepted) -> Answer | None:
        """The answer for a page in the best accepted coding; None if the store has no such page.

        Raises StoreUnavailable.
        """
        found = self.find(path, accepted)
        if found is not None:
            return found
        read = self._reads.get((path, accepted))
        if read is None:
            read = asyncio.create_task(self._load(path, accepted))
            self._reads[path, accepted] = read
            read.add_done_callback(lambda done: self._finish(path, accepted, done))
        return await asyncio.shield(read)  # one reader who leaves takes the page from nobody

    def fill_holes(self, body: bytes) -> bytes:
        """A body that is not stored, with its parts in place."""
        segments, parts = split_at_holes(body)
        generation = self._store.generation()
        fillings = [self._filling(name, generation).plain.data for name in parts]
        pairs = zip(segments, [*fillings, b""], strict=True)
        return b"".join(piece for pair in pairs for piece in pair)

    # What is on the shelf

    def _prove(
        self, page: dict[Accepted, Answer], answer: Answer, generation: int
    ) -> Answer | None:
        """The answer with its parts as they are now, if its print is still the one in the store."""
        now = time.monotonic()
        if now - answer.proven_at > COLD_SECONDS:
            return None
        (stamp,), is_stale = self._store.stamps((answer.path,))
        if stamp != answer.stamp or is_stale != answer.is_stale:
            self._drop(answer.path)
            return None
        fillings = tuple(self._filling(name, generation) for name in answer.parts)
        self._note_use(answer)
        if fillings == answer.fillings:
            answer.generation, answer.proven_at = generation, now
            return answer
        self._counted["recomposed"] += 1
        made = refilled(answer, fillings, generation=generation, proven_at=now)
        for accepted, other in page.items():
            if other is answer:
                page[accepted] = made
        self._kept_bytes += made.size() - answer.size()
        return made

    def _note_use(self, answer: Answer) -> None:
        """Note that a page was read, with its parts (see uses.py)."""
        for path in (answer.path, *map(part_path, answer.parts)):
            self._uses.note(path)

    def _filling(self, name: str, generation: int) -> Filling:
        """A part as it is in a generation or later, read again only if it was printed again."""
        seen, filling = self._fillings.get(name, (-1, None))
        if filling is None or seen < generation:
            (stamp,), _ = self._store.stamps((part_path(name),))
            if filling is None or stamp != filling.stamp:
                filling = Filling.of(self._store.find(part_path(name)))
            if len(self._fillings) >= MOST_FILLINGS:
                self._fillings.clear()
            self._fillings[name] = (generation, filling)
        return filling

    def _place(self, answer: Answer, accepted: Accepted) -> None:
        page = self._pages.get(answer.path, {})
        if any(other.stamp != answer.stamp for other in page.values()):
            self._drop(answer.path)
            page = {}
        if (before := page.get(accepted)) is not None:
            self._kept_bytes -= before.size()
            for other in [key for key, held in page.items() if held is before]:
                del page[other]
        page[accepted] = answer
        self._pages[answer.path] = page
        self._kept_bytes += answer.size()
        while self._kept_bytes > self._max_bytes:
            self._drop(next(iter(self._pages)))

    def _drop(self, path: str) -> None:
        page = self._pages.pop(path)
        self._kept_bytes -= sum({id(answer): answer.size() for answer in page.values()}.values())

    # What is not

    async def _load(self, path: str, accepted: Accepted) -> Answer | None:
        loop = asyncio.get_running_loop()
        read = None
        for _ in range(MOST_TRIES):
            self._counted["loads"] += 1
            generation = self._store.generation()
            read = await loop.run_in_executor(self._threads, self._read, path, accepted)
            if read is not None:
                self._place(read, accepted)
                self._note_use(read)
                found = self.find(path, accepted)  # proves it, if the store has moved meanwhile
                if found is not None:
                    return found
            elif self._store.generation() == generation:
                return None  # else it may have been put there just now: nobody need render it
        return read

    def _read(self, path: str, accepted: Accepted) -> Answer | None:
        """Called in a thread."""
        generation, now = self._store.generation(), time.monotonic()
        edition = self._store.find(path)
        if edition is None:
            return None
        return answer_of(
            edition,
            best_coding(accepted, edition.encodings),
            self._policy,
            fillings=tuple(self._filling(name, generation) for name in edition.parts),
            generation=generation,
            proven_at=now,
        )

    def _finish(self, path: str, accepted: Accepted, done: asyncio.Task[Answer | None]) -> None:
        del self._reads[path, accepted]
        if not done.cancelled():
            done.exception()  # those who waited have it; nobody may have


def _same_coding(page: dict[Accepted, Answer], accepted: Accepted) -> Answer | None:
    """Another client's answer that is this client's best too."""
    for answer in page.values():
        if best_coding(accepted, answer.codings) == answer.coding:
            return answer
    return None
