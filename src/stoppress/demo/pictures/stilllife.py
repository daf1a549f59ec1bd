"""Things on a table: bread, fish, books, cups, an instrument or two."""

import math

from stoppress.demo.pictures.canvas import Canvas
from stoppress.demo.pictures.palettes import Colour, mix
from stoppress.demo.pictures.strokes import hatch


def table(canvas: Canvas) -> None:
    """A bottle, a bowl of fruit, a cup and a knife, in flat shapes that overlap."""
    p = canvas.palette
    _ground(canvas, 660)
    canvas.polygon([(560, 1067), (1080, 1067), (920, 0), (700, 0)], p.paper, 0.14)
    _bottle(canvas, 430, 830, p.dark, p.tone(0.4))
    _bottle(canvas, 560, 800, p.tone(0.3), p.middle, tall=470, wide=62)
    _fruit(canvas, 800, 740, 96, p.accent)
    _fruit(canvas, 950, 735, 88, p.tone(0.62))
    _fruit(canvas, 880, 675, 84, mix(p.accent, p.paper, 0.35))
    canvas.slice(880, 740, 250, 0, 180, p.paper)
    canvas.slice(880, 740, 250, 90, 180, p.tone(0.78))
    canvas.rectangle(800, 975, 960, 1000, p.tone(0.7))
    canvas.ellipse(880, 1004, 330, 16, p.ink, 0.25)
    _cup(canvas, 1260, 860)
    canvas.polygon([(170, 960), (470, 925), (480, 938), (190, 990)], p.paper)
    canvas.polygon([(470, 922), (640, 902), (644, 926), (474, 942)], p.ink)


def _ground(canvas: Canvas, horizon: float) -> None:
    p = canvas.palette
    canvas.gradient(0, horizon, (p.tone(0.55), p.tone(0.68)))
    canvas.rectangle(0, horizon, canvas.width, canvas.height, p.tone(0.86))
    canvas.polygon(
        [(0, horizon), (1600, horizon), (1600, horizon + 60), (0, horizon + 190)], p.light, 0.5
    )
    hatch(canvas, 0, 0, 1600, horizon, p.paper, gap=26, alpha=0.1)


def _bottle(
    canvas: Canvas,
    x: float,
    foot: float,
    fill: Colour,
    shine: Colour,
    *,
    tall: float = 560,
    wide: float = 76,
) -> None:
    neck, shoulder = foot - tall, foot - tall * 0.62
    canvas.ellipse(x + 70, foot, wide * 1.9, 15, canvas.palette.ink, 0.22)
    canvas.polygon(
        [
            (x - wide, foot),
            (x - wide, shoulder + 40),
            (x - wide * 0.7, shoulder - 16),
            (x - wide * 0.32, shoulder - 70),
            (x - wide * 0.32, neck),
            (x + wide * 0.32, neck),
            (x + wide * 0.32, shoulder - 70),
            (x + wide * 0.7, shoulder - 16),
            (x + wide, shoulder + 40),
            (x + wide, foot),
        ],
        fill,
    )
    canvas.rectangle(x - wide * 0.72, shoulder + 60, x - wide * 0.5, foot - 36, shine)
    canvas.rectangle(x - wide, shoulder + 130, x + wide, foot - 90, canvas.palette.paper)
    canvas.circle(x, shoulder + 190, wide * 0.42, canvas.palette.accent)
    canvas.rectangle(x - wide * 0.4, neck - 8, x + wide * 0.4, neck + 30, canvas.palette.ink)


def _fruit(canvas: Canvas, x: float, y: float, size: float, fill: Colour) -> None:
    canvas.circle(x, y, size, fill)
    canvas.slice(x, y, size, -60, 120, canvas.palette.ink, 0.14)
    canvas.line([(x, y - size + 6), (x + 12, y - size - 26)], canvas.palette.ink, 6)
    canvas.circle(x - size * 0.36, y - size * 0.36, size * 0.14, canvas.palette.paper, 0.7)


