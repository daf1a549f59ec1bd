"""The store's folder: made, opened, and agreed upon.

A folder of an older format is emptied: every edition can be printed again. One of a newer format is
named and left alone, for it may belong to a version that runs beside this one.
"""

from __future__ import annotations

from pathlib import Path

import lmdb

from stoppress.edge.environments import close_environment, open_environment, open_tables
from stoppress.edge.errors import StoreDamaged, StoreUnavailable, StoreVersionMismatch

FORMAT = b"3"
TABLES = {  # name: whether a key may have several values
    "meta": False,
    "editions": False,
    "cards": False,
    "ranks": True,
    "tagged": True,
    "last": False,
    "stale": False,
    "sweeps": False,
    "seen": True,
    "tombstones": False,
    "changes": False,
}
DAMAGE = (  # what LMDB says of a file that was cut, overwritten, or is no database
    lmdb.BadTxnError,  # said of a table whose root can't be read
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.InvalidError,
    lmdb.VersionMismatchError,
)

_MOST_TABLES = 32  # of this format and of those that are emptied


def open_folder(directory: Path, *, max_bytes: int) -> lmdb.Environment:
    """Open or make the folder with all its tables.

    Raises StoreUnavailable, StoreDamaged, StoreVersionMismatch.
    """
    try:
        environment = open_environment(
            directory, map_bytes=max_bytes, databases=_MOST_TABLES, metasync=False
        )
    except DAMAGE as error:
        raise StoreDamaged(directory, error) from error
    except (lmdb.Error, OSError) as error:
        raise _unavailable(directory, error) from error
    try:
        _agree_on_format(directory, environment)
    except DAMAGE as error:
        close_environment(environment)
        raise StoreDamaged(directory, error) from error
    except lmdb.Error as error:
        close_environment(environment)
        raise _unavailable(directory, error) from error
    except BaseException:
        close_environment(environment)
        raise
    return environment


def _unavailable(directory: Path, error: Exception) -> StoreUnavailable:
    return StoreUnavailable(
        f"The store {directory} can't be opened ({error}). Grant this user read and write access "
        "and make room on its disk, or remove the folder: it is refilled by itself."
    )


def _agree_on_format(directory: Path, environment: lmdb.Environment) -> None:
    """Have all tables of this format."""
    if _format_of(environment) == FORMAT:
        open_tables(environment, TABLES)
        return
    with environment.begin(write=True) as txn:
        found = _format_in(environment, txn)
        if found is not None and not _is_older(found):
            raise StoreVersionMismatch(directory, found.decode("utf-8", "replace"), FORMAT.decode())
        for old in [bytes(key) for key in txn.cursor().iternext(values=False)]:
            txn.drop(environment.open_db(old, txn=txn, create=False))
        for name, has_duplicates in TABLES.items():
            environment.open_db(name.encode(), txn=txn, dupsort=has_duplicates)
        txn.put(b"format", FORMAT, db=environment.open_db(b"meta", txn=txn))


def _format_of(environment: lmdb.Environment) -> bytes | None:
    with environment.begin() as txn:
        return _format_in(environment, txn)


def _format_in(environment: lmdb.Environment, txn: lmdb.Transaction) -> bytes | None:
    """The format a folder says it has; None for a new one."""
    try:
        meta = environment.open_db(b"meta", txn=txn, create=False)
    except lmdb.NotFoundError:
        return None
    found = txn.get(b"format", db=meta)
    return None if found is None else bytes(found)


def _is_older(found: bytes) -> bool:
    return found.isdigit() and int(found) < int(FORMAT)
