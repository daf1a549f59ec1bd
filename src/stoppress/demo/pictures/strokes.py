"""Shapes that several scenes share: ridges, water, trees, birds, people, hatching."""

import itertools
import math

from stoppress.demo.pictures.canvas import Canvas, Point
from stoppress.demo.pictures.palettes import Colour


def ridge(
    canvas: Canvas, base: float, height: float, roughness: float = 0.5, steps: int = 6
) -> list[Point]:
    """The top line of a hill range by midpoint displacement, left to right."""
    heights = [canvas.random.uniform(-0.4, 0.4), canvas.random.uniform(-0.4, 0.4)]
    spread = 1.0
    for _ in range(steps):
        spread *= roughness
        finer = []
        for left, right in itertools.pairwise(heights):
            finer += [left, (left + right) / 2 + canvas.random.uniform(-spread, spread)]
        heights = [*finer, heights[-1]]
    width = canvas.width / (len(heights) - 1)
    return [(index * width, base - value * height) for index, value in enumerate(heights)]


def hill(canvas: Canvas, line: list[Point], fill: Colour, bottom: float | None = None) -> None:
    """Fill everything under a ridge line."""
    floor = canvas.height if bottom is None else bottom
    canvas.polygon([*line, (canvas.width, floor), (0, floor)], fill)


def height_at(line: list[Point], x: float) -> float:
    """The ridge line's y nearest to x."""
    return min(line, key=lambda point: abs(point[0] - x))[1]


def water(
    canvas: Canvas,
    top: float,
    colours: tuple[Colour, Colour],
    glint: Colour,
    *,
    light_x: float | None = None,
    strokes: int = 150,
) -> None:
    """Water from `top` to the lower edge, with strokes that widen towards the viewer."""
    canvas.gradient(top, canvas.height, colours)
    depth = canvas.height - top
    for _ in range(strokes):
        near = canvas.random.random() ** 1.4
        y = top + 4 + near * depth
        length = 20 + near * 190
        if light_x is not None and canvas.random.random() < 0.6:
            x = canvas.random.gauss(light_x, 40 + near * 130)
        else:
            x = canvas.random.uniform(-100, canvas.width)
        thick = 1 + near * 4.5
        points = [(x, y), (x + length / 2, y - thick), (x + length, y), (x + length / 2, y + thick)]
        canvas.polygon(points, glint, canvas.random.uniform(0.08, 0.42))


def pine(canvas: Canvas, x: float, foot: float, height: float, fill: Colour) -> None:
    """A conifer in silhouette."""
    for tier in range(4):
        top = foot - height + tier * height * 0.2
        half = height * (0.07 + 0.055 * tier)
        drop = height * 0.34
        canvas.polygon([(x, top), (x + half, top + drop), (x - half, top + drop)], fill)
    canvas.rectangle(x - height * 0.02, foot - height * 0.1, x + height * 0.02, foot, fill)


def birds(canvas: Canvas, count: int, x: float, y: float, spread: float, fill: Colour) -> None:
    """A loose flock, each bird two tapering wings."""
    for _ in range(count):
        left = canvas.random.gauss(x, spread)
        top = canvas.random.gauss(y, spread * 0.4)
        span = canvas.random.uniform(9, 22)
        lift = span * canvas.random.uniform(0.25, 0.6)
        canvas.polygon(
            [
                (left - span, top - lift),
                (left - span * 0.4, top - lift * 0.9),
                (left, top),
                (left + span * 0.4, top - lift * 0.9),
                (left + span, top - lift),
                (left + span * 0.4, top - lift * 0.55),
                (left, top + span * 0.22),
                (left - span * 0.4, top - lift * 0.55),
            ],
            fill,
        )


def person(canvas: Canvas, x: float, foot: float, height: float, fill: Colour) -> None:
    """A standing figure in silhouette, in a coat, seen from some way off."""
    lean = canvas.random.uniform(-0.03, 0.03) * height
    head = height * 0.075
    shoulder = height * canvas.random.uniform(0.13, 0.16)
    hem = height * canvas.random.uniform(0.13, 0.18)
    top = foot - height
    canvas.circle(x + lean, top + head, head, fill)
    canvas.ellipse(x + lean, top + head * 3.1, shoulder, head * 1.3, fill)
    canvas.polygon(
        [
            (x + lean - shoulder, top + head * 3),
            (x + lean + shoulder, top + head * 3),
            (x + hem, foot - height * 0.32),
            (x - hem, foot - height * 0.32),
        ],
        fill,
    )
    stride = height * canvas.random.uniform(0.02, 0.08)
    for side in (-1, 1):
        canvas.polygon(
            [
                (x + side * hem * 0.1, foot - height * 0.35),
                (x + side * hem * 0.85, foot - height * 0.35),
                (x + side * (stride + height * 0.06), foot),
                (x + side * stride, foot),
            ],
            fill,
        )


def hatch(
    canvas: Canvas,
    left: float,
    top: float,
    right: float,
    bottom: float,
    stroke: Colour,
    *,
    gap: float = 12,
    alpha: float = 0.25,
    width: float = 1.5,
) -> None:
    """Diagonal engraver's lines, clipped to a box."""
    span = bottom - top
    start = left - span
    while start < right:
        x1, y1, x2, y2 = start, bottom, start + span, top
        if x1 < left:
            y1 -= left - x1
            x1 = left
        if x2 > right:
            y2 += x2 - right
            x2 = right
        canvas.line([(x1, y1), (x2, y2)], stroke, width, alpha)
        start += gap


def circle_points(x: float, y: float, radius: float, count: int, turn: float = 0) -> list[Point]:
    """Points evenly around a circle, the first at `turn` radians."""
    steps = (turn + 2 * math.pi * index / count for index in range(count))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in steps]