def _cup(canvas: Canvas, x: float, foot: float) -> None:
    p = canvas.palette
    canvas.ellipse(x, foot + 8, 190, 24, p.tone(0.62))
    canvas.ellipse(x, foot, 176, 20, p.paper)
    canvas.arc(x + 104, foot - 92, 52, -100, 100, p.dark, 17)
    canvas.polygon(
        [(x - 110, foot - 170), (x + 110, foot - 170), (x + 78, foot - 8), (x - 78, foot - 8)],
        p.dark,
    )
    canvas.polygon(
        [(x - 110, foot - 170), (x - 50, foot - 170), (x - 40, foot - 8), (x - 78, foot - 8)],
        p.tone(0.38),
    )
    canvas.ellipse(x, foot - 170, 110, 22, p.ink)
    for wisp in (-34, 12):
        curve = [(x + wisp + 18 * math.sin(t / 3), foot - 200 - t * 11) for t in range(15)]
        canvas.line(curve, p.paper, 6, 0.6)


def bread(canvas: Canvas) -> None:
    """A scored loaf on a board, ears of wheat, a scatter of flour."""
    p = canvas.palette
    _ground(canvas, 560)
    canvas.polygon([(160, 830), (1440, 830), (1500, 960), (100, 960)], p.tone(0.3))
    canvas.rectangle(100, 960, 1500, 1000, p.tone(0.18))
    canvas.ellipse(800, 850, 560, 36, p.ink, 0.3)
    crust, crumb = p.tone(0.42), p.tone(0.7)
    canvas.ellipse(800, 690, 520, 190, p.tone(0.27))
    canvas.ellipse(790, 672, 500, 172, crust)
    for index in range(5):
        cut = 470 + index * 160
        score = [(cut - 26, 770), (cut + 20, 548), (cut + 62, 552), (cut + 44, 776)]
        canvas.polygon(score, crumb)
        canvas.polygon([*score[:2], (cut + 32, 550), (cut, 772)], p.paper)
    for _ in range(190):
        x, y = canvas.random.gauss(800, 390), canvas.random.uniform(840, 1050)
        canvas.circle(x, y, canvas.random.uniform(1, 4), p.paper, 0.8)
    for stalk in range(3):
        x, lean = 1290 + stalk * 74, 22 * (stalk - 1)
        canvas.line([(x, 930), (x + lean, 330)], p.accent, 6)
        for grain in range(8):
            y = 330 + grain * 34
            at = x + lean * (930 - y) / 600
            for side in (-1, 1):
                canvas.polygon(
                    [(at, y + 30), (at + side * 26, y), (at + side * 10, y - 26)], p.accent
                )


