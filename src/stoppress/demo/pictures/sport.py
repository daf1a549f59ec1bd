"""Play: a pitch from above, sails, runners, a bather, chess."""

import math

from stoppress.demo.pictures.canvas import Canvas, Point
from stoppress.demo.pictures.palettes import mix
from stoppress.demo.pictures.strokes import birds, hill, person, ridge, water


def pitch(canvas: Canvas) -> None:
    """A football pitch under floodlights, seen from the stand."""
    p = canvas.palette
    canvas.gradient(0, 420, (p.ink, p.dark, p.tone(0.42)))
    for row in range(5):
        for _ in range(130):
            x = canvas.random.uniform(0, 1600)
            canvas.circle(x, 330 + row * 26, 11, p.tone(canvas.random.uniform(0.08, 0.5)))
    for stripe in range(10):
        near, far = -700 + stripe * 300, 330 + stripe * 94
        shade = p.tone(0.36 if stripe % 2 else 0.46)
        canvas.polygon([(far, 450), (far + 94, 450), (near + 300, 1067), (near, 1067)], shade)
    canvas.polygon([(0, 450), (330, 450), (-700, 1067), (0, 1067)], p.tone(0.4))
    canvas.polygon([(1270, 450), (1600, 450), (1600, 1067), (2300, 1067)], p.tone(0.4))
    canvas.line([(0, 470), (1600, 470)], p.paper, 4)
    canvas.ellipse(800, 760, 330, 104, p.paper)
    canvas.ellipse(800, 760, 322, 98, p.tone(0.42))
    canvas.line([(800, 470), (800, 1067)], p.paper, 6)
    for x in (170, 1430):
        canvas.line([(x, 420), (x, 60)], p.ink, 12)
        canvas.rectangle(x - 74, 36, x + 74, 100, p.ink)
        for lamp in range(8):
            canvas.circle(x - 54 + (lamp % 4) * 36, 53 + (lamp // 4) * 30, 11, p.paper)
        canvas.glow(x, 70, 330, p.paper, 0.6)
    for index in range(11):
        x, y = canvas.random.uniform(160, 1440), canvas.random.uniform(560, 980)
        tall = 60 + (y - 500) * 0.22
        canvas.ellipse(x + 40, y, 60, 6, p.ink, 0.35)
        person(canvas, x, y, tall, p.accent if index % 2 else p.paper)
    canvas.circle(905, 822, 12, p.paper)


def sails(canvas: Canvas, *, count: int = 6) -> None:
    """A fleet of sails leaning together."""
    p = canvas.palette
    canvas.gradient(0, 600, (p.tone(0.55), p.light, p.paper))
    hill(canvas, ridge(canvas, 560, 70), p.tone(0.6), 640)
    water(canvas, 620, (p.tone(0.55), p.tone(0.15)), p.paper, strokes=240)
    for index in range(count):
        near = index / max(count - 1, 1)
        scale = 0.34 + near * 0.8
        x = 180 + (index * 547) % 1300
        y = 650 + near * 270
        cloth = (p.paper, p.accent, p.tone(0.9), p.tone(0.24))[index % 4]
        canvas.polygon(
            [(x, y), (x + 60 * scale, y - 420 * scale), (x + 190 * scale, y - 20 * scale)], cloth
        )
        canvas.polygon(
            [
                (x - 12 * scale, y),
                (x + 48 * scale, y - 380 * scale),
                (x - 120 * scale, y - 10 * scale),
            ],
            mix(cloth, p.dark, 0.22),
        )
        canvas.polygon(
            [
                (x - 150 * scale, y),
                (x + 200 * scale, y - 8 * scale),
                (x + 150 * scale, y + 40 * scale),
                (x - 110 * scale, y + 44 * scale),
            ],
            p.ink,
        )
        canvas.polygon(
            [
                (x - 110 * scale, y + 44 * scale),
                (x + 150 * scale, y + 40 * scale),
                (x + 60 * scale, y + 170 * scale),
            ],
            cloth,
            0.18,
        )


def runners(canvas: Canvas, *, count: int = 9) -> None:
    """Runners along a ridge path above the sea."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.tone(0.66), p.paper, p.light))
    canvas.circle(360, 280, 120, mix(p.accent, p.paper, 0.3))
    canvas.gradient(560, 1067, (p.tone(0.6), p.tone(0.4)))
    hill(canvas, ridge(canvas, 600, 110), p.tone(0.46))
    path = [(t * 16, 900 - 2.2 * t + 40 * math.sin(t / 9)) for t in range(101)]
    canvas.polygon([*path, (1600, 1067), (0, 1067)], p.ink)
    for index in range(count):
        x, y = path[8 + index * (84 // count)]
        y += 8
        tall = 170 - index * 4
        tone = p.accent if index % 3 == 0 else p.tone(0.08)
        canvas.circle(x + tall * 0.12, y - tall * 0.92, tall * 0.085, tone)
        canvas.line([(x + tall * 0.08, y - tall * 0.82), (x, y - tall * 0.45)], tone, tall * 0.14)
        canvas.line(
            [(x, y - tall * 0.45), (x + tall * 0.2, y - tall * 0.26), (x + tall * 0.12, y)],
            tone,
            tall * 0.08,
        )
        canvas.line(
            [
                (x, y - tall * 0.45),
                (x - tall * 0.14, y - tall * 0.2),
                (x - tall * 0.36, y - tall * 0.16),
            ],
            tone,
            tall * 0.08,
        )
        canvas.line(
            [
                (x + tall * 0.06, y - tall * 0.76),
                (x + tall * 0.22, y - tall * 0.58),
                (x + tall * 0.34, y - tall * 0.68),
            ],
            tone,
            tall * 0.055,
        )
        canvas.line(
            [(x + tall * 0.04, y - tall * 0.76), (x - tall * 0.16, y - tall * 0.62)],
            tone,
            tall * 0.055,
        )
    birds(canvas, 9, 1150, 260, 100, p.dark)


def bather(canvas: Canvas) -> None:
    """A jetty, a hut, a head in cold water."""
    p = canvas.palette
    canvas.gradient(0, 520, (p.tone(0.56), p.light, p.paper))
    hill(canvas, ridge(canvas, 480, 100), p.tone(0.56), 560)
    water(canvas, 530, (p.tone(0.62), p.tone(0.16)), p.paper, strokes=200)
    canvas.polygon([(1600, 640), (820, 690), (820, 716), (1600, 700)], p.tone(0.3))
    for x in range(860, 1600, 130):
        canvas.rectangle(x, 690, x + 16, 860, p.ink)
    canvas.rectangle(1190, 420, 1520, 660, p.accent)
    for x in range(1190, 1520, 30):
        canvas.line([(x, 424), (x, 656)], p.ink, 2, 0.3)
    canvas.polygon([(1150, 430), (1355, 300), (1560, 430)], p.ink)
    canvas.rectangle(1320, 510, 1400, 656, p.ink)
    canvas.rectangle(1430, 500, 1490, 560, p.paper)
    for puff in range(6):
        canvas.circle(1440 + puff * 20, 290 - puff * 40, 20 + puff * 9, p.paper, 0.4)
    for ring in range(4):
        canvas.ellipse(520, 800, 90 + ring * 74, 18 + ring * 15, p.paper, 0.16)
    canvas.slice(520, 796, 62, 180, 360, p.ink)
    canvas.slice(520, 760, 48, 180, 360, p.accent)
    canvas.circle(520, 706, 15, p.paper)


def chess(canvas: Canvas) -> None:
    """A board in perspective, a queen and a pawn, long shadows."""
    p = canvas.palette
    canvas.gradient(0, 520, (p.tone(0.16), p.tone(0.44)))
    for row in range(8):
        for column in range(8):
            near, far = _rank(row + 1), _rank(row)
            points = [
                _square(column, far),
                _square(column + 1, far),
                _square(column + 1, near),
                _square(column, near),
            ]
            canvas.polygon(points, p.light if (row + column) % 2 else p.dark)
    canvas.polygon([(560, 900), (700, 900), (1440, 700), (1400, 660)], p.ink, 0.35)
    _piece(canvas, 630, 910, 1.0, queen=True)
    canvas.polygon([(1000, 830), (1080, 830), (1420, 740), (1400, 720)], p.ink, 0.35)
    _piece(canvas, 1040, 836, 0.62, queen=False)


def _rank(row: float) -> float:
    return 500 + 640 * (row / 8) ** 1.55


def _square(column: float, y: float) -> Point:
    spread = 0.42 + 0.75 * (y - 500) / 640
    return 800 + (column - 4) * 250 * spread, y


def _piece(canvas: Canvas, x: float, foot: float, scale: float, *, queen: bool) -> None:
    p = canvas.palette
    fill = p.paper if queen else p.ink
    tall = 560 if queen else 330

    def at(dx: float, dy: float) -> Point:
        return x + dx * scale, foot - dy * scale

    canvas.ellipse(x, foot, 110 * scale, 30 * scale, fill)
    canvas.polygon([at(-110, 0), at(110, 0), at(86, 60), at(-86, 60)], fill)
    canvas.polygon([at(-74, 60), at(74, 60), at(34, tall * 0.6), at(-34, tall * 0.6)], fill)
    canvas.ellipse(*at(0, tall * 0.62), 74 * scale, 16 * scale, fill)
    if queen:
        canvas.polygon(
            [at(-46, tall * 0.62), at(46, tall * 0.62), at(84, tall * 0.9), at(-84, tall * 0.9)],
            fill,
        )
        for point in range(-2, 3):
            canvas.polygon(
                [
                    at(point * 38 - 20, tall * 0.88),
                    at(point * 38 + 20, tall * 0.88),
                    at(point * 44, tall * 1.02),
                ],
                fill,
            )
            canvas.circle(*at(point * 44, tall * 1.03), 11 * scale, p.accent)
        canvas.polygon(
            [at(8, 60), at(74, 60), at(34, tall * 0.6), at(4, tall * 0.6)], p.middle, 0.5
        )
    else:
        canvas.circle(*at(0, tall * 0.82), 72 * scale, fill)
