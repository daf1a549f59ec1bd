"""One store, one newsroom: two that shared a folder would throw each other's editions away.

Every process that opens the store holds a shared lock on a file in it that names its newsroom. A
newsroom that finds another's name takes the store over only if nobody holds the lock any more (the
folder was moved, or handed on); the printer then sees by the lineage whether it must be emptied.
"""

import fcntl
import os
import time
from pathlib import Path

from stoppress.cli.errors import StoreOfAnother

FILE_NAME = "newsroom"

_WAIT_SECONDS = 2.0  # for another process of ours that is just writing the name
_POLL_SECONDS = 0.02


def claim_store(store: Path, home: Path) -> int:
    """Hold the store for a newsroom as long as this process lives; return the open file.

    Raises StoreOfAnother, OSError.
    """
    store.mkdir(parents=True, exist_ok=True)
    name = str(home.resolve())
    descriptor = os.open(store / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    ends_at = time.monotonic() + _WAIT_SECONDS
    while True:
        if _holder(descriptor) == name:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if _holder(descriptor) == name:
                return descriptor
        elif _take_over(descriptor, name):
            return descriptor
        elif time.monotonic() > ends_at:
            other = _holder(descriptor)
            os.close(descriptor)
            raise StoreOfAnother(store, other)
        time.sleep(_POLL_SECONDS)


def _take_over(descriptor: int, name: str) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, name.encode(), 0)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return True


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 65_536, 0).decode("utf-8", "replace")
