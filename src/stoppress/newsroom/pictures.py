"""Taking in a picture file: what it must be, before anything is made of it."""

import warnings
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "AVIF": "AVIF"}
XML_SIGNS = (b"<", b"\xef\xbb\xbf<")


def validate_file(file: Any) -> None:
    """Refuse a file that is no sound picture of a kind we take, with a sentence that says why.

    Size and pixels are judged before anything is unpacked; then every pixel is read once.
    """
    if file.size > (limit := settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE):
        _refuse(
            f"The file has {file.size / 1_048_576:.1f} MB; the limit is {limit / 1_048_576:.0f} "
            "MB. Save it smaller."
        )
    file.seek(0)
    start = file.read(512).lstrip().lower()
    if start.startswith(XML_SIGNS) and (b"svg" in start or b"<?xml" in start):
        _refuse("SVG drawings can carry scripts and are not taken. Save it as PNG or WebP.")
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        _validate_image(file)
    file.seek(0)


def _validate_image(file: Any) -> None:
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    try:
        image = Image.open(file)
    except Image.DecompressionBombError:
        _refuse(_too_large("far more than", limit))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        _refuse(f"The file is no picture that we can read. Take {_formats()}.")
    if image.format not in FORMATS:
        _refuse(f"{image.format} pictures are not taken. Save it as {_formats()}.")
    if image.width * image.height > limit:
        _refuse(_too_large(f"{image.width} × {image.height}, more than", limit))
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        _refuse("The picture's file is damaged or ends too early. Get it again from its source.")


def _too_large(how: str, limit: int) -> str:
    return f"The picture unpacks to {how} {limit / 1_000_000:.0f} million pixels. Save it smaller."


def _formats() -> str:
    *first, last = FORMATS.values()
    return f"{', '.join(first)} or {last}"


def _refuse(why: str) -> None:
    raise ValidationError(why, code="picture")
