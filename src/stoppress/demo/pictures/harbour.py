"""The port: cranes, ships, boxes, the picket, the ferry."""

from stoppress.demo.pictures.canvas import Canvas
from stoppress.demo.pictures.palettes import Colour, mix
from stoppress.demo.pictures.strokes import birds, hatch, hill, person, ridge, water


def cranes(canvas: Canvas, *, count: int = 4, idle: bool = False, light: float = 0.3) -> None:
    """Quay cranes against the evening; booms raised when idle."""
    p = canvas.palette
    canvas.gradient(0, 760, (p.tone(0.22), p.middle, p.light, p.paper))
    sun = canvas.width * light
    canvas.glow(sun, 640, 560, p.accent, 0.7)
    canvas.circle(sun, 640, 92, mix(p.accent, p.paper, 0.45))
    hill(canvas, ridge(canvas, 720, 60), p.tone(0.52), 790)
    water(canvas, 770, (p.tone(0.6), p.tone(0.12)), p.paper, light_x=sun - 60)
    for index in range(count):
        x = 240 + index * (1240 / max(count - 1, 1))
        _crane(canvas, x, 800, 1.0 + 0.16 * (index % 2), idle, p.tone(0.05 + 0.05 * (index % 2)))
    _boxes(canvas, 60, 800, 1540, 3)
    canvas.rectangle(0, 798, 1600, 836, p.ink)
    for x in range(20, 1600, 96):
        canvas.rectangle(x, 836, x + 16, 880, p.ink, 0.9)
    birds(canvas, 8, 860, 190, 100, p.ink)


def _crane(canvas: Canvas, x: float, foot: float, scale: float, idle: bool, fill: Colour) -> None:
    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * scale, foot - dy * scale

    for dx in (-70, 60):
        canvas.line([at(dx, 0), at(dx * 0.86, 430)], fill, 11 * scale)
    canvas.line([at(-70, 120), at(60, 120)], fill, 8 * scale)
    canvas.line([at(-68, 130), at(56, 400)], fill, 4 * scale)
    canvas.line([at(60, 130), at(-60, 400)], fill, 4 * scale)
    canvas.line([at(-190, 420), at(80, 420)], fill, 15 * scale)
    canvas.polygon([at(-150, 425), at(-70, 425), at(-70, 470), at(-150, 470)], fill)
    canvas.line([at(-50, 425), at(10, 585)], fill, 8 * scale)
    canvas.line([at(56, 425), at(10, 585)], fill, 8 * scale)
    canvas.line([at(10, 585), at(-185, 425)], fill, 3 * scale)
    tip = at(190, 690) if idle else at(330, 420)
    canvas.line([at(60, 420), tip], fill, 13 * scale)
    canvas.line([at(10, 585), tip], fill, 3 * scale)
    if not idle:
        canvas.line([at(220, 420), at(220, 270)], fill, 2.5 * scale)
        canvas.polygon(
            [at(180, 270), at(260, 270), at(260, 232), at(180, 232)], canvas.palette.accent
        )


def _boxes(canvas: Canvas, left: float, floor: float, right: float, tiers: int) -> None:
    p = canvas.palette
    tones = (p.tone(0.2), p.tone(0.36), p.tone(0.5), p.dark, p.tone(0.28), p.accent)
    x = left
    while x < right - 90:
        stack = canvas.random.randint(0, tiers)
        for tier in range(stack):
            fill = canvas.random.choices(tones, (5, 4, 3, 5, 4, 2))[0]
            top = floor - (tier + 1) * 34
            canvas.rectangle(x, top, x + 88, top + 32, fill)
            for rib in range(1, 8):
                canvas.line([(x + rib * 11, top + 3), (x + rib * 11, top + 29)], p.ink, 1, 0.35)
        x += 92 if stack else canvas.random.choice((92, 140))


