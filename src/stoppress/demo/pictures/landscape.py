"""Open country: hills, coast, dam, fields, snow."""

import math

from stoppress.demo.pictures.canvas import Canvas
from stoppress.demo.pictures.palettes import mix
from stoppress.demo.pictures.strokes import birds, height_at, hill, pine, ridge, water


def hills(canvas: Canvas, *, sun: float = 0.68, trees: int = 26, flock: int = 9) -> None:
    """Ranges fading into the light, a low sun, pines on the nearest slope."""
    p = canvas.palette
    canvas.gradient(0, canvas.height, (p.tone(0.62), p.light, p.paper, p.light))
    x, y = canvas.width * sun, canvas.height * 0.36
    canvas.glow(x, y, 520, p.paper, 0.75)
    canvas.circle(x, y, 84, mix(p.accent, p.paper, 0.35))
    for layer in range(6):
        line = ridge(canvas, 430 + layer * 105, 250 - layer * 18, 0.5)
        hill(canvas, line, p.tone(0.66 - layer * 0.125))
        if layer < 4:
            top = 500 + layer * 105
            for band in range(3):
                canvas.rectangle(0, top + band * 30, canvas.width, top + 110, p.paper, 0.05)
    nearest = ridge(canvas, 1000, 190, 0.48)
    for _ in range(trees):
        at = canvas.random.uniform(0, canvas.width)
        pine(canvas, at, height_at(nearest, at) + 30, canvas.random.uniform(110, 290), p.ink)
    hill(canvas, nearest, p.ink)
    birds(canvas, flock, canvas.width * (sun - 0.32), 250, 90, p.dark)


def dam(canvas: Canvas, *, level: float = 0.6) -> None:
    """An arch dam between two slopes; `level` is how full the reservoir stands, 0 to 1."""
    p = canvas.palette
    canvas.gradient(0, 620, (p.tone(0.7), p.paper, p.light))
    for layer in range(3):
        hill(canvas, ridge(canvas, 300 + layer * 60, 190), p.tone(0.68 - layer * 0.1))
    lake = 430 + (1 - level) * 150
    canvas.rectangle(0, 424, canvas.width, lake, p.paper)  # bare banks that a lowered lake leaves
    for depth in range(int((lake - 424) / 11)):
        ring = ridge(canvas, 430 + depth * 11, 7)
        canvas.line(ring, mix(p.middle, p.dark, depth / 16), 2.5, 0.55)
    canvas.gradient(lake, 640, (p.tone(0.55), p.tone(0.35)))
    for row in range(14):
        x = canvas.random.uniform(300, 1200)
        y = lake + 8 + row * 7
        canvas.line([(x, y), (x + canvas.random.uniform(60, 260), y)], p.paper, 1.5, 0.45)
    _wall(canvas)
    _gorge(canvas)


