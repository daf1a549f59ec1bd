"""Uses: how often pages are read, noted by workers in memory and handed to the printer in files.

A hit writes nothing, and on the shortest way, an answer in memory in a store that has not moved,
nothing is even noted: what can't be evicted before the next commit need not be counted before it.
A page is noted when its answer is made, and when the store has moved and the answer is found to
hold: once for each stretch between two commits in which somebody read it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

WORKERS_FOLDER = "workers"  # below the store: what workers write down for others
MOST_PATHS = 20_000  # noted between two files; beyond that new paths are not

_SUFFIX = ".uses"


class Uses:
    """What one worker has seen used since it last told. `store` is the store's folder."""

    def __init__(self, store: Path) -> None:
        self._file = store / WORKERS_FOLDER / f"{os.getpid()}{_SUFFIX}"
        self._noted: dict[str, int] = {}

    def note(self, path: str) -> None:
        """Count a use."""
        noted = self._noted
        if path in noted or len(noted) < MOST_PATHS:
            noted[path] = noted.get(path, 0) + 1

    def hand_over(self) -> None:
        """Write down what was noted, unless the last file still waits to be taken.

        If the disk is full the notes are kept for the next time.
        """
        if not self._noted or self._file.exists():
            return
        aside = self._file.with_suffix(".new-uses")
        with contextlib.suppress(OSError):
            aside.write_text(json.dumps(self._noted))
            aside.replace(self._file)
            self._noted = {}


def taken_uses(store: Path) -> Iterator[dict[str, int]]:
    """Take the files that workers handed over, one by one; what can't be read is dropped."""
    for file in sorted((store / WORKERS_FOLDER).glob(f"*{_SUFFIX}")):
        try:
            noted = json.loads(file.read_bytes())
            file.unlink()
        except (OSError, ValueError):
            file.unlink(missing_ok=True)
            continue
        yield {str(path): int(count) for path, count in noted.items()}
