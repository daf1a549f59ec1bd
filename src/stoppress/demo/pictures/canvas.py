"""A canvas in logical units, drawn at twice the size and reduced, so that every edge is smooth.

All randomness comes from the canvas's own generator: the same scene and seed give the same bytes.
"""

import random
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from stoppress.demo.pictures.palettes import Colour, Palette

WIDTH, HEIGHT = 1600, 1067  # logical units, and px of the finished picture
OVERSAMPLING = 2
GRAIN_TILE = 400  # px
GRAIN_STRENGTH = 9  # levels either way

Point = tuple[float, float]


class Canvas:
    """A picture in the making."""

    def __init__(
        self, palette: Palette, seed: int, *, width: int = WIDTH, height: int = HEIGHT
    ) -> None:
        self.palette = palette
        self.random = random.Random(seed)  # noqa: S311 -- drawing, not secrets
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), palette.paper)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def polygon(self, points: Sequence[Point], fill: Colour, alpha: float = 1.0) -> None:
        """Fill a polygon."""
        self._pen.polygon([_scaled(p) for p in points], fill=_with_alpha(fill, alpha))

    def rectangle(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: Colour,
        alpha: float = 1.0,
    ) -> None:
        """Fill an upright rectangle."""
        if right > left and bottom > top:
            box = [_scaled((left, top)), _scaled((right, bottom))]
            self._pen.rectangle(box, fill=_with_alpha(fill, alpha))

    def ellipse(
        self,
        x: float,
        y: float,
        radius_x: float,
        radius_y: float,
        fill: Colour,
        alpha: float = 1.0,
    ) -> None:
        """Fill an ellipse around (x, y)."""
        box = [_scaled((x - radius_x, y - radius_y)), _scaled((x + radius_x, y + radius_y))]
        self._pen.ellipse(box, fill=_with_alpha(fill, alpha))

    def circle(self, x: float, y: float, radius: float, fill: Colour, alpha: float = 1.0) -> None:
        """Fill a circle around (x, y)."""
        self.ellipse(x, y, radius, radius, fill, alpha)

    def slice(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        fill: Colour,
        alpha: float = 1.0,
    ) -> None:
        """Fill a slice of a circle, in degrees clockwise from three o'clock."""
        box = [_scaled((x - radius, y - radius)), _scaled((x + radius, y + radius))]
        self._pen.pieslice(box, start, end, fill=_with_alpha(fill, alpha))

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        stroke: Colour,
        width: float = 2,
        alpha: float = 1.0,
    ) -> None:
        """Stroke part of a circle."""
        box = [_scaled((x - radius, y - radius)), _scaled((x + radius, y + radius))]
        fill = _with_alpha(stroke, alpha)
        self._pen.arc(box, start, end, fill=fill, width=max(1, round(width * OVERSAMPLING)))

    def line(
        self, points: Sequence[Point], stroke: Colour, width: float = 2, alpha: float = 1.0
    ) -> None:
        """Stroke a line with rounded joints."""
        self._pen.line(
            [_scaled(p) for p in points],
            fill=_with_alpha(stroke, alpha),
            width=max(1, round(width * OVERSAMPLING)),
            joint="curve",
        )

    def text(
        self, x: float, y: float, words: str, fill: Colour, size: float, anchor: str = "la"
    ) -> None:
        """Write words with Pillow's own typeface, so that no machine's fonts matter."""
        font = _font(round(size * OVERSAMPLING))
        self._pen.text(_scaled((x, y)), words, fill=fill, font=font, anchor=anchor)

    def gradient(
        self,
        top: float,
        bottom: float,
        colours: Sequence[Colour],
        *,
        left: float = 0,
        right: float | None = None,
    ) -> None:
        """Fill a band with colours running from top to bottom."""
        strip = Image.new("RGB", (1, len(colours)))
        strip.putdata(list(colours))
        right = self.width if right is None else right
        size = (round((right - left) * OVERSAMPLING), round((bottom - top) * OVERSAMPLING))
        column = strip.resize((1, size[1]), Image.Resampling.BICUBIC)
        self.image.paste(column.resize(size, Image.Resampling.NEAREST), _scaled((left, top)))

    def glow(self, x: float, y: float, radius: float, fill: Colour, alpha: float = 0.5) -> None:
        """Lay soft light around (x, y)."""
        side = round(radius * 2 * OVERSAMPLING)
        mask = _soft_disc().resize((side, side), Image.Resampling.BILINEAR)
        mask = mask.point([round(level * alpha) for level in range(256)])
        self.image.paste(fill, _scaled((x - radius, y - radius)), mask)

    def finish(self, *, grain: bool = True) -> Image.Image:
        """The finished picture, reduced to size, with the paper's grain."""
        finished = self.image.reduce(OVERSAMPLING)
        if not grain:
            return finished
        return ImageChops.add(finished, _grain(*finished.size), 1, -128)


def _scaled(point: Point) -> tuple[int, int]:
    return round(point[0] * OVERSAMPLING), round(point[1] * OVERSAMPLING)


def _with_alpha(fill: Colour, alpha: float) -> tuple[int, int, int, int]:
    return (*fill, round(255 * alpha))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@cache
def _soft_disc() -> Image.Image:
    """White in the middle, smoothly black at the rim."""
    curve = [round(255 * (1 - min(level / 180, 1.0)) ** 2) for level in range(256)]
    return Image.radial_gradient("L").point(curve)


@cache
def _grain(width: int, height: int) -> Image.Image:
    noise = random.Random(1871).randbytes(GRAIN_TILE * GRAIN_TILE)  # noqa: S311
    tile = Image.frombytes("L", (GRAIN_TILE, GRAIN_TILE), noise)
    levels = [128 + round((level - 127.5) / 127.5 * GRAIN_STRENGTH) for level in range(256)]
    tile = tile.point(levels)
    whole = Image.new("L", (width, height))
    for left in range(0, width, GRAIN_TILE):
        for top in range(0, height, GRAIN_TILE):
            whole.paste(tile, (left, top))
    return Image.merge("RGB", (whole, whole, whole))
