"""Halvern itself: skylines, façades, the hall, the bridge, a street in rain."""

import math

from stoppress.demo.pictures.canvas import Canvas
from stoppress.demo.pictures.palettes import Colour, mix
from stoppress.demo.pictures.strokes import hatch, person, water


def skyline(canvas: Canvas, *, moon: float = 0.76, lit: float = 0.3) -> None:
    """Roofs and towers at dusk over the water, windows coming on."""
    p = canvas.palette
    canvas.gradient(0, 800, (p.tone(0.16), p.tone(0.4), p.tone(0.66), p.light))
    canvas.glow(canvas.width * moon, 230, 330, p.paper, 0.55)
    canvas.circle(canvas.width * moon, 230, 66, p.paper)
    for layer, shade in enumerate((0.5, 0.32, 0.12)):
        _roofs(canvas, 520 + layer * 90, p.tone(shade), lit * layer / 2)
    canvas.rectangle(0, 800, 1600, 822, p.ink)
    water(canvas, 822, (p.tone(0.34), p.ink), p.accent, light_x=700, strokes=130)


def _roofs(canvas: Canvas, base: float, fill: Colour, lit: float) -> None:
    p = canvas.palette
    x = -30.0
    while x < 1600:
        wide = canvas.random.uniform(70, 150)
        top = base - canvas.random.uniform(20, 170)
        kind = canvas.random.random()
        canvas.rectangle(x, top, x + wide, 810, fill)
        if kind < 0.5:  # gable
            rise = canvas.random.uniform(30, 74)
            canvas.polygon([(x - 5, top), (x + wide / 2, top - rise), (x + wide + 5, top)], fill)
            canvas.rectangle(x + wide * 0.7, top - rise * 0.9, x + wide * 0.82, top, fill)
        elif kind < 0.62:  # spire
            canvas.rectangle(x + wide * 0.3, top - 120, x + wide * 0.7, top, fill)
            canvas.polygon(
                [
                    (x + wide * 0.22, top - 118),
                    (x + wide * 0.5, top - 330),
                    (x + wide * 0.78, top - 118),
                ],
                fill,
            )
        elif kind < 0.72:  # dome
            canvas.slice(x + wide / 2, top + 2, wide * 0.44, 180, 360, fill)
            canvas.line(
                [(x + wide / 2, top - wide * 0.4), (x + wide / 2, top - wide * 0.8)], fill, 4
            )
        else:
            canvas.rectangle(x + 8, top - 12, x + wide * 0.4, top, fill)
        _windows(canvas, x, top, wide, lit, p.accent)
        x += wide + canvas.random.choice((0, 0, 6, 14))


def _windows(canvas: Canvas, x: float, top: float, wide: float, lit: float, fill: Colour) -> None:
    for row in range(int((790 - top) / 34)):
        for column in range(int((wide - 20) / 24)):
            if canvas.random.random() < lit:
                left, high = x + 14 + column * 24, top + 18 + row * 34
                canvas.rectangle(left, high, left + 10, high + 16, fill, 0.9)


