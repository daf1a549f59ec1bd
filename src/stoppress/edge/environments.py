"""LMDB environments, opened once per process.

LMDB forbids opening one folder twice in a process, so handles are shared and counted. The map has
a fixed size from the start (growing it means every process must reopen), is never written through
(`writemap`), and takes no more disk than is used.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lmdb

MAX_READERS = 1024
SPARE_TRANSACTIONS = 8
OLD_TRANSACTIONS = 64  # a read of ours lasts for one or two
DATA_FILE = "data.mdb"

_LOCK_FILE = "lock.mdb"
_LOCK_BYTES = (MAX_READERS + 64) * 64  # a cache line for each reader, and LMDB's own head


@dataclass(slots=True)
class _Shared:
    environment: lmdb.Environment
    identity: tuple[int, int]
    users: int


_opened: dict[Path, _Shared] = {}
_displaced: list[_Shared] = []  # their folder was removed or moved away while they were open
_lock = threading.Lock()


def open_environment(
    directory: Path, *, map_bytes: int, databases: int, metasync: bool
) -> lmdb.Environment:
    """Open the folder, or share the handle this process already has. Raises lmdb.Error, OSError.

    Without `metasync` the last commits may be lost with the power, but nothing is ever torn.
    """
    directory.mkdir(parents=True, exist_ok=True)
    directory = directory.resolve()
    with _lock:
        if shared := _opened.get(directory):
            if shared.identity == identity_of(directory):
                shared.users += 1
                return shared.environment
            _displaced.append(_opened.pop(directory))
        _take_room_for_readers(directory / _LOCK_FILE)
        environment = lmdb.open(
            str(directory),
            map_size=map_bytes,
            max_dbs=databases,
            max_readers=MAX_READERS,
            max_spare_txns=SPARE_TRANSACTIONS,
            metasync=metasync,
            readahead=False,
        )
        _opened[directory] = _Shared(environment, identity_of(directory) or (0, 0), 1)
        return environment


def open_tables(
    environment: lmdb.Environment, names: Iterable[str], *, create: bool = False
) -> dict[str, Any]:
    """Handles of an environment's tables. Raises lmdb.NotFoundError for one that isn't there.

    In a transaction of its own: without one, the binding waits for whoever writes with the
    interpreter locked. If that is another thread of this process, neither ever goes on, and with
    them all other processes that want to write. It has to be one that writes: handles opened in
    one that only reads end with it.
    """
    with environment.begin(write=True) as txn:
        return {name: environment.open_db(name.encode(), txn=txn, create=create) for name in names}


def close_environment(environment: lmdb.Environment) -> None:
    """Give back one use of a handle; the last one closes it."""
    with _lock:
        everywhere = [*_opened.values(), *_displaced]
        shared = next(each for each in everywhere if each.environment is environment)
        shared.users -= 1
        if shared.users:
            return
        for directory in [path for path, each in _opened.items() if each is shared]:
            del _opened[directory]
        if shared in _displaced:
            _displaced.remove(shared)
        environment.close()


def find_old_reader(environment: lmdb.Environment) -> int | None:
    """The process that has held one view for many transactions; None if there is none.

    No page that was freed since can be used again until it ends.
    """
    newest = environment.info()["last_txnid"]
    for line in environment.readers().splitlines()[1:]:
        process, _thread, transaction = line.split()
        if transaction != "-" and int(transaction) < newest - OLD_TRANSACTIONS:
            return int(process)
    return None


def identity_of(directory: Path) -> tuple[int, int] | None:
    """Which file a folder holds now; None if there is none."""
    try:
        found = (directory / DATA_FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _take_room_for_readers(file: Path) -> None:
    """Have the disk's blocks for the table of readers before LMDB maps it.

    LMDB leaves it sparse: the first reader to use a new page of it on a full disk would die of
    SIGBUS. A disk that is full already, or can't promise room, changes nothing. Never open this
    file while LMDB has it open: closing it again would give up LMDB's own locks (fcntl, POSIX).
    """
    with contextlib.suppress(OSError), file.open("ab") as table:
        os.posix_fallocate(table.fileno(), 0, _LOCK_BYTES)
