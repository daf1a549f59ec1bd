"""Authors as duotone silhouettes over a halftone ground."""

import math

from stoppress.demo.pictures.canvas import Canvas

HAIR = ("bob", "crop", "bun", "curls", "long", "scarf", "bald", "cap")


def portrait(
    canvas: Canvas, *, hair: str = "crop", glasses: bool = False, beard: bool = False
) -> None:
    """Head and shoulders, seen three quarters from the left, in two tones."""
    p = canvas.palette
    unit = canvas.width / 100
    canvas.rectangle(0, 0, canvas.width, canvas.height, p.light)
    canvas.circle(50 * unit, 46 * unit, 41 * unit, p.accent)
    for row in range(26):
        for column in range(26):
            size = unit * 1.5 * max(0.0, (row + column) / 50 - 0.3)
            canvas.circle(column * 4 * unit, row * 4 * unit, size, p.paper, 0.8)
    _hair_behind(canvas, unit, hair)
    skin = p.tone(canvas.random.choice((0.5, 0.58, 0.66, 0.74)))
    canvas.polygon(
        [
            (u * unit, v * unit)
            for u, v in (
                (10, 100),
                (14, 82),
                (24, 75),
                (41, 71),
                (59, 71),
                (76, 75),
                (86, 82),
                (90, 100),
            )
        ],
        p.dark,
    )
    canvas.polygon(
        [(u * unit, v * unit) for u, v in ((42, 58), (58, 58), (60, 73), (50, 82), (40, 73))],
        p.tone(0.42),
    )
    canvas.polygon(
        [(u * unit, v * unit) for u, v in ((38, 71), (50, 83), (44, 92), (30, 74))], p.paper
    )
    canvas.polygon(
        [(u * unit, v * unit) for u, v in ((62, 71), (50, 83), (56, 92), (70, 74))], p.tone(0.86)
    )
    canvas.ellipse(50 * unit, 44 * unit, 15.5 * unit, 20 * unit, skin)
    canvas.slice(50 * unit, 47 * unit, 16.4 * unit, -70, 100, p.ink, 0.13)
    if beard:
        canvas.slice(50 * unit, 50 * unit, 15.6 * unit, 5, 175, p.ink)
        canvas.ellipse(50 * unit, 53 * unit, 6 * unit, 1.6 * unit, skin)
    else:
        canvas.arc(50 * unit, 52 * unit, 5 * unit, 35, 145, p.ink, unit * 0.7)
    for side in (-1, 1):
        canvas.line(
            [((50 + side * 3.4) * unit, 39 * unit), ((50 + side * 9) * unit, 38.4 * unit)],
            p.ink,
            unit * 1.1,
        )
        canvas.ellipse((50 + side * 6.2) * unit, 43.4 * unit, 1.5 * unit, 1.7 * unit, p.ink)
        if glasses:
            canvas.arc((50 + side * 6.4) * unit, 43.6 * unit, 5 * unit, 0, 360, p.ink, unit * 0.8)
    canvas.line(
        [(50 * unit, 43 * unit), (48.6 * unit, 49 * unit), (50.6 * unit, 49.4 * unit)],
        p.ink,
        unit * 0.7,
        0.6,
    )
    _hair_before(canvas, unit, hair)


def _hair_behind(canvas: Canvas, unit: float, hair: str) -> None:
    p = canvas.palette
    if hair == "bob":
        canvas.ellipse(50 * unit, 42 * unit, 20 * unit, 23 * unit, p.ink)
        canvas.rectangle(30 * unit, 42 * unit, 70 * unit, 63 * unit, p.ink)
    elif hair == "long":
        canvas.ellipse(50 * unit, 40 * unit, 20 * unit, 22 * unit, p.ink)
        canvas.polygon(
            [(u * unit, v * unit) for u, v in ((30, 40), (70, 40), (76, 84), (24, 84))], p.ink
        )
    elif hair == "bun":
        canvas.circle(50 * unit, 19 * unit, 7.5 * unit, p.ink)
    elif hair == "curls":
        for index in range(14):
            angle = math.pi * (0.86 + 1.28 * index / 13)
            canvas.circle(
                (50 + 17.5 * math.cos(angle)) * unit,
                (42 + 19 * math.sin(angle)) * unit,
                6.4 * unit,
                p.ink,
            )
    elif hair == "scarf":
        canvas.ellipse(50 * unit, 44 * unit, 21 * unit, 25 * unit, p.ink)
        canvas.polygon(
            [(u * unit, v * unit) for u, v in ((30, 48), (70, 48), (74, 78), (26, 78))], p.ink
        )


def _hair_before(canvas: Canvas, unit: float, hair: str) -> None:
    p = canvas.palette
    if hair in ("bob", "long", "bun"):
        canvas.slice(50 * unit, 39 * unit, 17.4 * unit, 182, 358, p.ink)
        canvas.polygon(
            [(u * unit, v * unit) for u, v in ((33, 39), (46, 27), (58, 30), (50, 33), (36, 44))],
            p.ink,
        )
    elif hair == "crop":
        canvas.slice(50 * unit, 38 * unit, 16.6 * unit, 180, 360, p.ink)
        canvas.polygon(
            [
                (u * unit, v * unit)
                for u, v in ((33.4, 37), (66.6, 37), (66, 43), (61, 34), (40, 33), (34, 43))
            ],
            p.ink,
        )
    elif hair == "curls":
        for index in range(7):
            canvas.circle(
                (37 + index * 4.4) * unit, (29 - 3 * math.sin(index / 2)) * unit, 4.6 * unit, p.ink
            )
    elif hair == "scarf":
        canvas.slice(50 * unit, 36 * unit, 17 * unit, 180, 360, p.ink)
        canvas.arc(50 * unit, 44 * unit, 18.5 * unit, 0, 360, p.dark, unit * 2.4)
    elif hair == "cap":
        canvas.slice(50 * unit, 36 * unit, 18 * unit, 180, 360, p.ink)
        canvas.polygon(
            [(u * unit, v * unit) for u, v in ((30, 35), (72, 35), (76, 39), (30, 38))], p.ink
        )
    elif hair == "bald":
        for side in (-1, 1):
            canvas.ellipse((50 + side * 15.4) * unit, 40 * unit, 2.4 * unit, 6 * unit, p.ink)