def ship(canvas: Canvas, *, boxes: int = 17, tiers: int = 6) -> None:
    """A container ship side on, low sun, calm water."""
    p = canvas.palette
    canvas.gradient(0, 700, (p.tone(0.5), p.light, p.paper))
    canvas.glow(1180, 420, 480, p.paper, 0.9)
    canvas.circle(1180, 400, 105, mix(p.accent, p.paper, 0.55))
    for _ in range(5):
        x, y = canvas.random.uniform(0, 1600), canvas.random.uniform(90, 330)
        canvas.ellipse(x, y, canvas.random.uniform(120, 300), 9, p.paper, 0.5)
    hill(canvas, ridge(canvas, 650, 44), p.tone(0.6), 720)
    water(canvas, 700, (p.tone(0.55), p.tone(0.1)), p.paper, light_x=1100)
    tones = (p.dark, p.tone(0.36), p.middle, p.accent, p.tone(0.64), p.tone(0.14))
    for column in range(boxes):
        x = 300 + column * 62
        full = tiers - (column % 5 == 3) - canvas.random.randint(0, 1)
        for tier in range(full):
            top = 616 - (tier + 1) * 36
            fill = canvas.random.choices(tones, (4, 4, 4, 2, 3, 3))[0]
            canvas.rectangle(x, top, x + 59, top + 34, fill)
            canvas.line([(x + 3, top + 4), (x + 56, top + 4)], p.paper, 1.2, 0.3)
    canvas.rectangle(205, 330, 285, 640, p.paper)
    canvas.rectangle(205, 330, 232, 640, p.tone(0.7))
    for deck in range(8):
        canvas.rectangle(212, 372 + deck * 32, 278, 382 + deck * 32, p.dark)
    canvas.rectangle(180, 318, 300, 338, p.ink)
    canvas.rectangle(232, 250, 262, 320, p.accent)
    canvas.line([(296, 318), (296, 236)], p.ink, 3)
    canvas.polygon(
        [(130, 612), (1480, 612), (1530, 560), (1440, 770), (190, 770), (150, 720)], p.ink
    )
    canvas.polygon([(166, 738), (1456, 738), (1440, 772), (190, 772)], p.accent)
    canvas.polygon([(190, 772), (1440, 772), (1330, 800), (320, 800)], p.ink, 0.35)
    for x in range(420, 1380, 240):
        canvas.line([(x, 664), (x + 130, 664)], p.paper, 2, 0.25)


def queue(canvas: Canvas, *, count: int = 9) -> None:
    """Ships waiting at anchor, one behind another, to the edge of sight."""
    p = canvas.palette
    canvas.gradient(0, 470, (p.tone(0.44), p.tone(0.7), p.paper))
    canvas.glow(520, 440, 460, p.accent, 0.45)
    water(canvas, 470, (p.tone(0.72), p.tone(0.16)), p.paper, light_x=460, strokes=230)
    for index in range(count):
        near = (index / max(count - 1, 1)) ** 1.5
        y = 476 + near * 430
        scale = 0.14 + near * 0.86
        x = canvas.random.uniform(120, 1480) if index < count - 1 else 1050
        x = x if index % 2 else 1600 - x
        _anchored(canvas, x, y, scale, p.tone(0.6 - near * 0.58))


def _anchored(canvas: Canvas, x: float, y: float, scale: float, fill: Colour) -> None:
    p = canvas.palette

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * scale, y - dy * scale

    canvas.polygon([at(-330, 70), at(300, 70), at(340, 100), at(300, 0), at(-310, 0)], fill)
    canvas.polygon([at(-290, 70), at(-220, 70), at(-220, 200), at(-290, 200)], fill)
    canvas.polygon([at(-270, 200), at(-245, 200), at(-245, 236), at(-270, 236)], fill)
    for column in range(8):
        tall = 45 + canvas.random.randint(0, 3) * 26
        left = -190 + column * 57
        canvas.polygon(
            [at(left, 70), at(left + 50, 70), at(left + 50, 70 + tall), at(left, 70 + tall)], fill
        )
    canvas.polygon([at(-300, -4), at(290, -4), at(200, -40), at(-220, -40)], fill, 0.25)
    canvas.circle(*at(-258, 215), max(2.0, 9 * scale), p.accent)