def fish(canvas: Canvas, *, count: int = 3) -> None:
    """Fish laid head to tail on a plate, lemon, a fork."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.3))
    for index in range(14):
        for row in range(10):
            shade = p.tone(0.34) if (index + row) % 2 else p.tone(0.28)
            canvas.rectangle(index * 120, row * 120, index * 120 + 120, row * 120 + 120, shade)
    canvas.circle(815, 552, 470, p.ink, 0.3)
    canvas.circle(800, 533, 468, p.paper)
    canvas.circle(800, 533, 372, p.tone(0.86))
    for index in range(count):
        _fish(canvas, 800, 533 + (index - (count - 1) / 2) * 190, 300, flip=index % 2 == 1)
    for x, y in ((1090, 260), (1160, 330)):
        canvas.circle(x, y, 74, p.accent)
        canvas.circle(x, y, 60, mix(p.accent, p.paper, 0.7))
        for spoke in range(8):
            angle = math.pi * spoke / 4
            canvas.line([(x, y), (x + 56 * math.cos(angle), y + 56 * math.sin(angle))], p.accent, 5)
    canvas.rectangle(170, 470, 196, 1010, p.light)
    canvas.polygon([(140, 330), (226, 330), (206, 480), (160, 480)], p.light)
    for tine in range(4):
        canvas.rectangle(140 + tine * 25, 150, 151 + tine * 25, 340, p.light)


def _fish(canvas: Canvas, x: float, y: float, half: float, *, flip: bool) -> None:
    p = canvas.palette
    turn = -1 if flip else 1
    back = [
        (x + turn * half * (1 - 2 * t), y - 62 * math.sin(math.pi * t) ** 0.7) for t in _steps(30)
    ]
    belly = [
        (x + turn * half * (1 - 2 * t), y + 62 * math.sin(math.pi * t) ** 0.7) for t in _steps(30)
    ]
    tail = x - turn * half
    canvas.polygon(
        [
            (tail + turn * 40, y),
            (tail - turn * 80, y - 66),
            (tail - turn * 50, y),
            (tail - turn * 80, y + 66),
        ],
        p.dark,
    )
    canvas.polygon(back + belly[::-1], p.tone(0.36))
    canvas.polygon([*back, (tail, y)], p.ink)
    for row in range(5):
        for scale in range(11 - row):
            sx = x + turn * (half * 0.45 - scale * 42 - row * 18)
            canvas.arc(sx, y - 34 + row * 19, 16, 0, 360, p.light, 2, 0.45)
    canvas.circle(x + turn * half * 0.78, y - 10, 15, p.paper)
    canvas.circle(x + turn * half * 0.79, y - 10, 8, p.ink)
    gill = 90 if turn > 0 else -90
    canvas.arc(x + turn * half * 0.62, y, 42, gill - 180 + 30, gill - 30, p.accent, 6)


def books(canvas: Canvas, *, piles: int = 3) -> None:
    """Piles of books, one lying open, a lamp's circle of light."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.16))
    canvas.glow(760, 480, 760, p.light, 0.75)
    canvas.rectangle(0, 850, 1600, 1067, p.tone(0.3))
    canvas.rectangle(0, 850, 1600, 862, p.ink, 0.5)
    tones = (p.accent, p.dark, p.middle, p.tone(0.62), p.light, p.tone(0.36))
    for pile in range(piles):
        middle, foot = 330 + pile * 480, 850.0
        for _ in range(4 + (pile * 2) % 3 + pile):
            thick, half = canvas.random.uniform(36, 66), canvas.random.uniform(150, 205)
            x = middle + canvas.random.uniform(-26, 26)
            fill = canvas.random.choice(tones)
            canvas.rectangle(x - half, foot - thick, x + half, foot, fill)
            canvas.rectangle(x + half - 20, foot - thick + 6, x + half - 2, foot - 6, p.paper)
            for band in (0.16, 0.24, 0.7):
                left = x - half + 2 * half * band
                canvas.rectangle(left, foot - thick, left + 9, foot, p.ink, 0.45)
            canvas.rectangle(
                x - half * 0.42,
                foot - thick * 0.62,
                x + half * 0.3,
                foot - thick * 0.4,
                p.paper,
                0.75,
            )
            foot -= thick + 2
    for side in (-1, 1):
        page = [(810, 960), (810 + side * 330, 920), (810 + side * 350, 1000), (810, 1045)]
        canvas.polygon(page, p.paper if side < 0 else p.tone(0.9))
        for row in range(5):
            y = 958 + row * 14
            canvas.line([(810 + side * 40, y + 4), (810 + side * 290, y - 24)], p.dark, 2.5, 0.6)


def organ(canvas: Canvas) -> None:
    """Ranks of organ pipes, lit from below."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.ink, p.dark, p.tone(0.32)))
    canvas.glow(800, 1000, 900, p.accent, 0.55)
    for index in range(25):
        away = abs(index - 12)
        x = 80 + index * 60
        top = 120 + 46 * (away % 5) + 22 * abs(away - 7)
        wide = 24 - (index % 2) * 3
        for strip in range(8):
            shade = 0.3 + 0.62 * math.sin(math.pi * (strip + 0.7) / 8.6)
            left = x - wide + strip * wide / 4
            canvas.rectangle(left, top, left + wide / 4 + 1, 800, p.tone(shade))
        canvas.ellipse(x, top, wide, 9, p.ink)
        canvas.polygon([(x - wide, 800), (x + wide, 800), (x + 7, 930), (x - 7, 930)], p.tone(0.5))
        canvas.polygon([(x - wide * 0.6, 720), (x + wide * 0.6, 720), (x, 660)], p.ink)
        canvas.rectangle(x - wide * 0.6, 720, x + wide * 0.6, 732, p.paper)
    canvas.rectangle(0, 925, 1600, 960, p.tone(0.22))
    canvas.rectangle(0, 960, 1600, 1067, p.ink)
    for index in range(34):
        canvas.rectangle(300 + index * 30, 1000, 326 + index * 30, 1067, p.paper)
        if index % 7 in (0, 1, 3, 4, 5):
            canvas.rectangle(320 + index * 30, 1000, 336 + index * 30, 1040, p.ink)


def _steps(count: int) -> list[float]:
    return [index / count for index in range(count + 1)]
