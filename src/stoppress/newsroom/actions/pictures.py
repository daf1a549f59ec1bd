"""Writing pictures: renditions are made here, and every page that shows one hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from stoppress.newsroom import tags
from stoppress.newsroom.models import Picture
from stoppress.newsroom.renditions import make_renditions
from stoppress.press.changes import changing


@contextmanager
def saving_picture(picture: Picture) -> Iterator[None]:
    """Around a save: make every size, and tell the pages that show the picture."""
    with changing(f"save picture {picture.pk or 'new'}") as change:
        yield
        make_renditions(picture)
        change.touch(tags.picture(picture.pk))


@contextmanager
def deleting_picture(picture: Picture) -> Iterator[None]:
    """Around a deletion: the pages that show the picture are told."""
    with changing(f"delete picture {picture.pk}") as change:
        change.touch(tags.picture(picture.pk))
        yield
