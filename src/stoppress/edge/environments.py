"""LMDB environments, opened once per process.

LMDB forbids opening one folder twice in a process, so handles are shared and counted. The map has
a fixed size from the start (growing it means every process must reopen), is never written through
(`writemap`), and takes no more disk than is used.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import lmdb

MAX_READERS = 1024
SPARE_TRANSACTIONS = 8


@dataclass(slots=True)
class _Shared:
    environment: lmdb.Environment
    users: int


_opened: dict[Path, _Shared] = {}
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
            shared.users += 1
            return shared.environment
        environment = lmdb.open(
            str(directory),
            map_size=map_bytes,
            max_dbs=databases,
            max_readers=MAX_READERS,
            max_spare_txns=SPARE_TRANSACTIONS,
            metasync=metasync,
            readahead=False,
        )
        _opened[directory] = _Shared(environment, 1)
        return environment


def close_environment(directory: Path) -> None:
    """Give back one use of the folder's handle; the last one closes it."""
    directory = directory.resolve()
    with _lock:
        shared = _opened[directory]
        shared.users -= 1
        if shared.users == 0:
            del _opened[directory]
            shared.environment.close()
