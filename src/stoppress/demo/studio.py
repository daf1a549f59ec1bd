"""The pictures desk: draws in processes of its own while the newsroom is being furnished."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from stoppress.demo.library import PictureNote
from stoppress.demo.pictures import jpeg

MOST_PROCESSES = 4  # more would not be done sooner: writing the pictures takes longer than drawing


@contextmanager
def drawn(notes: Sequence[PictureNote]) -> Iterator[Iterator[bytes]]:
    """The JPEG files of these pictures, in order, drawn ahead of being asked for."""
    specs = [note.spec for note in notes]
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    # Spawned, never forked: the parent has database connections and perhaps threads.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as studio:
        try:
            yield studio.map(jpeg, specs)
        finally:
            studio.shutdown(cancel_futures=True)
