"""The clock on the wall of a newsroom that is tested: it shows what the test sets.

A small library, built when it is first asked for, stands between its processes and the system's
clock (papertime.c). Why not libfaketime? Debian 12's refuses each sleep with "Invalid argument" if
it leaves the monotonic clock alone; and if it does not, nothing times out while the clock stands.
"""

import mmap
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

SOURCE = Path(__file__).with_name("papertime.c")


class WallClock:
    """Shows a moment, for all processes with its environment, until it is set to another."""

    def __init__(self, folder: Path, at: float) -> None:
        self._file = folder / "clock"
        self._library = folder / "papertime.so"
        command = ["cc", "-shared", "-fPIC", "-O2", "-o", self._library, SOURCE, "-ldl", "-lm"]
        subprocess.run(command, check=True)
        self._file.write_bytes(struct.pack("d", at))
        with self._file.open("r+b") as shared:
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
        return {"LD_PRELOAD": str(self._library), "PAPERTIME_FILE": str(self._file)}

    def set(self, at: float) -> None:
        """Set it, for all processes at once."""
        struct.pack_into("d", self._shared, 0, at)
