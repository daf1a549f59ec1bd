"""Writing pictures: renditions are made here, and every page that shows one hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import ContentFile

from stoppress.newsroom import tags
from stoppress.newsroom.models import Picture
from stoppress.newsroom.pictures import validate_file
from stoppress.newsroom.renditions import make_renditions, remove_renditions
from stoppress.press.changes import changing


@contextmanager
def saving_picture(picture: Picture) -> Iterator[None]:
    """Around a save: make every size, and tell the pages that show the picture."""
    with changing(f"save picture {picture.pk or 'new'}") as change:
        before = _shape(picture)
        yield
        if before and before != _shape(picture):
            remove_renditions(picture)
        make_renditions(picture)
        change.touch(tags.picture(picture.pk))


@contextmanager
def deleting_picture(picture: Picture) -> Iterator[None]:
    """Around a deletion: the pages that show the picture are told."""
    with changing(f"delete picture {picture.pk}") as change:
        change.touch(tags.picture(picture.pk))
        yield


def create_picture(file: bytes, name: str, *, alt_text: str, **fields: Any) -> Picture:
    """Take in a picture by code. Raises ValidationError for a file or a text that is not fit."""
    validate_file(ContentFile(file))
    fields.setdefault("title", name)
    picture = Picture(file=ContentFile(file, name=name), alt_text=alt_text, **fields)
    picture.full_clean(exclude=["tags"])
    picture.save()
    return picture


def _shape(picture: Picture) -> tuple[Any, ...] | None:
    """What decides the renditions, as the database has it."""
    rows = Picture.objects.filter(pk=picture.pk)
    return rows.values_list("file", "focal_point_x", "focal_point_y").first()