def facade(canvas: Canvas, *, columns: int = 5, rows: int = 3) -> None:
    """Tall windows of one house, each with its own evening going on behind it."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.2))
    hatch(canvas, 0, 0, 1600, 1067, p.ink, gap=9, alpha=0.2, width=1)
    for row in range(int(1067 / 46) + 1):
        canvas.line([(0, row * 46), (1600, row * 46)], p.ink, 1.4, 0.28)
    wide, tall = 1600 / columns, 1067 / rows
    for row in range(rows):
        for column in range(columns):
            _window(
                canvas,
                column * wide + wide * 0.23,
                row * tall + tall * 0.16,
                wide * 0.54,
                tall * 0.66,
            )


def _window(canvas: Canvas, left: float, top: float, wide: float, tall: float) -> None:
    p = canvas.palette
    right, bottom = left + wide, top + tall
    kind = canvas.random.choice(("dark", "lit", "lit", "figure", "plant", "curtain"))
    canvas.rectangle(left - 12, top - 12, right + 12, bottom + 8, p.tone(0.62))
    canvas.rectangle(left - 20, bottom + 6, right + 20, bottom + 22, p.light)
    warm = mix(p.accent, p.paper, canvas.random.uniform(0.1, 0.5))
    if kind == "dark":
        canvas.rectangle(left, top, right, bottom, p.ink)
        canvas.polygon(
            [(left, bottom), (right, top), (right, top + 60), (left + 60, bottom)], p.dark
        )
    else:
        canvas.rectangle(left, top, right, bottom, warm)
        canvas.glow((left + right) / 2, top + tall * 0.3, tall * 0.3, p.paper, 0.6)
    if kind == "figure":
        person(canvas, left + wide * 0.5, bottom + tall * 0.42, tall * 1.15, p.ink)
        canvas.rectangle(left - 20, bottom + 22, right + 20, bottom + tall * 0.45, p.tone(0.18))
        canvas.rectangle(left - 20, bottom + 6, right + 20, bottom + 22, p.light)
    if kind == "plant":
        pot = left + wide * 0.5
        canvas.polygon(
            [
                (pot - 26, bottom - 44),
                (pot + 26, bottom - 44),
                (pot + 18, bottom),
                (pot - 18, bottom),
            ],
            p.tone(0.3),
        )
        for angle in range(-70, 71, 20):
            tip = math.radians(angle - 90)
            x, y = pot + 95 * math.cos(tip), bottom - 44 + 95 * math.sin(tip)
            canvas.polygon([(pot - 5, bottom - 44), (pot + 5, bottom - 44), (x, y)], p.dark)
    if kind == "curtain":
        for side in (0, 1):
            edge = left if side == 0 else right
            inner = edge + (wide * 0.3 if side == 0 else -wide * 0.3)
            canvas.polygon(
                [(edge, top), (inner, top), (edge + (inner - edge) * 0.4, bottom), (edge, bottom)],
                p.tone(0.5),
            )
    middle = (left + right) / 2
    canvas.rectangle(middle - 4, top, middle + 4, bottom, p.tone(0.62))
    canvas.rectangle(left, top + tall * 0.34, right, top + tall * 0.34 + 7, p.tone(0.62))


def hall(canvas: Canvas, *, people: int = 11) -> None:
    """The council hall: columns, a pediment, small figures on long steps."""
    p = canvas.palette
    canvas.gradient(0, 800, (p.tone(0.36), p.tone(0.62), p.paper))
    canvas.glow(800, 560, 620, p.paper, 0.6)
    canvas.rectangle(280, 330, 1320, 820, p.tone(0.72))
    canvas.polygon([(230, 330), (800, 130), (1370, 330)], p.tone(0.82))
    canvas.polygon([(340, 312), (800, 158), (1260, 312)], p.tone(0.56))
    canvas.circle(800, 256, 40, p.paper)
    canvas.line([(800, 256), (800, 230)], p.ink, 4)
    canvas.line([(800, 256), (820, 264)], p.ink, 4)
    canvas.rectangle(230, 322, 1370, 362, p.tone(0.88))
    canvas.line([(800, 130), (800, 40)], p.ink, 5)
    canvas.polygon([(802, 44), (900, 62), (802, 88)], p.accent)
    canvas.rectangle(320, 380, 1280, 800, p.dark)
    canvas.rectangle(690, 470, 910, 800, p.accent, 0.9)
    canvas.glow(800, 640, 240, p.paper, 0.55)
    for column in range(8):
        x = 330 + column * 134
        canvas.rectangle(x - 34, 362, x + 34, 384, p.paper)
        canvas.rectangle(x - 26, 384, x + 26, 790, p.tone(0.9))
        canvas.rectangle(x + 6, 384, x + 26, 790, p.tone(0.6), 0.8)
        for flute in (-14, -4, 6):
            canvas.line([(x + flute, 388), (x + flute, 786)], p.middle, 1.4, 0.5)
        canvas.rectangle(x - 34, 786, x + 34, 806, p.paper)
    for step in range(9):
        top = 800 + step * 30
        canvas.rectangle(
            230 - step * 36, top, 1370 + step * 36, top + 18, p.tone(0.86 - step * 0.03)
        )
        canvas.rectangle(230 - step * 36, top + 18, 1370 + step * 36, top + 30, p.tone(0.5))
    for index in range(people):
        at = 260 + index * (1080 / people) + canvas.random.uniform(-30, 30)
        foot = 860 + canvas.random.uniform(0, 170)
        canvas.ellipse(at + 40, foot, 60, 6, p.ink, 0.25)
        person(canvas, at, foot, 130 + (foot - 860) * 0.25, p.ink)


def bridge(canvas: Canvas, *, arches: int = 4) -> None:
    """Stone arches over the river with their reflection."""
    p = canvas.palette
    canvas.gradient(0, 620, (p.tone(0.5), p.light, p.paper))
    _roofs(canvas, 480, p.tone(0.62), 0)
    canvas.rectangle(0, 620, 1600, 1067, p.tone(0.5))
    canvas.gradient(700, 1067, (p.tone(0.5), p.tone(0.14)))
    span = 1720 / arches
    canvas.polygon([(0, 470), (800, 420), (1600, 470), (1600, 720), (0, 720)], p.tone(0.2))
    canvas.polygon([(0, 452), (800, 402), (1600, 452), (1600, 474), (0, 474)], p.tone(0.34))
    for index in range(arches):
        x = -60 + span * (index + 0.5)
        canvas.ellipse(x, 720, span * 0.4, 218, p.tone(0.74))
        canvas.arc(x, 720, span * 0.41, 180, 360, p.tone(0.3), 5, 0.5)
    canvas.gradient(712, 1067, (p.tone(0.5), p.tone(0.12)))
    for index in range(arches):
        x = -60 + span * (index + 0.5)
        canvas.ellipse(x, 716, span * 0.4, 120, p.tone(0.66), 0.35)
    canvas.gradient(600, 712, (p.tone(0.74), p.tone(0.66)), left=0, right=0.5)
    water(canvas, 712, (p.tone(0.46), p.tone(0.12)), p.paper, strokes=190)
    for x in range(60, 1600, 185):
        y = 452 - 50 * (1 - abs(x - 800) / 800)
        canvas.line([(x, y), (x, y - 92)], p.ink, 5)
        canvas.circle(x, y - 98, 11, p.accent)
        canvas.glow(x, y - 98, 60, p.accent, 0.7)
    for _ in range(7):
        x = canvas.random.uniform(80, 1520)
        person(canvas, x, 458 - 50 * (1 - abs(x - 800) / 800), 74, p.ink)


def rain(canvas: Canvas, *, people: int = 6) -> None:
    """A street in the rain, umbrellas, shop light on wet stone."""
    p = canvas.palette
    canvas.gradient(0, 700, (p.tone(0.3), p.tone(0.5), p.tone(0.62)))
    for side in (0, 1):
        for depth in (4, 3, 2, 1, 0):
            near = 1 - depth / 5
            edge = 150 + 690 * (1 - near)
            x1, x2 = (edge - 140, edge) if side == 0 else (1600 - edge, 1740 - edge)
            top = 460 - 440 * near
            canvas.rectangle(
                x1 - 130 * near, top, x2 + 130 * near, 720 + 120 * near, p.tone(0.42 - 0.34 * near)
            )
            glow = p.accent if depth % 2 == 0 else p.tone(0.6)
            canvas.rectangle(x1 + 10, 600 - 40 * near, x2 - 12, 690 + 60 * near, glow, 0.85)
    canvas.gradient(760, 1067, (p.tone(0.42), p.tone(0.1)))
    canvas.glow(330, 860, 380, p.accent, 0.5)
    canvas.glow(1330, 840, 330, p.accent, 0.4)
    for index in range(people):
        x = 200 + index * (1240 / max(people - 1, 1)) + canvas.random.uniform(-60, 60)
        foot = canvas.random.uniform(800, 1010)
        tall = (foot - 560) * 0.72
        canvas.polygon(
            [
                (x - 22, foot),
                (x + 22, foot),
                (x + 14, foot + tall * 0.5),
                (x - 14, foot + tall * 0.5),
            ],
            p.ink,
            0.3,
        )
        person(canvas, x, foot, tall, p.ink)
        cover = p.accent if index == people // 2 else p.tone(0.06 + 0.1 * (index % 3))
        canvas.slice(x, foot - tall * 0.86, tall * 0.46, 180, 360, cover)
        canvas.line([(x, foot - tall * 1.36), (x, foot - tall * 0.5)], p.ink, 3)
    for _ in range(170):
        x, y = canvas.random.uniform(-50, 1600), canvas.random.uniform(-30, 1067)
        canvas.line([(x, y), (x + 12, y + 46)], p.paper, 1.3, 0.3)
