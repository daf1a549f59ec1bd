"""From a spec to a finished picture."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from stoppress.demo.pictures.canvas import HEIGHT, WIDTH, Canvas
from stoppress.demo.pictures.palettes import PALETTES
from stoppress.demo.pictures.scenes import SCENES

JPEG_QUALITY = 84  # under this, grain turns to blocks in the plain skies


class SceneUnknown(ValueError):
    """A spec asks for a scene or a palette that nobody has drawn."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no {kind} named “{name}”. Known are: {', '.join(sorted(known))}."
        )


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What to draw: everything a picture depends on."""

    scene: str
    palette: str
    seed: int
    width: int = WIDTH  # px
    height: int = HEIGHT  # px
    options: Mapping[str, Any] = field(default_factory=dict)


def draw(spec: PictureSpec) -> Image.Image:
    """Draw a picture. Raises SceneUnknown."""
    if spec.scene not in SCENES:
        raise SceneUnknown("scene", spec.scene, list(SCENES))
    if spec.palette not in PALETTES:
        raise SceneUnknown("palette", spec.palette, list(PALETTES))
    palette = PALETTES[spec.palette]
    canvas = Canvas(palette, spec.seed, width=spec.width, height=spec.height)
    SCENES[spec.scene](canvas, **spec.options)
    return canvas.finish()


def jpeg(spec: PictureSpec) -> bytes:
    """A picture as the bytes of a JPEG file."""
    file = io.BytesIO()
    draw(spec).save(file, "JPEG", quality=JPEG_QUALITY, optimize=False)
    return file.getvalue()