def picket(canvas: Canvas, *, people: int = 17, placards: int = 7) -> None:
    """Figures at a gate around a brazier before dawn."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.ink, p.dark, p.tone(0.42), p.tone(0.2)))
    for index in range(3):
        _crane(canvas, 300 + index * 520, 700, 1.12, True, p.tone(0.17))
    canvas.rectangle(0, 690, 1600, 1067, p.tone(0.13))
    for rail in range(0, 1600, 42):
        canvas.rectangle(rail, 520, rail + 7, 800, p.tone(0.09))
        canvas.polygon([(rail - 3, 520), (rail + 3.5, 498), (rail + 10, 520)], p.tone(0.09))
    canvas.rectangle(0, 552, 1600, 562, p.tone(0.09))
    canvas.glow(820, 790, 620, p.accent, 0.85)
    canvas.ellipse(820, 930, 520, 46, p.accent, 0.22)
    for index in range(people):
        x = 90 + index * (1420 / max(people - 1, 1)) + canvas.random.uniform(-26, 26)
        if abs(x - 820) < 75:
            continue
        far = canvas.random.uniform(0, 70)
        tall = canvas.random.uniform(250, 300)
        person(canvas, x, 900 + far, tall, p.ink)
        if index % max(1, people // placards) == 0:
            _placard(canvas, x + 34, 900 + far - tall * 0.55, index)
    canvas.polygon([(775, 850), (865, 850), (850, 960), (790, 960)], p.ink)
    for _ in range(26):
        x, y = canvas.random.gauss(820, 26), canvas.random.uniform(770, 850)
        size = canvas.random.uniform(6, 20)
        canvas.polygon([(x - size / 2, y), (x + size / 2, y), (x, y - size * 2.6)], p.accent, 0.8)
    for _ in range(40):
        canvas.circle(
            canvas.random.gauss(820, 90), canvas.random.uniform(420, 800), 1.8, p.accent, 0.9
        )


def _placard(canvas: Canvas, x: float, y: float, turn: int) -> None:
    p = canvas.palette
    tilt = (turn % 3 - 1) * 9
    canvas.line([(x, y), (x + tilt, y - 190)], p.ink, 7)
    left, top = x + tilt - 62, y - 270
    canvas.polygon(
        [(left, top), (left + 124, top + tilt), (left + 124, top + 88 + tilt), (left, top + 88)],
        p.tone(0.88),
    )
    for row in range(3):
        long = canvas.random.uniform(50, 96)
        canvas.line(
            [(left + 14, top + 22 + row * 22), (left + 14 + long, top + 22 + row * 22 + tilt)],
            p.ink,
            8,
        )


def ferry(canvas: Canvas) -> None:
    """A small island ferry under gulls, islands behind."""
    p = canvas.palette
    canvas.gradient(0, 560, (p.tone(0.6), p.paper, p.light))
    for layer in range(3):
        hill(
            canvas,
            ridge(canvas, 500 + layer * 30, 130 - layer * 30),
            p.tone(0.68 - layer * 0.12),
            600,
        )
    water(canvas, 570, (p.tone(0.52), p.tone(0.14)), p.paper, strokes=230)
    canvas.polygon([(330, 640), (1290, 640), (1350, 600), (1250, 790), (420, 790)], p.ink)
    canvas.polygon([(398, 752), (1269, 752), (1250, 792), (420, 792)], p.accent)
    canvas.polygon([(400, 640), (420, 545), (1120, 545), (1150, 640)], p.paper)
    canvas.polygon([(500, 545), (512, 470), (1000, 470), (1030, 545)], p.tone(0.86))
    canvas.polygon([(900, 470), (906, 405), (1015, 405), (1040, 470)], p.paper)
    canvas.rectangle(916, 420, 1016, 446, p.dark)
    for x in range(450, 1110, 62):
        canvas.rectangle(x, 572, x + 40, 606, p.dark)
    for x in range(540, 880, 56):
        canvas.rectangle(x, 490, x + 34, 520, p.tone(0.36))
    canvas.polygon([(640, 470), (650, 350), (740, 350), (750, 470)], p.accent)
    canvas.rectangle(646, 372, 744, 394, p.paper)
    for puff in range(7):
        canvas.circle(680 - puff * 62, 320 - puff * 17, 26 + puff * 9, p.paper, 0.35)
    canvas.line([(962, 405), (962, 310)], p.ink, 4)
    canvas.polygon([(962, 314), (1030, 330), (962, 348)], p.accent)
    for index in range(24):
        canvas.ellipse(320 - index * 16, 780 + canvas.random.uniform(-12, 16), 46, 7, p.paper, 0.4)
    birds(canvas, 15, 560, 230, 150, p.dark)


def yard(canvas: Canvas) -> None:
    """A wall of container ends, one of them open: a flat, graphic picture."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.ink)
    tones = (p.dark, p.tone(0.36), p.middle, p.tone(0.64), p.light, p.tone(0.14))
    for row in range(5):
        for column in range(8):
            left, top = column * 200 + 4, row * 214 + 4
            fill = canvas.random.choice(tones)
            if (row, column) == (2, 5):
                fill = p.accent
            canvas.rectangle(left, top, left + 192, top + 206, fill)
            for bar in (38, 78, 114, 154):
                canvas.line([(left + bar, top + 12), (left + bar, top + 194)], p.ink, 4, 0.55)
            canvas.rectangle(left + 94, top, left + 98, top + 206, p.ink, 0.5)
            canvas.rectangle(left + 110, top + 30, left + 178, top + 56, p.paper, 0.35)
    hatch(canvas, 0, 640, 1600, 1067, p.ink, gap=15, alpha=0.3)
