"""The clock on the wall of a newsroom that is tested: it shows what the test sets."""

import mmap
import struct
from pathlib import Path
from types import TracebackType
from typing import Self


class WallClock:
    """Shows a moment until it is set to another."""

    def __init__(self, file: Path, at: float) -> None:
        self._file = file
        file.write_bytes(struct.pack("d", at))
        with file.open("r+b") as shared:
            self._shared = mmap.mmap(shared.fileno(), 8)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _why: object, _trace: TracebackType | None
    ) -> None:
        self._shared.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to live by this clock."""
        return {"PYTHONPATH": str(Path(__file__).parent), "PAPERTIME_FILE": str(self._file)}

    def set(self, at: float) -> None:
        """Set it, for all processes at once."""
        struct.pack_into("d", self._shared, 0, at)  # aligned: no process sees half of it
