"""Renditions: every size a picture is shown in, made when it is saved and never inside a render.

One decode serves all sizes. Specs are spelt as Wagtail spells them, so its desk finds them too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from stoppress.newsroom.body import picture_ids
from stoppress.newsroom.models.pictures import Picture, Rendition

WIDTHS = (320, 640, 960, 1280, 1920)  # for pages
RATIOS = ((1, 1), (4, 3), (16, 9))  # for structured data and sharing
RATIO_WIDTH = 1200
WEBP_QUALITY = 80
WEBP_METHOD = 2  # 3 takes twice as long for files 4 % smaller
JPEG_QUALITY = 82
RESAMPLING = Image.Resampling.BICUBIC  # LANCZOS looks the same here and takes a third longer


@dataclass(frozen=True, slots=True)
class Size:
    """One rendition to make. `height` is 0 for one that keeps the picture's shape."""

    spec: str
    width: int
    height: int
    format: str

    @property
    def suffix(self) -> str:
        """The file name's end."""
        return "jpg" if self.format == "JPEG" else self.format.lower()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A rendition as a file, before it is kept."""

    size: Size
    data: bytes
    width: int  # px
    height: int  # px


def width_spec(width: int) -> str:
    """The spec of a page's rendition."""
    return f"width-{width}|format-webp"


def ratio_spec(across: int, down: int) -> str:
    """The spec of a rendition in a fixed shape."""
    return f"fill-{RATIO_WIDTH}x{RATIO_WIDTH * down // across}|format-jpeg"


PAGE_SPECS = tuple(width_spec(width) for width in WIDTHS)
RATIO_SPECS = tuple(ratio_spec(*ratio) for ratio in RATIOS)
SHARING_SPEC = ratio_spec(16, 9)


def sizes_for(picture: Picture) -> list[Size]:
    """The renditions a picture should have; none is larger than the picture itself."""
    widths = [width for width in WIDTHS if width <= picture.width] or [picture.width]
    pages = [Size(_page_spec(width), width, 0, "WEBP") for width in widths]
    shapes = [Size(ratio_spec(*ratio), *_within(picture, *ratio), "JPEG") for ratio in RATIOS]
    return pages + shapes


def make_renditions(picture: Picture) -> None:
    """Make the renditions that a picture lacks."""
    had = set(Rendition.objects.filter(image=picture).values_list("filter_spec", flat=True))
    missing = [size for size in sizes_for(picture) if size.spec not in had]
    if not missing:
        return
    with picture.open_file() as file:
        source = ImageOps.exif_transpose(Image.open(file))
        source.load()
    mode = "RGBA" if "transparency" in source.info or "A" in source.getbands() else "RGB"
    source = source.convert(mode)
    keep_renditions(picture, encode(source, picture, missing))


def encode(source: Image.Image, picture: Picture, sizes: Sequence[Size]) -> list[Encoded]:
    """A picture's sizes as files, widest first; the picture need not be saved yet.

    A width is made from one at least twice as wide where there is one, which looks the same and
    costs a quarter.
    """
    made = []
    wider: list[Image.Image] = []
    for size in sorted(sizes, key=lambda size: (size.height, -size.width)):
        if size.height:
            image = _cut(source, picture, size)
        else:
            ample = next((i for i in reversed(wider) if i.width >= 2 * size.width), source)
            image = _narrowed(ample, source, size)
            wider.append(image)
        made.append(_as_file(image, size))
    return made


def _as_file(image: Image.Image, size: Size) -> Encoded:
    output = BytesIO()
    if size.format == "WEBP":
        image.save(output, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    else:
        # Not progressive: 4 % smaller for twice the time, and no reader's page loads these.
        image.save(output, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Encoded(size, output.getvalue(), *image.size)


def keep_renditions(picture: Picture, files: Iterable[Encoded]) -> None:
    """Write renditions that were made already."""
    stem = picture.filename.rsplit(".", 1)[0][:40]
    renditions = []
    for made in files:
        shape = made.size.spec.split("|")[0]
        name = f"{stem}.{picture.pk}.{shape}.{made.size.suffix}"
        rendition = Rendition(image=picture, filter_spec=made.size.spec, focal_point_key="")
        rendition.file.save(name, ContentFile(made.data), save=False)
        rendition.width, rendition.height = made.width, made.height
        renditions.append(rendition)
    Rendition.objects.bulk_create(renditions)


def remove_renditions(picture: Picture) -> None:
    """Remove all renditions, for the file or its focal point changed."""
    for rendition in Rendition.objects.filter(image=picture):
        rendition.delete()


def ensure_renditions(article: Any) -> None:
    """Make what the pictures of an article still lack (pictures loaded in bulk have none)."""
    ids = picture_ids(article.body.raw_data)
    ids += [entry.picture_id for entry in article.gallery.all()]
    if article.lead_picture_id:
        ids.append(article.lead_picture_id)
    for picture in _lacking(ids):
        make_renditions(picture)


def _lacking(picture_ids: Iterable[int]) -> list[Picture]:
    ids = set(picture_ids)
    if not ids:
        return []
    done = Rendition.objects.filter(image__in=ids, filter_spec=SHARING_SPEC)
    return list(Picture.objects.filter(pk__in=ids - set(done.values_list("image_id", flat=True))))


def _page_spec(width: int) -> str:
    return width_spec(width) if width in WIDTHS else width_spec(WIDTHS[0])


def _within(picture: Picture, across: int, down: int) -> tuple[int, int]:
    """The largest box of a shape, up to RATIO_WIDTH wide, that the picture can fill."""
    width = min(RATIO_WIDTH, picture.width, picture.height * across // down)
    return max(width, 1), max(width * down // across, 1)


def _narrowed(image: Image.Image, source: Image.Image, size: Size) -> Image.Image:
    height = max(1, round(source.height * size.width / source.width))
    return image.resize((size.width, height), RESAMPLING, reducing_gap=3)


def _cut(source: Image.Image, picture: Picture, size: Size) -> Image.Image:
    centre = (
        (picture.focal_point_x or source.width / 2) / source.width,
        (picture.focal_point_y or source.height / 2) / source.height,
    )
    return ImageOps.fit(
        source.convert("RGB"),
        (size.width, size.height),
        RESAMPLING,
        centering=(min(centre[0], 1.0), min(centre[1], 1.0)),
    )
