"""The pictures desk: draws, and makes every size, while the newsroom is being furnished.

It works in processes of its own. Half of the time that a new demo takes goes into pictures, and
beside them the newsroom's own work has a core to itself.
"""

import io
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

import django

from stoppress.demo.library import PictureNote
from stoppress.demo.pictures import PictureSpec, draw
from stoppress.demo.pictures.drawing import JPEG_QUALITY
from stoppress.newsroom.models import Picture
from stoppress.newsroom.renditions import Encoded, encode, sizes_for

MOST_PROCESSES = 4  # more would not be done sooner: by then the stories take longer


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as a file, with the newsroom's renditions of it."""

    data: bytes
    renditions: list[Encoded]


@contextmanager
def drawn(notes: Sequence[PictureNote]) -> Iterator[Iterator[Drawn]]:
    """These pictures, in order, drawn ahead of being asked for."""
    specs = [note.spec for note in notes]
    processes = min(MOST_PROCESSES, max(1, (os.cpu_count() or 1) - 1))  # one core is the newsroom's
    # Spawned, never forked: the parent has database connections and perhaps threads.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=django.setup
    ) as studio:
        try:
            yield studio.map(_draw, specs)
        finally:
            studio.shutdown(cancel_futures=True)


def _draw(spec: PictureSpec) -> Drawn:
    image = draw(spec)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=JPEG_QUALITY)
    # Never saved; the collection is named because its default would ask the database.
    picture = Picture(width=spec.width, height=spec.height, collection_id=0)
    return Drawn(file.getvalue(), encode(image, picture, sizes_for(picture)))
