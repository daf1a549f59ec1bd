"""Health: whether the store or the journal can be written, known to every process on the node.

Those who write (the app, the printer; of the journal, the edge) find out; those who are asked (the
edge, the desk, `stoppress doctor`) tell. The word goes through a small file that is made beside the
data and never grows, so that it can be overwritten on the very disk that is full.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE_NAME = "health.json"

_BYTES = 1024
_BLANK = b" " * _BYTES


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why it can't be written, and since when (ISO 8601, UTC)."""

    since: str
    why: str


def trouble_in(directory: Path) -> Trouble | None:
    """What is wrong with a store or journal, by its file; None if the last write went through."""
    try:
        told = json.loads((directory / FILE_NAME).read_bytes())
        return Trouble(str(told["since"]), str(told["why"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Health:
    """The file of one store or journal."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / FILE_NAME
        with contextlib.suppress(OSError):
            if not self._file.exists() or self._file.stat().st_size != _BYTES:
                self._file.write_bytes(_BLANK)

    def note_failure(self, why: str) -> None:
        """Say that a write failed; the first failure of a row sets the time."""
        known = self.trouble()
        since = known.since if known else datetime.now(UTC).isoformat(timespec="seconds")
        self._overwrite(json.dumps({"since": since, "why": why[: _BYTES // 4]}).encode())

    def note_success(self) -> None:
        """Say that a write went through. Costs a read of one byte if all was well before."""
        with contextlib.suppress(OSError), self._file.open("rb", buffering=0) as file:
            if file.read(1) not in (b" ", b""):
                self._overwrite(b"")

    def trouble(self) -> Trouble | None:
        """What is wrong; None if the last write went through."""
        return trouble_in(self._file.parent)

    def _overwrite(self, text: bytes) -> None:
        with contextlib.suppress(OSError):
            descriptor = os.open(self._file, os.O_WRONLY)
            try:
                os.pwrite(descriptor, text.ljust(_BYTES), 0)
            finally:
                os.close(descriptor)
