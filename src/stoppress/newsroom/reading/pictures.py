"""Pictures with the renditions that were made for them."""

from collections.abc import Iterable

from stoppress.newsroom import tags
from stoppress.newsroom.reading.rows import picture_sizes, picture_words
from stoppress.newsroom.renditions import PAGE_SPECS
from stoppress.press.recording import reads, record
from stoppress.theme.shapes import Picture, Rendition


@reads
def read_pictures(
    picture_ids: Iterable[int], specs: tuple[str, ...] = PAGE_SPECS
) -> dict[int, Picture]:
    """Pictures by id, in two queries; one without renditions is left out."""
    ids = set(picture_ids)
    record(tags.EPOCH_SETTINGS, *(tags.picture(id_) for id_ in ids))
    if not ids:
        return {}
    words = picture_words(sorted(ids))
    made = {
        id_: tuple(
            Rendition(size.url, size.width, size.height) for size in sizes if size.spec in specs
        )
        for id_, sizes in picture_sizes(sorted(ids)).items()
    }
    return {
        id_: Picture(renditions, *words[id_])
        for id_, renditions in made.items()
        if renditions and id_ in words
    }
