"""This node: its name and its one open store."""

import os
import threading
import uuid
from pathlib import Path

from django.conf import settings

from stoppress.edge.store import Store

_stores: dict[tuple[int, Path], Store] = {}
_lock = threading.Lock()


def store() -> "Store":
    """Return this process's store of editions; it is opened once (LMDB allows no more)."""
    directory = Path(settings.STORE_DIR).resolve()
    with _lock:
        opened = _stores.get((os.getpid(), directory))
        if opened is not None and opened.must_reopen():  # someone removed or replaced the folder
            _stores.pop((os.getpid(), directory)).close()
            opened = None
        if opened is None:
            opened = Store.open(directory, max_bytes=settings.STORE_MAX_BYTES)
            _stores[os.getpid(), directory] = opened
        return opened


def close_store() -> None:
    """Close the store of this process, as at the end of a test."""
    with _lock:
        opened = _stores.pop((os.getpid(), Path(settings.STORE_DIR).resolve()), None)
    if opened is not None:
        opened.close()


def node_name() -> str:
    """Return the name of this node: drawn once, kept in a file beside the store."""
    path = Path(settings.STORE_DIR).parent / "node"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            file.write(uuid.uuid4().hex)
    except FileExistsError:
        pass
    return path.read_text().strip()
