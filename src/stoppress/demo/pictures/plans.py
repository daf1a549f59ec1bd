"""Maps and charts, drawn as carefully as the pictures beside them."""

import itertools
import math
from collections.abc import Sequence

from stoppress.demo.pictures.canvas import Canvas, Point
from stoppress.demo.pictures.strokes import hatch


def coastline(canvas: Canvas, *, title: str = "", places: tuple[str, ...] = ()) -> None:
    """The coast of Estmar around Halvern, the river Orrel and the Pell Islands."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.62))
    shore: list[Point] = [
        (0, 250),
        (120, 300),
        (210, 280),
        (330, 360),
        (390, 470),
        (520, 500),
        (590, 470),
        (640, 520),
        (600, 590),
        (660, 660),
        (780, 690),
        (860, 800),
        (980, 830),
        (1040, 940),
        (1180, 1067),
    ]
    land = [*_rough(canvas, shore), (1600, 1067), (1600, 0), (0, 0)]
    for ring in range(5, 0, -1):
        canvas.line(_rough(canvas, shore, 0), p.paper, ring * 26, 0.07)
    canvas.polygon(land, p.paper)
    canvas.line(land[:-3], p.ink, 3)
    for x, y, size in ((300, 690, 70), (190, 790, 44), (380, 830, 52), (250, 900, 30)):
        island = [
            (a + canvas.random.uniform(-12, 12), b + canvas.random.uniform(-12, 12))
            for a, b in ((x + size * math.cos(t), y + size * 0.62 * math.sin(t)) for t in range(7))
        ]
        canvas.polygon(island, p.paper)
        canvas.line([*island, island[0]], p.ink, 3)
    river = [
        (620, 540),
        (740, 500),
        (830, 410),
        (960, 380),
        (1060, 300),
        (1230, 260),
        (1330, 160),
        (1480, 90),
    ]
    canvas.line(_rough(canvas, river, 9), p.tone(0.45), 11)
    for _ in range(46):
        left, top = canvas.random.uniform(964, 1544), canvas.random.uniform(28, 548)
        peak = [(left, top + 24), (left + 16, top), (left + 32, top + 24)]
        canvas.line(peak, p.middle, 2.5, 0.7)
    marks = (
        ("Halvern", 625, 535, 1.0),
        ("Tamsel Dam", 1062, 300, 0.8),
        ("Brackwater", 392, 462, 0.7),
        ("Pell Islands", 300, 690, 0.7),
        ("Corriewick", 985, 828, 0.7),
        ("Lindholt", 1330, 160, 0.7),
        ("Dunmarrow", 1300, 700, 0.8),
    )
    for name, x, y, weight in marks:
        strong = name in places
        canvas.circle(x, y, 17 if strong else 11, p.ink)
        canvas.circle(x, y, 11 if strong else 6, p.accent if strong else p.paper)
        canvas.text(x + 26, y + 4, name, p.ink, (44 if strong else 34) * (0.8 + 0.2 * weight), "lm")
    _compass(canvas, 1440, 920)
    if title:
        canvas.text(60, 1010, title, p.ink, 36, "lm")


def frontier(canvas: Canvas) -> None:
    """Two countries and the pass between them, with the strip that neither holds."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.8))
    line = _rough(
        canvas,
        [(820, 0), (760, 160), (850, 300), (780, 460), (860, 600), (770, 780), (840, 1067)],
        14,
    )
    canvas.polygon([*line, (0, 1067), (0, 0)], p.light)
    east = [(x + 120, y) for x, y in line]
    canvas.polygon([*line, *east[::-1]], p.accent, 0.45)
    hatch(canvas, 700, 0, 1010, 1067, p.accent, gap=22, alpha=0.35)
    canvas.polygon([*line, (0, 1067), (0, 0)], p.light)
    canvas.polygon([*east, (1600, 1067), (1600, 0)], p.tone(0.86))
    canvas.line(line, p.ink, 4)
    canvas.line(east, p.ink, 4)
    for _ in range(120):
        x, y = canvas.random.gauss(860, 250), canvas.random.uniform(20, 1040)
        if abs(y - 530) > 60:
            tall = canvas.random.uniform(16, 40)
            canvas.polygon([(x - tall, y), (x, y - tall * 1.5), (x, y)], p.middle)
            canvas.polygon([(x, y), (x, y - tall * 1.5), (x + tall, y)], p.dark)
    road = [(0, 600), (260, 560), (520, 590), (840, 530), (1120, 560), (1380, 500), (1600, 530)]
    canvas.line(road, p.ink, 9)
    canvas.line(road, p.paper, 4)
    canvas.circle(850, 530, 26, p.accent)
    canvas.circle(850, 530, 13, p.paper)
    canvas.text(300, 190, "KESSALY", p.ink, 84, "mm")
    canvas.text(1290, 190, "LUSAND", p.ink, 84, "mm")
    canvas.text(850, 620, "Aster Pass", p.ink, 46, "mm")
    for name, x, y in (("Orsk Varren", 260, 560), ("Melinat", 1380, 500)):
        canvas.circle(x, y, 13, p.ink)
        canvas.text(x, y + 46, name, p.ink, 36, "mm")
    _compass(canvas, 1440, 920)


