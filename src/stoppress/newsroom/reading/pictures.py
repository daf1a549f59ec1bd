"""Pictures with the renditions that were made for them."""

from collections import defaultdict
from collections.abc import Iterable

from stoppress.newsroom import tags
from stoppress.newsroom.models import Picture as StoredPicture
from stoppress.newsroom.models import Rendition as StoredRendition
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
    sizes: defaultdict[int, list[Rendition]] = defaultdict(list)
    stored = StoredRendition.objects.filter(
        image__in=ids, filter_spec__in=specs, focal_point_key=""
    ).order_by("width", "height", "pk")
    for row in stored:
        sizes[row.image_id].append(Rendition(row.file.url, row.width, row.height))
    words = StoredPicture.objects.filter(pk__in=sizes).values_list(
        "pk", "alt_text", "caption", "credit"
    )
    return {
        id_: Picture(tuple(sizes[id_]), alt, caption, credit) for id_, alt, caption, credit in words
    }
