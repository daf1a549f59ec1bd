"""One hand of the crew: prints the pages it is given until its line is closed.

Usage: python -m stoppress.press.hand LINE PROGRESS, with the newsroom's settings in the
environment.
Both are open file descriptors: a connection, and some bytes of shared memory in which we count the
pages of a job, since a message for each would wake the printer.
"""

import gc
import json
import mmap
import os
import resource
import signal
import struct
import sys
import time
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from stoppress.edge.store import Store

PLACE = struct.Struct("<I")
NICENESS = 10  # readers, the desk and the printer go first wherever cores are short
EDITIONS_AT_ONCE = 20  # the store has one writer at a time; a switch waits for some 3 ms
SWITCH_SECONDS = 2.0  # how long to hold prints that are ahead of the printer
LOOK_SECONDS = 0.005
MOST_MEMORY_KB = 512 * 1024  # then it ends, and another is hired
STATM = Path("/proc/self/statm")


def main() -> None:
    """Start Django and print."""
    import django

    gc.disable()  # what is made here stays
    django.setup()
    serve(*map(int, sys.argv[1:]))


def serve(line_fd: int, progress_fd: int) -> None:
    """Do jobs until nobody is at the other end."""
    from stoppress.press.node import store

    line, progress = Connection(line_fd), mmap.mmap(progress_fd, PLACE.size)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the printer ends us
    os.nice(NICENESS)
    gc.freeze()
    gc.enable()
    try:
        _say(line, {})
        while memory_kb() < MOST_MEMORY_KB:
            _say(line, _do(json.loads(line.recv_bytes()), progress, store()))
    except (EOFError, OSError):
        return


def memory_kb() -> int:
    """Return how much memory this process holds now, in kB.

    Not `ru_maxrss` where it can be helped: Linux passes that on to a child through vfork and exec,
    so all hands of a printer that was ever large would end before their first page.
    """
    try:
        resident = int(STATM.read_text().split()[1])  # proc(5): pages
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return resident * resource.getpagesize() // 1024


def _do(paths: list[str], progress: mmap.mmap, store: Store) -> dict[str, Any]:
    from django.db import Error as DatabaseFault
    from django.db import connection

    from stoppress.edge.errors import StoreError

    try:
        return {"done": _print(paths, progress, store)}
    except (DatabaseFault, StoreError) as fault:
        progress[:] = PLACE.pack(0)
        connection.close()
        return {"done": {}, "fault": f"{type(fault).__name__}: {fault}"}


def _print(paths: list[str], progress: mmap.mmap, store: Store) -> dict[str, Any]:
    from stoppress.press.alarms import why_of
    from stoppress.press.batches import render_batch
    from stoppress.press.snapshot import snapshot

    places = count(1)

    def begins(_: str) -> None:
        progress[:] = PLACE.pack(next(places))

    with snapshot() as seen:
        batch = render_batch(paths, seen, begins=begins)
    progress[:] = PLACE.pack(0)
    if not _is_applied(store, seen):
        return {"seen": seen, "printed": [], "missing": [], "failed": []}
    editions = iter(batch.editions)
    while some := list(islice(editions, EDITIONS_AT_ONCE)):
        store.put_all(some)
    return {
        "seen": seen,
        "printed": [(printed.path, printed.ms) for printed in batch.printed],
        "missing": batch.missing,
        "failed": [(path, why_of(error)) for path, error in batch.failed],
    }


def _is_applied(store: Store, seen: int) -> bool:
    """Wait until the printer has switched to what we saw: a print must not be ahead of it."""
    deadline = time.monotonic() + SWITCH_SECONDS
    while store.applied() < seen:
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def _say(line: Connection, message: dict[str, Any]) -> None:
    line.send_bytes(json.dumps(message).encode())


if __name__ == "__main__":
    main()
