"""One supervisor per newsroom and machine: two would serve one store from two sets of processes."""

import fcntl
import os
from pathlib import Path

from stoppress.cli.errors import AlreadyServed

LOCK_NAME = "serve.lock"


def lock_newsroom(run_dir: Path) -> int:
    """Take the newsroom's lock for as long as this process lives. Raises AlreadyServed."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(run_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise AlreadyServed(
            f"This newsroom is served already, by process {holder or 'unknown'}. End that one "
            "first, or serve another newsroom from its own folder."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor
