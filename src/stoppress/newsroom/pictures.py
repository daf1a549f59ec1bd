"""Taking in a picture file: what it must be, before anything is made of it."""

import warnings
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "AVIF": "AVIF"}
SVG_SIGNS = (b"<svg", b"<?xml", b"<!doctype svg")


def validate_file(file: Any) -> None:
    """Refuse a newly given file that is no sound picture; one that is already ours is trusted."""
    if not file or getattr(file, "_committed", True):
        return
    if file.size > MAX_BYTES:
        _refuse(
            f"The file has {file.size / 1_048_576:.1f} MB; the limit is {MAX_BYTES // 1_048_576} "
            "MB. Save it smaller."
        )
    file.seek(0)
    start = file.read(512).lstrip().lower()
    file.seek(0)
    if start.startswith(SVG_SIGNS):
        _refuse("SVG drawings can carry scripts and are not taken. Save it as PNG or WebP.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        _validate_image(file)
    file.seek(0)


def _validate_image(file: Any) -> None:
    try:
        image = Image.open(file)
    except Image.DecompressionBombError:
        _refuse(_too_large("far more than"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        _refuse(f"The file is no picture that we can read. Take {_formats()}.")
    if image.format not in FORMATS:
        _refuse(f"{image.format} pictures are not taken. Save it as {_formats()}.")
    if image.width * image.height > MAX_PIXELS:
        _refuse(_too_large(f"{image.width} × {image.height}, more than"))
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        _refuse("The picture's file is damaged or ends too early. Get it again from its source.")


def _too_large(how: str) -> str:
    return (
        f"The picture unpacks to {how} {MAX_PIXELS // 1_000_000} million pixels. Save it smaller."
    )


def _formats() -> str:
    *first, last = FORMATS.values()
    return f"{', '.join(first)} or {last}"


def _refuse(why: str) -> None:
    raise ValidationError({"file": ValidationError(why, code="picture")})