def _rough(canvas: Canvas, points: Sequence[Point], wobble: float = 16) -> list[Point]:
    finer: list[Point] = []
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        for step in range(6):
            t = step / 6
            jolt = 0 if step == 0 else wobble
            finer.append(
                (
                    x1 + (x2 - x1) * t + canvas.random.uniform(-jolt, jolt),
                    y1 + (y2 - y1) * t + canvas.random.uniform(-jolt, jolt),
                )
            )
    return [*finer, points[-1]]


def _compass(canvas: Canvas, x: float, y: float) -> None:
    p = canvas.palette
    canvas.arc(x, y, 70, 0, 360, p.ink, 3)
    canvas.polygon([(x, y - 92), (x + 18, y), (x - 18, y)], p.accent)
    canvas.polygon([(x, y + 92), (x + 18, y), (x - 18, y)], p.ink)
    canvas.text(x, y - 112, "N", p.ink, 34, "mm")


def bars(
    canvas: Canvas,
    *,
    title: str,
    note: str,
    values: list[tuple[str, float]],
    mark: int = -1,
    unit: str = "",
) -> None:
    """Upright bars with their values; the one at `mark` takes the accent."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.paper)
    canvas.rectangle(90, 84, 190, 96, p.accent)
    canvas.text(90, 150, title, p.ink, 58, "lm")
    canvas.text(90, 218, note, p.dark, 34, "lm")
    highest = max(value for _, value in values)
    wide = 1420 / len(values)
    for share in (0.25, 0.5, 0.75, 1.0):
        y = 920 - 600 * share
        canvas.line([(90, y), (1510, y)], p.middle, 1.5, 0.5)
    for index, (name, value) in enumerate(values):
        left, top = 90 + index * wide, 920 - 600 * value / highest
        fill = p.accent if index == mark % len(values) else p.dark
        canvas.rectangle(left + wide * 0.16, top, left + wide * 0.84, 920, fill)
        canvas.text(left + wide / 2, top - 30, f"{value:g}{unit}", p.ink, 36, "mm")
        canvas.text(left + wide / 2, 966, name, p.ink, min(34, wide / 4.6), "mm")
    canvas.line([(90, 920), (1510, 920)], p.ink, 4)


def lines(
    canvas: Canvas,
    *,
    title: str,
    note: str,
    values: list[float],
    labels: list[str],
    unit: str = "",
) -> None:
    """One line over time, the ground under it tinted, its last value named."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.paper)
    canvas.rectangle(90, 84, 190, 96, p.accent)
    canvas.text(90, 150, title, p.ink, 58, "lm")
    canvas.text(90, 218, note, p.dark, 34, "lm")
    low, high = min(values) * 0.9, max(values)
    points = [
        (110 + 1320 * index / (len(values) - 1), 910 - 590 * (value - low) / (high - low))
        for index, value in enumerate(values)
    ]
    canvas.polygon([*points, (1430, 920), (110, 920)], p.light)
    hatch(canvas, 110, 320, 1430, 920, p.paper, gap=18, alpha=0.5)
    for share in (0.0, 0.33, 0.66, 1.0):
        canvas.line([(110, 920 - 590 * share), (1510, 920 - 590 * share)], p.middle, 1.5, 0.5)
        canvas.text(100, 920 - 590 * share, f"{low + (high - low) * share:.0f}", p.dark, 30, "rm")
    canvas.line(points, p.accent, 9)
    x, y = points[-1]
    canvas.circle(x, y, 15, p.accent)
    canvas.text(x + 26, y, f"{values[-1]:g}{unit}", p.ink, 44, "lm")
    for index, label in enumerate(labels):
        anchor = "lm" if index == 0 else "mm"
        canvas.text(110 + 1320 * index / (len(labels) - 1), 968, label, p.ink, 32, anchor)


def chamber(canvas: Canvas, *, title: str, seats: list[tuple[str, int]], note: str = "") -> None:
    """A council's seats in a half circle, list by list, left to right."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.paper)
    canvas.rectangle(90, 84, 190, 96, p.accent)
    canvas.text(90, 150, title, p.ink, 58, "lm")
    canvas.text(90, 218, note, p.dark, 34, "lm")
    tones = (p.accent, p.dark, p.middle, p.ink, p.tone(0.62))
    order = [tones[index % 5] for index, (_, count) in enumerate(seats) for _ in range(count)]
    places = sorted(
        (
            (math.pi * (1 - spot / (count - 1)), radius)
            for count, radius in _rows(len(order))
            for spot in range(count)
        ),
        reverse=True,
    )
    for fill, (angle, radius) in zip(order, places, strict=True):
        canvas.circle(800 + radius * math.cos(angle), 850 - radius * math.sin(angle), 34, fill)
    canvas.text(800, 820, str(len(order)), p.ink, 110, "mm")
    for index, (name, count) in enumerate(seats):
        x, y = 90 + (index % 3) * 480, 955 + (index // 3) * 56
        canvas.circle(x + 18, y, 18, tones[index % 5])
        canvas.text(x + 48, y, f"{name} {count}", p.ink, 34, "lm")


def _rows(total: int) -> list[tuple[int, float]]:
    radii = (250, 350, 450, 550)
    counts = [round(total * radius / sum(radii)) for radius in radii]
    counts[-1] += total - sum(counts)
    return list(zip(counts, radii, strict=True))