def _wall(canvas: Canvas) -> None:
    p = canvas.palette
    rim = [(330 + 940 * t, 540 + 150 * math.sin(math.pi * t)) for t in _steps(40)]
    foot = [(520 + 560 * t, 960 + 60 * math.sin(math.pi * t)) for t in _steps(40)]
    for index in range(40):
        shade = 0.45 + 0.5 * math.sin(math.pi * (index / 40) ** 0.8)
        panel = [rim[index], rim[index + 1], foot[index + 1], foot[index]]
        canvas.polygon(panel, p.tone(0.42 + 0.42 * shade))
    for share in (0.16, 0.34, 0.52, 0.7, 0.86):
        course = [
            (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            for a, b in zip(rim, foot, strict=True)
        ]
        canvas.line(course, p.dark, 1.5, 0.35)
    canvas.line(rim, p.ink, 10)
    canvas.line([(x, y - 16) for x, y in rim], p.paper, 4)
    for x, y in rim[::3]:
        canvas.line([(x, y), (x, y - 16)], p.paper, 3)
    x, y = (rim[20][0] + foot[20][0]) / 2, 860
    for side in (-46, 46):
        canvas.rectangle(x + side - 15, y, x + side + 15, y + 26, p.ink)
        spray = [(x + side - 12, y + 22), (x + side + 12, y + 22), (x + side * 3.2, 1067)]
        canvas.polygon([*spray, (x + side * 1.2, 1067)], p.paper, 0.85)


def _gorge(canvas: Canvas) -> None:
    p = canvas.palette
    left = [(0, 380), (150, 420), (330, 530), (400, 640), (520, 960), (600, 1067), (0, 1067)]
    right = [
        (1600, 340),
        (1450, 430),
        (1270, 530),
        (1200, 660),
        (1080, 960),
        (1010, 1067),
        (1600, 1067),
    ]
    canvas.polygon(left, p.dark)
    canvas.polygon(right, p.tone(0.17))
    canvas.polygon([(0, 640), (210, 720), (420, 1067), (0, 1067)], p.ink)
    canvas.polygon([(1600, 600), (1390, 740), (1190, 1067), (1600, 1067)], p.ink)
    for _ in range(34):
        side = canvas.random.choice((0, 1))
        away = canvas.random.random()
        x = 20 + away * 330 if side == 0 else 1580 - away * 330
        pine(canvas, x, 560 + away * 330, canvas.random.uniform(70, 150), p.ink)


def coast(canvas: Canvas, *, lamp: float = 0.7) -> None:
    """A lighthouse on a headland, its beam over the sea."""
    p = canvas.palette
    canvas.gradient(0, 640, (p.tone(0.1), p.tone(0.3), p.tone(0.55), p.tone(0.75)))
    for _ in range(70):
        x, y = canvas.random.uniform(0, 1600), canvas.random.uniform(0, 380)
        canvas.circle(x, y, canvas.random.uniform(0.8, 2.4), p.paper, 0.7)
    x = canvas.width * lamp
    water(canvas, 640, (p.tone(0.5), p.tone(0.08)), p.light, light_x=x - 320)
    for spread, alpha in ((150, 0.10), (95, 0.14), (45, 0.2)):
        canvas.polygon([(x, 262), (-40, 300 - spread), (-40, 300 + spread)], p.accent, alpha)
        canvas.polygon([(x, 262), (1700, 230 - spread), (1700, 230 + spread)], p.accent, alpha)
    canvas.glow(x, 262, 230, p.accent, 0.9)
    cliff = [(x - 420, 720), (x - 330, 668), (x - 220, 640), (x - 90, 600), (x + 90, 590)]
    canvas.polygon(
        [*cliff, (x + 240, 622), (1600, 590), (1600, 1067), (x - 300, 1067), (x - 350, 850)], p.ink
    )
    canvas.polygon([(x - 420, 720), (x - 220, 640), (x - 190, 1067), (x - 300, 1067)], p.dark, 0.6)
    canvas.polygon([(x - 42, 600), (x + 42, 600), (x + 27, 300), (x - 27, 300)], p.paper)
    canvas.polygon([(x + 4, 600), (x + 42, 600), (x + 27, 300), (x + 2, 300)], p.tone(0.6), 0.75)
    for top in (350, 450, 545):
        canvas.polygon(
            [(x - 33, top), (x + 33, top), (x + 36, top + 44), (x - 36, top + 44)],
            mix(p.accent, p.ink, 0.35),
        )
    canvas.rectangle(x - 36, 292, x + 36, 304, p.ink)
    canvas.rectangle(x - 17, 240, x + 17, 292, p.accent)
    canvas.polygon([(x - 26, 240), (x + 26, 240), (x, 206)], p.ink)
    canvas.rectangle(x + 90, 545, x + 210, 610, p.tone(0.16))
    canvas.polygon([(x + 76, 548), (x + 150, 500), (x + 224, 548)], p.tone(0.06))
    canvas.rectangle(x + 120, 566, x + 140, 590, p.accent)


def fields(canvas: Canvas, *, rows: int = 19) -> None:
    """Ploughed rows running to a low horizon, a farm, a big sky."""
    p = canvas.palette
    canvas.gradient(0, 470, (p.tone(0.55), p.light, p.paper))
    for _ in range(7):
        x, y = canvas.random.uniform(0, 1600), canvas.random.uniform(80, 330)
        for _ in range(6):
            dx, dy = canvas.random.gauss(0, 90), canvas.random.gauss(0, 9)
            canvas.ellipse(x + dx, y + dy, 130, 15, p.paper, 0.35)
    hill(canvas, ridge(canvas, 440, 60), p.tone(0.52))
    canvas.rectangle(0, 470, 1600, 1067, p.middle)
    for row in range(-rows, rows + 1):
        near, far = 800 + row * 200, 860 + row * 34
        shade = p.tone(0.36 if row % 2 else 0.58)
        canvas.polygon([(far, 470), (far + 34, 470), (near + 200, 1067), (near, 1067)], shade)
    canvas.rectangle(1090, 405, 1220, 478, p.ink)
    canvas.polygon([(1070, 410), (1155, 345), (1240, 410)], p.accent)
    canvas.rectangle(1225, 430, 1330, 478, p.dark)
    canvas.polygon([(1216, 434), (1330, 434), (1310, 404), (1236, 404)], p.ink)
    for x in (980, 1020, 1390, 1430, 1480):
        canvas.rectangle(x - 3, 420, x + 3, 478, p.ink)
        canvas.ellipse(x, 412, 20, canvas.random.uniform(36, 62), p.ink)
    birds(canvas, 12, 560, 250, 110, p.ink)


def snow(canvas: Canvas, *, track: bool = True) -> None:
    """A winter valley with a railway curving through it."""
    p = canvas.palette
    canvas.gradient(0, 600, (p.tone(0.42), p.tone(0.66), p.light))
    for layer in range(3):
        line = ridge(canvas, 350 + layer * 90, 320 - layer * 70, 0.55)
        hill(canvas, line, p.tone(0.5 + layer * 0.14))
        for x, y in line[:: 2 + layer]:
            canvas.polygon([(x, y), (x + 26, y + 70), (x - 8, y + 40)], p.tone(0.36), 0.35)
    canvas.polygon(
        [(0, 640), (500, 610), (1100, 660), (1600, 600), (1600, 1067), (0, 1067)], p.paper
    )
    canvas.polygon([(0, 830), (600, 760), (1600, 860), (1600, 1067), (0, 1067)], p.tone(0.86))
    for _ in range(46):
        x = canvas.random.uniform(0, 1600)
        foot = 640 + canvas.random.random() * 80
        pine(canvas, x, foot, canvas.random.uniform(70, 160), p.tone(0.12))
    if track:
        _track(canvas)


def _track(canvas: Canvas) -> None:
    p = canvas.palette
    curve = [(-40 + 1250 * t, 1010 - 300 * t**1.6) for t in _steps(60)]
    for offset in (-1, 1):
        rail = [(x, y + offset * (20 - 15 * i / 60)) for i, (x, y) in enumerate(curve)]
        canvas.line(rail, p.dark, 4)
    for index, (x, y) in enumerate(curve):
        half = 30 - 22 * index / 60
        canvas.line([(x - 4, y - half), (x + 4, y + half)], p.ink, 3.5, 0.8)
    for car in range(5):
        i = 22 + car * 6
        (x1, y1), (x2, y2) = curve[i], curve[i + 5]
        tall = 86 - 11 * car
        canvas.polygon([(x1, y1), (x2, y2), (x2, y2 - tall + 8), (x1, y1 - tall)], p.accent)
        canvas.polygon(
            [
                (x1 + 6, y1 - tall * 0.8),
                (x2 - 4, y2 - tall * 0.74),
                (x2 - 4, y2 - tall * 0.45),
                (x1 + 6, y1 - tall * 0.5),
            ],
            p.paper,
        )


def _steps(count: int) -> list[float]:
    return [index / count for index in range(count + 1)]
